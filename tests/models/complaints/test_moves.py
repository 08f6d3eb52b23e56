"""Every allowed and every forbidden move of a case, tried by the deeds of the office."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from models.checks import run_invariants
from models.clock import standing_at
from models.complaints import complaining, repairing, waiting
from models.complaints.cases import MOVES, CaseState, ServiceCase, Way
from models.complaints.closing import close, dismiss, withdraw
from models.complaints.kinds import Sort
from models.errors import RuleBroken
from tests.models.complaints.desk_world import PATHS, ServiceDesk

S = CaseState
Deed = Callable[[ServiceDesk, ServiceCase], object]

DEEDS: dict[str, Deed] = {
    "assign": lambda desk, case: complaining.assign([case], desk.handler),
    "transfer": lambda desk, case: complaining.transfer(case, desk.other, "请假"),
    "start": lambda desk, case: complaining.start(case),
    "wait": lambda desk, case: waiting.wait(case, "业主出差"),
    "resume": lambda desk, case: waiting.resume(case),
    "answer": lambda desk, case: complaining.answer(case, "已处理", Way.PHONE),
    "review": lambda desk, case: complaining.review([case]),
    "return": lambda desk, case: complaining.send_back(case, "没说清楚"),
    "visit": lambda desk, case: desk.visit(case),
    "close": lambda desk, case: close([case]),
    "withdraw": lambda desk, case: withdraw(case, "不再追究"),
    "dismiss": lambda desk, case: dismiss(case, "查无此事"),
    "reopen": lambda desk, case: complaining.reopen(case, "又来了"),
    "dispatch": lambda desk, case: repairing.dispatch([case], desk.repairer),
    "arrive": lambda desk, case: repairing.arrive(case),
    "quote": lambda desk, case: repairing.quote(case, labour=Decimal("80.00")),
    "agree": lambda desk, case: repairing.agree(case, "王桂芳"),
    "decline": lambda desk, case: repairing.decline(case, "太贵"),
    "finish": lambda desk, case: repairing.finish(case, "换了"),
    "accept": lambda desk, case: repairing.accept(case, "王桂芳"),
    "reject": lambda desk, case: repairing.reject(case, "还在漏"),
}

COMPLAINT = {
    S.RECEIVED: {"assign": S.ASSIGNED, "withdraw": S.WITHDRAWN, "dismiss": S.UNFOUNDED},
    S.ASSIGNED: {
        "transfer": S.ASSIGNED, "start": S.WORKING, "answer": S.REVIEW, "withdraw": S.WITHDRAWN,
        "dismiss": S.UNFOUNDED,
    },
    S.WORKING: {
        "transfer": S.ASSIGNED, "wait": S.WAITING, "answer": S.REVIEW, "withdraw": S.WITHDRAWN,
        "dismiss": S.UNFOUNDED,
    },
    S.WAITING: {"resume": S.WORKING, "withdraw": S.WITHDRAWN, "dismiss": S.UNFOUNDED},
    S.REVIEW: {"review": S.VISITING, "return": S.WORKING, "dismiss": S.UNFOUNDED},
    S.VISITING: {"visit": S.VISITED, "reopen": S.ASSIGNED},
    S.VISITED: {"close": S.CLOSED, "reopen": S.ASSIGNED},
    S.CLOSED: {"reopen": S.ASSIGNED},
    S.WITHDRAWN: {"reopen": S.RECEIVED},
    S.UNFOUNDED: {"reopen": S.RECEIVED},
}  # fmt: skip
REPAIR = {
    S.RECEIVED: {"dispatch": S.DISPATCHED, "withdraw": S.WITHDRAWN},
    S.DISPATCHED: {
        "transfer": S.DISPATCHED, "arrive": S.ARRIVED, "wait": S.WAITING, "withdraw": S.WITHDRAWN,
    },
    S.ARRIVED: {
        "transfer": S.DISPATCHED, "quote": S.QUOTED, "wait": S.WAITING, "finish": S.FINISHED,
        "withdraw": S.WITHDRAWN,
    },
    S.QUOTED: {"agree": S.ARRIVED, "decline": S.WITHDRAWN, "withdraw": S.WITHDRAWN},
    S.WAITING: {"resume": S.DISPATCHED, "withdraw": S.WITHDRAWN, "transfer": None},
    S.FINISHED: {"accept": S.VISITING, "reject": S.DISPATCHED},
    S.VISITING: {"visit": S.CLOSED, "reopen": S.DISPATCHED},
    S.CLOSED: {"reopen": S.DISPATCHED},
    S.WITHDRAWN: {"reopen": S.RECEIVED},
}  # fmt: skip
EXPECTED = {Sort.COMPLAINT: COMPLAINT, Sort.REPAIR: REPAIR}
CODES = {Sort.COMPLAINT: "T16", Sort.REPAIR: "B03"}


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize(
    ("sort", "state"),
    [(sort, state) for sort, table in EXPECTED.items() for state in table],
    ids=lambda one: one.name,
)
def test_each_deed_moves_a_case_just_where_the_table_says(
    desk: ServiceDesk, sort: Sort, state: CaseState, deed: str
) -> None:
    case = desk.bring(desk.complain(CODES[sort]), state)
    assert case.state is state
    wanted = EXPECTED[sort][state].get(deed)
    with standing_at(desk.at + timedelta(hours=1)):
        if wanted is None:
            before = ServiceCase.get_by_id(case.id).as_stored()
            with pytest.raises((RuleBroken, ServiceCase.DoesNotExist, LookupError)) as refused:
                _do(desk, case, deed)
            assert "请" in str(refused.value) or "。" in str(refused.value)
            assert ServiceCase.get_by_id(case.id).as_stored() == before
        else:
            DEEDS[deed](desk, case)
            assert ServiceCase.get_by_id(case.id).state is wanted
    assert [str(found) for found in run_invariants()] == []


def _do(desk: ServiceDesk, case: ServiceCase, deed: str) -> None:
    from models.complaints.visits import VisitTask

    if deed == "visit" and not VisitTask.select().where(VisitTask.case == case).exists():
        raise LookupError("没有回访任务。")
    DEEDS[deed](desk, case)


def test_every_move_of_the_tables_is_one_that_some_deed_makes() -> None:
    for sort, table in EXPECTED.items():
        made = {(state, to) for state, deeds in table.items() for to in deeds.values() if to}
        allowed = {(state, to) for state, moves in MOVES[sort].items() for to in moves}
        assert made - allowed <= {(S.ASSIGNED, S.REVIEW)}  # answering takes it up first
        told = {
            (S.REVIEW, S.VISITED),
            (S.VISITING, S.ASSIGNED),
            (S.FINISHED, S.CLOSED),
            (S.WAITING, S.ARRIVED),
        }
        assert allowed - made <= told  # tried below, where the case is another


def test_every_state_can_be_reached() -> None:
    assert {sort.name: set(table) for sort, table in EXPECTED.items()} == {
        name: set(paths) for name, paths in PATHS.items()
    }
