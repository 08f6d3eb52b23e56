"""申请: how somebody applies for a deed before which a chain of approvals stands."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Annotated, Any

from models import deeds, walls
from models.base import Record, journal
from models.clock import now
from models.deeds import DEEDS, Deed, deed
from models.errors import BadInput, NeedsApproval, RuleBroken
from models.fields import FactsField, LineField, NoteField
from models.inputs import Asked
from models.office.accounts import Account, AccountRole, Role
from models.office.approvals import Approval, ApprovalStep, State
from models.office.chains import APPROVABLE, AskedApprovable, Step, Values, role_of, stands_before, steps_of
from models.office.deputies import APPROVALS, Deputy


class ValuesField(FactsField):
    """The inputs of a deed, given as name → text; written as JSON where somebody types them."""

    multiline = True

    def parse(self, typed: str) -> Any:
        """Read a JSON object.

        Raises:
            BadInput: it is none.
        """
        try:
            return json.loads(typed, parse_float=Decimal)
        except ValueError:
            raise BadInput(
                f'{self.label}要写成 JSON，例如 {{"month": "2026-11"}}。栏目见命令 deeds。'
            ) from None

    def check(self, value: Any) -> Values:
        """Refuse what does not give names to values."""
        if not isinstance(value, dict) or not all(isinstance(name, str) for name in value):
            raise BadInput(f'{self.label}要一项一项写出，例如 {{"month": "2026-11"}}。')
        return value


@deed("office.request_approval", "申请审批", APPROVALS)
def request(
    deed: AskedApprovable,
    values: Annotated[Values, Asked(ValuesField(verbose_name="申请内容"))],
    key: Annotated[str | None, Asked(LineField(max_length=60, null=True, verbose_name="针对的记录"))] = None,
    note: Annotated[str | None, Asked(NoteField(null=True, verbose_name="申请说明"))] = None,
) -> Approval:
    """Apply for a deed before which a chain of approvals stands.

    Args:
        deed: its name.
        values: what it is to be given, as text or as checked values.
        key: of the record, where the deed is done to one.
        note: why.

    Raises:
        PermissionDenied: the applicant may not do the deed itself.
        BadInput: a value is missing or wrong, as the deed itself would say.
        RuleBroken: no chain stands there, the same is applied for already, nobody could approve it, or the
            deed would be refused now.
    """
    kind, wanted = APPROVABLE[deed], DEEDS[deed]
    if not stands_before(deed):
        raise RuleBroken(f"“{kind.title}”没有启用审批，有权限的人可以直接办理。")
    wanted.check_right([])
    record, checked = wanted.read(key, values)
    wanted.check_right([record, *checked.values()])
    applicant = deeds.actor()
    if not isinstance(applicant, Account):
        raise RuleBroken("申请要由登录的人提出。请登录后再办。")
    told = {**checked, **({} if record is None else {"self": record})}
    amount = kind.amount(told)
    steps = _of_others(applicant, _asked_steps(steps_of(deed), amount))
    _refuse_hopeless(applicant, steps)
    given = {
        one.name: one.field.exact(checked[one.name]) for one in wanted.inputs if _holds(checked, one.name)
    }
    wanted.read_values(given)  # what cannot be kept as text could not be carried out later
    _refuse_twice(deed, given, record)
    made = Approval.add(
        number=kind.series.next(now().date()),
        what=deed,
        about=(kind.about or (lambda values: _about(wanted, values)))(told)[:200],
        amount=amount,
        given=given,
        record=record and record.id,
        version=record and record.row_version,
        applicant=applicant,
        who=applicant.name,
        made_at=now(),
        note=note,
        waiting=role_of(steps[0]),
    )
    for position, step in enumerate(steps, start=1):
        ApprovalStep.add(approval=made, position=position, role=role_of(step), title=step.title)
    if kind.rehearsed:
        made.rehearse()
    journal().subject = made
    return made


@walls.wall
def ask_first(wanted: Deed) -> None:
    """Stop a deed before which a chain stands; the office itself, which founds and writes demos, passes.

    Raises:
        NeedsApproval: says how to apply.
    """
    if wanted.name in APPROVABLE and isinstance(deeds.actor(), Account) and stands_before(wanted.name):
        first = steps_of(wanted.name)[0].title
        raise NeedsApproval(
            f"{wanted.title}要先审批，先由“{first}”审。请“申请审批”（office.request_approval），批准后自动办理。",
            wanted.name,
        )


def _asked_steps(steps: tuple[Step, ...], amount: Decimal | None) -> list[Step]:
    """Return the steps that an amount asks for; all where it is not known."""
    return [one for one in steps if one.above is None or amount is None or abs(amount) >= one.above]


def _of_others(applicant: Account, steps: list[Step]) -> list[Step]:
    """Pass over the step of the applicant's own post, where nobody else holds it and another step is left.

    A supervisor who applies himself has signed as the applicant; the steps after his still judge it.
    """
    own = [step for step in steps if _holds_role(applicant, step) and not _able(role_of(step), applicant)]
    return [step for step in steps if step not in own] if len(own) < len(steps) else steps


def _holds_role(applicant: Account, step: Step) -> bool:
    return AccountRole.get_or_none(account=applicant, role=role_of(step)) is not None


def _refuse_hopeless(applicant: Account, steps: list[Step]) -> None:
    """Refuse what could never be approved: every step wants somebody else, and none of them the applicant."""
    taken: dict[int, int] = {}
    able = [_able(role_of(step), applicant) for step in steps]

    def seat(number: int, tried: set[int]) -> bool:
        for person in able[number] - tried:
            tried.add(person)
            if person not in taken or seat(taken[person], tried):
                taken[person] = number
                return True
        return False

    for number, step in enumerate(steps):
        if not seat(number, set()):
            raise RuleBroken(
                f"没有人能审“{step.title}”这一环：除申请人和审其他环节的人外，没有在用账号有角色“{step.role}”。"
                "请找管理员给别人“授予角色”，或在“审批链”里改这一环；也可以由有这个角色的人“设代理”。"
            )


def _able(role: Role, applicant: Account) -> set[int]:
    """Return the staff who could take a step of this role, themselves or for somebody who is away."""
    accounts = Account.select().join(AccountRole).where((AccountRole.role == role) & Account.active)
    holders = [one for one in accounts if one.staff_id != applicant.staff_id]
    away = Deputy.on(now().date()) & Deputy.account.in_([one.id for one in holders])
    deputies = Account.select().join(Deputy, on=Deputy.deputy == Account.id).where(away & Account.active)
    return {one.staff_id for one in (*holders, *deputies)} - {applicant.staff_id}


def _refuse_twice(name: str, given: dict[str, str], record: Record | None) -> None:
    same = (Approval.what == name) & (Approval.given == given) & (Approval.state == State.PENDING)
    about = Approval.record.is_null() if record is None else Approval.record == record.id
    found = Approval.get_or_none(same & about)
    if found is not None:
        told = f"同样的申请 {found.number} 正在审批（{found.who} 申请，等{found.waiting.name}）"
        raise RuleBroken(f"{told}。请在“审批单”里办它，或请申请人撤回。")


def _holds(values: Values, name: str) -> bool:
    return values.get(name) is not None


def _about(wanted: Deed, values: Values) -> str:
    """Return what is applied for in one line: the record, and each input as people read it."""
    told = [
        f"{one.label} {one.field.show(values[one.name])}" for one in wanted.inputs if _holds(values, one.name)
    ]
    return "；".join(([values["self"].described()] if "self" in values else []) + told) or wanted.title
