"""承诺核对: what must hold among promises and visits at home, told by `check`."""

from __future__ import annotations

from collections.abc import Iterator

from models.base import db
from models.checks import invariant
from models.complaints.contact.commitments import Commitment, CommitmentState
from models.complaints.contact.homes import HomeState, HomeVisit

_NAMED = 20


@invariant("承诺事项")
def promises_fit_their_states() -> Iterator[str]:
    """What is done bears its day and its result, not before it was promised; what is open bears none."""
    done = Commitment.state == CommitmentState.DONE
    wrong = done & (Commitment.done_on.is_null() | Commitment.result.is_null())
    wrong |= (~done) & Commitment.done_on.is_null(False)
    wrong |= Commitment.done_on < Commitment.promised_on
    query = Commitment.select(Commitment.source).where(wrong)
    for (source,) in db.execute(query.limit(_NAMED)):
        yield f"{source} 的承诺事项状态与日期不符"


@invariant("家访")
def visits_are_made_by_two() -> Iterator[str]:
    """Two people went, and what is done bears its time and whom they met."""
    done = HomeVisit.state == HomeState.DONE
    wrong = HomeVisit.visitor == HomeVisit.second
    wrong |= done & (HomeVisit.visited_at.is_null() | HomeVisit.met.is_null())
    for (number,) in db.execute(HomeVisit.select(HomeVisit.number).where(wrong).limit(_NAMED)):
        yield f"家访 {number} 的状态与访问人不符"
