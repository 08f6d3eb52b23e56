"""The sheets 期初 and 预存: what is read of them, filled in for them, and refused."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from models import imports
from models.deeds import Scope, acting
from models.errors import PermissionDenied
from models.fees import opening_sheets  # noqa: F401 - registered by being imported
from models.fees.billing import bill, dry_run
from models.fees.bills import Bill, BillKind
from models.fees.opening import import_opening
from models.fees.payments import BalanceEntry, BalanceKind
from models.imports import Finding, Severity, write_template
from models.months import Month
from models.owners.people import Occupancy, Ownership, Person
from models.workbook import read
from tests.estate import Estate, writing
from tests.models.fees.opening_books import Rows, book

JUNE = Month(2025, 6)


@pytest.fixture
def house(estate: Estate) -> Estate:
    """An estate of one house, owned by 王桂芳 (业主编号 1), with one item (项目编号 1)."""
    estate.house("101")
    estate.item()
    return estate


def found(folder: Path, owed: Rows = (), held: Rows = ()) -> list[tuple[str, str, str, str]]:
    """Return (severity, cell, value, reason) of every finding."""
    told: list[Finding] = imports.plan(book(folder, owed, held)).findings
    return [(one.severity.value, f"{one.sheet} {one.cell}", one.value, one.reason) for one in told]


def only(folder: Path, owed: Rows = (), held: Rows = ()) -> tuple[str, str, str, str]:
    (one,) = found(folder, owed, held)
    return one


def test_an_opening_line_is_what_its_row_says(house: Estate, tmp_path: Path) -> None:
    batch = import_opening(book(tmp_path, [("1-1-101", "1", "1", "2025-06", "1,234.50", "2025-07-10")]))
    line = Bill.get()
    assert (line.unit.code, line.item.code, line.month, line.kind) == ("1-1-101", "1", JUNE, BillKind.OPENING)
    assert (line.amount, line.paid, line.live) == (Decimal("1234.50"), Decimal("0.00"), True)
    assert (line.due, line.payer.name, line.liable.name) == (date(2025, 7, 10), "王桂芳", "王桂芳")
    assert (line.batch, line.run, line.quantity) == (batch, None, None)
    assert line.source == f"期初:{batch.id}:{line.unit.id}-{line.item.id}-202506-{line.payer.id}"


def test_an_opening_balance_is_what_its_row_says(house: Estate, tmp_path: Path) -> None:
    batch = import_opening(book(tmp_path, held=[("1栋1单元101", "1", "88.8")]))
    entry = BalanceEntry.get()
    assert (entry.unit.code, entry.payer.name, entry.amount) == ("1-1-101", "王桂芳", Decimal("88.80"))
    assert (entry.kind, entry.on, entry.batch) == (BalanceKind.OPENING, date.today(), batch)
    assert entry.source == f"期初:{batch.id}:{entry.unit.id}-{entry.payer.id}"


@pytest.mark.parametrize("typed", ["2025-06", "202506", "2025年6月", "2025-06-01", date(2025, 6, 1)])
def test_a_month_is_understood_as_people_and_excel_write_it(
    house: Estate, tmp_path: Path, typed: str | date
) -> None:
    import_opening(book(tmp_path, [("1-1-101", "1", "1", typed, "1", None)]))
    assert Bill.get().month == JUNE


def test_without_a_due_day_it_is_that_of_the_item_in_its_month(house: Estate, tmp_path: Path) -> None:
    house.item("水费", due_day=31)
    import_opening(
        book(
            tmp_path,
            [("1-1-101", "1", "1", "2025-06", "1", None), ("1-1-101", "1", "2", "2025-06", "1", None)],
        )
    )
    assert [line.due for line in Bill.select().order_by(Bill.item)] == [date(2025, 6, 25), date(2025, 6, 30)]


def test_without_a_payer_it_is_whoever_paid_in_that_month(house: Estate, tmp_path: Path) -> None:
    with writing():
        unit = Bill.unit.rel_model.find("1-1-101")
        Ownership.get().change(until=date(2025, 6, 30))
        buyer = house.person("李买房")
        Ownership.add(unit=unit, person=buyer, since=date(2025, 7, 1))
    rows = [("1-1-101", None, "1", month, "1", None) for month in ("2025-06", "2025-07")]
    import_opening(book(tmp_path, rows))
    assert [line.payer.name for line in Bill.select().order_by(Bill.month)] == ["王桂芳", "李买房"]
    assert [line.liable.name for line in Bill.select().order_by(Bill.month)] == ["王桂芳", "李买房"]


def test_an_ownerless_house_owes_without_a_payer(house: Estate, tmp_path: Path) -> None:
    house.house("102", owner=None)
    import_opening(book(tmp_path, [("1-1-102", None, "1", "2025-06", "1", None)]))
    assert (Bill.get().payer, Bill.get().liable) == (None, None)


def test_a_user_named_as_payer_leaves_the_owner_liable_and_a_former_owner_himself(
    house: Estate, tmp_path: Path
) -> None:
    with writing():
        tenant, former = house.person("李租客"), house.person("赵前业主")
        Occupancy.add(unit=Bill.unit.rel_model.find("1-1-101"), person=tenant)
    rows = [
        ("1-1-101", tenant.number, "1", "2025-06", "1", None),
        ("1-1-101", former.number, "1", "2025-05", "1", None),
    ]
    import_opening(book(tmp_path, rows))
    told = {str(line.month): (line.payer.name, line.liable.name) for line in Bill.select()}
    assert told == {"2025-06": ("李租客", "王桂芳"), "2025-05": ("赵前业主", "赵前业主")}


def test_the_same_workbook_again_brings_nothing(house: Estate, tmp_path: Path) -> None:
    path = book(tmp_path, [("1-1-101", None, "1", "2025-06", "50", None)], [("1-1-101", "1", "20")])
    import_opening(path)
    assert import_opening(path) is None
    assert imports.plan(path).same == 2
    assert (Bill.select().count(), BalanceEntry.select().count()) == (1, 1)


def test_another_amount_for_what_is_opened_is_told_and_left_alone(house: Estate, tmp_path: Path) -> None:
    import_opening(book(tmp_path, [("1-1-101", None, "1", "2025-06", "50", None)]))
    told = only(tmp_path, [("1-1-101", None, "1", "2025-06", "60", None)])
    assert told == ("提示", "期初 E2", "60", "账单已登记的应收是“50.00”，没有改动")
    assert import_opening(book(tmp_path, [("1-1-101", None, "1", "2025-06", "60", None)])) is None


WRONG = [
    (("", "1", "1", "2025-06", "1"), "A2", "", "没有填房号"),
    (("1-1-999", "1", "1", "2025-06", "1"), "A2", "1-1-999", "没有这个房屋"),
    (("1-1-101", "9", "1", "2025-06", "1"), "B2", "9", "没有这个人员"),
    (("1-1-101", "1", "", "2025-06", "1"), "C2", "", "没有填项目编号"),
    (("1-1-101", "1", "9", "2025-06", "1"), "C2", "9", "没有这个收费项目"),
    (("1-1-101", "1", "1", "", "1"), "D2", "", "没有填月份"),
    (("1-1-101", "1", "1", "六月", "1"), "D2", "六月", "“六月”不是月份"),
    (("1-1-101", "1", "1", "2025-06", ""), "E2", "", "没有填欠费金额"),
    (("1-1-101", "1", "1", "2025-06", "0"), "E2", "0", "欠费金额是零"),
    (("1-1-101", "1", "1", "2025-06", "1.005"), "E2", "1.005", "欠费金额“1.005”的小数位太多"),
]


@pytest.mark.parametrize(("row", "cell", "value", "reason"), WRONG)
def test_a_row_that_cannot_be_is_named_with_its_cell(
    house: Estate, tmp_path: Path, row: tuple[str, ...], cell: str, value: str, reason: str
) -> None:
    severity, where, shown, told = only(tmp_path, [(*row, None)])
    assert (severity, where, shown) == ("错误", f"期初 {cell}", value)
    assert told.startswith(reason)


@pytest.mark.parametrize(
    ("row", "cell", "reason"),
    [
        (("1-1-101", "", "1"), "预存 B2", "没有填业主编号"),
        (("1-1-101", "1", "0.00"), "预存 C2", "预存余额是零"),
        (("1-1-101", "1", "-5"), "预存 C2", "预存余额"),
        (("1-1-102", "1", "5"), "预存 A2", "没有这个房屋"),
    ],
)
def test_a_balance_that_cannot_be_is_named_with_its_cell(
    house: Estate, tmp_path: Path, row: tuple[str, ...], cell: str, reason: str
) -> None:
    severity, where, _, told = only(tmp_path, held=[row])
    assert (severity, where) == ("错误", cell)
    assert told.startswith(reason)


def test_a_month_ahead_is_no_debt_from_before(house: Estate, tmp_path: Path) -> None:
    ahead = Month.of(date.today()).plus(1)
    told = only(tmp_path, [("1-1-101", None, "1", str(ahead), "1", None)])
    assert told[:2] == ("错误", "期初 D2")
    assert found(tmp_path, [("1-1-101", None, "1", str(ahead.plus(-1)), "1", None)]) == []


def test_what_a_run_made_is_not_opened_beside_it(house: Estate, tmp_path: Path) -> None:
    unit = Bill.unit.rel_model.find("1-1-101")
    house.give(unit, Bill.item.rel_model.get(), JUNE.first)
    bill(JUNE)
    told = only(tmp_path, [("1栋1单元101", None, "1", "2025-06", "1", None)])
    assert told == ("错误", "期初 D2", "2025-06", "这个月这个项目已经出过账")
    assert found(tmp_path, [("1-1-101", None, "1", "2025-05", "1", None)]) == []


def test_what_was_opened_is_not_billed_again(house: Estate, tmp_path: Path) -> None:
    unit = Bill.unit.rel_model.find("1-1-101")
    house.give(unit, Bill.item.rel_model.get(), JUNE.plus(-1).first)
    import_opening(book(tmp_path, [("1-1-101", None, "1", "2025-05", "1", None)]))
    assert dry_run(Month(2025, 5)).lines == []
    assert [one.span for one in dry_run(Month(2025, 7)).missing] == ["2025-06"]
    bill(Month(2025, 7), catch_up=True)
    assert sorted(str(line.month) for line in Bill.select()) == ["2025-05", "2025-06", "2025-07"]
    assert dry_run(Month(2025, 8)).missing == []


def test_one_month_is_said_once(house: Estate, tmp_path: Path) -> None:
    row = ("1-1-101", None, "1", "2025-06", "1", None)
    assert only(tmp_path, [row, row])[::3] == ("提示", "与第 2 行重复")
    other = ("1-1-101", None, "1", "2025-06", "2", None)
    assert only(tmp_path, [row, other])[::3] == ("错误", "与第 2 行重复而内容不同")


def test_openings_of_units_of_the_same_workbook_come_with_them(estate: Estate, tmp_path: Path) -> None:
    from models.owners.imports import import_workbook

    path = book(
        tmp_path,
        [("2-1-301", None, "W1", "2025-06", "12.50", None)],
        [("2-1-301", "7", "3")],
        房屋=(("房号", "计费面积"), [("2-1-301", "50")]),
        业主=(("业主编号", "姓名"), [("7", "新业主")]),
        产权=(("房号", "业主编号"), [("2-1-301", "7")]),
        收费项目=(("项目编号", "收费项目", "计算方式", "附加/固定金额"), [("W1", "卫生费", "固定金额", "5")]),
    )
    done = import_workbook(path)
    assert [batch.kind for batch in done.batches] == ["owners.import", "opening"]
    assert (Bill.get().payer.name, Bill.get().unit.code) == ("新业主", "2-1-301")
    assert BalanceEntry.get().payer == Person.find("7")


def test_whoever_may_import_owners_but_no_openings_is_refused_only_where_there_are_some(
    house: Estate, tmp_path: Path
) -> None:
    class Keeper:
        account_id, name = None, "客服主管"

        def may(self, right: str) -> bool:
            return right != "fees.opening"

        def scope(self, right: str) -> Scope:
            return Scope.ALL

    with acting(Keeper()):
        assert imports.plan(book(tmp_path)).new == 0
        with pytest.raises(PermissionDenied, match="登记期初"):
            imports.plan(book(tmp_path, [("1-1-101", None, "1", "2025-06", "1", None)]))
        with pytest.raises(PermissionDenied, match="登记期初"):
            imports.plan(book(tmp_path, held=[("1-1-101", "1", "1")]))


def test_the_template_has_both_sheets(office: object, tmp_path: Path) -> None:
    write_template(tmp_path / "t.xlsx")
    sheets = {sheet.name: sheet.rows[0] for sheet in read(tmp_path / "t.xlsx")}
    assert sheets["期初"] == ["房号*", "业主编号", "项目编号*", "月份*", "欠费金额*", "截止日"]
    assert sheets["预存"] == ["房号*", "业主编号*", "预存余额*"]


def test_a_dry_run_tells_the_totals(house: Estate, tmp_path: Path) -> None:
    rows = [("1-1-101", None, "1", month, "12.30", None) for month in ("2025-06", "2025-05")]
    plan = imports.plan(book(tmp_path, [*rows, ("1-1-999", None, "1", "2025-06", "99", None)]))
    assert "账单：新增 2，相同 0，未改动 0；新增合计 24.60 元" in plan.told()
    assert [one.severity for one in plan.findings] == [Severity.ERROR]
    assert Bill.select().count() == 0


def test_an_old_debt_ages_from_its_due_day(house: Estate, tmp_path: Path) -> None:
    from models.fees.arrears import debts

    due = date.today() - timedelta(days=400)
    import_opening(book(tmp_path, [("1-1-101", None, "1", "2025-06", "5", due)]))
    (debt,) = debts(date.today()).values()
    assert debt.ages == [0, 0, 500, 0, 0]


def test_two_who_owe_for_one_month_stand_side_by_side_and_come_in_once(house: Estate, tmp_path: Path) -> None:
    with writing():
        seller = house.person("卖方")
    first = ("1-1-101", "1", "1", "2025-06", "50.00", None)
    second = ("1-1-101", seller.number, "1", "2025-06", "40.00", None)
    import_opening(book(tmp_path, [first]))
    import_opening(book(tmp_path, [first, second]))
    assert import_opening(book(tmp_path, [second, first])) is None
    told = [(line.payer.name, str(line.amount)) for line in Bill.select().order_by(Bill.id)]
    assert told == [("王桂芳", "50.00"), ("卖方", "40.00")]


def test_a_row_without_a_payer_is_known_again(house: Estate, tmp_path: Path) -> None:
    owed = [("1-1-101", None, "1", "2025-06", "50.00", None)]
    import_opening(book(tmp_path, owed))
    assert import_opening(book(tmp_path, owed)) is None
    assert found(tmp_path, [*owed, ("1-1-101", "1", "1", "2025-06", "50.00", None)]) == [
        ("错误", "期初 B3", "1", "与第 2 行是同一房号、项目和月份，只有一行写了业主编号")
    ]
