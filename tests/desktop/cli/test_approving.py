"""Applying and approving at the command line."""

import json
import shutil
from pathlib import Path

import pytest

from models import deeds, sqlite
from models.base import db
from models.office import accounts, signin, staff
from models.office.chains import start_chain
from tests.desktop.conftest import PASSWORD, Console


@pytest.fixture
def path(small_office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an office whose billing wants an approval, with a clerk and a manager."""
    monkeypatch.setenv("PROPERTY_CONSOLE_PASSWORD", PASSWORD)
    copied = tmp_path / "office.db"
    shutil.copyfile(small_office, copied)
    sqlite.init(db, copied)
    with db.connection_context(), deeds.acting(accounts.Account.find("admin")):
        for login, name, role in (("clerk", "李会计", "会计"), ("boss", "王主任", "管理处主任")):
            person = staff.add_staff(number=login, name=name)
            issued = accounts.add_account(login, person, accounts.Role.find(role))
            signin.change_password(issued.account, issued.password, PASSWORD)
        start_chain("fees.bill")
    db.init(None)
    return copied


def test_a_run_is_refused_applied_for_approved_and_listed(console: Console, path: Path) -> None:
    clerk, boss = ("--db", path, "--user", "clerk"), ("--db", path, "--user", "boss")
    told = console("do", "fees.bill", "month=2026-01", *clerk)
    assert told.code == 3 and "请“申请审批”（office.request_approval）" in told.err
    values = json.dumps({"month": "2026-01"})
    asked = console("do", "office.request_approval", "deed=fees.bill", f"values={values}", *clerk)
    assert asked.code == 0 and asked.json["amount"] == "234.65"
    number = asked.json["number"]
    assert console("do", "office.approve", number, *clerk).code == 3
    done = console("do", "office.approve", number, "opinion=同意", *boss)
    assert (done.code, done.json["state"]) == (0, "已批准")
    rows = console("list", "approvals", "--state", "已批准", "--json", *clerk).json
    assert [row["number"] for row in (rows["rows"] if isinstance(rows, dict) else rows)] == [number]
    assert console("list", "bills", "--json", *clerk).json
    assert console("print", "OF-23", "--number", number, "--out", path.with_name("x.pdf"), *boss).code == 0


def test_a_chain_is_set_up_by_lines(console: Console, path: Path) -> None:
    rows = "steps=会计|财务|;管理处主任|主任|500"
    assert console("do", "office.set_chain", "deed=出账", rows, "--db", path, "--user", "admin").code == 0
    told = console("list", "chains", "--json", "--db", path, "--user", "admin").json
    (row,) = [one for one in (told["rows"] if isinstance(told, dict) else told) if one["name"] == "fees.bill"]
    assert row["steps"] == "财务(会计) → 500.00 元以上再由主任(管理处主任)"
