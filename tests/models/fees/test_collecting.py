"""Many payments on one sheet: all of them or none."""

from datetime import date
from decimal import Decimal

import pytest

from models.deeds import DEEDS
from models.entries import ENTRIES
from models.errors import RuleBroken
from models.fees.cashier import receive
from models.fees.closings import close_day
from models.fees.collecting import Received, collecting, judge
from models.fees.payments import Payment, Receipt
from models.listings import Filters
from models.owners.estate import Unit
from models.rows import RowRefused
from tests.estate import Estate, count_drawers


@pytest.fixture
def units(estate: Estate) -> list[Unit]:
    """Make three houses that owe 100.00 for each of two months."""
    made = [estate.house(room) for room in ("101", "102", "1001")]
    item = estate.item()
    for unit in made:
        estate.give(unit, item)
    for month in ("2026-01", "2026-02"):
        DEEDS["fees.bill"].call(None, {"month": month})
    return made


def take(rows: str, **given: str) -> Received:
    done = DEEDS["fees.receive_list"].call(None, {"rows": rows, **given})
    assert isinstance(done, Received)
    return done


def test_each_row_is_a_payment_with_its_receipt(units: list[Unit]) -> None:
    done = take("1-1-101|200||银行001\n1栋1单元102|50", method="转账")
    assert (done.units, done.amount, len(done.receipts)) == (2, Decimal("250.00"), 2)
    assert "2 户 250.00 元" in done.summary() and "至" in done.summary()
    told = [(one.amount, one.method.value, one.reference) for one in Payment.select().order_by(Payment.id)]
    assert told == [(Decimal("200.00"), "转账", "银行001"), (Decimal("50.00"), "转账", None)]
    assert [line.key for line in collecting.sheet(Filters()).lines] == ["1-1-102", "1-1-1001"]


@pytest.mark.parametrize(
    ("rows", "sentence", "row"),
    [
        ("1-1-101|200\n1-1-102|0", "1-1-102.*大于零", 1),
        ("1-1-101|200\n1-1-102|5|||150", "未收刚从 150.00 变成 200.00", 1),
        ("1-1-101|200\n9-9-999|5", "没有房号", 1),
    ],
)
def test_one_row_that_cannot_be_taken_takes_none(
    units: list[Unit], rows: str, sentence: str, row: int
) -> None:
    with pytest.raises(RowRefused, match=sentence) as refused:
        take(rows)
    assert refused.value.row == row and refused.value.field == "rows"
    assert Payment.select().count() == Receipt.select().count() == 0


def test_a_closed_day_is_told_once_and_not_of_a_row(units: list[Unit]) -> None:
    receive(units[0], Decimal(1))
    count_drawers()
    close_day(date.today())
    with pytest.raises(RuleBroken, match="已日结") as refused:
        take("1-1-101|200")
    assert not isinstance(refused.value, RowRefused)


def test_the_sheet_tells_who_pays_what_came_last_and_what_is_open(units: list[Unit]) -> None:
    receive(units[1], Decimal(30))
    sheet = collecting.sheet(Filters())
    assert [line.key for line in sheet.lines] == ["1-1-101", "1-1-102", "1-1-1001"]  # natural order
    line = sheet.lines[1]
    assert line.told == ("1-1-102", "王桂芳", Decimal("30.00"), Decimal("170.00"))
    assert line.offered == {"amount": Decimal("170.00")} and line.fixed["owed"] == Decimal("170.00")
    assert sheet.same("1栋1单元102室") == line.key
    assert ENTRIES["collecting"] is collecting


@pytest.mark.parametrize(
    ("amount", "told"),
    [("170", ""), ("100", "少 70.00"), ("200", "多 30.00，转为预存"), ("0", "大于零"), (None, "没有金额")],
)
def test_what_is_strange_about_an_amount_is_said(units: list[Unit], amount: str | None, told: str) -> None:
    receive(units[1], Decimal(30))
    line = collecting.sheet(Filters()).lines[1]
    row = {"amount": Decimal(amount) if amount else None, "reference": "流水"}
    said = judge(line, row)
    assert told in said if told else said == ""
    assert judge(line, {}) == ""
