"""代扣授权: who lets the office fetch what a house owes from which account, since when and up to how much."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Annotated, Any

from peewee import Case

from models.attachments import keeps_files
from models.base import Dated
from models.deeds import deed
from models.errors import BadInput, RuleBroken
from models.fees.rights import BANK, VIEW
from models.fees.within import within
from models.fields import BankCardField, ChoiceField, CodeField, LineField, LinkField, MoneyField, SinceField
from models.inputs import Asked, edits_of, inputs_from
from models.listings import Filters, Listing, Shown, choice, listing
from models.owners.estate import Unit
from models.owners.people import Person
from models.owners.search import HOUSE, NAMED


class MandateState(Enum):
    """Follows from its days; never stored."""

    LIVE = "有效"
    AHEAD = "未到期"
    ENDED = "已终止"


class DebitMandate(Dated):
    """代扣授权: what a house owes may be fetched from an account; the signed paper is attached."""

    unit = LinkField(Unit, backref="mandates", verbose_name="房号")
    payer = LinkField(Person, backref="mandates", verbose_name="付款人")
    bank = LineField(max_length=60, verbose_name="开户行")
    account_name = LineField(max_length=60, verbose_name="账户名")
    account = BankCardField(max_length=40, verbose_name="账号")
    agreement = CodeField(max_length=40, unique=True, verbose_name="协议号")
    limit = MoneyField(null=True, verbose_name="单次限额")

    key_field = "agreement"

    class Meta:
        title = "代扣授权"

    def label(self) -> str:
        """Return XY0012 1-1-101."""
        return f"{self.agreement} {self.unit.code}"

    @deed(
        "fees.edit_mandate",
        "修改授权",
        BANK,
        inputs=edits_of(lambda: DebitMandate, "bank", "account_name", "account", "limit"),
    )
    def edit(self, **values: Any) -> DebitMandate:
        """Change from where it is fetched and how much at the most; what was sent stays as it was sent.

        Raises:
            RuleBroken: it has ended.
        """
        if self.until is not None and self.until < date.today():
            raise RuleBroken(f"授权 {self.label()} 已在 {self.until} 终止，不能修改。请登记新的授权。")
        _check_limit(values.get("limit"))
        return self.change(**values)

    @deed("fees.end_mandate", "终止授权", BANK)
    def end(
        self,
        until: Annotated[date | None, Asked(SinceField(null=True, verbose_name="止"), "不填为今天")] = None,
    ) -> DebitMandate:
        """Let nothing be fetched after a day; what was sent already is answered all the same.

        Raises:
            RuleBroken: it ended before, or would end before it began.
        """
        until = until or date.today()
        if self.until is not None and self.until <= until:
            raise RuleBroken(f"授权 {self.label()} 已在 {self.until} 终止，不必再做。")
        if until < self.since:
            raise RuleBroken(f"授权 {self.label()} 从 {self.since} 起，不能在 {until} 终止。请改日期。")
        return self.change(until=until)


def _check_limit(limit: Any) -> None:
    if limit is not None and limit <= 0:
        raise BadInput("单次限额要大于零。不限就不填。", "limit")


@deed(
    "fees.add_mandate",
    "登记授权",
    BANK,
    inputs=inputs_from(
        lambda: DebitMandate,
        *("unit", "payer", "bank", "account_name", "account", "agreement", "limit", "since", "until"),
    ),
)
def add_mandate(**values: Any) -> DebitMandate:
    """Enter what a payer signed: from this account what his house owes may be fetched.

    Raises:
        RuleBroken: the house has one for some of these days, or it would end before it begins.
    """
    _check_limit(values.get("limit"))
    unit, since, until = values["unit"], values.get("since"), values.get("until")
    first = since or DebitMandate.since.default
    if until is not None and until < first:
        raise BadInput("授权的止早于起。请改日期。", "until")
    mine = (DebitMandate.unit == unit) & DebitMandate.on_some_day(first, until or date.max)
    other = DebitMandate.get_or_none(mine)
    if other is not None:
        raise RuleBroken(f"{unit.code} 已有授权 {other.agreement}，日期重叠。请先终止它，再登记新的。")
    return DebitMandate.add(**values)


@listing("mandates", "代扣授权", "fees", VIEW, "unit", "building", "person", "state")
def mandates(filters: Filters) -> Listing:
    """Mandates by house, those that hold first."""
    today = date.today()
    state = Case(
        None,
        (
            (DebitMandate.until < today, MandateState.ENDED.name),
            (DebitMandate.since > today, MandateState.AHEAD.name),
        ),
        MandateState.LIVE.name,
    )
    query = DebitMandate.select().join(Unit).switch(DebitMandate).join(Person)
    for condition in within(DebitMandate.unit, unit=filters.unit, building=filters.building):
        query = query.where(condition)
    query = filters.narrow(query, person=DebitMandate.payer)
    if filters.state:
        query = query.where(state == choice(MandateState, filters.state).name)
    columns = (
        Shown("agreement", DebitMandate.agreement),
        Shown("unit", Unit.code, label="房号", sort=Unit.sort_key),
        Shown("payer", Person.name, label="付款人"),
        Shown("bank", DebitMandate.bank),
        Shown("account_name", DebitMandate.account_name),
        Shown("account", DebitMandate.account),
        Shown("limit", DebitMandate.limit, total=False),
        Shown("since", DebitMandate.since),
        Shown("until", DebitMandate.until),
        Shown("state", ChoiceField(MandateState, verbose_name="状态"), state, status=True),
    )
    tones = {MandateState.LIVE.value: "ok", MandateState.AHEAD.value: "info"}
    return Listing(
        query, columns, id=DebitMandate.id, order=("unit", "-since"), record=DebitMandate, tones=tones,
        search=(DebitMandate.agreement, HOUSE, NAMED),
    )  # fmt: skip


keeps_files(DebitMandate, VIEW)
