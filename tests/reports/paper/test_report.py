"""Reports of many pages, and their charts."""

from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest
from pypdf import PdfReader
from reportlab.graphics.shapes import Rect, String

from models.charts import Chart, Series
from reports.paper import Chapter, Para, Report, write_pdf
from reports.paper.chart import drawing, svg, text_width
from tests.reports.paper import samples
from tests.reports.paper.recorder import recorded


def test_a_report_has_chapters_text_tables_charts_and_signatures(tmp_path: Path) -> None:
    write_pdf(tmp_path / "a.pdf", [samples.report()], samples.LETTERHEAD, samples.PRINTED)
    pages = [page.extract_text() for page in PdfReader(tmp_path / "a.pdf").pages]
    whole = "".join(pages)
    for words in (
        "一、概况",
        "（一）收缴率",
        "当期实收（元）",
        "物业服务费",
        "3,580,246.62",
        "93.5%",
        "KB-202611",
    ):
        assert words in whole, words
    assert "客户服务月度统计分析报告（续）" in pages[1]
    assert [("编制（客服主管）" in page) for page in pages] == [False] * (len(pages) - 1) + [True]
    assert f"第 2 页　共 {len(pages)} 页" in pages[1]


def test_a_chapter_heading_never_stands_last_on_a_page() -> None:
    for count in range(1, 60):
        parts = (*(Para("一行。") for _ in range(count)), Chapter("题"), Para("正文。"))
        (pages,) = recorded([Report(samples.MONTHLY, parts)], samples.LETTERHEAD, samples.PRINTED)
        for page in pages:
            texts = [run.text for run in page.words]
            assert ("题" in texts) == ("　　正文。" in texts)


def test_no_line_of_a_paragraph_stands_alone() -> None:
    for count in range(25, 40):
        parts = (*(Para("一行。") for _ in range(count)), Para("长" * 160))
        (pages,) = recorded([Report(samples.MONTHLY, parts)], samples.LETTERHEAD, samples.PRINTED)
        for page in pages:
            assert sum("长长" in run.text for run in page.words) != 1


def test_values_stand_on_the_bars(tmp_path: Path) -> None:
    chart = Chart("bar", "应收", ("1栋", "2栋"), (Series("应收", (Decimal("1234.5"), None)),), places=2)
    write_pdf(tmp_path / "a.pdf", [Report(samples.MONTHLY, (chart,))], samples.LETTERHEAD, samples.PRINTED)
    assert "1,234.50" in PdfReader(tmp_path / "a.pdf").pages[0].extract_text()


@pytest.mark.parametrize(
    "figures", [(0, 0), (-5, 3), (None, 3), (1, 10**9), (None, None), (Decimal("0.01"), Decimal("0.02"))]
)
@pytest.mark.parametrize("kind", ["bar", "line"])
def test_any_figures_make_a_chart(kind: str, figures: tuple[int, int]) -> None:
    chart = Chart(kind, "图", ("甲", "乙"), (Series("一", figures),), places=2)  # type: ignore[arg-type]
    assert drawing(chart, 400).contents


def test_a_chart_is_the_same_on_the_screen() -> None:
    chart = Chart("bar", "A & B <3", ("䶮栋", "2栋"), (Series("应收", (1, 2)), Series("实收", (1, 1))))
    words = "".join(ElementTree.fromstring(svg(chart, 400)).itertext())
    assert "A & B <3" in words and "䶮栋" in words and "实收" in words
    assert "'Noto Sans SC'" in svg(chart, 400)


def test_a_chart_that_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(ValueError, match="series"):
        Chart("bar", "图", ("甲",), ())
    with pytest.raises(ValueError, match="category"):
        Chart("bar", "图", ("甲",), (Series("一", (1, 2)),))


def test_what_a_chart_cannot_write_is_reported(tmp_path: Path) -> None:
    chart = Chart("line", "图😀", ("甲",), (Series("一", (1,)),))
    outcome = write_pdf(
        tmp_path / "a.pdf", [Report(samples.MONTHLY, (chart,))], samples.LETTERHEAD, samples.PRINTED
    )
    assert outcome.missing == {"😀"}


def test_a_value_stands_over_its_bar_however_much_room_there_is() -> None:
    series = tuple(Series(name, (Decimal("39.3"), Decimal("70.1"))) for name in ("当期", "综合", "上年"))
    drawn = drawing(Chart("bar", "收缴率", ("1栋", "2栋"), series, places=1), 800).contents
    bars = [one for one in drawn if isinstance(one, Rect) and one.height > 6]
    values = [one for one in drawn if isinstance(one, String) and one.text in ("39.3", "70.1")]
    assert len(bars) == len(values) == 6
    for bar, value in zip(bars, values, strict=True):
        assert bar.x <= value.x <= value.x + text_width(value.text, value.fontSize) <= bar.x + bar.width


def test_the_axis_of_a_flat_course_ends_at_its_figure() -> None:
    course = Chart(
        "line", "处理率（%）", ("1月", "2月"), (Series("处理率", (Decimal(100), Decimal(100))),), places=1
    )
    ticks = {one.text for one in drawing(course, 300).contents if isinstance(one, String)}
    assert {"90.0", "95.0", "100.0"} <= ticks and not {"100.5", "105.0"} & ticks
