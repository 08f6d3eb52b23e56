"""A year of an office, run by commands alone: what is set up, what each month brings, what is put right.

The year lies behind, so that it is the same whenever it is run. What an office does today whatever day
it is (a balance set off by a run, a transfer settled) bears the day of the test.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.desktop.conftest import PASSWORD

YEAR = 2025
LEAD, CLERK, BOSS, CASHIER = "lead", "clerk", "boss", "cash"
STAFF = (
    *((LEAD, "周主管", "客服主管"), (CLERK, "李会计", "会计")),
    *((BOSS, "王主任", "管理处主任"), (CASHIER, "钱进", "收款员")),
)
HOUSES = [f"{b}-1-{floor}0{door}" for b in (1, 2) for floor in (1, 2, 3) for door in (1, 2)]
AREAS = dict(zip(HOUSES, ("94.56", "61.07", "100.33", "88.88", "73.45", "120.05") * 2, strict=True))
SPACES = ("C01", "C02")
EMPTY, RENTED, SOLD, AHEAD, VACANT = "2-1-302", "1-1-102", "1-1-201", "2-1-101", "2-1-201"
"""Nobody's; a tenant pays; passes to somebody else on July 11th; pays a year ahead;
is reduced from November 11th on."""
READ = HOUSES[:8]
"""Houses with a water meter, whose number is W and the house number."""


@dataclass
class Year:
    """An office in a file, at which people sit and type."""

    path: Path

    def run(self, *words: object, user: str = "admin", code: int = 0) -> str:
        """Type a command, which must end as expected, and return what it prints."""
        from desktop.main import main

        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            ended = main([*map(str, words), "--db", str(self.path), "--user", user])
        assert ended == code, f"{words}: {out.getvalue()}{err.getvalue()}"
        return out.getvalue() or err.getvalue()

    def ask(self, *words: object, user: str = "admin") -> Any:
        """Type a command and return what it answers for machines."""
        return json.loads(self.run(*words, "--json", user=user))

    def do(self, deed: str, key: str | None = None, *, user: str = "admin", **values: object) -> Any:
        """Do a deed."""
        words = [f"{name}={value}" for name, value in values.items()]
        return json.loads(self.run("do", deed, *([key] if key else []), *words, user=user))

    def rows(self, name: str, *filters: object) -> list[dict[str, Any]]:
        """Return the rows of a list."""
        told = self.ask("list", name, *filters)
        return list(told["rows"] if isinstance(told, dict) else told)

    def apply(self, deed: str, key: str | None = None, **values: object) -> Any:
        """Apply for a deed, see that the applicant cannot agree himself, and let the chain of FE-10 agree."""
        given = json.dumps(values, ensure_ascii=False)
        asked = [f"deed={deed}", f"values={given}", *([f"key={key}"] if key else [])]
        made = json.loads(self.run("do", "office.request_approval", *asked))
        for user in (LEAD, CLERK, BOSS):
            self.run("do", "office.approve", made["number"], code=3)
            made = self.do("office.approve", made["number"], user=user, opinion="同意")
        assert made["state"] == "已批准", made
        return made

    def lines(self, unit: str, month: str, item: str) -> list[int]:
        """Return the ids of the live lines of a house for a month and an item."""
        found = self.rows("bills", "--unit", unit, "--period", month, "--item", item)
        return [one["id"] for one in found if not str(one["amount"]).startswith("-")]


def play(path: Path) -> Year:
    """Found an office and run it for a year."""
    year = Year(path)
    year.run("new", path, "--name", "年度小区")
    open_accounts(year)
    build(year)
    set_prices(year)
    hang_meters(year)
    take_in_advance(year)
    for month in range(1, 13):
        read(year, month)
        bill(year, month)
        share(year, month)
        take_money(year, month)
        EVENTS[month - 1](year)
        close_days(year, month)
    return year


def open_accounts(year: Year) -> None:
    """Let those sign in who keep the accounts, take the money and agree."""
    for login, name, role in STAFF:
        year.do("office.add_staff", number=login, name=name)
        issued = year.do("office.add_account", login=login, staff=login, role=role)
        with swapped(PROPERTY_CONSOLE_PASSWORD=issued["password"], PROPERTY_CONSOLE_NEW_PASSWORD=PASSWORD):
            year.run("password", user=login)


@contextlib.contextmanager
def swapped(**names: str) -> Iterator[None]:
    """Let the environment hold other values."""
    before = {name: os.environ.get(name) for name in names}
    os.environ.update(names)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def build(year: Year) -> None:
    """Raise two buildings, draw two parking spaces, and let people own all but one house."""
    year.do("owners.add_community", name="年度小区")
    year.do("owners.generate", buildings="1-2", floors="1-3", rooms=2, entrances=1, state="已入住")
    for code in SPACES:
        year.do("owners.add_unit", room=code, code=code, kind="车位")
    for number, unit in enumerate((*HOUSES, *SPACES), start=1):
        if unit in AREAS:
            year.do("owners.set_area", unit, billing=AREAS[unit], basis="合同(暂)", since="2020-01-01")
        if unit != EMPTY:
            year.do("owners.add_person", number=number, name=f"业主{number}")
            year.do("owners.add_ownership", unit, person=number, since="2020-01-01")
    year.do("owners.add_person", number="T1", name="陈租客")
    year.do("owners.add_occupancy", RENTED, person="T1", pays="是", since="2024-09-01")


def set_prices(year: Year) -> None:
    """Set what is charged: by area, fixed by the quarter, by household, by tiers, shared, once, and late."""
    begun = f"{YEAR}-01-01"
    for code, name, more in (
        ("1", "物业费", {"basis": "面积×单价+附加", "due_day": 10}),
        ("2", "车位费", {"basis": "固定金额", "category": "停车费", "cycle": 3}),
        ("3", "水费", {"basis": "按读数", "category": "水电气", "collected": "是", "minimum": "8.00"}),
        ("4", "垃圾清运费", {"basis": "按户", "category": "其他"}),
        ("5", "公共电费", {"basis": "固定金额", "category": "公共分摊"}),
        ("6", "特约服务费", {"basis": "固定金额", "category": "特约服务"}),
    ):
        year.do("fees.add_item", code=code, name=name, since=begun, **more)
    prices = (("1", "1.3500", "2.00"), ("2", "0", "150.00"), ("3", "3.4500", "0"), ("4", "5.5555", "0"))
    for code, price, extra in prices:
        rate = year.do("fees.set_rate", code, since="2024-01-01", price=price, extra=extra)
        if code == "3":
            year.do("fees.set_tiers", str(rate["id"]), tiers="10|4.2000;18|6.3333")
    for code, kind in (("1", "住宅"), ("2", "车位"), ("4", "住宅")):
        year.do("fees.assign", code, kind=kind, since=begun)
    year.do("fees.add_service", code="T1", name="疏通", measure="次", price="66.6700", item="6")
    year.do("fees.add_late_terms", clause="合同第八条", daily="0.5", since=begun, grace=15)
    plans = (("楼道照明", "面积", "1"), ("电梯", "户", "2"))
    for name, base, building in plans:
        agreed = {"agreed": "业主大会决议 2024-03"}
        year.do("fees.add_share_plan", name=name, item="5", base=base, scopes=f"{building}|", **agreed)


def hang_meters(year: Year) -> None:
    """Hang a water meter in most houses and read all of them for the first time."""
    for unit in READ:
        year.do("fees.add_meter", number=f"W{unit}", unit=unit, item="3", route="甲线", digits=4)
    rows = ";".join(f"W{unit}|{9900 + 12 * number}" for number, unit in enumerate(READ))
    year.do("fees.enter_readings", rows=as_rows(rows, f"{YEAR - 1}-12"), day=f"{YEAR - 1}-12-28")


def as_rows(rows: str, month: str) -> str:
    """Add the month to rows of (meter, value)."""
    return ";".join(f"{row}|||{month}" for row in rows.split(";"))


def take_in_advance(year: Year) -> None:
    """Let somebody pay a year ahead at a discount."""
    year.do("fees.add_prepay_offer", name="预存一年", months=12, percent="5.00", item="1", basis="公示")
    year.do("fees.prepay", AHEAD, offer="预存一年", first=f"{YEAR}-01", on=f"{YEAR}-01-02", method="转账")


def on(month: int, day: int) -> str:
    """Return a day of the year."""
    return f"{YEAR}-{month:02d}-{day:02d}"


def as_month(month: int) -> str:
    """Return a month of the year."""
    return f"{YEAR}-{month:02d}"


# -- what every month brings -----------------------------------------------------------------------

NOT_READ, ESTIMATED, REPLACED, MISREAD = READ[2], READ[5], READ[4], READ[3]


def counted(number: int, month: int) -> int:
    """Return what the meter of a house would show, had it wheels enough."""
    return 9900 + 12 * number + sum((5 * number + 7 * each) % 27 + 1 for each in range(1, month + 1))


def read(year: Year, month: int) -> None:
    """Read the round; one meter is missed in March, one estimated in October, one replaced in August."""
    rows = []
    for number, unit in enumerate(READ):
        missed = (unit, month) in ((NOT_READ, 3), (ESTIMATED, 10))
        if missed or (unit == REPLACED and month >= 8):
            continue
        now, before = counted(number, month), counted(number, month - 1)
        if unit == MISREAD and month == 5:
            now += 40
        if (unit, month - 1) == (NOT_READ, 3):
            before = counted(number, month - 2)
        rolled = "是" if now >= 10_000 > before else ""
        rows.append(f"W{unit}|{now % 10_000}|{rolled}||{as_month(month)}")
    if month > 8:
        rows.append(f"N{REPLACED}|{4.25 + 11 * (month - 8)}|||{as_month(month)}")
    year.do("fees.enter_readings", rows=";".join(rows), day=on(month, 25))
    if month == 8:
        given = {"last": counted(4, 8) % 10_000, "number": f"N{REPLACED}", "first": "1.25", "day": on(8, 15)}
        year.do("fees.replace_meter", f"W{REPLACED}", **given, rolled="是" if rolls(4, 8) else "否")
    if month == 10:
        year.do("fees.estimate_readings", month=as_month(10), meter=f"W{ESTIMATED}")


def rolls(number: int, month: int) -> bool:
    """Whether the meter went past its last figure in this month."""
    return counted(number, month) >= 10_000 > counted(number, month - 1)


def bill(year: Year, month: int) -> None:
    """Try the run of a month and do it; February's is undone, with what it set off, and done again."""
    tried = year.ask("bill", as_month(month), "--dry-run")
    done = year.ask("bill", as_month(month), user=CLERK)
    assert (tried["lines"], tried["amount"]) == (done["lines"], done["amount"])
    if month == 2:
        for made in year.rows("set_offs", "--unit", AHEAD)[:1]:
            year.do("fees.reverse_set_off", made["number"], reason="单价录错")
        year.run("undo", done["batch"], user=CLERK)
        again = year.ask("bill", as_month(month), user=CLERK)
        assert (again["lines"], again["amount"]) == (done["lines"], done["amount"])


