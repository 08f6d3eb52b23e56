"""Sheets: what stands on the page: filled, blank, marked, broken over pages and copies."""

import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

from reports.paper import A4, Column, Field, Form, Letterhead, Outcome, Report, Sheet, Total, blank, write_pdf
from reports.paper.sizes import MM
from tests.reports.paper import samples
from tests.reports.paper.recorder import Page, recorded

LONG = Letterhead(
    "深圳市青枫投资发展集团股份有限公司物业管理分公司暨华南区域客户服务运营管理中心（筹备处）",
    "青枫苑国际社区一期二期三期联合物业服务中心",
    "0755-2345 6789 转 8001",
    {"FE-02": "JL-KF-FE-02-2026修订版 A/10"},
)
NAME = "欧阳" * 20  # forty characters


def printed(folder: Path, *sheets: Sheet | Report, letterhead: Letterhead = samples.LETTERHEAD) -> list[str]:
    """Print and return the text of every page."""
    write_pdf(folder / "a.pdf", sheets, letterhead, samples.PRINTED)
    return [page.extract_text() for page in PdfReader(folder / "a.pdf").pages]


def drawn(document: Sheet | Report, letterhead: Letterhead = samples.LETTERHEAD) -> list[Page]:
    """Return what stands on every page, with places."""
    (pages,) = recorded([document], letterhead, samples.PRINTED)
    return pages


def test_a_filled_notice_says_everything_on_it(tmp_path: Path) -> None:
    (text,) = printed(tmp_path, samples.notice(2))
    for words in (
        "青枫苑物业服务中心　交费通知单",
        "深圳市青枫物业管理有限公司",
        "JL-FE-02 A/0",
        "编号　JF-202611-3-1-1002",
        "3栋1单元1002",
        "欧阳娜娜 等 2 人",
        "2026年11月25日",
        "1.8500",
        "224.93",
        "人民币柒佰叁拾叁元壹角叁分",
        "735.13",
        "通知联",
        "回执联",
        "沿此线撕下",
        "打印　2026年11月23日 15:52　张敏",
        "第 1 页　共 1 页",
    ):
        assert words in text, words


def test_empty_cells_say_so_that_nothing_can_be_added_later() -> None:
    (page,) = drawn(samples.notice(values={"unit": "3-1-1"}))
    assert sum(run.text == "—" for run in page.words) > 8


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler-utils is not installed")
def test_text_reads_in_the_order_of_the_page(tmp_path: Path) -> None:
    printed(tmp_path, samples.notice())
    text = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "a.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    words = [
        "交费通知单",
        "JF-202611",
        "房号",
        "项目",
        "住宅物业服务费",
        "往期欠费",
        "合计（大写）",
        "缴费方式",
        "回执联",
        "签收人",
    ]
    places = [text.index(word) for word in words]
    assert places == sorted(places)
    line = next(line for line in text.splitlines() if "住宅物业服务费" in line)
    assert line.split()[0] == "住宅物业服务费" and "222.93" in line


def test_a_blank_form_is_ruled_for_writing_by_hand(tmp_path: Path) -> None:
    (page,) = drawn(blank(samples.NOTICE))
    text = "".join(run.text for run in page.words)
    assert "—" not in text and "JF-" not in text and not page.codes
    assert "房号" in text and "合计（大写）" in text and "＿" in text
    levels = sorted({y for x1, y, x2, y2 in page.lines if y == y2}, reverse=True)
    rows = [above - below for above, below in pairwise(levels)]
    assert sum(row >= 9 * MM - 0.1 for row in rows) >= 10


@pytest.mark.parametrize(("least", "written", "rows"), [(1, 5, 5), (3, 0, 3), (4, 2, 4)])
def test_a_blank_form_has_the_rows_that_are_written_by_hand(least: int, written: int, rows: int) -> None:
    def ruled(form: Form) -> int:
        (page,) = drawn(blank(form))
        return len({round(y, 1) for _, y, _, y2 in page.lines if y == y2})

    one = ruled(replace(samples.NOTICE, min_rows=1, blank_rows=0))
    assert ruled(replace(samples.NOTICE, min_rows=least, blank_rows=written)) == one + rows - 1


