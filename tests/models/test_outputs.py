"""What is printed or exported replaces an older one of its kind and nothing else."""

import zipfile
from pathlib import Path

import pytest

from models.errors import RuleBroken
from models.outputs import PDF, WORKBOOK, OutputKind, check_output
from models.workbook.writing import ColumnOut, SheetOut, write


@pytest.fixture
def places(tmp_path: Path) -> dict[str, Path]:
    """Make one file of each kind."""
    found = {
        name: tmp_path / name
        for name in ("新.pdf", "空.pdf", "旧.pdf", "旧.xlsx", "库.db", "备份.pcbak", "信.docx")
    }
    found["空.pdf"].touch()
    found["旧.pdf"].write_bytes(b"%PDF-1.4 ...")
    write(found["旧.xlsx"], [SheetOut("名单", [ColumnOut("房号")], [("1-1-101",)])])
    found["库.db"].write_bytes(b"SQLite format 3\0" + bytes(100))
    for name, member in (("备份.pcbak", "manifest.json"), ("信.docx", "[Content_Types].xml")):
        with zipfile.ZipFile(found[name], "w") as out:
            out.writestr(member, "{}")
    return found


@pytest.mark.parametrize(
    ("kind", "free"), [(PDF, {"新.pdf", "空.pdf", "旧.pdf"}), (WORKBOOK, {"新.pdf", "空.pdf", "旧.xlsx"})]
)
def test_only_what_is_new_empty_or_of_the_same_kind_is_written_over(
    places: dict[str, Path], kind: OutputKind, free: set[str]
) -> None:
    taken = set()
    for name, path in places.items():
        try:
            check_output(path, kind)
        except RuleBroken as refused:
            assert "不会覆盖它" in str(refused)
        else:
            taken.add(name)
    assert taken == free


def test_a_folder_and_a_name_that_is_too_long_are_told(tmp_path: Path) -> None:
    with pytest.raises(RuleBroken, match="是文件夹。请写出文件名，例如 通知单"):
        check_output(tmp_path, PDF)
    with pytest.raises(RuleBroken, match="请换一个位置或文件名"):
        check_output(tmp_path / ("长" * 300), WORKBOOK)