def share(year: Year, month: int) -> None:
    """Share the light of the first building by invoice and the lift of the second by its meter.

    September's light is shared by a wrong invoice first.
    """
    given = {"month": as_month(month), "due": on(month, 28)}
    if month == 9:
        wrong = year.do("fees.share", "楼道照明", **given, amount="9999.99")
        year.run("undo", wrong["batch"], user=CLERK)
    year.do("fees.share", "楼道照明", **given, amount=f"{100 + month}.{month:02d}", source=f"F{month}")
    if month % 3 == 0:
        shown = {"previous": 1000 + 310 * month, "current": 1930 + 310 * month, "price": "0.5283"}
        year.do("fees.share", "电梯", **given, **shown, exclusions="机房照明|30|;绿化灌溉||12.34")


def owed(year: Year, unit: str, day: str) -> str:
    """Return what a house owes as of a day."""
    rows = year.rows("arrears", "--unit", unit, "--on", day)
    return str(rows[0]["amount"]) if rows else "0.00"


def take_money(year: Year, month: int) -> None:
    """Take all, a part, too much, for two houses at once and from a list; one house pays nothing."""
    day = on(month, 20)
    for unit in HOUSES[5:7]:
        due = owed(year, unit, day)
        if due != "0.00":
            year.ask("pay", unit, due, "--on", day, "--method", "微信", user=CASHIER)
    year.ask("pay", HOUSES[0], "99.99", "--on", day, user=CASHIER)
    if month % 4 == 1:
        year.ask("pay", RENTED, "1,000.50", "--on", day, "--method", "转账", user=CASHIER)
    if month % 2 == 0:
        year.do("fees.receive", HOUSES[7], user=CASHIER, amount="350.00", units=HOUSES[9], on=day)
        rows = f"{HOUSES[8]}|260;{SPACES[0]}|150.00"
        year.do("fees.receive_list", rows=rows, on=day, method="支付宝", user=CASHIER)
    if month % 3 == 0:
        year.do("fees.receive", SOLD, user=CASHIER, amount="400", on=day, method="POS")


