from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from PySide6.QtPrintSupport import QPrinter

from desktop import printing
from models.deeds import DEEDS
from models.months import Period
from tests.estate import Estate
from tests.ui.conftest import front, pause
from ui import preview
from ui.dialogs import Question
from ui.preview import Preview, offset_of

Settle = Callable[[], None]


@pytest.fixture
def paper(estate: Estate, tmp_path: Path) -> Path:
    """Notices of twelve houses, with Chinese and a rare name."""
    item = estate.item()
    for number in range(12):
        estate.give(estate.house(str(101 + number), owner="𠮷野䶮" if number == 5 else f"业主{number}"), item)
    DEEDS["fees.bill"].call(None, {"month": "2026-01"})
    out = tmp_path / "notices.pdf"
    printing.print_form("FE-02", out=out, period=Period.parse("2026-01"))
    return out


@pytest.fixture
def shown(services: Any, paper: Path) -> Iterator[Preview]:
    made = Preview(services, paper, "交费通知单", "FE-02")
    made.show()
    pause(30)
    yield made
    made.close()


def on_paper(out: Path) -> QPrinter:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(out))
    return printer


def test_a_paper_is_shown_with_its_pages_and_searched(shown: Preview, qtbot: Any) -> None:
    assert shown.usable and shown.pages.text() == "第 1 / 12 页"
    shown.line.setText("业主3")
    qtbot.waitUntil(lambda: shown.count() >= 1, timeout=5000)
    shown._step_hit(1)
    assert shown.view.pageNavigator().currentPage() == 3
    assert shown.hits.text().endswith("处")


def test_all_pages_go_to_the_printer_in_their_size(shown: Preview, tmp_path: Path, qtbot: Any) -> None:
    out = tmp_path / "out.pdf"
    with qtbot.waitSignal(shown.printed, timeout=30_000) as told:
        shown.print_on(on_paper(out))
    assert told.args == [12]
    printed, source = PdfReader(out), PdfReader(shown.path)
    assert len(printed.pages) == 12
    for one, other in zip(printed.pages, source.pages, strict=True):
        assert abs(float(one.mediabox.width) - float(other.mediabox.width)) < 2
        assert abs(float(one.mediabox.height) - float(other.mediabox.height)) < 2


def test_printing_is_stopped_between_two_pages_and_says_how_far_it_came(
    shown: Preview, tmp_path: Path, qtbot: Any
) -> None:
    run = shown.print_on(on_paper(tmp_path / "out.pdf"))
    qtbot.waitUntil(lambda: run.done_so_far >= 3, timeout=30_000)
    run.reject()
    with qtbot.waitSignal(shown.printed, timeout=30_000) as told:
        pass
    done = told.args[0]
    assert 3 <= done < 12
    assert len(PdfReader(tmp_path / "out.pdf").pages) == done
    question = front(Question)
    assert f"已打印 {done} 页，还有 {12 - done} 页" in question.sentence.text()
    with qtbot.waitSignal(shown.printed, timeout=30_000) as told:
        question.yes.click()
    assert told.args == [12 - done]


def test_printing_pauses_and_goes_on(shown: Preview, tmp_path: Path, qtbot: Any) -> None:
    run = shown.print_on(on_paper(tmp_path / "out.pdf"))
    qtbot.waitUntil(lambda: run.done_so_far >= 2, timeout=30_000)
    run.hold.click()
    pause(80)
    held = run.done_so_far
    pause(150)
    assert run.done_so_far == held < 12 and "已暂停" in run.words.text()
    with qtbot.waitSignal(shown.printed, timeout=30_000) as told:
        run.hold.click()
    assert told.args == [12]


def test_some_pages_are_printed_alone(shown: Preview, tmp_path: Path, qtbot: Any) -> None:
    out = tmp_path / "out.pdf"
    with qtbot.waitSignal(shown.printed, timeout=30_000) as told:
        shown.print_on(on_paper(out), 4, 7)
    assert told.args == [3] and len(PdfReader(out).pages) == 3


def test_an_offset_moves_the_whole_page_and_is_kept_for_its_form(
    shown: Preview, services: Any, tmp_path: Path, qtbot: Any
) -> None:
    asking = shown.ask_offset()
    asking.form.cells["right"].input.line.setText("99")
    asking.submit()
    assert "最多 20" in asking.form.cells["right"].problem.text()
    asking.form.cells["right"].input.line.setText("１０")
    asking.form.cells["down"].input.line.setText("-2.5")
    asking.submit()
    assert offset_of(services.memory, "FE-02") == (10.0, -2.5)
    assert offset_of(services.memory, "FE-06") == (0.0, 0.0)
    marks = []
    for offset in ((0.0, 0.0), (10.0, 0.0)):
        services.memory.put("offset.FE-02", list(offset))
        out = tmp_path / f"{offset[0]}.pdf"
        with qtbot.waitSignal(shown.printed, timeout=30_000):
            shown.print_on(on_paper(out))
        marks.append(_left_ink(out))
    assert abs(marks[1] - marks[0] - 10.0) < 0.5


def _left_ink(path: Path) -> float:
    """Return the millimetres from the left edge to the first ink of the first page."""
    from PySide6.QtCore import QSize
    from PySide6.QtPdf import QPdfDocument

    document = QPdfDocument(None)
    document.load(str(path))
    size = document.pagePointSize(0)
    image = document.render(0, QSize(round(size.width() * 2), round(size.height() * 2)))
    for x in range(image.width()):
        for y in range(0, image.height(), 2):
            colour = image.pixelColor(x, y)
            if colour.alpha() > 128 and colour.lightness() < 128:
                return x / 2 / 72 * 25.4
    return -1.0


@pytest.mark.parametrize("kept", [7, [1], ["a", "b"], [99, 0], [float("nan"), 0], [True, False]])
def test_an_offset_that_makes_no_sense_is_none(services: Any, kept: Any) -> None:
    services.memory.put("offset.FE-02", kept)
    assert offset_of(services.memory, "FE-02") == (0.0, 0.0)


def test_a_file_that_is_none_is_told_and_not_printed(services: Any, tmp_path: Path) -> None:
    bad = tmp_path / "bad.pdf"
    bad.write_bytes(b"%PDF-1.4 garbage")
    shown = Preview(services, bad, "坏", "FE-02")
    assert not shown.go.isEnabled() and "打不开" in shown.pages.text()
    shown.ask_to_print()
    shown.close()


def test_a_copy_is_saved_elsewhere(shown: Preview, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "副本.pdf"
    monkeypatch.setattr(preview.QFileDialog, "getSaveFileName", lambda *_: (str(out.with_suffix("")), ""))
    shown.save_as()
    assert out.read_bytes() == shown.path.read_bytes()
    monkeypatch.setattr(preview.QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "no" / "x"), ""))
    shown.save_as()
    assert "写不了" in front(Question).sentence.text()


def test_a_computer_without_a_reader_is_told_of(shown: Preview, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preview.QDesktopServices, "openUrl", lambda url: False)
    shown.open_outside()
    assert "没有打开 PDF 的程序" in front(Question).sentence.text()


def test_a_form_that_was_to_go_straight_to_a_printer_that_is_gone_is_shown(
    services: Any, paper: Path, window: Any, qtbot: Any
) -> None:
    from ui import papers

    services.memory.put("direct.FE-02", "没有这台打印机")
    shown = papers.show(services, window, paper, "交费通知单", "FE-02")
    assert shown.isVisible()
    shown.close()
