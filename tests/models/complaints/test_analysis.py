"""The month's report: its figures are those of the tallies, and what was signed is printed ever after."""

from datetime import date, datetime
from pathlib import Path

import pytest

from desktop import modules
from models.base import db
from models.clock import standing_at
from models.complaints.analysis.month import MonthFigures, chapters
from models.complaints.analysis.parts import Bars, Grid, Heading, Words, bars, kept, read
from models.complaints.analysis.reports import (
    AnalysisState,
    MonthAnalysis,
    parts_of,
    plan_measure,
    prepare_analysis,
    send_analysis,
    sign_analysis,
)
from models.complaints.cases import CaseState
from models.complaints.contact.commitments import of_source
from models.complaints.kinds import Sort
from models.complaints.tallies import tally
from models.desk import reminders_on
from models.errors import BadInput, RuleBroken
from models.months import Month, Period
from tests.estate import Estate
from tests.models.complaints.desk_world import ServiceDesk
from tests.models.complaints.test_tallies import chance_office
from tests.reports.fees.test_papers import printed

modules.load()
MARCH = Month(2026, 3)
END = datetime(2026, 3, 31, 17, 0)


@pytest.fixture
def desk(estate: Estate) -> ServiceDesk:
    return ServiceDesk(estate)


def cells(parts: list[object], head: str) -> dict[str, tuple[str, ...]]:
    """Return the rows of the first table below a heading, by their first cell."""
    at = next(number for number, part in enumerate(parts) if part == Heading(head))
    grid = next(part for part in parts[at:] if isinstance(part, Grid))
    return {row[0]: row for row in grid.rows}


@pytest.mark.parametrize("seed", [5, 9])
def test_its_figures_are_those_of_a_tally(desk: ServiceDesk, seed: int) -> None:
    chance_office(desk, seed)
    parts = chapters(MonthFigures(MARCH))
    for head, sort in (("二、投诉", Sort.COMPLAINT), ("三、报修", Sort.REPAIR)):
        found = tally(sort, Period.of_month(MARCH), Period.of_month(MARCH).moments[1], marks=True)
        rows = cells(parts, head)
        assert rows["受理件数"][1] == str(found.received) == "24"
        assert rows["处理率"][2] == f"{found.done}÷{found.due}"
        assert rows["满意率"][2] == f"{found.pleased}÷{found.marked}"
        assert rows["回访率"][1] == ("—" if found.visiting is None else f"{found.visiting * 100:.1f}%")
    drawn = [part for part in parts if isinstance(part, Bars)]
    assert sum(int(one or 0) for one in drawn[0].series[0][1]) == 24
    assert drawn[1].categories[-1] == "3月" and drawn[1].series[0][1][-1] == "24"


def test_the_month_before_stands_beside(desk: ServiceDesk) -> None:
    for day in (datetime(2026, 2, 10, 9), datetime(2026, 3, 10, 9), datetime(2026, 3, 11, 9)):
        desk.at = day
        desk.bring(desk.complain("T16"), CaseState.VISITED)
    row = cells(chapters(MonthFigures(MARCH)), "二、投诉")["受理件数"]
    assert row[1:] == ("2", "—", "1", "+1 件", "0", "+2 件")


def test_what_the_figures_suggest_is_written_down_to_be_worked_on(desk: ServiceDesk) -> None:
    desk.at = datetime(2026, 3, 2, 9)
    desk.complain("T16")
    with standing_at(END):
        one = prepare_analysis(MARCH)
    assert one.number == "KB-202603"
    assert "投诉集中在员工态度 1 件" in one.problems and "1 件超过承诺时限" in one.problems
    assert one.focus == "办结本月受理未完的 1 件。"
    with standing_at(END), pytest.raises(BadInput, match="已经编制"):
        prepare_analysis(MARCH)
    with standing_at(END), pytest.raises(BadInput, match="还没有到"):
        prepare_analysis(MARCH.plus(1))


