"""资源: the files that ship beside the code, found by name."""

from pathlib import Path

_HOME = Path(__file__).resolve().parent


def find(name: str) -> Path:
    """Return the path of a shipped file, named relative to this folder with forward slashes.

    Raises:
        FileNotFoundError: nothing of that name ships, or the name leads out of the folder.
    """
    path = (_HOME / name).resolve()
    if not path.is_relative_to(_HOME) or not path.exists():
        raise FileNotFoundError(f"no such resource: {name}")
    return path
