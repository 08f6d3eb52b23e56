"""岗位速查表: one page for every role, naming what the role may do and nothing else."""

from pathlib import Path

import pytest
from pypdf import PdfReader

from desktop import modules, printing
from models import deeds
from models.deeds import DEEDS, EVERY, RIGHTS
from models.errors import NotFound, PermissionDenied
from models.listings import LISTS
from models.office.accounts import Account, Role, add_account, add_role
from models.office.ready_made import IN_CHARGE, ROLES, ReadyRole
from models.office.signin import change_password
from models.office.staff import add_staff
from tests.ui.conftest import PASSWORD

modules.load_papers()

from reports import roles  # noqa: E402 - what it lists must be registered first


def words_of(path: Path) -> str:
    return "".join(page.extract_text() for page in PdfReader(path).pages).replace(" ", "").replace("\n", "")


def named(held: set[str]) -> set[str]:
    return {title for _, cell in roles.done_by(held) for title in cell.split("、")}


LONG = {"负责人", "管理处主任", "会计", "客服主管"}
"""Roles that may so much that their card goes over to the back of its sheet."""


@pytest.mark.parametrize("ready", ROLES, ids=[role.name for role in ROLES])
def test_a_card_of_every_ready_made_role_is_one_sheet(office: Path, tmp_path: Path, ready: ReadyRole) -> None:
    out = tmp_path / "card.pdf"
    done = printing.print_form("OF-22", out=out, number=ready.name)
    assert done.sheets == 1
    assert done.pages == (2 if ready.name in LONG else 1)  # the back of the sheet is the most
    told = words_of(out)
    assert ready.name in told and "常用键" in told and "Ctrl+Enter" in told


@pytest.mark.parametrize("ready", ROLES, ids=[role.name for role in ROLES])
def test_it_names_no_deed_list_or_paper_that_the_role_may_not(office: Path, ready: ReadyRole) -> None:
    from reports.papers import PAPERS

    held = set(RIGHTS) if EVERY in ready.rights else set(ready.rights)
    allowed = {deed.title for deed in DEEDS.values() if deed.right in held} | {RIGHTS[one] for one in held}
    assert named(held) - allowed == set()
    due = {d.title for d in DEEDS.values() if d.right in held and ".try_" not in d.name}
    assert due - named(held) == set()
    seen = {one.title for one in LISTS.values() if one.right in held}
    assert set(roles.seen_by(held)) <= seen
    codes = {code for code, maker in PAPERS.items() if maker.right in held}
    assert {told.rsplit(" ", 1)[1] for told in roles.printed_by(held)} == codes


def test_without_a_name_it_is_ones_own(office: Path, tmp_path: Path) -> None:
    with deeds.acting(Account.find("admin")):
        printing.print_form("OF-22", out=tmp_path / "own.pdf")
        own = {role.role.name for role in Account.find("admin").roles}
    told = words_of(tmp_path / "own.pdf")
    assert own and all(name in told for name in own)


def test_several_roles_give_a_page_each_and_a_name_may_hold_a_comma(office: Path, tmp_path: Path) -> None:
    add_role(name="前台、收费")
    assert printing.print_form("OF-22", out=tmp_path / "a.pdf", number="收款员、资料员").pages == 2
    assert printing.print_form("OF-22", out=tmp_path / "b.pdf", number="前台、收费").pages == 1
    assert "只看，不办" in words_of(tmp_path / "b.pdf")
    with pytest.raises(NotFound):
        printing.print_form("OF-22", out=tmp_path / "c.pdf", number="没有这个角色")


def test_somebody_elses_role_is_for_who_administers_roles(office: Path, tmp_path: Path) -> None:
    staff = add_staff(number="1", name="收款的人")
    issued = add_account(login="cashier", staff=staff, role=Role.find("收款员"))
    change_password(issued.account, issued.password, PASSWORD)
    with deeds.acting(Account.find("cashier")):
        assert printing.print_form("OF-22", out=tmp_path / "own.pdf").pages == 1
        assert printing.print_form("OF-22", out=tmp_path / "own.pdf", number="收款员").pages == 1
        with pytest.raises(PermissionDenied):
            printing.print_form("OF-22", out=tmp_path / "other.pdf", number=IN_CHARGE)


def test_it_prints_blank_on_one_page(office: Path, tmp_path: Path) -> None:
    assert printing.print_form("OF-22", out=tmp_path / "blank.pdf", blank=True).pages == 1
