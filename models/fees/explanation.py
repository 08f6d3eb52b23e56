"""解释的样子: what an explanation is made of, and where a kind of line registers what explains it.

A line is explained by the facts that were stored with it, never by today's price; where today's is
another one, that is said beside it. What a kind of line alone knows its explainer tells (`@explains`);
who pays, what corrects it and what settled it is told by `explain` for all kinds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from models.fees.bills import Bill, BillKind
from models.money import thousands

PREFIX = "SM-"
"""Begins the number by which FE-19 names a line."""

FORMULA, INPUTS, DAYS, EXCLUDED, PAYER, CORRECTED, SETTLED, PROOF = (
    "怎样算出", "依据", "计费天数", "没有计入", "谁付款", "更正", "收款与抵扣", "核对",
)  # fmt: skip
"""What an explanation of a line is divided into, in this order."""


class Told(NamedTuple):
    """One line: what it is about, the words or the expression with its units, what it comes to in 元."""

    label: str
    words: str
    figure: Decimal | None = None


class Chapter(NamedTuple):
    """Lines that belong together."""

    title: str
    lines: tuple[Told, ...]


@dataclass
class Working:
    """What the explainer of a kind tells of a line; who pays, corrects and settled it is not its affair.

    Args:
        steps: the formula, step by step, the last one coming to the amount.
        amount: what the steps come to, worked out anew, in 元; None where a document gave the amount.
        inputs: each value with the document or dated row that it comes from, and since when.
        days: which days are charged and why.
        excluded: what was left out and why.
        payer: the rule by which the payer was found.
    """

    steps: list[Told]
    amount: Decimal | None
    inputs: list[Told] = field(default_factory=list)
    days: list[Told] = field(default_factory=list)
    excluded: list[Told] = field(default_factory=list)
    payer: str = ""


@dataclass(frozen=True)
class Explanation:
    """How one figure came about.

    Args:
        number: by which a paper names it.
        title: what is explained.
        amount: the figure, in 元.
        chapters: the explanation.
        proven: whether what was worked out anew is that figure.
    """

    number: str
    title: str
    amount: Decimal
    chapters: tuple[Chapter, ...]
    proven: bool = True

    def text(self) -> str:
        """Return it as plain text, a line each, as it is copied."""
        rows = [f"{self.title}　{thousands(self.amount)} 元"]
        for chapter in self.chapters:
            rows.append(f"【{chapter.title}】")
            rows += ["\t".join(filter(None, (one.label, one.words, figure_of(one)))) for one in chapter.lines]
        return "\n".join(rows)


Explainer = Callable[[Bill], Working]
EXPLAINERS: dict[BillKind, Explainer] = {}
"""What explains each kind of line; kinds without one are told by what is stored with them."""


def explains(*kinds: BillKind) -> Callable[[Explainer], Explainer]:
    """Register a function as what explains lines of these kinds.

    Raises:
        ValueError: one is explained already.
    """

    def decorate(explainer: Explainer) -> Explainer:
        for kind in kinds:
            if EXPLAINERS.setdefault(kind, explainer) is not explainer:
                raise ValueError(f"{kind} is explained twice")
        return explainer

    return decorate


def figure_of(told: Told) -> str:
    """Return the figure of a line as people read it."""
    return "" if told.figure is None else thousands(told.figure)


def chapters(*given: tuple[str, Iterable[Told]]) -> tuple[Chapter, ...]:
    """Return the chapters that say something."""
    made = (Chapter(title, tuple(lines)) for title, lines in given)
    return tuple(one for one in made if one.lines)
