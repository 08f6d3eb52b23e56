"""A supervisor chases on the screen: letters tried and written, handed over on the sheet, texts copied."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication

from models.fees.dunning.issuing import dun_unit
from models.fees.dunning.letters import LetterDelivery, Way
from models.listings import Filters
from models.owners.estate import Unit
from tests.estate import Estate
from tests.models.fees.dunning.ladder_world import FIRST, handed, letters, owing, run
from tests.ui.conftest import front
from ui.dialogs import Question

Settle = Callable[[], None]


@pytest.fixture
def street(estate: Estate) -> list[Unit]:
    """Three houses that owe since January 2026."""
    made = [owing(estate, room) for room in ("101", "102", "103")]
    run()
    return made


def test_letters_are_tried_household_by_household_and_written(
    street: list[Unit], window: Any, settle: Settle
) -> None:
    dun_unit(street[0], on=FIRST)
    view = window.open("dunning", Filters(state="今天该催"))
    settle()
    assert view.table.grid.rows.rowCount() == 2
    dialog = view.act("开催缴单").run(view)
    dialog.try_it()
    settle()
    assert "将开第一次催缴 2 户，本金 200.00 元；另 1 户这次不催" in dialog.note.text()
    assert dialog.table.grid.rows.rowCount() == 3
    assert len(letters()) == 1
    dialog.submit()
    settle()
    assert [one.on for one in letters()[1:]] == [date.today()] * 2


def test_a_letter_too_early_is_refused_on_the_screen_and_nothing_written(
    street: list[Unit], window: Any, settle: Settle
) -> None:
    dun_unit(street[0], on=FIRST)
    handed(letters()[0], date.today())
    view = window.open("dunning")
    settle()
    view.table.grid.selectRow(0)
    dialog = view.act("单户催缴").run(view)
    dialog.submit()
    settle()
    assert "现在不能催缴" in dialog.note.text()
    assert len(letters()) == 1


def test_the_sheet_of_deliveries_is_typed_down_and_kept(
    street: list[Unit], window: Any, settle: Settle
) -> None:
    for unit in street:
        dun_unit(unit, on=FIRST)
    page = window.open("delivering")
    settle()
    way = page.rows.first_typed()
    for row, typed in enumerate((("面交", "张先生"), ("邮寄", "", "EY123456789CN"))):
        for at, words in enumerate(typed):
            page.rows.setData(page.rows.index(row, way + at), words)
    page.submit()
    front(Question).yes.click()  # one is left out
    settle()
    assert page.told.text().startswith("已登记 2 张催缴单的送达")
    assert [(one.letter_id, one.way) for one in LetterDelivery.select()] == [(1, Way.HAND), (2, Way.MAIL)]
    assert len(page.rows.lines) == 1


def test_texts_of_selected_houses_are_put_on_the_clipboard(
    street: list[Unit], window: Any, settle: Settle
) -> None:
    for name in ("dunning", "arrears"):
        view = window.open(name)
        settle()
        view.table.grid.selectAll()
        QGuiApplication.clipboard().setText("")
        view.act("复制催缴文字").run(view)
        settle()
        lines = QGuiApplication.clipboard().text().split("\n")
        assert len(lines) == 3 and all("1栋1单元10" in line and "\t" in line for line in lines)


def test_where_there_is_nothing_to_remind_of_that_is_said(
    street: list[Unit], window: Any, settle: Settle
) -> None:
    view = window.open("dunning")
    settle()
    view.act("复制提醒文字").run(view)
    settle()
    question = front(Question)
    assert "没有可以发的文字" in question.sentence.text()
    question.reject()
