"""抄表账单的解释: readings, multiplier and estimates, tier by tier and month by month, the least, the fen.

What was charged is kept with the line (`Bill.segments`, made by `metering`): quantities in hundredths,
prices in ten-thousandths, money in fen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from models.fees.bills import Bill, BillKind
from models.fees.charges import SCALE
from models.fees.explain_cuts import exact, rounded
from models.fees.explain_lines import BY_MONTH, documents, generic, told_run
from models.fees.explain_payer import since
from models.fees.explain_prices import rate_on
from models.fees.explanation import Told, Working, explains
from models.fees.items import FeeItem, Rate, RateTier
from models.fees.metering import level
from models.fees.meters import Meter
from models.fees.readings import Reading
from models.fees.usage import ReadingKind
from models.fields import PriceField
from models.money import divide_half_up, from_scaled, thousands
from models.months import Month

Facts = Mapping[str, Any]
_PRICE = PriceField()


@explains(BillKind.METERED)
def metered(bill: Bill) -> Working:
    """Explain a line by readings: what each month used, at which price of each tier, rounded once."""
    held: Any = bill.segments
    if not isinstance(held, dict) or "parts" not in held:
        return generic(bill)
    whole = sum(_sum(part) for part in held["parts"]) if _used_up(held) else 0
    amount = from_scaled(divide_half_up(whole, SCALE), 2)
    return Working(
        [*_steps(held), rounded(exact(whole), amount)],
        amount,
        [*_inputs(bill, held), *documents(bill), *told_run(bill)],
        [Told("抄表月份", f"{_month(part)}{_several(part)}") for part in held["parts"]],
        list(_left_out(held)),
        BY_MONTH,
    )


# -- the formula -----------------------------------------------------------------------------------


def _used_up(facts: Facts) -> bool:
    """Whether what was read, with what is carried from other months, is just what the tiers charge."""
    parts = facts["parts"]
    read = [sum(_usage(one) for one in part["readings"]) for part in parts]
    charged = [sum(much for much, _ in part["steps"]) for part in parts]
    return level([read[0] + facts["more"], *read[1:]]) == charged


def _usage(one: Facts) -> int:
    """Return what a reading used, worked out from what the meter showed."""
    if "to" not in one:
        return int(one["usage"])
    grown = one["to"] - one["from"] + (10 ** (one["rolled"] + 2) if "rolled" in one else 0)
    return int(grown * one["times"] - one.get("estimated", 0))


def _sum(part: Facts) -> int:
    """Return what a month comes to, in millionths of a 元."""
    total = sum(much * price for much, price in part["steps"]) + part["extra"] * SCALE
    return int(max(total, part.get("least", 0) * SCALE))


def _steps(facts: Facts) -> Iterator[Told]:
    measure, parts = facts["unit"], facts["parts"]
    for part in parts:
        yield from _of_month(part, measure)
    if len(parts) > 1:
        sums = [exact(_sum(part)) for part in parts]
        yield Told("各月相加", " + ".join(map(thousands, sums)), sum(sums, start=Decimal(0)))


def _of_month(part: Facts, measure: str) -> Iterator[Told]:
    """Tell what one month uses and costs."""
    for one in part["readings"]:
        yield Told(f"{_month(part)}用量", f"{_read(one)} = {_much(_usage(one))} {measure}")
    differs = part["usage"] - sum(one["usage"] for one in part["readings"])
    if differs:
        carried = f"{'补' if differs > 0 else '抵'}其他月份 {_much(abs(differs))}"
        yield Told("计费用量", f"{carried}后，本月按 {_much(part['usage'])} {measure} 计费")
    for at, (much, price) in enumerate(part["steps"], start=1):
        label = f"第 {at} 档" if len(part["steps"]) > 1 else "用量×单价"
        words = f"{_much(much)} {measure} × {_PRICE.show(from_scaled(price, 4))} 元/{measure}"
        yield Told(label, words, exact(much * price))
    if part["extra"]:
        yield Told("附加", f"每月一次{_several(part)}", from_scaled(part["extra"], 2))
    if "least" in part:
        least = from_scaled(part["least"], 2)
        yield Told("最低收费", f"以上不足最低收费，按最低收费收{_several(part)}", least)


def _read(one: Facts) -> str:
    """Return 表 0012345 实抄 (1,250.00 − 1,200.00) × 倍率 1."""
    how = f"表 {one['meter']} {ReadingKind[one['how']].value}"
    if "to" not in one:
        return f"{how}，按前几月平均"
    over = f"过零 {10 ** one['rolled']:,} + " if "rolled" in one else ""
    told = f"{how}（{over}{_much(one['to'])} − {_much(one['from'])}）× 倍率 {one['times']}"
    return f"{told} − 以前已估 {_much(one['estimated'])}" if "estimated" in one else told


# -- where the values come from --------------------------------------------------------------------


def _inputs(bill: Bill, facts: Facts) -> Iterator[Told]:
    for part in facts["parts"]:
        days = []
        for one in part["readings"]:
            row = _row(one, part["month"])
            if row is not None:
                yield _told_reading(row)
                days.append(row.day)
        if days:
            yield from _tariff(bill, part, max(days))


def _row(one: Facts, month: int) -> Reading | None:
    """Return the reading that was charged, one that holds before one that was corrected since."""
    query = Reading.select(Reading, Meter).join(Meter).where(
        (Meter.number == one["meter"]) & (Reading.month == Month.from_number(month))
        & (Reading.kind == ReadingKind[one["how"]])
    )  # fmt: skip
    if "to" in one:
        query = query.where(Reading.value == from_scaled(one["to"], 2))
    found: Reading | None = query.order_by(Reading.live.desc(), Reading.id.desc()).first()
    return found


def _told_reading(row: Reading) -> Told:
    words = f"{row.meter.number}，{row.day} {row.kind.value} {row.value:,.2f}，{row.made_by}抄"
    newer = row.corrections.order_by(Reading.id.desc()).first()
    if not row.live:
        after = f"后来更正为 {newer.value:,.2f}" if newer else "后来作废"
        words += f"；{after}，差额随以后的出账补收或抵减"
    return Told("读数", words)


def _tariff(bill: Bill, part: Facts, day: Any) -> Iterator[Told]:
    """Tell the price by which a month was charged, and whether another one was set for its day since."""
    item: FeeItem = bill.item
    row = rate_on(item, day)
    if row is None:
        return
    tiers = list(row.tiers.order_by(RateTier.over))
    prices = [row.price, *(tier.price for tier in tiers)]
    beyond = "".join(f"，每月超过 {one.over:,.2f} 的 {_PRICE.show(one.price)} 元" for one in tiers)
    words = f"{_PRICE.show(row.price)} 元{beyond}，{since(row.since)}"
    used = [from_scaled(price, 4) for _, price in part["steps"]]
    if not set(used) <= set(prices):
        words = f"出账时为 {'、'.join(map(_PRICE.show, used))} 元；后来改定为 {words}，不影响本账单"
    yield Told(Rate.price.label, words)
    if "least" in part:
        yield Told(FeeItem.minimum.label, f"{_much(part['least'] // part['months'])} 元/月，按项目的约定")


def _left_out(facts: Facts) -> Iterator[Told]:
    more = facts["more"]
    if more:
        why = "以前月份出账以后，读数更正、补抄或估抄结清，用量"
        less = "少收，并入本账单" if more > 0 else "多收，从本账单抵减"
        yield Told("以前月份", f"{why}{less} {_much(abs(more))} {facts['unit']}")
    bases: Sequence[str] = sorted({one["meter"] for part in facts["parts"] for one in part["readings"]})
    if len(bases) > 1:
        yield Told("换表", f"{'、'.join(bases)} 是先后换装的表，新表从底数起计，底数不收费")


def _month(part: Facts) -> str:
    return str(Month.from_number(part["month"]))


def _several(part: Facts) -> str:
    """Return （3 个月）; nothing for one."""
    return f"（{part['months']} 个月）" if part["months"] > 1 else ""


def _much(hundredths: int) -> str:
    return f"{from_scaled(hundredths, 2):,}"