def close_days(year: Year, month: int) -> None:
    """Close the days on which money moved."""
    year.ask("close-day", on(month, 20), user=CASHIER)
    if month in (4, 9, 11):
        year.ask("close-day", on(month, 26), user=CASHIER)


# -- what only one month brings --------------------------------------------------------------------


def january(year: Year) -> None:
    """Take deposits, one of them by mistake."""
    year.do("fees.take_deposit", HOUSES[3], amount=3000, agreed="装修协议 5", on=on(1, 20), user=CASHIER)
    year.do("fees.take_deposit", HOUSES[4], amount="200.50", kind="钥匙押金", on=on(1, 20), user=CASHIER)
    wrong = year.do("fees.take_deposit", HOUSES[4], amount=777, kind="其他押金", on=on(1, 20))
    (entry,) = [one for one in year.rows("deposit_entries") if one["deposit"] == wrong["number"]]
    year.do("fees.void_deposit_entry", entry["number"], reason="收错户")


def february(year: Year) -> None:
    """Charge services once, one of them by mistake."""
    given = {"service": "T1", "on": on(2, 12)}
    year.do("fees.charge_service", HOUSES[0], quantity="1.5", **given)
    wrong = year.do("fees.charge_service", HOUSES[1], quantity=2, **given)
    year.do("fees.void_service", wrong["number"], reason="没有做")