@pytest.mark.parametrize(
    "form", [samples.NOTICE, samples.RECEIPTS, samples.CHARGES, samples.CASE, samples.HALVES]
)
def test_a_blank_form_fills_one_page_a_copy(form: Form) -> None:
    copies = 1 if form.stacked else len(form.whole_copies)
    assert len(drawn(blank(form))) == copies


def test_a_blank_form_offers_its_choices_to_tick() -> None:
    (page,) = drawn(blank(samples.CASE))
    assert "□电话 □来访 □来信 □微信 □12345" in "".join(run.text for run in page.words)


def test_signature_cells_are_large_enough_to_sign_in() -> None:
    for form in (samples.NOTICE, samples.RECEIPTS, samples.CHARGES, samples.CASE):
        for page in drawn(blank(form)):
            labels = [run for run in page.words if run.text in form.signatures]
            for label in labels:
                tint = next(
                    t for t in page.tints if t[0] < label.x < t[0] + t[2] and t[1] < label.y < t[1] + t[3]
                )
                rights = [
                    x
                    for x, y, x2, y2 in page.lines
                    if x == x2 and x > tint[0] + tint[2] + 1 and y2 < label.y < y
                ]
                right = min(rights, default=page.size[0] - form.paper.right * MM)
                assert right - tint[0] - tint[2] >= 20 * MM - 0.1
                assert tint[3] >= 9 * MM


@pytest.mark.parametrize("words", ["草稿", "作废", "演示", "补打第 1 次"])
def test_a_watermark_lies_over_every_copy(tmp_path: Path, words: str) -> None:
    for sheet, times in ((samples.notice(watermark=words), 2), (samples.receipt(watermark=words), 1)):
        for page in drawn(sheet):
            assert len(page.marks) == times
    text = printed(tmp_path, samples.notice(watermark=words))[0]
    assert words in text


def test_a_table_goes_on_over_pages_with_its_heading() -> None:
    pages = drawn(samples.charges(70))
    assert len(pages) > 2
    for number, page in enumerate(pages, 1):
        texts = [run.text for run in page.words]
        assert {"物业服务费", "单价", "应缴合计", f"第 {number} 页　共 {len(pages)} 页"} <= set(texts)
        assert ("制表" in texts) == (number == len(pages))
        assert any("费用一览表" in text for text in texts)


def test_every_page_sums_up_what_stands_on_it() -> None:
    pages = drawn(samples.charges(70))
    rows = sum(Decimal(_beside(page, "本页小计")[0].replace(",", "")) for page in pages)
    assert rows == 70 * Decimal("222.93")


def _beside(page: Page, label: str) -> list[str]:
    """Return what stands right of a label on its line."""
    at = next(run for run in page.words if run.text == label)
    right = sorted(run for run in page.words if abs(run.y - at.y) < 2 and run.x > at.x)
    return [run.text for run in sorted(right, key=lambda run: run.x)]


def test_totals_and_signatures_stay_together_with_a_row_above_them() -> None:
    for count in range(8, 40):
        last = drawn(samples.charges(count))[-1]
        texts = [run.text for run in last.words]
        assert {"3栋合计", "制表", "财务复核", "主任"} <= set(texts)
        assert any(text.startswith("3-1-") for text in texts)


def test_a_subtotal_stays_with_the_row_above_it() -> None:
    for count in range(20, 64):
        for page in drawn(samples.charges(count)):
            subtotal = [run.y for run in page.words if run.text == "1单元小计"]
            rows = [run.y for run in page.words if run.text.startswith("3-1-")]
            assert not subtotal or max(rows) > subtotal[0]


def test_a_receipt_has_six_rows_at_least_and_says_where_it_is_empty() -> None:
    (copy, *others) = drawn(samples.receipt(4))
    assert len(others) == 2
    texts = [run.text for run in copy.words]
    assert "以下空白" in texts and "存根联" in texts
    assert [run.text for page in others for run in page.words if run.text.endswith("联")] == [
        "客户联",
        "记账联",
    ]
    assert "以下空白" not in [run.text for run in drawn(samples.receipt(6))[0].words]


def test_copies_that_are_torn_apart_say_the_same() -> None:
    (page,) = drawn(samples.halves())
    upper = sorted(run.text for run in page.words if run.y > page.size[1] / 2)
    lower = sorted(run.text for run in page.words if run.y < page.size[1] / 2)
    extra = {"通知联", "回执联", "沿此线撕下", "第 1 页　共 1 页"}
    drop = lambda texts: [text for text in texts if text not in extra and not text.startswith("打印")]  # noqa: E731
    assert drop(upper) == drop(lower)


