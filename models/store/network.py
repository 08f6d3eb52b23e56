"""网络盘: SQLite's locks cannot be relied on over a network (reliability.md 1, Calibre)."""

from __future__ import annotations

import os
import re
from pathlib import Path

_KINDS = {"cifs", "smb2", "smb3", "smbfs", "nfs", "nfs4", "ncpfs", "afs", "davfs", "ceph", "glusterfs"}
_FUSE = re.compile(r"fuse\.(sshfs|davfs2?|gvfsd-fuse|rclone|s3fs|smbnetfs|curlftpfs)")
_MOUNTS = Path("/proc/mounts")


def network_warning(path: Path, mounts: Path = _MOUNTS) -> str:
    """Return a warning if the file lies on a network disk, "" otherwise."""
    kind = _unc(os.fspath(path)) or _mounted(path, mounts)
    if not kind:
        return ""
    return (
        f"数据库在网络盘上（{kind}）：{path}。网络盘上的文件锁不可靠，多台电脑同时使用可能损坏数据。"
        f"请把数据库移到本机磁盘，网络盘只用来存放备份。"
    )


def _unc(path: str) -> str:
    return "UNC" if re.match(r"(\\\\|//)[^\\/.?]", path) else ""


def _mounted(path: Path, mounts: Path) -> str:
    """Return the kind of network disk that the deepest mount above a path is, "" for a local one."""
    try:
        lines = mounts.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return ""
    whole = os.path.realpath(path)
    deepest, kind = "", ""
    for line in lines:
        point, named = ([*line.split(" "), "", ""])[1:3]
        point = re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), point)
        inside = whole == point or whole.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(deepest):
            deepest, kind = point, named
    return kind if kind in _KINDS or _FUSE.fullmatch(kind) else ""
