"""离线: nothing of this program turns to a network, and the suite would see it if something did."""

import ast
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from tests.offline import sitecustomize as ours
from tests.test_house import PACKAGES, trees

NETWORK = {
    *("QNetworkAccessManager", "QNetworkRequest", "QTcpSocket", "QTcpServer", "QUdpSocket", "QSslSocket"),
    *(
        "QHostInfo",
        "QDnsLookup",
        "QNetworkInformation",
        "QtWebSockets",
        "QtWebEngineCore",
        "QtWebEngineWidgets",
    ),
    *("socket", "ssl", "http", "ftplib", "smtplib", "poplib", "imaplib", "xmlrpc", "socketserver", "asyncio"),
    *("requests", "httpx", "urllib3", "aiohttp", "urllib.request", "urllib.error", "webbrowser"),
}
"""What a file of ours could import to reach a network."""
BLOCKED = tuple(
    one.NetworkBlocked for one in (ours, sys.modules.get("sitecustomize")) if hasattr(one, "NetworkBlocked")
)
"""A worker of the suite has loaded the hook by itself before anybody imports it."""
REACHES = "import socket; socket.create_connection(('127.0.0.1', 9))"
LOOKS_UP = "import socket; socket.getaddrinfo('localhost', 80)"


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6])
def test_this_process_gets_no_socket_to_a_network(family: socket.AddressFamily) -> None:
    with pytest.raises(BLOCKED):
        socket.socket(family)
    with pytest.raises(BLOCKED):
        socket.getaddrinfo("localhost", 80)


@pytest.mark.parametrize("code", [REACHES, LOOKS_UP])
def test_a_child_gets_none_either(code: str) -> None:
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ended.returncode != 0 and "NetworkBlocked" in ended.stderr


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no such sockets here")
def test_the_way_to_a_window_on_the_same_computer_stays_open(tmp_path: Path) -> None:
    one, other = socket.socketpair(socket.AF_UNIX)
    with one, other:
        one.sendall(b"here")
        assert other.recv(4) == b"here"
    server, caller = QLocalServer(), QLocalSocket()
    assert server.listen(str(tmp_path / "door"))
    caller.connectToServer(str(tmp_path / "door"))
    assert caller.waitForConnected(1000)


def test_no_file_imports_what_reaches_a_network() -> None:
    """Qt's sockets are made below Python, where no hook sees them; of ours only local ones are used."""
    found = [
        f"{path}:{line} {name}"
        for path, tree in trees(*PACKAGES)
        for line, name in imported(tree)
        if name in NETWORK
    ]
    assert found == []


def imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield every name that is imported anywhere in a file, and each module above it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            parts = name.split(".")
            yield from ((node.lineno, part) for part in {parts[0], parts[-1], ".".join(parts[:2])})