def test_a_long_notice_keeps_its_stub_for_the_last_page() -> None:
    sheet = samples.notice()
    pages = drawn(replace(sheet, rows=list(sheet.rows) * 8))
    stubs = [any(run.text == "回执联" for run in page.words) for page in pages]
    assert len(pages) > 1 and stubs == [False] * (len(pages) - 1) + [True]


def test_a_sheet_takes_smaller_type_before_it_takes_a_second_page() -> None:
    sheet = samples.notice()
    for times in (2, 3):
        assert len(drawn(replace(sheet, rows=list(sheet.rows) * times))) == 1


def test_text_wraps_and_figures_do_not() -> None:
    row = (
        "很长的收费项目名称" * 3,
        "计算依据" * 20,
        Decimal("1.85"),
        Decimal("120.5"),
        Decimal("12345678.90"),
        "备注",
    )
    (page,) = drawn(samples.notice(rows=[row]))
    texts = [run.text for run in page.words]
    assert "12,345,678.90" in texts
    assert "很长的收费项目名称" * 3 not in texts
    assert min(run.size for run in page.words) >= 8


def test_a_text_longer_than_a_page_goes_on_to_the_next() -> None:
    facts = "".join(f"第{n}次漏水。" for n in range(900))
    pages = drawn(Sheet(samples.CASE, "TS-1", {"facts": facts}))
    words = [run.text for page in pages for run in page.words]
    text = "".join(word for word in words if re.fullmatch("[第次漏水。0-9]+", word))
    assert len(pages) > 1 and all(f"第{n}次漏水。" in text for n in range(900))


def test_a_figure_that_fits_nowhere_is_squeezed_and_told(tmp_path: Path) -> None:
    row = ("项目", "依据", Decimal("1.85"), Decimal("1"), Decimal("123456789012345678.90"), "")
    outcome = write_pdf(tmp_path / "a.pdf", [samples.notice(rows=[row])], samples.LETTERHEAD, samples.PRINTED)
    assert outcome.squeezed == {("FE-02", "123,456,789,012,345,678.90")}


def test_a_form_takes_its_wider_paper_where_figures_do_not_fit() -> None:
    narrow, wide = drawn(samples.charges(5))[0], drawn(samples.charges(5, scale=1000))[0]
    assert narrow.size[0] == pytest.approx(297 * MM)
    assert wide.size[0] == pytest.approx(420 * MM)


def test_dates_are_written_out_where_there_is_room() -> None:
    form = Form(
        "XX-01",
        "试印",
        "office",
        A4,
        columns=(Column("日期", 60, "date"), Column("期限", 16, "date"), Column("事项", 94)),
    )
    (page,) = drawn(Sheet(form, rows=[(date(2026, 11, 23), date(2026, 11, 23), "巡查")]))
    assert {"2026年11月23日", "2026-11-23"} <= {run.text for run in page.words}


def test_a_lead_too_long_for_the_line_of_the_number_wraps_below_it() -> None:
    form = replace(samples.CHARGES, lead=(Field("scope", "范围"),))
    (page, *_) = drawn(Sheet(form, "YL-1", {"scope": "三栋一单元、" * 40}, samples.charges(3).rows))
    lead = [run for run in page.words if "三栋一单元" in run.text]
    assert len(lead) > 1 and max(run.size for run in lead) <= 10.5


def test_a_picture_stands_beside_the_notes(tmp_path: Path) -> None:
    Image.new("RGB", (60, 60), (20, 90, 40)).save(tmp_path / "pay.png")
    sheet = samples.notice(picture=tmp_path / "pay.png", picture_label="扫码缴费")
    printed(tmp_path, sheet)
    page = PdfReader(tmp_path / "a.pdf").pages[0]
    assert len(page.images) == 1 and "扫码缴费" in page.extract_text()


def test_the_qr_code_can_be_left_out() -> None:
    (pages,) = recorded([samples.notice()], samples.LETTERHEAD, samples.PRINTED, qr=False)
    assert pages[0].codes == []
    assert len(drawn(samples.notice())[0].codes) == 2


