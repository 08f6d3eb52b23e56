import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from models import workbook
from models.workbook import ColumnOut, SheetData, SheetOut
from tests.desktop.conftest import Console, digest

PEER = Path(__file__).resolve().parents[2] / "data" / "hc.xlsx"


def _people(path: Path, *rows: Sequence[str]) -> Path:
    columns = [ColumnOut(title) for title in ("业主编号", "姓名", "电话")]
    workbook.write(path, [SheetOut("业主", columns, rows)])
    return path


@pytest.fixture
def empty(empty_office: Path, path: Path) -> Path:
    """Return an office without an estate, its password in the environment."""
    path.write_bytes(empty_office.read_bytes())
    return path


def test_the_workbook_of_the_peer_system_is_imported_billed_and_found_again(
    console: Console, empty: Path
) -> None:
    tried = console("import", PEER, "--dry-run", "--db", empty, "--json")
    assert (tried.code, tried.json["written"], tried.json["errors"]) == (0, False, 0)
    assert tried.json["notes"] == len(tried.json["findings"]) > 0
    assert {one["level"] for one in tried.json["findings"]} == {"提示"}
    assert set(tried.json["findings"][0]) == {"level", "sheet", "row", "column", "value", "reason", "remedy"}
    assert console("list", "units", "--db", empty, "--json").json == []
    done = console("import", PEER, "--db", empty, "--json")
    assert (done.code, done.json["written"]) == (0, True) and done.json["new"] > 0
    june, july = (console("bill", month, "--db", empty, "--json").json for month in ("2020-06", "2020-07"))
    assert (june["lines"], june["amount"], july["lines"], july["amount"]) == (36, "4496.04", 9, "931.26")
    again = console("import", PEER, "--db", empty, "--json").json
    assert (again["new"], again["batches"]) == (0, [])


def test_units_and_people_have_the_words_that_machines_look_for(console: Console, empty: Path) -> None:
    console("import", PEER, "--db", empty)
    units = {row["unit"]: row for row in console("list", "units", "--db", empty, "--json").json}
    assert units["1-1-1011"]["area"] == "94.56" and units["1-1-1011"]["owner"]
    assert units["C0001"]["owner"] is None
    people = console("list", "people", "--db", empty, "--json").json
    assert all("****" in row["phone"] for row in people if row["phone"]) and all(
        row["name"] for row in people
    )


def test_an_import_is_undone_as_one_batch(console: Console, empty: Path) -> None:
    batch = console("import", PEER, "--db", empty, "--json").json["batches"][0]
    assert console("undo", batch, "--db", empty).code == 0
    assert console("list", "units", "--db", empty, "--json").json == []
    assert console("import", PEER, "--db", empty, "--json").json["new"] > 0


def test_an_error_keeps_the_whole_workbook_out(console: Console, empty: Path, tmp_path: Path) -> None:
    bad = _people(tmp_path / "bad.xlsx", ("Y1", "王桂芳", "13812345678"), ("Y2", "", ""))
    before = digest(empty)
    refused = console("import", bad, "--db", empty, "--json", "--errors", tmp_path / "out.xlsx")
    assert (refused.code, refused.json["written"], refused.json["errors"]) == (3, False, 1)
    (error,) = [one for one in refused.json["findings"] if one["level"] == "错误"]
    assert (error["sheet"], error["row"]) == ("业主", 3) and error["reason"] and error["remedy"]
    assert console("list", "people", "--db", empty, "--json").json == []
    (sheet,) = workbook.read(tmp_path / "out.xlsx")
    assert len(list(sheet.rows)) == 1 + len(refused.json["findings"])
    assert digest(empty) != before  # the sign-in stands in the audit trail, nothing else


def test_rows_with_errors_are_left_out_when_asked(console: Console, empty: Path, tmp_path: Path) -> None:
    bad = _people(tmp_path / "bad.xlsx", ("Y1", "王桂芳", "13812345678"), ("Y2", "", ""))
    done = console("import", bad, "--skip-errors", "--db", empty, "--json")
    assert (done.code, done.json["written"], done.json["new"]) == (0, True, 1)
    assert [row["number"] for row in console("list", "people", "--db", empty, "--json").json] == ["Y1"]


