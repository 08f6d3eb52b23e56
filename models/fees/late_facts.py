"""违约金依据: what a line of 违约金 says for good of the principal, days and rates that it comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from models.fees.late import Late
from models.fees.late_terms import LateTerms
from models.money import thousands
from models.months import Month

Facts = Mapping[str, Any]


def facts_of(one: Late, item: str, terms: dict[int, LateTerms]) -> dict[str, Any]:
    """Return what is kept with a line that is charged; amounts in fen, the cap in hundredths of a percent."""
    return {
        "line": one.line.id,
        "item": item,
        "month": one.line.month,
        "due": one.line.due,
        "cap": one.cut[-1].step.cap,
        "pieces": [
            {
                "first": date.fromordinal(days.first).isoformat(),
                "last": date.fromordinal(days.last).isoformat(),
                "days": days.number,
                "fen": fen,
                "rate": terms[days.step.terms].rate,
                "clause": terms[days.step.terms].clause,
            }
            for days, fen in one.pieces
        ],
    }


def told(facts: dict[str, Any]) -> str:
    """Return 2025年10月物业费 1,234.56 元 × 日 0.5‰ × 23 天（合同第八条）."""
    about = f"{Month.from_number(facts['month']).chinese}{facts['item']} "
    pieces = facts["pieces"]
    parts = [f"{thousands(one['fen'])} 元 × {one['rate']} × {one['days']} 天" for one in pieces]
    return f"{about}{'；'.join(parts)}（{_joined(pieces, 'clause')}）"


def told_together(lines: Sequence[dict[str, Any]]) -> str:
    """Return the same of one line, or of several how many they are, up to which day and at which rate."""
    if len(lines) == 1:
        return told(lines[0])
    pieces = [piece for facts in lines for piece in facts["pieces"]]
    if not pieces:
        return ""
    last = max(piece["last"] for piece in pieces)
    return f"{len(lines)} 笔欠费逾期至 {last}，{_joined(pieces, 'rate')}（{_joined(pieces, 'clause')}）"


def _joined(pieces: Sequence[dict[str, Any]], name: str) -> str:
    return "、".join(dict.fromkeys(piece[name] for piece in pieces))
