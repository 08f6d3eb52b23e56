"""The main job on real input, from the roster to a restored backup, as an office does it."""

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.desktop.conftest import PASSWORD, Console

ROSTER = Path(__file__).parent.parent / "data" / "hc.xlsx"


@pytest.fixture
def office(console: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new office into which the roster of the other system was imported."""
    monkeypatch.setenv("PROPERTY_CONSOLE_PASSWORD", PASSWORD)
    path = tmp_path / "hc.db"
    assert console("new", path, "--name", "HC小区物业服务中心").code == 0
    trial = console("--db", path, "import", ROSTER, "--dry-run", "--json")
    assert trial.code == 0
    assert {one["level"] for one in trial.json["findings"]} == {"提示"}
    assert console("--db", path, "list", "units", "--json").json == []
    assert console("--db", path, "import", ROSTER).code == 0
    return path


def bills(console: Console, path: Path) -> list[dict[str, str]]:
    return console("--db", path, "list", "bills", "--json").json


def figures(console: Console, path: Path) -> list[object]:
    """Everything that must be the same after a restore."""
    names = ("units", "people", "bills", "payments", "receipts", "balances", "arrears", "closings", "audit")
    return [console("--db", path, "list", name, "--json").json for name in names]


def test_the_roster_is_billed_to_the_fen(console: Console, office: Path) -> None:
    june = console("--db", office, "bill", "2020-06")
    assert (june.code, "36 笔" in june.out, "4,496.04" in june.out) == (0, True, True)
    july = console("--db", office, "bill", "2020-07")
    assert (july.code, "9 笔" in july.out, "931.26" in july.out) == (0, True, True)
    assert console("--db", office, "bill", "2020-07").code == 0
    found = bills(console, office)
    months: Counter[str] = Counter()
    for line in found:
        months[line["month"]] += Decimal(line["amount"])  # type: ignore[assignment]
    assert (len(found), sum(months.values())) == (45, Decimal("5427.30"))
    assert dict(months) == {
        "2020-06": Decimal("720.96"),
        "2020-07": Decimal("1273.86"),
        "2020-08": Decimal("1373.64"),
        "2020-09": Decimal("915.40"),
        "2020-10": Decimal("571.72"),
        "2020-11": Decimal("571.72"),
    }
    mine = {(line["item"], line["month"]): line["amount"] for line in found if line["unit"] == "1-1-1011"}
    assert mine["测试收费1", "2020-06"] == "100.05"
    assert mine["测试收费1", "2020-07"] == "142.93"
    assert mine["测试收费2", "2020-07"] == "81.30"


def test_importing_the_same_file_again_changes_nothing(console: Console, office: Path) -> None:
    before = figures(console, office)
    again = console("--db", office, "import", ROSTER)
    assert (again.code, "没有新的内容" in again.out) == (0, True)
    assert figures(console, office)[:-1] == before[:-1]


def test_a_roster_is_undone_as_one_batch_until_something_is_built_on_it(
    console: Console, office: Path
) -> None:
    batches = console("--db", office, "batches", "--json").json
    console("--db", office, "bill", "2020-06")
    assert console("--db", office, "undo", batches[0]["id"]).code == 3
    billing = console("--db", office, "batches", "--json").json[0]["id"]
    assert console("--db", office, "undo", billing).code == 0
    assert bills(console, office) == []


def test_an_untouched_roster_leaves_nothing_behind_when_undone(console: Console, office: Path) -> None:
    (batch,) = console("--db", office, "batches", "--json").json
    assert console("--db", office, "undo", batch["id"]).code == 0
    assert console("--db", office, "list", "units", "--json").json == []
    assert console("--db", office, "list", "people", "--json").json == []
    assert console("--db", office, "import", ROSTER).code == 0
    assert len(console("--db", office, "list", "units", "--json").json) == 9


def test_a_lost_database_comes_back_with_every_figure(console: Console, office: Path, tmp_path: Path) -> None:
    for month in ("2020-06", "2020-07"):
        console("--db", office, "bill", month)
    paid = console(
        "--db", office, "pay", "1-1-1011", "150", "--method", "微信", "--on", "2020-07-05", "--json"
    )
    assert paid.json["receipt"] == "SJ-2020-000001"
    for code, asked in (
        ("FE-02", ("--period", "2020-07")),
        ("FE-06", ("--number", "SJ-2020-000001")),
        ("FE-07", ("--period", "2020-07")),
        ("FE-08", ("--period", "2020-07-31")),
    ):
        out = tmp_path / f"{code}.pdf"
        assert console("--db", office, "print", code, *asked, "--out", out).code == 0
        assert PdfReader(out).pages
    assert "壹佰伍拾元整" in PdfReader(tmp_path / "FE-06.pdf").pages[0].extract_text()
    assert console("--db", office, "close-day", "2020-07-05").code == 0
    assert console("--db", office, "check").code == 0
    assert console("--db", office, "backup", tmp_path / "bk").code == 0
    before = figures(console, office)
    (backup,) = (tmp_path / "bk").glob("*.pcbak")
    assert console("verify", backup).code == 0
    office.rename(tmp_path / "lost.db")
    assert console("--db", office, "restore", backup).code == 0
    after = figures(console, office)
    assert after[:-1] == before[:-1]
    assert console("--db", office, "check").code == 0


def test_a_template_with_opening_sheets_is_taken_back_whole(
    console: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from xlsxwriter import Workbook

    monkeypatch.setenv("PROPERTY_CONSOLE_PASSWORD", PASSWORD)
    path, roster = tmp_path / "new.db", tmp_path / "own.xlsx"
    console("new", path, "--name", "新小区")
    sheets = {
        "楼栋": [["楼栋号", "楼栋名称", "单元号"], ["1", "1栋", "1"]],
        "房屋": [["房号", "楼栋号", "单元号", "室号"], ["1-1-101", "1", "1", "101"]],
        "业主": [["业主编号", "姓名"], ["A1", "王桂芳"]],
        "产权": [["房号", "业主编号"], ["1-1-101", "A1"]],
        "收费项目": [["项目编号", "收费项目", "计算方式"], ["1", "物业费", "固定金额"]],
        "期初": [
            ["房号", "业主编号", "项目编号", "月份", "欠费金额", "截止日"],
            ["1-1-101", "A1", "1", "2020-01", "12.50", "2020-01-25"],
        ],
        "预存": [["房号", "业主编号", "预存余额"], ["1-1-101", "A1", "8.00"]],
    }
    template = tmp_path / "t.xlsx"
    assert console("--db", path, "template", "owners", "--out", template).code == 0
    assert template.stat().st_size > 5000
    book = Workbook(roster)
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                sheet.write_string(number, column, value)
    book.close()
    done = console("--db", path, "import", roster)
    assert done.code == 0, done.out + done.err
    batches = console("--db", path, "batches", "--json").json
    assert len(batches) == 2
    for batch in batches:
        told = console("--db", path, "undo", batch["id"])
        assert told.code == 0, told.err
    for name in ("units", "people", "bills", "items"):
        assert console("--db", path, "list", name, "--json").json == []
