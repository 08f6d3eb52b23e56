"""收费公示: what the office charges, by which standard and on what ground, as it hangs for everybody to see.

Service charges are published and kept up to date (民法典 943, 物业管理条例 40, forms.md B1.11).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from models.base import Record
from models.deeds import deed
from models.errors import BadInput
from models.fees.deposits import DepositKind
from models.fees.items import Basis, Category, FeeItem, Rate, RateTier
from models.fees.late_terms import LateTerms
from models.fees.rights import ITEMS, VIEW
from models.fees.services import Service
from models.fees.share_plans import SharePlan
from models.fields import ChoiceField, LineField, MoneyField, PriceField
from models.inputs import Asked
from models.listings import Filters, Listing, Shown, listing
from models.money import thousands
from models.office.profile import profile
from models.text import natural_key

_HOW = {
    Basis.AREA: "计费面积×单价",
    Basis.HOUSEHOLD: "每户单价",
    Basis.FIXED: "固定金额",
    Basis.METER: "用量×单价",
}
_PER = {Basis.AREA: "元/㎡·月", Basis.HOUSEHOLD: "元/户·月", Basis.METER: "元/单位"}


class DepositTerms(Record):
    """押金标准: how much is left with the office for what, as agreed where, and when it is given back."""

    kind = ChoiceField(DepositKind, unique=True, verbose_name="押金种类")
    amount = MoneyField(verbose_name="押金标准")
    agreed = LineField(max_length=120, null=True, verbose_name="约定依据")
    refund = LineField(max_length=80, null=True, verbose_name="退还条件")

    class Meta:
        title = "押金标准"

    def label(self) -> str:
        """Return 装修押金."""
        return str(self.kind.value)


@dataclass(frozen=True)
class PublicItem:
    """One item as the sheet tells it, in words; `later` is empty where no other price is set."""

    item: FeeItem
    how: str
    price: str
    later: str
    due_day: int


@deed("fees.set_deposit_terms", "定押金标准", ITEMS)
def set_deposit_terms(
    kind: Annotated[DepositKind, Asked(ChoiceField(DepositKind, verbose_name="押金种类"))],
    amount: Annotated[Decimal, Asked(MoneyField(verbose_name="押金标准"))],
    agreed: Annotated[
        str | None, Asked(LineField(max_length=120, null=True, verbose_name="约定依据"))
    ] = None,
    refund: Annotated[str | None, Asked(LineField(max_length=80, null=True, verbose_name="退还条件"))] = None,
) -> DepositTerms:
    """Set the usual amount of a kind of deposit; what was taken stays as it is.

    Raises:
        BadInput: it is nothing, or a decoration deposit names no agreement (forms.md B12.2).
    """
    if amount <= 0:
        raise BadInput("押金标准要大于零。不收的种类不用定标准。", "amount")
    if kind is DepositKind.DECORATION and not agreed:
        raise BadInput("装修押金要有约定才能收。请在“约定依据”写明管理规约或装修协议的条款。", "agreed")
    known = terms_of(kind)
    if known is not None:
        return known.change(amount=amount, agreed=agreed, refund=refund)
    return DepositTerms.add(kind=kind, amount=amount, agreed=agreed, refund=refund)


def terms_of(kind: DepositKind) -> DepositTerms | None:
    """Return the standard of a kind of deposit, None where there is none."""
    return DepositTerms.get_or_none(DepositTerms.kind == kind)


@listing("deposit_terms", "押金标准", "fees", VIEW)
def deposit_terms(filters: Filters) -> Listing:
    """The usual amount of each kind of deposit."""
    columns = (
        Shown("kind", DepositTerms.kind),
        Shown("amount", DepositTerms.amount, total=False),
        Shown("agreed", DepositTerms.agreed),
        Shown("refund", DepositTerms.refund),
    )
    return Listing(DepositTerms.select(), columns, id=DepositTerms.id, order=("kind",), record=DepositTerms)


def public_items(day: date) -> Iterator[PublicItem]:
    """Yield the items that are published, as their prices are on a day.

    One that is charged by slips of services alone has no price of its own and is not told here.
    """
    rates: dict[int, list[Rate]] = {}
    for rate in Rate.select().order_by(Rate.since):
        rates.setdefault(rate.item_id, []).append(rate)
    carriers = {service.item_id for service in Service.select(Service.item)}
    usual, plans = profile().due_day, _shared_by_plan()
    wanted = (FeeItem.active == True) & (FeeItem.public == True)
    wanted &= FeeItem.until.is_null() | (FeeItem.until >= day)
    for item in sorted(FeeItem.select().where(wanted), key=_place):
        known = rates.get(item.id, [])
        if not known and item.id in carriers:
            continue
        holds = [rate for rate in known if rate.since <= day]
        later = next((rate for rate in known if rate.since > day), None)
        how, told = _HOW[item.basis], _price(item, holds[-1]) if holds else "未定价"
        if not known:
            how, told = plans.get(item.id) or _of_late(item, day) or (how, told)
        coming = f"{later.since} 起 {_price(item, later)}" if later else ""
        yield PublicItem(item, how, told, coming, item.due_day or usual)


def _shared_by_plan() -> dict[int, tuple[str, str]]:
    """Return by what the items (ids) that plans share out are shared, and that they cost what was spent."""
    found: dict[int, list[str]] = {}
    for plan in SharePlan.select().where(SharePlan.active == True).order_by(SharePlan.id):
        found.setdefault(plan.item_id, []).append(str(plan.base.value))
    return {
        item: (f"按{'、'.join(dict.fromkeys(bases))}分摊", "据实分摊，逐月公示")
        for item, bases in found.items()
    }


def _of_late(item: FeeItem, day: date) -> tuple[str, str] | None:
    if item.category is not Category.LATE:
        return None
    terms = LateTerms.select().where(LateTerms.on(day)).order_by(LateTerms.item.is_null(), LateTerms.id)
    told = "；".join(f"{one.rate}（{one.clause}）" for one in terms)
    return "逾期本金×日率×天数", told or "没有约定，不收"


def public_services() -> list[Service]:
    """Return the catalogue as it is today."""
    return sorted(Service.select().where(Service.active == True), key=lambda one: natural_key(str(one.code)))


def public_terms() -> list[DepositTerms]:
    """Return the standards of deposits, in the order of their kinds."""
    found = {terms.kind: terms for terms in DepositTerms.select()}
    return [found[kind] for kind in DepositKind if kind in found]


def _place(item: FeeItem) -> tuple[int, Any]:
    return list(Category).index(item.category), natural_key(str(item.code))


def _price(item: FeeItem, rate: Rate) -> str:
    """Return a price as people read it: 2.35 元/㎡·月＋20.00 元/月, tiers and the least charge behind it."""
    parts = []
    if item.basis is not Basis.FIXED:
        parts.append(f"{PriceField().show(rate.price)} {_PER[item.basis]}")
    if rate.extra or not parts:
        parts.append(f"{thousands(rate.extra)} 元/月")
    tiers = RateTier.select().where(RateTier.rate == rate).order_by(RateTier.over)
    more = [f"每月超过 {thousands(tier.over)} 的部分 {PriceField().show(tier.price)}" for tier in tiers]
    if item.minimum is not None:
        more.append(f"每月最低 {thousands(item.minimum)} 元")
    return "；".join(["＋".join(parts), *more])