def test_findings_are_told_in_sentences(console: Console, empty: Path, tmp_path: Path) -> None:
    told = console("import", PEER, "--dry-run", "--db", empty)
    assert told.code == 0 and "提示 " in told.out and "只作检查，没有写入" in told.out
    refused = console("import", _people(tmp_path / "b.xlsx", ("Y2", "", "")), "--db", empty)
    assert refused.code == 3 and "没有导入任何内容" in refused.err


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04" + b"\0" * 99], ids=["empty", "text", "zip"])
def test_what_is_no_workbook_is_refused(
    console: Console, empty: Path, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "x.xlsx"
    file.write_bytes(content)
    refused = console("import", file, "--db", empty)
    assert (refused.code, refused.out) == (3, "") and refused.err
    assert console("import", tmp_path / "none.xlsx", "--db", empty).code == 3


def test_a_workbook_of_an_unknown_layout_is_refused(console: Console, empty: Path, tmp_path: Path) -> None:
    workbook.write(tmp_path / "x.xlsx", [SheetOut("别的", [ColumnOut("甲")], [("1",)])])
    assert console("import", tmp_path / "x.xlsx", "--db", empty).code == 3


def test_importing_needs_the_right(console: Console, path: Path) -> None:
    for more in ([], ["--dry-run"]):
        assert console("import", PEER, *more, "--db", path, "--user", "cash").code == 4


def test_the_template_is_written_without_an_office_and_imports_as_nothing(
    console: Console, empty: Path, tmp_path: Path
) -> None:
    out = tmp_path / "模板.xlsx"
    assert console("template", "owners", "--out", out, "--json").code == 0
    titles = [sheet.name for sheet in workbook.read(out)]
    assert {"房屋", "业主"} <= set(titles)
    done = console("import", out, "--db", empty, "--json")
    assert (done.code, done.json["new"], done.json["errors"]) == (0, 0, 0)


def test_goods_come_in_by_their_own_template_and_are_undone(
    console: Console, empty: Path, tmp_path: Path
) -> None:
    out = tmp_path / "库存.xlsx"
    assert console("template", "canteen", "--out", out).code == 0
    items, opened, _ = workbook.read(out)
    assert console("import", out, "--db", empty, "--json").json["new"] == 0
    goods = {"物品编号": "LY01", "物品名称": "大米", "物品类别": "粮油", "采购单位": "袋", "领用单位": "kg"}
    lot = {"物品编号": "LY01", "数量": "12.5", "单价": "4.6"}
    workbook.write(out, [_filled(items, goods), _filled(opened, lot)])
    tried = console("import", out, "--dry-run", "--db", empty)
    assert tried.code == 0 and "库存流水：新增 1，相同 0，未改动 0；新增合计 57.50 元" in tried.out
    (batch,) = console("import", out, "--db", empty, "--json").json["batches"]
    (row,) = console("list", "stock", "--db", empty, "--json").json
    assert (row["stock"], row["value"]) == ("12.500", "57.50")
    assert console("undo", batch, "--db", empty).code == 0
    assert console("list", "stock", "--db", empty, "--json").json == []


def _filled(sheet: SheetData, row: dict[str, str]) -> SheetOut:
    heads = [str(head).rstrip("*") for head in sheet.rows[0]]
    return SheetOut(sheet.name, [ColumnOut(head) for head in heads], [[row.get(head, "") for head in heads]])


def test_an_unknown_template_is_refused(console: Console, tmp_path: Path) -> None:
    refused = console("template", "cars", "--out", tmp_path / "x.xlsx")
    assert refused.code == 3 and "owners" in refused.err and list(tmp_path.iterdir()) == []


def test_a_workbook_in_nobodys_layout_is_guessed_put_right_and_imported(
    console: Console, empty: Path, tmp_path: Path
) -> None:
    book, kept = tmp_path / "一览表.xlsx", tmp_path / "对应.json"
    columns = [ColumnOut("房间号"), ColumnOut("户主"), ColumnOut("联系电话")]
    workbook.write(book, [SheetOut("Sheet1", columns, [("1-1-101", "王桂芳", "13812345678")])])
    assert "认不出" in console("import", book, "--db", empty).err
    assert "认出 1 张表" in console("import", book, "--db", empty, "--guess", kept).out
    maps = json.loads(kept.read_text(encoding="utf-8"))
    assert maps == [{"title": "房屋", "sheet": "Sheet1", "head": 1, "columns": {"房号": "房间号"}}]
    assert "不会覆盖" in console("import", book, "--db", empty, "--guess", kept).err
    maps.append(
        {"title": "业主", "sheet": "Sheet1", "head": 1, "columns": {"业主编号": "房间号", "姓名": "户主"}}
    )
    kept.write_text(json.dumps(maps), encoding="utf-8")
    done = console("import", book, "--db", empty, "--map", kept, "--json").json
    assert (done["layout"], done["errors"], done["written"]) == ("按对应关系读取", 0, True)
    told = {one["record"]: one["new"] for one in done["counts"]}
    assert told["Unit"] == told["Person"] == 1


@pytest.mark.parametrize("text", ["", "[", "{}", "[]", '[{"title": "没有"}]', "[" * 100_000])
def test_a_map_that_is_none_is_refused(console: Console, empty: Path, tmp_path: Path, text: str) -> None:
    kept = tmp_path / "对应.json"
    kept.write_text(text, encoding="utf-8")
    told = console("import", PEER, "--db", empty, "--map", kept)
    assert "没有对应关系" in told.err and told.code == 3
    assert "读不到" in console("import", PEER, "--db", empty, "--map", tmp_path / "没有.json").err
