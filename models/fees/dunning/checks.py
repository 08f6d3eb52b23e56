"""催缴核对: what must hold among letters, their lines and deliveries, told anew by `check`."""

from __future__ import annotations

from collections.abc import Iterator

from peewee import fn

from models.base import db
from models.checks import invariant
from models.fees.bills import Bill
from models.fees.dunning.letters import SERIES, DunningLetter, DunningLine, LetterDelivery, LetterState
from models.money import from_scaled
from models.series import Counter

_NAMED = 20


@invariant("催缴单合计")
def letters_ask_for_their_lines() -> Iterator[str]:
    """A letter's principal and 违约金 are those of its lines, all of them of its own household."""
    sums = DunningLine.select(
        DunningLine.letter.alias("owner"), fn.SUM(DunningLine.amount).alias("fen"),
        fn.SUM(DunningLine.late).alias("late"),
    ).group_by(DunningLine.letter).alias("summed")  # fmt: skip
    query = DunningLetter.select(DunningLetter.number).left_outer_join(
        sums, on=(sums.c.owner == DunningLetter.id)
    )
    differ = (DunningLetter.principal != fn.COALESCE(sums.c.fen, 0)) | (
        DunningLetter.late != fn.COALESCE(sums.c.late, 0)
    )
    for (number,) in db.execute(query.where(differ).limit(_NAMED)):
        yield f"催缴单 {number} 的金额与它的明细合计不符"
    strange = (Bill.unit != DunningLetter.unit) | (
        fn.COALESCE(Bill.payer, 0) != fn.COALESCE(DunningLetter.payer, 0)
    )
    lines = DunningLine.select(DunningLetter.number).join(DunningLetter).switch(DunningLine).join(Bill)
    for (number,) in db.execute(lines.where(strange).distinct().limit(_NAMED)):
        yield f"催缴单 {number} 列了别户的账单"


@invariant("催缴单内容")
def letters_print_what_they_ask_for() -> Iterator[str]:
    """The rows that a letter prints come to its amounts."""
    for letter in DunningLetter.select().order_by(DunningLetter.id):
        rows = letter.facts["rows"]
        principal, late = sum(row[2] or 0 for row in rows), sum(row[4] for row in rows)
        if (from_scaled(principal, 2), from_scaled(late, 2)) != (letter.principal, letter.late):
            yield f"催缴单 {letter.number} 印出的各行与合计不符"


@invariant("催缴单号")
def numbers_have_no_gaps() -> Iterator[str]:
    """Each number of a series that was given out is that of a letter, void or not."""
    for series in SERIES.values():
        given = fn.SUM(Counter.last)
        ((last,),) = db.execute(Counter.select(given).where(Counter.prefix == series.prefix))
        made = DunningLetter.select().where(DunningLetter.number.startswith(f"{series.prefix}-")).count()
        if (last or 0) != made:
            yield f"{series.title}发出 {last or 0} 个单号，只有 {made} 张"


@invariant("催缴送达")
def no_void_letter_was_handed_over() -> Iterator[str]:
    """A letter whose delivery counts is not void."""
    query = LetterDelivery.select().join(DunningLetter)
    wrong = (LetterDelivery.live == True) & (DunningLetter.state == LetterState.VOID)
    for one in query.where(wrong).limit(_NAMED):
        yield f"{one.label()} 的催缴单已经作废"
