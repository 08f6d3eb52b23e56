"""What a former system was paid comes along to be looked up, and is nothing else."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from models import batches, deeds
from models.checks import run_invariants
from models.deeds import DEEDS
from models.errors import PermissionDenied, RuleBroken
from models.fees import former, invariants  # noqa: F401 - invariants are registered by being imported
from models.fees.bills import Bill
from models.fees.former import FormerPayment, import_history
from models.fees.payments import Payment
from models.imports.plan import ImportRefused
from models.listings import Filters, listed
from models.owners import imports  # noqa: F401 - the sheets of the owner files
from models.owners.estate import Unit
from models.workbook import ColumnOut, SheetOut, write
from tests.estate import Estate
from tests.office_people import worker

OURS = ("房号", "收费项目", "期间起", "期间止", "缴费日期", "应缴", "实缴", "收款人", "原收据号", "备注")
PEER = (
    *(
        "房屋",
        "收费项目",
        "缴费周期",
        "开始时间",
        "结束时间",
        "缴费时间",
        "应缴金额",
        "实缴金额",
        "收银员",
        "备注",
    ),
    *("", "", ""),
)


@pytest.fixture(autouse=True)
def house(estate: Estate) -> Unit:
    return estate.house("101")


def book(
    folder: Path, title: str, heads: tuple[str, ...], *rows: tuple[Any, ...], days: tuple[int, ...] = ()
) -> Path:
    path = folder / "历史.xlsx"
    columns = [ColumnOut(head, _kind(at, heads, days)) for at, head in enumerate(heads)]
    write(path, [SheetOut(title, columns, rows)])
    return path


def _kind(at: int, heads: tuple[str, ...], days: tuple[int, ...]) -> Any:
    if at in days:
        return "day"
    return "number" if heads is PEER and at in (2, 6, 7) else "text"


def ours(folder: Path, *rows: tuple[Any, ...]) -> Path:
    return book(folder, "历史缴费", OURS, *rows)


ROW = (
    *("1-1-101", "物业管理费", "2019-01-01", "2019-12-31", "2019-01-05"),
    *("1,000.00", "900", "张三", "A001", "优惠"),
)


def test_our_sheet_is_kept_and_shown_of_the_house(house: Unit, tmp_path: Path) -> None:
    batch = import_history(ours(tmp_path, ROW))
    (one,) = FormerPayment.select()
    assert (one.unit, one.first, one.last, one.paid_on) == (
        house, date(2019, 1, 1), date(2019, 12, 31), date(2019, 1, 5),
    )  # fmt: skip
    assert (one.charged, one.paid, one.receipt) == (Decimal("1000.00"), Decimal("900.00"), "A001")
    assert (batch.kind, batch.count) == ("fees.history", 1)
    found = listed("former_payments")(Filters(unit=house))
    assert [found.plain(row)["item"] for row in found.rows()] == ["物业管理费"]
    (figure,) = former.paid_before(house)
    assert (figure.value, figure.beside) == ("900.00", "1 笔，交到 2019-12-31")
    assert (Bill.select().count(), Payment.select().count(), run_invariants()) == (0, 0, [])


def test_the_same_row_comes_once(tmp_path: Path) -> None:
    import_history(ours(tmp_path, ROW, ROW))
    assert FormerPayment.select().count() == 1
    with pytest.raises(RuleBroken, match="笔历史缴费都已导入过"):
        import_history(ours(tmp_path, ROW, ROW))
    other = (*ROW[:8], "A002", None)
    assert import_history(ours(tmp_path, ROW, other)).count == 1


def test_a_batch_is_undone_as_one(tmp_path: Path) -> None:
    batches.undo(import_history(ours(tmp_path, ROW)))
    assert FormerPayment.select().count() == 0
    import_history(ours(tmp_path, ROW))


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({0: "9-9-999"}, "没有这个房屋"),
        ({3: "2018-12-31"}, "期间止早于期间起"),
        ({4: str(date.today() + timedelta(days=1))}, "缴费日期还没有到"),
        ({6: "-5"}, "负数"),
        ({6: None}, "没有填实缴"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, changed: dict[int, Any], reason: str) -> None:
    row = tuple(changed.get(at, value) for at, value in enumerate(ROW))
    with pytest.raises(ImportRefused, match=reason):
        import_history(ours(tmp_path, row))
    assert FormerPayment.select().count() == 0


def test_the_peers_sheet_is_read_beside_its_instructions(house: Unit, tmp_path: Path) -> None:
    about, beside = ("张三", "手工导入"), (None, "说明：", None)
    new_year = date(2017, 1, 1)
    rows = [
        ("1-1-101", "物业费", 12, date(2016, 1, 1), new_year, new_year, 1000, 1000, *about, *beside),
        ("1-1-101", "物业费", 6, 42736, 42917, 42740, 600, 600, "张三", "读数 120", *beside),
        (*(None,) * 11, "备注", "必填"),
    ]
    path = book(tmp_path, "房屋缴费历史", PEER, *rows, days=(3, 4, 5))
    import_history(path)
    told = [(one.first, one.last, one.paid, one.note) for one in FormerPayment.select()]
    assert told == [
        (date(2016, 1, 1), date(2016, 12, 31), Decimal("1000.00"), None),
        (date(2017, 1, 1), date(2017, 6, 30), Decimal("600.00"), "读数 120"),
    ]


def test_an_accountant_brings_it_along_and_a_cashier_does_not(tmp_path: Path) -> None:
    path = ours(tmp_path, ROW)
    with deeds.acting(worker("钱收款", "收款员")), pytest.raises(PermissionDenied):
        DEEDS["fees.import_history"].call(None, {"path": str(path)})
    with deeds.acting(worker("赵会计", "会计")):
        assert DEEDS["fees.import_history"].call(None, {"path": str(path)}).count == 1
