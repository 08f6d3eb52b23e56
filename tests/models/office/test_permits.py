"""More than 50 rows that tell of people leave the office only with a permit, where the office wants it so."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from desktop import modules, printing
from models import deeds
from models.audit import AuditEntry
from models.base import db
from models.clock import now, standing_at
from models.deeds import DEEDS, acting
from models.errors import NeedsApproval, RuleBroken
from models.exports import export
from models.listings import LISTS
from models.months import Month, Period
from models.office.accounts import Account
from models.office.applying import request
from models.office.approvals import Approval
from models.office.chains import start_chain
from models.office.permits import FORMS, MANY, MOST, Permit, tells_of_people
from tests.estate import Estate
from tests.models.office.chain_world import People
from tests.office_people import worker

modules.load()


@pytest.fixture
def people(estate: Estate) -> People:
    item = estate.item()
    for number in range(MOST + 1):
        estate.give(estate.house(f"{101 + number}", owner=f"业主{number}"), item)
    return People()


def write(person: Account, name: str, folder: Path, columns: list[str] | None = None, **asked: str) -> Path:
    path = folder / f"{name}.xlsx"
    with acting(person):
        found = LISTS[name]()
        export(found.searched(asked["words"]) if asked else found, LISTS[name], path, columns=columns)
    return path


def permitted(people: People, what: str) -> Approval:
    with acting(people.clerk):
        asked = request(MANY, {"what": what, "purpose": "年度核对"})
    with acting(people.manager):
        asked.approve()
    return asked


def last_export() -> dict[str, Any]:
    return AuditEntry.select().order_by(AuditEntry.id.desc()).first().facts


def test_where_the_office_wants_none_nobody_needs_one(people: People, tmp_path: Path) -> None:
    assert write(people.clerk, "people", tmp_path).exists()
    with acting(people.clerk), pytest.raises(RuleBroken, match="不必申请"):
        DEEDS[MANY].call(None, {"what": "list:people", "purpose": "核对"})


def test_a_large_export_wants_a_permit_which_serves_once_and_stands_in_the_trail(
    people: People, tmp_path: Path
) -> None:
    start_chain(MANY)
    with pytest.raises(NeedsApproval, match="导出人员超过 50 行") as refused:
        write(people.clerk, "people", tmp_path)
    assert list(tmp_path.glob("*.xlsx*")) == []
    assert (refused.value.deed, refused.value.values) == (MANY, {"what": "list:people"})
    asked = permitted(people, "list:people")
    with acting(worker("巡逻", "巡逻员")):
        assert LISTS["approvals"]().count() == 0
    with pytest.raises(NeedsApproval):
        write(people.chief, "people", tmp_path)
    with pytest.raises(NeedsApproval):
        write(people.clerk, "units", tmp_path)
    assert write(people.clerk, "people", tmp_path).exists()
    assert last_export()["approval"] == asked.number
    with pytest.raises(NeedsApproval):
        write(people.clerk, "people", tmp_path)


def test_few_rows_and_columns_that_tell_of_nobody_want_none(people: People, tmp_path: Path) -> None:
    start_chain(MANY)
    assert write(people.clerk, "people", tmp_path, words="业主7").exists()
    assert write(people.clerk, "units", tmp_path, columns=["unit", "area"]).exists()
    assert "approval" not in last_export()
    with pytest.raises(NeedsApproval):
        write(people.clerk, "units", tmp_path, columns=["unit", "owner"])


def test_a_permit_runs_out(people: People, tmp_path: Path) -> None:
    start_chain(MANY)
    with standing_at(now() - timedelta(days=8)):
        permitted(people, "list:people")
    with pytest.raises(NeedsApproval):
        write(people.clerk, "people", tmp_path)


def test_a_large_print_wants_a_permit_and_leaves_no_file_without(people: People, tmp_path: Path) -> None:
    month = Month.of(now().date())
    DEEDS["fees.bill"].call(None, {"month": str(month)})
    start_chain(MANY)
    paper = tmp_path / "一览表.pdf"

    def print_it(**asked: Any) -> None:
        with acting(people.clerk):
            printing.print_form("FE-01", out=paper, period=Period.of_month(month), **asked)

    with pytest.raises(NeedsApproval, match="打印费用一览表"):
        print_it()
    assert list(tmp_path.glob("一览表*")) == []
    asked = permitted(people, "form:FE-01")
    print_it()
    assert paper.exists() and last_export()["approval"] == asked.number
    with pytest.raises(NeedsApproval):
        print_it()
    with acting(people.clerk):
        printing.print_form("FE-01", out=paper, blank=True)


def test_the_office_itself_needs_none(people: People, tmp_path: Path) -> None:
    start_chain(MANY)
    with acting(deeds.TheOffice()):
        assert export(LISTS["people"](), LISTS["people"], tmp_path / "x.xlsx").rows == MOST + 1


def test_what_is_neither_list_nor_form_is_refused(people: People) -> None:
    with acting(worker("客服", "客服主管")), pytest.raises(RuleBroken, match="没有“人名单”"):
        DEEDS[MANY].call(None, {"what": "人名单", "purpose": "核对"})


def test_permits_are_guarded_by_the_database(people: People) -> None:
    start_chain(MANY)
    permitted(people, "list:people")
    assert Permit.select().count() == 1
    for sql in ("UPDATE permit SET until = '2099-01-01'", "DELETE FROM permit"):
        with pytest.raises(Exception, match="never"):
            db.execute_sql(sql)


def test_the_lists_and_forms_that_tell_of_people_are_these(people: People) -> None:
    """Whoever adds one looks here whether it does."""
    modules.load_papers()
    telling = {
        name for name, one in LISTS.items() if tells_of_people(column.heading for column in one().columns)
    }
    assert telling == {
        "units", "people", "ownerships", "occupancies", "vehicles", "bills", "payments", "receipts",
        "balances", "set_offs", "arrears", "accounts", "staff", "staff_names", "colleagues",
        "adjustments", "statement", "deposits", "deposit_entries", "late", "late_spans", "prepay_plans",
        "debit_rows", "mandates",
        "cases", "complaints", "repairs", "repairers", "visit_tasks", "receptions",
        "disputes", "dunning", "dunning_letters", "letter_deliveries", "legal", "limitation", "promises",
    }  # fmt: skip
    assert set(FORMS) == {
        *("CS-01", "CS-02", "CS-03", "CS-10"),
        *("FE-01", "FE-02", "FE-03", "FE-04", "FE-05", "FE-06", "FE-08", "FE-10", "FE-12"),
        *("FE-14", "FE-15", "FE-16", "FE-18"),
    }
