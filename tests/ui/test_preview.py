from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from shiboken6 import isValid

from desktop import printing
from models.deeds import DEEDS
from models.fees.cashier import receive
from models.fees.payments import Receipt
from models.months import Period
from tests.estate import Estate
from tests.ui.conftest import front, pause
from ui import papers, preview, printqueue
from ui.dialogs import Question
from ui.preview import Paper, Preview, offset_of, send
from ui.printqueue import Entry, PrintQueue, State
from ui.queueview import QueueView

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
    made = Preview(services, Paper(paper, "交费通知单", "FE-02"))
    made.show()
    pause(30)
    yield made
    if isValid(made):
        made.close()


@pytest.fixture
def queue(services: Any) -> PrintQueue:
    return services.prints


def on_paper(out: Path) -> QPrinter:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(out))
    return printer


def wait(qtbot: Any, entry: Entry, state: State = State.DONE) -> None:
    qtbot.waitUntil(lambda: entry.state is state, timeout=60_000)


def test_a_paper_is_shown_with_its_pages_and_searched(shown: Preview, qtbot: Any) -> None:
    assert shown.usable and shown.pages.text() == "第 1 / 12 页"
    shown.line.setText("业主3")
    qtbot.waitUntil(lambda: shown.count() >= 1, timeout=5000)
    qtbot.waitUntil(lambda: shown.view.pageNavigator().currentPage() == 3, timeout=5000)
    assert shown.hits.text().endswith("处")
    shown.line.setText("没有这几个字")
    qtbot.waitUntil(lambda: shown.hits.text() == "0 处", timeout=5000)
    assert shown.view.currentSearchResultIndex() == -1


def test_esc_ends_the_search_before_it_closes_the_paper(shown: Preview, qtbot: Any) -> None:
    shown.line.setText("业主3")
    QTest.keyClick(shown, Qt.Key.Key_Escape)
    assert shown.line.text() == "" and shown.isVisible()
    QTest.keyClick(shown, Qt.Key.Key_Escape)
    assert not isValid(shown) or not shown.isVisible()


def test_closing_on_another_page_after_a_search_is_no_fault(
    shown: Preview, qtbot: Any, caplog: pytest.LogCaptureFixture
) -> None:
    shown.line.setText("业主3")
    qtbot.waitUntil(lambda: shown.view.pageNavigator().currentPage() == 3, timeout=5000)
    shown.line.clear()
    with qtbot.captureExceptions() as faults:
        shown.close()
        pause(80)
    assert faults == [] and not caplog.records


def test_the_page_is_shown_whole_then_as_wide_as_the_window(shown: Preview) -> None:
    assert shown.zoom.text() == "整页"
    shown.zoom.click()
    assert shown.zoom.text() == "适合宽度" and shown.view.zoomMode() is QPdfView.ZoomMode.FitToWidth
    shown._zoom(1)
    assert shown.view.zoomFactor() == 1.25 and shown.zoom.text() == "125%"


def test_all_pages_go_to_the_printer_in_their_size(shown: Preview, tmp_path: Path, qtbot: Any) -> None:
    out = tmp_path / "out.pdf"
    entry = shown.print_on(on_paper(out))
    wait(qtbot, entry)
    assert entry.told() == "已送打印机 12 / 12 页"
    printed, source = PdfReader(out), PdfReader(shown.paper.path)
    assert len(printed.pages) == 12
    for one, other in zip(printed.pages, source.pages, strict=True):
        assert abs(float(one.mediabox.width) - float(other.mediabox.width)) < 2
        assert abs(float(one.mediabox.height) - float(other.mediabox.height)) < 2


def test_papers_go_out_one_after_the_other_held_dropped_and_tried_again(
    shown: Preview, queue: PrintQueue, tmp_path: Path, qtbot: Any
) -> None:
    outs = [tmp_path / f"{number}.pdf" for number in range(3)]
    first, second, third = [shown.print_on(on_paper(out)) for out in outs]
    assert [one.state for one in queue.entries] == [State.PRINTING, State.WAITING, State.WAITING]
    qtbot.waitUntil(lambda: first.done >= 2, timeout=30_000)
    queue.turn_pause()
    press = queue._press
    assert press is not None
    qtbot.waitUntil(lambda: not press._drawing, timeout=30_000)  # the page that is going out
    held = first.done
    pause(400)
    assert first.state is State.HELD and first.done == held < 12 and second.state is State.WAITING
    queue.drop(second)
    queue.turn_pause()
    qtbot.waitUntil(lambda: first.done > held, timeout=30_000)
    queue.drop(first)
    wait(qtbot, third)
    assert first.state is State.DROPPED and held < first.done < 12 and second.done == 0
    assert len(PdfReader(outs[0]).pages) == first.done and not outs[1].exists()
    assert queue.failed() == [first, second]
    gone = first.done
    queue.retry(first)
    wait(qtbot, first)
    assert first.done == 12 - gone and len(PdfReader(outs[0]).pages) == 12 - gone
    queue.forget_done()
    assert queue.entries == [second]


