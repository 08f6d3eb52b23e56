"""Flow: where pages break."""

from collections.abc import Sequence

from reports.paper.flow import Flow, Gap, Strip, Tally


def strips(*heights: float) -> list[Strip]:
    return [Strip(height) for height in heights]


def heights(pages: Sequence[Sequence[Strip]]) -> list[list[float]]:
    return [[strip.height for strip in page] for page in pages]


def test_the_first_page_may_have_less_room() -> None:
    assert heights(Flow(20, 30).fill(strips(10, 10, 10, 10, 10))) == [[10, 10], [10, 10, 10]]


def test_what_belongs_together_goes_to_the_next_page_together() -> None:
    several = strips(10, 10, 5, 5)
    several[1].keep = several[2].keep = True
    assert heights(Flow(25, 30).fill(several)) == [[10], [10, 5, 5]]


def test_what_can_never_stay_together_still_gets_printed() -> None:
    several = strips(20, 20, 20)
    several[0].keep = several[1].keep = True
    assert heights(Flow(30, 30).fill(several)) == [[20], [20], [20]]


def test_a_strip_higher_than_any_page_stands_alone() -> None:
    assert heights(Flow(10, 10).fill(strips(5, 50, 5))) == [[5], [50], [5]]


def test_a_gap_is_left_out_at_the_head_of_a_page() -> None:
    assert heights(Flow(10, 10).fill([*strips(10), Gap(3), *strips(10)])) == [[10], [10]]


def test_a_heading_stands_again_on_every_page_of_its_table() -> None:
    heading = Strip(2)
    heading.keep = True
    rows = strips(10, 10, 10)
    for row in rows:
        row.heading = heading
    assert heights(Flow(12, 12).fill([heading, *rows])) == [[2, 10], [2, 10], [2, 10]]


def test_every_page_of_a_table_closes_with_its_own_sum() -> None:
    tally = Tally(3, lambda counted: Strip(100 + len(counted)))
    rows = strips(10, 10, 10)
    for row in rows:
        row.tally = tally
    pages = Flow(23, 23).fill([*rows, *strips(1)])
    assert heights(pages) == [[10, 10, 102], [10, 101, 1]]


def test_what_is_carried_forward_opens_the_next_page_of_the_same_table() -> None:
    tally = Tally(3, lambda counted: Strip(100 + len(counted)), lambda counted: Strip(200 + len(counted)))
    rows = strips(10, 10, 10)
    for row in rows:
        row.tally = tally
    rows[2].heading = Strip(2)
    assert heights(Flow(23, 300).fill([*rows, *strips(1)])) == [[10, 10, 102], [2, 202, 10, 101, 1]]
    assert heights(Flow(13, 30).fill([*rows[:1], *strips(20)])) == [[10, 101], [20]]


def test_nothing_at_all_is_one_empty_page() -> None:
    assert Flow(10, 10).fill([]) == [[]]
