"""What waits for whom, who sees which application, the desk, the card, the search, the invariants."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from desktop import modules
from models import deeds, search
from models.attachments import attach, attached_to, read_file
from models.base import db
from models.cards import card_of
from models.checks import INVARIANTS
from models.deeds import acting
from models.desk import Reminder, reminders_on
from models.errors import PermissionDenied
from models.listings import LISTS, Filters
from models.office.accounts import Account
from models.office.approval_lists import approvals_found
from models.office.approvals import Approval
from models.office.deputies import set_deputy
from tests.models.office.chain_world import People, apply, waiving
from tests.office_people import account_of, worker

modules.load()


@pytest.fixture(autouse=True)
def waive() -> Iterator[list[tuple[str, str]]]:
    with waiving() as done:
        yield done


@pytest.fixture
def people(office: Any) -> People:
    return People()


def shown(person: Account, column: str = "number", **filters: Any) -> list[Any]:
    with acting(person):
        found = LISTS["approvals"](Filters(**filters))
        return [found.plain(row)[column] for row in found.rows()]


def reminders(person: Account) -> list[Reminder]:
    with acting(person):
        return [one for one in reminders_on(date.today()) if one.page == "approvals"]


def numbers_behind(person: Account, reminder: Reminder) -> list[str]:
    """Return what a page shows that the reminder opens."""
    with acting(person):
        found = LISTS["approvals"](Filters(**reminder.filters)).meeting(*reminder.asked)
        return [found.plain(row)["number"] for row in found.rows()]


def test_what_waits_for_me_is_what_i_could_approve(people: People) -> None:
    second, friend = worker("副主任", "管理处主任"), worker("代班", "资料员")
    apply(people.manager, "-1.00")
    apply(people.clerk, "-2000.00")
    other = account_of(people.manager.staff, "管理处主任", "常务副总经理")
    set_deputy(friend, account=second)
    everybody = [people.clerk, people.manager, other, second, friend, people.chief]
    for turn in range(2):
        for person in everybody:
            waits = shown(person, "mine")
            may = []
            for number in shown(person):
                with acting(person), db.atomic() as savepoint:
                    try:
                        Approval.find(number).approve()
                        may.append(True)
                    except deeds.PermissionDenied:
                        raise
                    except Exception:
                        may.append(False)
                    savepoint.rollback()
            assert waits == may, person.name
        with acting(second):
            Approval.select().order_by(Approval.id.desc()).first().approve() if not turn else None
    assert shown(people.chief, "mine") == [True]


def test_the_desk_leads_to_what_waits_and_to_what_was_rejected(people: People) -> None:
    asked, later = apply(people.clerk, "-1.00"), apply(people.clerk, "-2.00")
    (waits,) = reminders(people.manager)
    assert (waits.title, waits.count, waits.tone) == ("等我审批", 2, "warning")
    assert sorted(numbers_behind(people.manager, waits)) == [asked.number, later.number]
    assert reminders(people.clerk) == []
    with acting(people.manager):
        asked.reject("依据不足")
    (told,) = reminders(people.clerk)
    assert told.title.startswith("我的申请被驳回")
    assert numbers_behind(people.clerk, told) == [asked.number]


def test_an_application_is_seen_by_whom_it_concerns(people: People, tmp_path: Path) -> None:
    guard, keeper = worker("巡逻", "巡逻员"), worker("资料", "资料员")
    asked = apply(people.clerk)
    paper = tmp_path / "依据.txt"
    paper.write_text("合同第三条", encoding="utf-8")
    with acting(people.clerk):
        attach("Approval", asked.id, read_file(paper))
    for person in (people.clerk, people.manager):
        assert shown(person) == [asked.number]
        with acting(person):
            assert len(attached_to(asked)) == 1
            assert [hit.title for hit in search.find(asked.number)] == [asked.number]
    for person in (guard, keeper, people.chief):
        assert shown(person) == []
        with acting(person), pytest.raises(PermissionDenied):
            attached_to(asked)
        with acting(person):
            assert search.find(asked.number) == []
    set_deputy(keeper, account=people.manager)
    assert shown(keeper, state="待审批") == [asked.number]
    assert shown(keeper, state="已驳回") == []


def test_the_card_tells_the_steps_and_what_was_given_in_words(people: People) -> None:
    asked = apply(people.clerk, "-1000.00", name="丙部")
    with acting(people.manager):
        asked.approve("情况属实")
        told = [(one.label, one.shown) for one in card_of(LISTS["approvals"], asked.id).fields]
    assert (
        told[-4][0] == "主任" and told[-4][1].startswith("王主任 同意") and told[-4][1].endswith("情况属实")
    )
    assert told[-3:] == [("公司", "等角色“常务副总经理”审批"), ("金额", "-1,000.00"), ("新名", "丙部")]


def test_the_list_of_chains_says_who_approves_and_what_waits(people: People) -> None:
    apply(people.clerk)
    with acting(people.clerk):
        found = LISTS["chains"]()
        rows = {row.id: found.shown(row) for row in found.rows()}
    assert rows["fees.bill"][:5] == ["出账", "停用", "主任(管理处主任)", "SQ", "0"]
    steps = "主任(管理处主任) → 1,000.00 元以上再由公司(常务副总经理)"
    assert rows["test.waive"][:5] == ["减免", "启用", steps, "ZZZ", "1"]


def test_a_number_is_found_by_its_end(people: People) -> None:
    asked = apply(people.clerk)
    with acting(people.manager):
        assert [hit.id for hit in approvals_found(search.sought(asked.number[-8:]))] == [asked.id]


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("DELETE FROM decision WHERE id = (SELECT MAX(id) FROM decision)", "不是每一环都同意过"),
        ("UPDATE decision SET verdict = 'REFUSED'", "不是每一环都同意过"),
        (
            "UPDATE decision SET account_id = (SELECT applicant_id FROM approval) WHERE id = 1",
            "审了自己的申请",
        ),
        ("UPDATE decision SET account_id = (SELECT account_id FROM decision WHERE id = 2)", "一人审了两环"),
    ],
)
def test_what_was_approved_by_tampering_is_found(people: People, sql: str, told: str) -> None:
    asked = apply(people.clerk, "-1000.00")
    for person in (people.manager, people.chief):
        with acting(person):
            asked.approve()
    assert list(INVARIANTS["审批"]()) == []
    for guard in ("decision_no_update", "decision_no_delete"):
        db.execute_sql(f'DROP TRIGGER "{guard}"')
    db.execute_sql(sql)
    assert told in " ".join(INVARIANTS["审批"]())