def test_a_printer_that_does_not_open_and_a_file_that_is_gone_are_told_and_tried_again(
    services: Any, queue: PrintQueue, window: Any, paper: Path, tmp_path: Path, qtbot: Any
) -> None:
    nowhere = tmp_path / "nowhere" / "out.pdf"
    closed = send(services, Paper(paper, "通知单", "FE-02"), on_paper(nowhere))
    lost = send(services, Paper(tmp_path / "gone.pdf", "通知单", "FE-02"), on_paper(tmp_path / "x.pdf"))
    wait(qtbot, lost, State.FAILED)
    assert "打印机打不开" in closed.told() and "文件打不开" in lost.told()
    view = front(QueueView)
    assert view.again.isEnabled() and "2 份没打完" in window.status.prints.text()
    nowhere.parent.mkdir()
    view._rows[0][3].click()
    wait(qtbot, closed)
    assert len(PdfReader(nowhere).pages) == 12
    view.tidy.click()
    assert queue.entries == [lost]


def test_the_window_asks_before_it_closes_over_a_paper_on_its_way(
    shown: Preview, window: Any, tmp_path: Path, qtbot: Any, services: Any
) -> None:
    entry = shown.print_on(on_paper(tmp_path / "out.pdf"))
    window.close()
    question = front(Question)
    assert "打印队列" in question.sentence.text()
    question.no.click()
    wait(qtbot, entry)
    assert not services.printing()


def test_some_pages_are_printed_alone(shown: Preview, tmp_path: Path, qtbot: Any) -> None:
    out = tmp_path / "out.pdf"
    wait(qtbot, shown.print_on(on_paper(out), 4, 7))
    assert len(PdfReader(out).pages) == 3