def march(year: Year) -> None:
    """Void a receipt on its day."""
    taken = year.ask("pay", HOUSES[3], "500", "--on", on(3, 20), user=CASHIER)
    year.do("fees.void_receipt", taken["receipt"], reason="收错户")


def april(year: Year) -> None:
    """Reverse two lines through the chain, charge their months anew by another area, and measure a house."""
    lines = [line for month in (3, 4) for line in year.lines(HOUSES[9], as_month(month), "1")]
    year.apply("fees.reverse_bills", bills=lines, reason="面积录错", basis="产权证", on=on(4, 26))
    year.do("owners.set_area", HOUSES[9], billing="89.90", basis="产权证", since=on(3, 1))
    for month in (3, 4):
        assert year.ask("bill", as_month(month), user=CLERK)["lines"] == 1
    year.do("owners.set_area", HOUSES[4], billing="75.02", basis="产权证", since=on(5, 11))


def may(year: Year) -> None:
    """Correct a reading that is billed."""
    (wrong,) = year.rows("readings", "--unit", MISREAD, "--period", as_month(5))
    given = {"value": counted(3, 5) % 10_000, "rolled": "是" if rolls(3, 5) else "否"}
    year.do("fees.correct_reading", str(wrong["id"]), **given, reason="看错")


def june(year: Year) -> None:
    """Set later prices, reduce a line through the chain, deduct from a deposit."""
    year.do("fees.set_rate", "1", since=on(7, 16), price="1.4700", extra="2.50")
    rate = year.do("fees.set_rate", "3", since=on(7, 1), price="3.6000", extra="1.00")
    year.do("fees.set_tiers", str(rate["id"]), tiers="12|4.5555")
    lines = year.lines(HOUSES[0], as_month(5), "1")
    year.apply("fees.reduce", bills=lines, reason="停水", basis="合同 9", percent="12.5", on=on(6, 20))
    year.do("fees.deduct_deposit", deposit(year, 3), reason="清运", amount="333.33", on=on(6, 20))


