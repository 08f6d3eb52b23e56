from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QItemSelectionModel, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from models import cards
from models.attachments import Attachment, attach, attached_to, read_file
from models.deeds import DEEDS
from models.owners.estate import Unit
from models.owners.people import Person
from tests.estate import Estate
from tests.ui.conftest import front, pause
from ui.desk import Clickable
from ui.dialogs import Question
from ui.files import Files

Settle = Callable[[], None]


@pytest.fixture
def house(estate: Estate) -> Unit:
    unit = estate.house("101")
    estate.house("102", owner="李强")
    estate.give(unit, estate.item())
    DEEDS["fees.bill"].call(None, {"month": "2026-01"})
    DEEDS["fees.receive"].call("1-1-101", {"amount": "40"})
    return unit


@pytest.fixture
def view(house: Unit, window: Any, settle: Settle) -> Any:
    shown = window.open("units")
    settle()
    shown.toggle_card()
    choose(shown, 0)
    read(settle)
    return shown


def choose(view: Any, row: int) -> None:
    """Select one row, whatever key an earlier test pressed last."""
    flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
    view.table.grid.selectionModel().setCurrentIndex(view.table.grid.rows.index(row, 0), flags)


def read(settle: Settle) -> None:
    for _ in range(8):
        pause(20)
        settle()


def stand_still(card: Any) -> None:
    """Wait until the rows count as standing still, so that the next one is read at once."""
    while card._moving.isActive():
        pause(1)


def words(widget: Any) -> list[str]:
    if isinstance(widget, QLabel):
        return [widget.text()]
    return [one.text() for one in widget.findChildren(QLabel) if one.isVisibleTo(widget)]


def turn(view: Any, settle: Settle, side: str) -> list[str]:
    bar = view.card.bar
    bar.setCurrentIndex(next(at for at in range(bar.count()) if bar.tabText(at) == side))
    settle()
    return words(view.card.area.widget())


def test_the_card_shows_what_is_known_of_the_selected_house(view: Any, settle: Settle) -> None:
    assert view.card.title.text() == "房屋 1-1-101"
    told = words(view.card.area.widget())
    assert {"欠费", "60.00", "预存", "0.00", "最早 2026-01", "计费面积", "100.00", "王桂芳"} <= set(told)
    choose(view, 1)
    read(settle)
    assert view.card.title.text() == "房屋 1-1-102", words(view.card.area.widget())


def test_every_module_has_its_side_of_a_house_and_its_lists_open_narrowed(
    view: Any, window: Any, settle: Settle
) -> None:
    bar = view.card.bar
    assert [bar.tabText(at) for at in range(bar.count())] == [
        "概况",
        "业主档案",
        "投诉报修",
        "物业收费",
        "附件",
        "历史",
    ]
    told = turn(view, settle, "物业收费")
    assert "物业费" in told and "部分已收" in told
    link = next(one for one in view.card.area.widget().findChildren(QPushButton) if one.text() == "账单　1")
    link.click()
    settle()
    assert window.docks.current == "fees"
    bills = window.panels["fees"].stack.currentWidget()
    assert bills.listed.name == "bills" and bills.table.count == 1


def test_a_related_row_opens_its_own_card_wherever_it_lives(view: Any, window: Any, settle: Settle) -> None:
    turn(view, settle, "物业收费")
    row = view.card.area.widget().findChildren(Clickable, "related")[0]
    row.chosen.emit()
    read(settle)
    page = window.panels["fees"].stack.currentWidget()
    assert page.listed.name == "bills" and page.table.count == 1
    assert page.card.isVisible() and page.card.title.text().startswith("账单")
    assert any(chip.text().startswith("只看") for chip in page.narrowing.findChildren(QPushButton))
    page.narrowing.show_all()
    settle()
    assert page.narrowing.only is None


def test_a_figure_of_the_card_opens_its_lines(view: Any, window: Any, settle: Settle) -> None:
    figures = view.card.area.widget().findChildren(Clickable, "figure")
    next(one for one in figures if "欠费" in one.accessibleName()).chosen.emit()
    settle()
    assert window.panels["fees"].stack.currentWidget().listed.name == "bills"


def test_the_history_tells_what_was_done_in_plain_words(view: Any, settle: Settle) -> None:
    DEEDS["owners.edit_unit"].call("1-1-101", {"note": "南向"})
    told = turn(view, settle, "历史")
    assert "修改房屋" in told and "收款" in told
    assert any("备注 空→南向" in one for one in told)


def test_the_card_follows_changes_and_says_when_its_record_is_gone(view: Any, settle: Settle) -> None:
    DEEDS["owners.edit_unit"].call("1-1-101", {"note": "北向"})
    read(settle)
    assert "北向" in words(view.card.area.widget())
    view.card.show_record(99_999)
    read(settle)
    assert "没有这一条" in words(view.card.area.widget())[0]


def test_no_row_or_several_are_no_card(view: Any, settle: Settle) -> None:
    view.table.grid.selectAll()
    read(settle)
    assert words(view.card.area.widget()) == ["选中了 2 行。"]
    view.table.grid.clearSelection()
    settle()
    assert "选中一行" in words(view.card.area.widget())[0]