def test_receipts_are_counted_as_they_go_out_and_those_that_stay_are_not(
    estate: Estate, services: Any, tmp_path: Path, qtbot: Any, settle: Settle
) -> None:
    numbers = []
    for room in range(101, 109):
        payment = receive(estate.house(str(room)), Decimal(5))
        numbers += [receipt.number for receipt in payment.receipts]
    out = tmp_path / "receipts.pdf"
    printing.print_form("FE-06", out=out, number="、".join(numbers), counts=False)
    done = printing.print_form("FE-06", out=out, number="、".join(numbers), counts=False)
    assert {one.prints for one in Receipt.select()} == {0}  # a preview is no print
    shown = Preview(services, Paper(out, "收据", "FE-06", done.counting))
    shown.show()
    entry = shown.print_on(on_paper(tmp_path / "out.pdf"))
    assert not isValid(shown) or not shown.isVisible()  # the next one bears a mark
    qtbot.waitUntil(lambda: entry.done >= 3, timeout=30_000)
    services.prints.drop(entry)
    wait(qtbot, entry, State.DROPPED)
    qtbot.waitUntil(lambda: not services.printing(), timeout=5000)
    settle()
    gone = len(PdfReader(tmp_path / "out.pdf").pages)
    assert 3 <= gone < 24  # each receipt has three copies
    begun = -(-gone // 3)
    told = {one.number: one.prints for one in Receipt.select()}
    assert [told[number] for number in numbers] == [1] * begun + [0] * (8 - begun)
    services.prints.retry(entry)
    wait(qtbot, entry)
    settle()
    assert {one.prints for one in Receipt.select()} == {1}
    again = printing.print_form("FE-06", out=out, number=numbers[0], counts=False)
    assert "补打第 1 次" in PdfReader(again.path).pages[0].extract_text().replace("\n", "")


def test_a_receipt_goes_out_on_paper_of_241_millimetres(
    estate: Estate, services: Any, tmp_path: Path, qtbot: Any
) -> None:
    number = receive(estate.house("101"), Decimal(5)).receipts.get().number
    out, printed = tmp_path / "receipt.pdf", tmp_path / "out.pdf"
    done = printing.print_form("FE-06", out=out, number=number, counts=False)
    wait(qtbot, send(services, Paper(out, "收据", "FE-06", done.counting), on_paper(printed)))
    box, source = PdfReader(printed).pages[0].mediabox, PdfReader(out).pages[0].mediabox
    assert abs(float(source.width) / 72 * 25.4 - 241) < 0.5
    assert (
        abs(float(box.width) - float(source.width)) < 2 and abs(float(box.height) - float(source.height)) < 2
    )


def test_a_form_is_sent_straight_to_its_printer_until_that_is_taken_back(
    services: Any, window: Any, paper: Path, tmp_path: Path, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview, "direct_printer", lambda memory, code: on_paper(tmp_path / "out.pdf"))
    services.memory.put("direct.FE-02", "Office")
    view = papers.show(services, window, paper, "通知单", "FE-02")
    assert isinstance(view, QueueView) and view.look.isVisible()
    wait(qtbot, services.prints.entries[0])
    view.look.click()
    assert services.memory.names("direct.") == [] and not view.look.isVisible()


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
        wait(qtbot, shown.print_on(on_paper(out), 0, 1))
        marks.append(_left_ink(out))
    assert abs(marks[1] - marks[0] - 10.0) < 0.5


def _left_ink(path: Path) -> float:
    """Return the millimetres from the left edge to the first ink of the first page."""
    from PySide6.QtCore import QSize
    from PySide6.QtPdf import QPdfDocument

    document = QPdfDocument()
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
    shown = Preview(services, Paper(bad, "坏", "FE-02"))
    assert not shown.go.isEnabled() and "打不开" in shown.pages.text()
    shown.ask_to_print()
    shown.close()


def test_a_copy_is_saved_elsewhere(shown: Preview, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "副本.pdf"
    monkeypatch.setattr(preview.QFileDialog, "getSaveFileName", lambda *_: (str(out.with_suffix("")), ""))
    shown.save_as()
    assert out.read_bytes() == shown.paper.path.read_bytes()
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
    services.memory.put("direct.FE-02", "没有这台打印机")
    shown = papers.show(services, window, paper, "交费通知单", "FE-02")
    assert shown.isVisible()
    shown.close()


def test_a_paper_taken_off_between_two_pages_leaves_the_next_alone(
    services: Any, queue: PrintQueue, paper: Path, tmp_path: Path, qtbot: Any
) -> None:
    first = send(services, Paper(paper, "甲", "FE-02"), on_paper(tmp_path / "a.pdf"))
    second = send(services, Paper(paper, "乙", "FE-02"), on_paper(tmp_path / "b.pdf"))
    queue.drop(first)
    wait(qtbot, second)
    assert first.done == 0 and second.done == 12


def test_what_went_out_before_the_window_closed_is_counted(
    estate: Estate, services: Any, tmp_path: Path, qtbot: Any
) -> None:
    numbers = [receive(estate.house(str(room)), Decimal(5)).receipts.get().number for room in range(101, 109)]
    out = tmp_path / "receipts.pdf"
    done = printing.print_form("FE-06", out=out, number="、".join(numbers), counts=False)
    entry = send(services, Paper(out, "收据", "FE-06", done.counting), on_paper(tmp_path / "out.pdf"))
    qtbot.waitUntil(lambda: entry.done >= 4, timeout=30_000)
    gone = entry.done
    services.close()
    pause(200)
    assert entry.state is State.DROPPED and entry.done == gone
    assert sum(one.prints for one in Receipt.select()) == -(-gone // 3)
    assert len(PdfReader(tmp_path / "out.pdf").pages) in (gone, gone + 1)  # one may have been begun


def test_a_print_that_the_printer_refuses_at_the_end_did_not_go_out(
    estate: Estate, services: Any, tmp_path: Path, qtbot: Any, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Painter(printqueue.QPainter):
        def end(self) -> bool:
            super().end()
            return False

    number = receive(estate.house("101"), Decimal(5)).receipts.get().number
    out = tmp_path / "receipt.pdf"
    done = printing.print_form("FE-06", out=out, number=number, counts=False)
    monkeypatch.setattr(printqueue, "QPainter", Painter)
    entry = send(services, Paper(out, "收据", "FE-06", done.counting), on_paper(tmp_path / "out.pdf"))
    wait(qtbot, entry, State.FAILED)
    settle()
    assert "没有收下" in entry.told() and len(entry.left) == 3
    assert Receipt.get().prints == 0


def test_each_print_counts_a_receipt_once_whichever_of_its_copies_go_out(
    estate: Estate, services: Any, tmp_path: Path, qtbot: Any, settle: Settle
) -> None:
    number = receive(estate.house("101"), Decimal(5)).receipts.get().number
    out = tmp_path / "receipt.pdf"
    done = printing.print_form("FE-06", out=out, number=number, counts=False)
    for time in (1, 2):
        to = on_paper(tmp_path / f"{time}.pdf")
        wait(qtbot, send(services, Paper(out, "收据", "FE-06", done.counting), to, range(1, 3)))
        settle()
        assert Receipt.get().prints == time
