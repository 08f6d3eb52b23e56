"""A quarter of the store by commands alone: opened, received, issued, checked, told, written off, scored."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from models.canteen.weekly import CheckPoint
from tests.desktop.conftest import PASSWORD
from tests.desktop.test_supplier_life import (
    BOSS,
    BUYER,
    CLERK,
    DEPUTY,
    FORBIDDEN,
    NAME,
    REFUSED,
    STORE,
    YEAR,
    admit,
    approved,
    on,
    open_accounts,
)
from tests.desktop.year_office import Year

LEAD = "lead"
RICE = "6901234567892"


@pytest.fixture(autouse=True)
def _password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROPERTY_CONSOLE_PASSWORD", PASSWORD)


def refused(office: Year, deed: str, user: str = STORE, code: int = REFUSED, **given: Any) -> str:
    """Return what is said to a deed that cannot be."""
    told = [f"{name}={value}" for name, value in given.items()]
    return str(office.run("do", deed, *told, user=user, code=code))


def open_store(office: Year) -> None:
    """Say what is kept, and what is there at first."""
    bag = {"spec": "25kg/袋", "bought_in": "袋", "unit": "kg", "per": 25}
    more = {"shelf": 6, "shelf_unit": "月", "least": 50, "two_from": 40, "barcode": RICE}
    assert (
        office.do("canteen.add_item", user=STORE, name="大米", kind="粮油", **bag, **more)["code"] == "WP001"
    )
    office.do("canteen.add_item", user=STORE, name="大豆油", kind="粮油", bought_in="桶", unit="L", per=20)
    told = refused(office, "canteen.open_stock", user=BUYER, code=FORBIDDEN, rows="大豆油|30|9.5")
    assert "没有“登记库存物品”的权限" in told
    office.do("canteen.open_stock", user=STORE, rows=f"大豆油|30|9.5||{YEAR}-02-20")


def take_in(office: Year, supplier: str) -> None:
    """Order rice and take it in; one bag is spoilt, and comes once more."""
    made = office.do("canteen.draft_demand", user=STORE, rows="大米|260||||118.5", department="食堂")
    approved(office, "canteen.approve_demand", LEAD, BOSS, key=str(made["number"]), by=STORE)
    office.do("canteen.consolidate", user=STORE, demands=made["number"])
    plan = f"CGJ-{YEAR}01-食堂"
    approved(office, "suppliers.approve_plan", BOSS, BUYER, CLERK, DEPUTY, key=plan, by=STORE)
    (wanted,) = office.rows("plan_lines")
    assert (wanted["goods"], wanted["approved"], wanted["supplier"]) == ("大米", "11.000", NAME)
    office.do("suppliers.order", user=BUYER, supplier=supplier, rows="大米|10|118.5", due=f"{YEAR}-01-12")
    line, back = f"DD-{YEAR}01-001/1", f"TH-{YEAR}01-001"
    with on(1, 12):
        assert "“入库验收”里收货" in refused(office, "suppliers.receive", rows=f"{line}|10")
        told = refused(office, "canteen.receive", rows=f"{line}|10||{YEAR}-01-13")
        assert "晚于到货日期" in told
        rows = f"{line}|10|9|{YEAR - 1}-08-31|||变质破损"
        office.do("canteen.receive", user=STORE, rows=rows, note_number="SH-1", proof="合格证")
        (lot,) = [one for one in office.rows("stock_lots") if one["supplier"]]
        assert (lot["stock"], lot["expires_on"]) == ("225.000", f"{YEAR}-02-28")
        assert "还没有经理同意" in refused(office, "suppliers.finish_return", one=back, result="换")
        office.do("suppliers.consent_return", user=BOSS, one=back, handling="换货")
        office.do("suppliers.finish_return", user=STORE, one=back, result="换")
        office.do("canteen.receive", user=STORE, rows=f"{line}|1||{YEAR}-01-05")


def issue(office: Year) -> None:
    """Issue a lunch, by the bar code; so much wants a second person."""
    given = {"department": "食堂", "taker": BOSS, "purpose": "供餐", "meal": "午餐", "heads": 80}
    with on(1, 13):
        assert "请填复核人" in refused(office, "canteen.issue", rows=f"{RICE}|45.5", **given)
        made = office.do("canteen.issue", user=STORE, rows=f"{RICE}|45.5", witness=CLERK, **given)
        (cost,) = office.rows("meal_costs")
        # 45.5 of 250 kg that are worth 1,185.00
        assert (made["number"], cost["amount"], cost["each"]) == (f"CK-{YEAR}01-001", "215.67", "2.70")
        line = f"CK-{YEAR}01-001/1"
        office.do("canteen.back_to_stock", user=STORE, line=line, quantity="5.5", reason="有余")
        told = refused(office, "canteen.issue", rows="大米|500", witness=CLERK, **given)
        assert "可发 210 kg，不够 500 kg" in told


def look_after(office: Year) -> None:
    """Check a week, tell of what expires, report, write off."""
    given = {"room": 16, "damp": 55, "cool": 4, "frozen": -19}
    with on(2, 14):
        assert "还有 12 项没有查" in refused(office, "canteen.check_store", rows="照明|合格", **given)
        rows = ";".join(f"{point.value}|合格" for point in CheckPoint)
        office.do("canteen.check_store", user=STORE, rows=rows, **given)
        made = office.do("canteen.notify_expiry", user=STORE, department="食堂")
        assert made["number"] == f"LQ-{YEAR}0214-01"
    with on(2, 21):
        (lot,) = [one["code"] for one in office.rows("stock_lots") if one["name"] == "大豆油"]
        problem = f"YCB-{YEAR}02-01"
        office.do("canteen.report_problem", user=STORE, lot=lot, abnormal="异味")
        told = refused(office, "canteen.decide_problem", code=FORBIDDEN, problem=problem, verdict="报损")
        assert "没有“处理库存问题”的权限" in told
        office.do("canteen.decide_problem", user=BOSS, problem=problem, verdict="报损")
        (left,) = [one["stock"] for one in office.rows("stock_lots") if one["code"] == lot]
        lost = {"rows": f"{lot}|{left}|过期", "disposal": "染色毁形", "witness": BOSS}
        approved(office, "canteen.write_off", LEAD, BOSS, CLERK, by=STORE, **lost)
        office.do("canteen.close_problem", user=STORE, problem=problem, result="已销毁")


def test_a_quarter_of_the_store_by_commands(tmp_path: Path) -> None:
    office = Year(tmp_path / "仓库.db")
    with on(1, 5):
        office.run("new", office.path, "--name", "枫林雅苑")
        open_accounts(office, (LEAD, "苏慧敏", "客服主管"))
        supplier = admit(office)
        open_store(office)
        take_in(office, supplier)
    issue(office)
    look_after(office)
    stock = {one["name"]: (one["stock"], one["value"]) for one in office.rows("stock")}
    assert stock == {"大米": ("210.000", "995.40"), "大豆油": ("0.000", "0.00")}
    with on(4, 8):
        office.do("suppliers.open_evaluations", user=BUYER, span=f"{YEAR}Q1")
    (facts,) = office.rows("supplier_facts", "--period", f"{YEAR}Q1")
    assert facts["lots"] == 2, facts
    week = datetime(YEAR, 2, 14).isocalendar().week
    for code, number in (
        ("CA-01", f"XQ-{YEAR}01-01"), ("CA-02", f"RK-{YEAR}01-001"), ("CA-03", f"TH-{YEAR}01-001"),
        ("CA-04", f"CK-{YEAR}01-001"),
        ("CA-05", f"ZC-{YEAR}-W{week:02d}"), ("CA-07", f"LQ-{YEAR}0214-01"), ("CA-08", f"YCB-{YEAR}02-01"),
        ("CA-09", f"BSD-{YEAR}02-01"),
    ):  # fmt: skip
        out = tmp_path / f"{code}.pdf"
        office.run("print", code, "--number", number, "--out", out, user=STORE)
        assert out.stat().st_size > 1000
    assert "都相符" in office.run("check")
