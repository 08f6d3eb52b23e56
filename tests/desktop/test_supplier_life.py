"""A supplier's life by commands alone: filed, admitted, ordered from, paid, scored, terminated for good."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from models.clock import standing_at
from tests.desktop.conftest import PASSWORD
from tests.desktop.year_office import Year, swapped

YEAR = datetime.now().year - 1
BUYER, BOSS, CLERK, DEPUTY, QUALITY, STORE = "buyer", "boss", "clerk", "deputy", "quality", "store"
STAFF = (
    (BUYER, "高原", "物配中心"), (BOSS, "何志远", "管理处主任"), (CLERK, "沈国平", "会计"),
    (DEPUTY, "严正东", "常务副总经理"), (QUALITY, "于静", "品质管理员"), (STORE, "曹满", "食堂仓库管理员"),
)  # fmt: skip
REFUSED, FORBIDDEN = 3, 4
NAME = "丰禾粮油"


def on(month: int, day: int) -> Any:
    """Stand on a day of last year."""
    return standing_at(datetime(YEAR, month, day, 9, 30))


def open_accounts(office: Year, *more: tuple[str, str, str]) -> None:
    for login, name, role in (*STAFF, *more):
        office.do("office.add_staff", number=login, name=name)
        issued = office.do("office.add_account", login=login, staff=login, role=role)
        with swapped(PROPERTY_CONSOLE_PASSWORD=issued["password"], PROPERTY_CONSOLE_NEW_PASSWORD=PASSWORD):
            office.run("password", user=login)


def approved(
    office: Year, deed: str, *chain: str, key: str | None = None, by: str = BUYER, **values: object
) -> None:
    """Apply for a deed, as the buyer unless somebody else is named, and let its chain agree."""
    given = json.dumps(values, ensure_ascii=False)
    asked = [f"deed={deed}", f"values={given}", *([f"key={key}"] if key else [])]
    made = json.loads(office.run("do", "office.request_approval", *asked, user=by))
    for login in chain:
        made = office.do("office.approve", made["number"], user=login)
    assert made["state"] == "已批准", made


def the_one(office: Year, listing: str) -> dict[str, Any]:
    """Return the only row of a list."""
    (row,) = office.rows(listing)
    return row


def admit(office: Year) -> str:
    """File and admit the supplier, along the chain."""
    made = office.do(
        "suppliers.add_supplier", user=BUYER, name=NAME, category="食品", scope="粮油", contact="甄满仓",
        phone="13800001234", address="长江路 8 号", credit_code="91530100MA6N7Q5X1A",
    )  # fmt: skip
    number = str(made["number"])
    for kind in ("营业执照", "食品经营许可"):
        office.do("suppliers.add_licence", user=BUYER, supplier=number, kind=kind, until=f"{YEAR + 3}-01-01")
    items = office.rows("admission_items")
    marks = ";".join(f"{one['name']}|{one['full']}" for one in items)
    office.do(
        "suppliers.review", user=BUYER, supplier=number, marks=marks, sample="合格", site="合格",
        reviewers="高原、于静",
    )  # fmt: skip
    approved(office, "suppliers.admit", BOSS, QUALITY, DEPUTY, supplier=number)
    return number


def buy(office: Year, supplier: str) -> None:
    """Order, receive and settle, and leave a second order open."""
    goods = office.do("suppliers.add_goods", user=BUYER, name="大米", spec="25kg", unit="袋", kind="粮油")
    assert goods["unit"] == "袋"
    for due in (f"{YEAR}-01-20", f"{YEAR}-03-20"):
        office.do("suppliers.order", user=BUYER, supplier=supplier, rows="大米|10|100", due=due)
    with on(1, 20):
        line = f"DD-{YEAR}01-001/1"
        told = office.run("do", "suppliers.receive", f"rows={line}|10|10", user=BUYER, code=FORBIDDEN)
        assert "您没有“验收到货”的权限" in told
        office.do("suppliers.receive", user=STORE, rows=f"{line}|10|9|变质破损")
        office.do("suppliers.consent_return", user=BOSS, one=f"TH-{YEAR}01-001", handling="退货")
        office.do("suppliers.finish_return", user=STORE, one=f"TH-{YEAR}01-001", result="拉回")
    with on(2, 9):
        made = office.do("suppliers.draft_settlement", user=BUYER, supplier=supplier)
        assert made["total"] == "900.00"
        approved(office, "suppliers.approve_settlement", BOSS, CLERK, DEPUTY, key=made["number"])
        office.do("suppliers.pay", user=CLERK, settlement=made["number"], reference="LS-1")
        assert the_one(office, "settlements")["state"] == "已付清"


def score(office: Year) -> None:
    """Evaluate its first quarter; a forged report costs it everything."""
    with on(4, 8):
        office.do("suppliers.open_evaluations", user=BUYER, span=f"{YEAR}Q1")
        one = the_one(office, "evaluations")["number"]
        office.do("suppliers.mark", user=STORE, rows=f"{one} 服务响应|80")
        office.do("suppliers.veto", user=BUYER, evaluation=one, reason="检验报告是假的")
        approved(office, "suppliers.sign_evaluations", BOSS, CLERK, DEPUTY, evaluations=one, words="终止")
    assert the_one(office, "suppliers")["state"] == "暂停"


def end(office: Year, supplier: str) -> None:
    """Notify, hear, and terminate once nothing is open."""
    notice = str(the_one(office, "terminations")["number"])
    with on(4, 9):
        approved(office, "suppliers.issue_termination", BOSS, CLERK, DEPUTY, key=notice)
        office.do("suppliers.deliver_termination", user=BUYER, notice=notice, way="当面")
        office.do("suppliers.note_objection", user=BUYER, notice=notice, objection="厂家给的报告")
    with on(4, 20):
        told = office.run("do", "suppliers.terminate", f"notice={notice}", user=BUYER, code=REFUSED)
        assert "申辩还没有答复" in told
        office.do("suppliers.answer_objection", user=BUYER, notice=notice, answer="索证是供方的责任")
        told = office.run("do", "suppliers.terminate", f"notice={notice}", user=BUYER, code=REFUSED)
        assert f"还有没办完的：订单 DD-{YEAR}01-001、DD-{YEAR}01-002。" in told
        office.do("suppliers.close_order", user=BUYER, order=f"DD-{YEAR}01-001", reason="余数不要")
        office.do("suppliers.cancel_order", user=BUYER, order=f"DD-{YEAR}01-002", reason="终止")
        office.do("suppliers.terminate", user=BUYER, notice=notice)
    steps = [one["step"] for one in office.rows("supplier_steps", "--supplier", supplier)]
    assert sorted(steps) == ["准入", "建档", "暂停", "终止"]


@pytest.fixture(autouse=True)
def _password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROPERTY_CONSOLE_PASSWORD", PASSWORD)


def test_a_supplier_from_its_file_to_its_end_by_commands(tmp_path: Path) -> None:
    office = Year(tmp_path / "供方.db")
    with on(1, 5):
        office.run("new", office.path, "--name", "枫林雅苑")
        open_accounts(office)
        supplier = admit(office)
        buy(office, supplier)
    score(office)
    end(office, supplier)
    again = [f"{name}={told}" for name, told in (
        ("name", NAME), ("category", "食品"), ("scope", "粮油"), ("contact", "甄"), ("phone", "13800001234"),
        ("address", "长江路"),
    )]  # fmt: skip
    assert "不再使用" in office.run("do", "suppliers.add_supplier", *again, user=BUYER, code=REFUSED)
    told = office.run("do", "suppliers.order", f"supplier={supplier}", "rows=大米|1|1",
                      f"due={YEAR + 2}-01-01", user=BUYER, code=REFUSED)  # fmt: skip
    assert "终止" in told
    for code, number in (("SU-01", supplier), ("SU-04", f"ZZ-{YEAR}-01"), ("OF-14", f"JS-{YEAR}02-001")):
        out = tmp_path / f"{code}.pdf"
        office.run("print", code, "--number", number, "--out", out, user=BUYER)
        assert out.stat().st_size > 1000
    assert "都相符" in office.run("check")