def test_what_is_signed_stays_whatever_happens_later(desk: ServiceDesk, tmp_path: Path) -> None:
    desk.at = datetime(2026, 3, 30, 9)
    case = desk.complain("T16")
    with standing_at(datetime(2026, 3, 30, 10)):
        one = prepare_analysis(MARCH)
        with pytest.raises(RuleBroken, match="2026-03-31 起才能签发"):
            sign_analysis(one)
        plan_measure(one, "加派一人", desk.handler, date(2026, 4, 10))
        one.edit(problems="前台态度生硬䶮", remark="㛃")
    assert "草稿" in printed("CS-13", tmp_path, number=one.number)[0]
    with standing_at(END):
        sign_analysis(one)
    signed = parts_of(MonthAnalysis.get())
    desk.bring(case, CaseState.CLOSED)
    desk.at = datetime(2026, 3, 30, 15)
    desk.complain("T02")
    assert parts_of(MonthAnalysis.get()) == signed, "neither the closing nor a late entry changes it"
    assert chapters(MonthFigures(MARCH)) != signed[: len(chapters(MonthFigures(MARCH)))]
    with pytest.raises(RuleBroken, match="签发，不能再改"):
        one.edit(problems="改写")
    with pytest.raises(RuleBroken, match="签发，不能再改"):
        plan_measure(one, "再加", desk.handler, date(2026, 5, 1))
    with pytest.raises(Exception, match="filled in stays"):
        db.execute_sql("UPDATE month_analysis SET content='[]'")
    text, reader = printed("CS-13", tmp_path, period="2026-03")
    told = text.replace("\n", "").replace(" ", "")
    for words in ("前台态度生硬䶮", "加派一人", "林经办", "十一、下月重点", "处理率＝", "KB-202603", "㛃"):
        assert words in told, words
    assert "草稿" not in told and len(reader.pages) >= 2
    assert of_source("KB-202603")[0].due == date(2026, 4, 10)


def test_two_managers_have_it_by_the_end_of_the_month(desk: ServiceDesk) -> None:
    def told(day: date) -> list[str]:
        return [one.title for one in reminders_on(day) if "月度分析" in one.title or "KB-" in one.title]

    assert told(date(2026, 3, 24)) == []
    assert told(date(2026, 3, 25)) == ["2026-03 月度分析还没有编制，2026-03-31 前报送"]
    with standing_at(END):
        one = prepare_analysis(MARCH)
        with pytest.raises(RuleBroken, match="还没有签发"):
            send_analysis(one)
        sign_analysis(one)
        assert told(date(2026, 4, 1)) == ["KB-202603 过了月底还没有报送两位经理"]
        with pytest.raises(BadInput, match="不在签发之后到今天之间"):
            send_analysis(one, company_on=date(2026, 4, 2))
        with pytest.raises(BadInput, match="不在签发之后"):
            send_analysis(one, project_on=date(2026, 3, 30))
        send_analysis(one)
        with pytest.raises(RuleBroken, match="已经报送"):
            send_analysis(one)
    assert MonthAnalysis.get().state is AnalysisState.SENT and told(date(2026, 4, 1)) == []


def test_parts_are_read_back_as_they_were_kept() -> None:
    parts = [
        Heading("一"), Words("甲\n乙"), Grid(("a", "b"), (10, 20), (("1", "2"),)),
        bars("件", ["水", "电"], [("受理", [3, None])]),
    ]  # fmt: skip
    assert read(kept(parts)) == parts
    chart = parts[3]
    assert isinstance(chart, Bars) and chart.chart.series[0].figures == (3, None)


def test_it_prints_blank(estate: Estate, tmp_path: Path) -> None:
    text, reader = printed("CS-13", tmp_path, blank=True)
    assert "下月重点" in text and len(reader.pages) == 2
    with pytest.raises(BadInput, match="请写明月份"):
        printed("CS-13", tmp_path)