def test_names_may_be_printed_into_signature_cells() -> None:
    assert "李静" in [run.text for run in drawn(samples.receipt())[0].words]


@pytest.mark.parametrize(
    "sheet",
    [
        samples.notice(values={"nowhere": 1}),
        samples.notice(rows=[("too", "few")]),
        samples.notice(tables={"nothing": []}),
    ],
)
def test_what_the_form_does_not_have_is_refused(sheet: Sheet) -> None:
    with pytest.raises(ValueError, match=r"nowhere|columns|nothing"):
        drawn(sheet)


def awkward() -> Sequence[Sheet | Report]:
    """Sheets with everything too long, of every shape."""
    row = (
        NAME,
        "计费面积（产权证）× 单价 × 1 个月，" * 3,
        Decimal("12345.6789"),
        Decimal("120.50"),
        Decimal("222222.93"),
        "补收两个月",
    )
    notice = samples.notice()
    values = dict.fromkeys(notice.values, NAME)
    many = [("测试" * 30, *item[1:]) for item in samples.charges(30).rows if not isinstance(item, Total)]
    return [
        replace(notice, rows=[row] * 4, values=values, number="JF-202611-深圳湾一号广场T7栋A座1单元4801复式"),
        replace(
            notice, rows=list(notice.rows) * 8, title="交费通知单（补发，含代收代缴费用及公共能耗分摊明细）"
        ),
        replace(samples.halves(), values=dict.fromkeys(samples.halves().values, NAME)),
        samples.receipt(6, values={"payer": NAME, "unit": NAME, "method": NAME, "day": date(2026, 12, 28)}),
        samples.charges(40, scale=100),
        replace(samples.charges(), rows=many),
        Sheet(
            samples.CASE,
            "TS-1",
            {"facts": NAME * 60, "phone": NAME, "person": NAME},
            [(None, NAME * 9, NAME)] * 3,
        ),
        samples.report(9),
        *(blank(form) for form in (samples.NOTICE, samples.RECEIPTS, samples.CHARGES, samples.CASE)),
    ]


@pytest.mark.parametrize("index", range(len(awkward())))
@pytest.mark.parametrize("letterhead", [samples.LETTERHEAD, LONG])
def test_nothing_touches_or_overlaps_or_leaves_the_page(index: int, letterhead: Letterhead) -> None:
    for page in drawn(awkward()[index], letterhead):
        boxes = [
            (r.x, r.y - 0.1 * r.size, r.x + r.width, r.y + 0.8 * r.size, r.text)
            for r in page.words
            if r.text.strip()
        ]
        for left, low, right, high, text in boxes:
            assert left >= 3 * MM and right <= page.size[0] - 3 * MM, text
            assert low >= 3 * MM and high <= page.size[1] - 3 * MM, text
            for x1, y1, x2, y2 in page.lines:
                crossed = min(x1, x2) < right - 0.1 and max(x1, x2) > left + 0.1
                assert not (crossed and min(y1, y2) < high - 0.1 and max(y1, y2) > low + 0.1), text
        boxes += [(x, y - side, x + side, y, value) for x, y, side, value in page.codes]
        boxes.sort()
        for at, (_, low, right, high, text) in enumerate(boxes):
            for other in boxes[at + 1 :]:
                if other[0] >= right - 0.1:
                    break
                assert other[1] >= high - 0.1 or other[3] <= low + 0.1, (text, other[4])


def test_what_was_printed_is_counted(tmp_path: Path) -> None:
    outcome = write_pdf(
        tmp_path / "a.pdf", [samples.notice(), samples.receipt(), samples.report()], LONG, samples.PRINTED
    )
    pages = len(PdfReader(tmp_path / "a.pdf").pages)
    assert outcome == Outcome(3, pages, frozenset(), outcome.squeezed, (0, 1, 4))


def test_bold_totals_become_light_before_they_are_squeezed() -> None:
    form = Form(
        "XX-02",
        "试印",
        "office",
        A4,
        columns=(Column("楼栋", 100), Column("应收", 17, "money"), Column("备", 53)),
    )
    (page,) = drawn(
        Sheet(form, rows=[("1栋", 1, "")], totals=[Total("合计", (None, Decimal("999999.99"), None))])
    )
    (total,) = [run for run in page.words if run.text == "999,999.99"]
    assert (total.font, total.size) == ("NotoSansSC-Regular", 8)
