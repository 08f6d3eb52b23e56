"""Buildings on paper: how wide, how high, and where they are cut."""

import re
from dataclasses import replace
from pathlib import Path

from pypdf import PdfReader

from reports.paper import (
    A3_LANDSCAPE,
    A4_LANDSCAPE,
    Form,
    LegendEntry,
    Mark,
    Plan,
    PlanBay,
    PlanLine,
    Plans,
    Sheet,
    write_pdf,
)
from reports.paper.sizes import MM
from tests.reports.paper import samples
from tests.reports.paper.recorder import Page, recorded

FORM = Form("OW-98", "楼栋图", "owners", A4_LANDSCAPE, more=(Plans(),), signatures=("制图",), qr=False)
LEGEND = (LegendEntry("欠", "欠费 3", 3), LegendEntry("清", "已交清"))


def plan(name: str = "1栋", *, entrances: int = 2, floors: int = 6, per: int = 2, sign: str = "清") -> Plan:
    lines = [
        PlanLine(f"{floor}层", [Mark(f"{floor}{at + 1:02}", sign) for at in range(per)] * entrances)
        for floor in range(floors, 0, -1)
    ]
    return Plan(name, [PlanBay(f"{n + 1}单元", n * per, per) for n in range(entrances)], lines, "共", LEGEND)


def drawn(*plans: Plan, form: Form = FORM, blank: bool = False) -> list[Page]:
    sheet = Sheet(form, plans=plans, blank=blank)
    (pages,) = recorded([sheet], samples.LETTERHEAD, samples.PRINTED)
    return pages


def texts(page: Page) -> list[str]:
    return ["".join(run.text) for run in page.words]


def test_no_cell_lies_outside_the_margins() -> None:
    for shown in (plan(), plan(per=16), plan(entrances=6, per=8), plan(floors=50)):
        for page in drawn(shown):
            right, foot = (page.size[0] - 15 * MM), 18 * MM
            assert all(run.x >= 25 * MM - 0.1 and run.x + run.width <= right + 0.1 for run in page.words)
            cells = [run for run in page.words if re.fullmatch(r"\d{3,4}", run.text)]
            assert cells and all(run.y >= foot for run in cells)
            assert all(x >= 25 * MM - 0.1 and x + wide <= right + 0.1 for x, _, wide, _ in page.boxes)


def test_a_building_too_wide_even_for_a_letter_below_its_number_is_cut_beside_an_entrance() -> None:
    wide = plan(entrances=5, per=10, floors=3)
    words = [word for page in drawn(wide) for word in texts(page)]
    assert words.count("1栋（续）") >= 1
    numbers = [word for word in words if re.fullmatch(r"\d{3}", word)]
    assert len(numbers) == 150
    assert [word for word in words if word.endswith("单元")] == [f"{n}单元" for n in range(1, 6)]


def test_the_wider_paper_is_taken_where_a_building_is_too_wide_or_too_high_for_the_first() -> None:
    form = replace(FORM, wide=A3_LANDSCAPE)
    widths = [
        round(drawn(shown, form=form)[0].size[0] / MM)
        for shown in (plan(), plan(entrances=4, per=12), plan(floors=40))
    ]
    assert widths == [297, 420, 420]


def test_a_building_stays_whole_where_it_can_and_goes_on_under_its_name_where_it_cannot() -> None:
    first, second, *_ = drawn(plan("1栋", floors=12), plan("2栋", floors=12))
    assert "1栋" in texts(first) and "2栋" in texts(second) and "2栋" not in texts(first)
    pages = drawn(plan("高楼", floors=70))
    assert len(pages) > 1 and all("高楼（续）" in texts(page) for page in pages[1:])


def test_what_stands_in_a_blank_building_is_its_numbers_with_the_same_cells() -> None:
    (page,) = drawn(plan(sign=""), blank=True)
    assert "601" in texts(page) and "清" in texts(page)  # in the legend
    assert sum(text == "清" for text in texts(page)) == 1


def test_without_buildings_a_blank_form_is_a_grid() -> None:
    (page,) = drawn(blank=True)
    assert "制图" in "".join(texts(page)) and len(page.boxes) == 18 * 12


def test_dark_cells_keep_their_letters_readable(tmp_path: Path) -> None:
    marked = Plan("1栋", [], [PlanLine("1层", [Mark("101", "欠", 3), None, Mark("103", "㛃𠮷", 1)])])
    write_pdf(tmp_path / "a.pdf", [Sheet(FORM, plans=[marked])], samples.LETTERHEAD, samples.PRINTED)
    page = PdfReader(tmp_path / "a.pdf").pages[0]
    content = page.get_contents()
    assert content is not None and b".78 .78 .78 rg" in content.get_data()
    assert "㛃𠮷" in page.extract_text()
