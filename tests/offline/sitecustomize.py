"""Python loads a module of this name by itself: whatever the suite starts reaches no network either.

An audit hook sees every socket that Python makes, below every library, and cannot be taken off again.
"""

import sys

LOCAL = 1
"""AF_UNIX, by which a second start finds the first; the same number wherever there is one."""
_LOOK_UPS = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo")


class NetworkBlocked(BaseException):
    """The program turned to a network; nothing that catches errors may pass it over."""


def refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.__new__" and arguments[1] != LOCAL:
        raise NetworkBlocked(f"a socket of family {arguments[1]} was asked for")
    if event in _LOOK_UPS:
        raise NetworkBlocked(f"{event} was asked for {arguments[0]}")


sys.addaudithook(refuse)