def test_the_choice_to_see_the_card_holds_on_every_page(view: Any, window: Any, settle: Settle) -> None:
    people = window.open("people")
    settle()
    assert people.card.isVisible()
    QTest.keyClick(people.table.grid, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    assert not people.card.isVisible()
    window.open("units")
    settle()
    assert not view.card.isVisible()


def test_a_name_that_looks_like_markup_stays_a_name(house: Unit, window: Any, settle: Settle) -> None:
    person = Person.select().where(Person.name == "王桂芳").get()
    person.edit(name="<b>王</b><img src=x>")
    people = window.open("people")
    settle()
    people.toggle_card()
    at = next(
        row
        for row in range(people.table.grid.rows.rowCount())
        if "<b>" in str(people.table.grid.rows.index(row, 1).data())
    )
    choose(people, at)
    read(settle)
    for label in people.card.findChildren(QLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText


# -- files -------------------------------------------------------------------------------------


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    made = tmp_path / "购房合同.txt"
    made.write_text("复印件", encoding="utf-8")
    return made


def files(view: Any, settle: Settle) -> Files:
    turn(view, settle, "附件")
    settle()
    found: Files = view.card.area.widget()
    return found


def test_files_are_dropped_onto_a_card_opened_after_asking_and_taken_off(
    view: Any, house: Unit, settle: Settle, paper: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    side = files(view, settle)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(paper))])
    drop = QDropEvent(
        QPointF(5, 5),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    side.dropEvent(drop)
    read(settle)
    (one,) = attached_to(house)
    shown: list[Path] = []
    from ui import files as module

    monkeypatch.setattr(
        module.QDesktopServices, "openUrl", lambda url: shown.append(Path(url.toLocalFile())) or True
    )
    side = files(view, settle)
    question = side.ask_to_open(one)
    assert shown == [] and "购房合同.txt" in question.sentence.text()
    question.yes.click()
    settle()
    assert shown[0].read_text(encoding="utf-8") == "复印件" and shown[0].name == "购房合同.txt"
    side._menu(one).actions()[-1].trigger()
    settle()
    front(Question).yes.click()
    read(settle)
    assert attached_to(house) == []


def test_files_that_are_refused_are_told_and_the_others_stay(
    view: Any, house: Unit, settle: Settle, paper: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "程序.exe"
    bad.write_bytes(b"MZ\x90\x00" + bytes(60))
    side = files(view, settle)
    side.attach([bad, paper, tmp_path / "没有.pdf"])
    settle()
    told = front(Question).sentence.text()
    assert "程序.exe" in told and "没有.pdf" in told
    assert [one.name for one in attached_to(house)] == ["购房合同.txt"]


def test_a_file_is_saved_elsewhere_as_it_was(
    view: Any, house: Unit, settle: Settle, paper: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = attach("Unit", house.id, read_file(paper))
    from ui import files as module

    out = tmp_path / "另存.txt"
    monkeypatch.setattr(module.QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))
    side = files(view, settle)
    side.save(Attachment.get_by_id(one.id))
    settle()
    assert out.read_bytes() == paper.read_bytes()


def test_a_card_turned_while_the_next_one_is_read_is_of_the_selected_row(view: Any, settle: Settle) -> None:
    card = view.card
    stand_still(card)
    choose(view, 1)
    card.bar.setCurrentIndex(card.bar.count() - 1)
    read(settle)
    assert card.card.record.id == view.table.grid.selected()[0].id
    choose(view, 0)
    view.table.grid.clearSelection()
    read(settle)
    assert card.card is None and card.bar.isHidden()


def test_a_row_is_read_at_once_and_rows_run_past_are_not(
    view: Any, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    card, seen = view.card, []
    real = cards.card_of
    monkeypatch.setattr(cards, "card_of", lambda listed, id: seen.append(id) or real(listed, id))
    ids = [row.id for row in view.table.grid.rows.rows]
    stand_still(card)
    for number in (1, 0, 1, 0):
        choose(view, number)
    read(settle)
    assert seen == [ids[1], ids[0]] and card.card.record.id == ids[0]


def test_a_figure_opens_just_the_lines_that_it_adds_up(view: Any, window: Any, settle: Settle) -> None:
    figure = next(one for one in view.card.findChildren(Clickable) if "欠费" in one.accessibleName())
    figure.chosen.emit()
    read(settle)
    bills = window.panels["fees"].stack.currentWidget()
    listing = bills.table.grid.rows.listing
    assert {listing.plain(row)["unit"] for row in bills.table.grid.rows.rows} == {"1-1-101"}
    told = [words for _, words in bills.row.said()]
    assert "1-1-101" in told and any("截至" in words for words in told)
    bills.row.drop("unit")
    assert "1-1-101" not in [words for _, words in bills.row.said()]


def test_enter_shows_the_card_where_there_is_nothing_to_do(view: Any, window: Any, settle: Settle) -> None:
    view.show_card(False)
    view.row_deeds = []
    view.table.grid.opened.emit(view.table.grid.rows.rows[0])
    assert view.card.isVisibleTo(view)


def test_a_figure_may_say_itself_of_which_house_its_lines_are(house: Unit) -> None:
    assert cards.narrowed_to(house, "former_payments", unit=house).unit == house
    assert cards.narrowed_to(house, "former_payments").unit == house
