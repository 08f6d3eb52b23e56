"""入口: `property-console`: the window without a command, else the command that was named."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import sys
from argparse import Namespace
from collections.abc import Sequence

from desktop.cli.command import COMMANDS, PROG, parse, parse_window
from models.errors import OfficeError

OUR_FAULT = 1
INTERRUPTED = 130
UNSHOWN = 5
"""What was done is done, but the output it was to be told on is full or gone."""
_UNSHOWN = (errno.ENOSPC, errno.EBADF, errno.EIO)
"""What shells use for a program ended by Ctrl+C."""


def main(argv: Sequence[str] | None = None) -> int:
    """Do what the command line asks for and return the exit code, documented in `--help`."""
    _speak_utf8()
    args: Namespace | None = None
    try:
        words = sys.argv[1:] if argv is None else argv
        args = parse_window(words) or _parse_command(words)
        done = COMMANDS[args.command].run(args) if args.command else _open_window(args)
        sys.stdout.flush()
        return done or 0
    except SystemExit as end:
        return int(end.code or 0)
    except OfficeError as refusal:
        _warn(str(refusal))
        return refusal.exit_code
    except KeyboardInterrupt:
        _warn("已中断；没做完的操作没有写入。")
        return INTERRUPTED
    except BrokenPipeError:
        return _reader_left()
    except Exception as fault:
        if isinstance(fault, OSError) and fault.filename is None and fault.errno in _UNSHOWN:
            _reader_left()
            _warn("结果没能写到输出。在此之前做完的操作已经生效，请先用 list 核对，不要重做。")
            return UNSHOWN
        from desktop import faults

        place = faults.record(fault, f"命令 {args.command or '窗口'}" if args else "启动")
        _warn(faults.sentence(place))
        return OUR_FAULT


def _parse_command(words: Sequence[str]) -> Namespace:
    """Read a command line with every command known."""
    from desktop import cli

    cli.load()
    return parse(words, _version())


def _open_window(args: Namespace) -> int:
    """Open the window on the office that is meant; sign-in and first start are its own affair."""
    from pathlib import Path

    from desktop import settings
    from desktop.app import run
    from desktop.start import Start

    path = Path(args.db) if args.db is not None else settings.last_office()
    return run(Start(path, args.user or "", args.reset_layout, args.safe_mode))


def _version() -> str:
    import importlib.metadata

    try:
        return f"{PROG} {importlib.metadata.version(PROG)}"
    except importlib.metadata.PackageNotFoundError:
        return PROG


def _warn(sentence: str) -> None:
    """Say what is no part of the result."""
    print(sentence, file=sys.stderr, flush=True)


def _speak_utf8() -> None:
    """Print Chinese whatever code page a console has; what it cannot show must not end the work."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            with contextlib.suppress(OSError, ValueError):
                stream.reconfigure(encoding="utf-8", errors="replace")


def _reader_left() -> int:
    """End quietly where the reader of a pipe has seen enough, such as `head`."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


if __name__ == "__main__":
    sys.exit(main())
