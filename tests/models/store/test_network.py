"""Tests of noticing a network disk."""

from pathlib import Path

import pytest

from models.store import network_warning

MOUNTS = r"""/dev/sda1 / ext4 rw 0 0
tmpfs /tmp tmpfs rw 0 0
//nas/office /srv/share cifs rw 0 0
nas:/vol /srv/with\040space nfs4 rw 0 0
me@nas: /srv/far fuse.sshfs rw 0 0
/dev/sdb1 /srv/share/local ext4 rw 0 0
/dev/sdc1 /media/usb fuseblk rw 0 0
"""


@pytest.fixture
def mounts(tmp_path: Path) -> Path:
    path = tmp_path / "mounts"
    path.write_text(MOUNTS)
    return path


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/a.db", ""),
        ("/srv/share/a.db", "cifs"),
        ("/srv/share/deep/er/a.db", "cifs"),
        ("/srv/shared/a.db", ""),
        ("/srv/share/local/a.db", ""),
        ("/srv/with space/a.db", "nfs4"),
        ("/srv/far/a.db", "fuse.sshfs"),
        ("/media/usb/a.db", ""),
        (r"\\nas\office\a.db", "UNC"),
        ("//nas/office/a.db", "UNC"),
    ],
)
def test_a_network_disk_is_named(path: str, kind: str, mounts: Path) -> None:
    said = network_warning(Path(path), mounts)
    assert (kind in said) if kind else said == ""


def test_without_a_table_of_mounts_nothing_is_said(tmp_path: Path) -> None:
    assert network_warning(tmp_path / "a.db", tmp_path / "gone") == ""