def july(year: Year) -> None:
    """Let a house pass to somebody else within the month, and hand over what it was charged."""
    year.do("owners.add_person", number="B1", name="新业主")
    year.do("owners.transfer", SOLD, person="B1", on=on(7, 11), despite="是")
    year.do("fees.settle_transfer", SOLD, on=on(7, 11))


def august(year: Year) -> None:
    """Charge what paying late costs, and waive some of it."""
    year.do("fees.charge_late", until=on(8, 31), user=CLERK)
    lines = year.lines(HOUSES[10], as_month(7), "1")
    given = {"bills": lines[0], "reason": "首次", "approver": BOSS, "until": on(9, 30)}
    year.do("fees.waive_late", **given)


def september(year: Year) -> None:
    """Give a deposit and a balance back, and set no balance off by itself any more."""
    back = {"deductions": "墙面|100.67", "receiver": "业主4", "method": "转账"}
    year.do("fees.refund_deposit", deposit(year, 3), **back, on=on(9, 26))
    year.do("office.edit_profile", auto_set_off="否")
    year.ask("pay", RENTED, "900", "--on", on(9, 26), user=CASHIER)
    given = {"amount": "200.25", "reason": "多交", "basis": "申请", "account": "6222020200112233445"}
    year.apply("fees.refund", RENTED, **given, on=on(9, 26))


def october(year: Year) -> None:
    """Reverse a receipt of a closed day through the chain."""
    receipts = year.rows("receipts", "--unit", HOUSES[5], "--period", as_month(9))
    year.apply("fees.reverse_receipt", receipts[0]["number"], reason="退票", basis="银行通知", on=on(10, 27))


def november(year: Year) -> None:
    """Set two parts of a balance off, one of them by mistake; agree to a vacancy and reduce by it."""
    given = {"since": on(4, 20), "proof": "电表 3416", "basis": "合同 14", "percent": "30"}
    year.apply("fees.grant_vacancy", unit=VACANT, **given, effective=on(11, 11))
    year.do("fees.apply_vacancies", month=as_month(11), on=on(11, 27))
    year.do("fees.set_off", RENTED, amount="120.55", on=on(11, 26), user=CASHIER)
    made = year.do("fees.set_off", RENTED, amount="10.00", on=on(11, 26), user=CASHIER)
    year.do("fees.reverse_set_off", made["number"], reason="选错")


def december(year: Year) -> None:
    """Reduce by the vacancy again, and set all balances off."""
    year.do("fees.apply_vacancies", month=as_month(12), on=on(12, 27))
    year.do("fees.set_off_all")


def deposit(year: Year, number: int) -> str:
    """Return the number of the deposit of a house."""
    (found,) = year.rows("deposits", "--unit", HOUSES[number], "--state", "装修押金")
    return str(found["number"])


EVENTS: tuple[Callable[[Year], None], ...] = (
    *(january, february, march, april, may, june),
    *(july, august, september, october, november, december),
)
