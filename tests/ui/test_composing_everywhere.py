"""No field of any page or dialog acts, or loses anything, while an input method is composing in it."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPlainTextEdit, QTextEdit, QWidget
from shiboken6 import isValid

from models.audit import AuditEntry
from models.deeds import DEEDS, Deed
from models.fields import AreaField, MoneyField, PriceField, ShareField
from models.inputs import Input
from tests.estate import opened
from tests.ui import places
from tests.ui.conftest import commit, pause
from ui.lineinputs import LineInput
from ui.links import LinkEdit

Settle = Callable[[], None]
PINYIN = "zhang"
PLAIN, CTRL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
KEYS = (
    *((key, PLAIN) for key in (Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Delete, Qt.Key.Key_Down)),
    (Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier),
    *((Qt.Key(Qt.Key.Key_F1 + number), PLAIN) for number in range(1, 9)),
    *((key, CTRL) for key in (Qt.Key.Key_S, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_1)),
    *((key, CTRL) for key in (Qt.Key.Key_K, Qt.Key.Key_W, Qt.Key.Key_P, Qt.Key.Key_E, Qt.Key.Key_I)),
)


@pytest.fixture
def office(furnished: Path, tmp_path: Path) -> Iterator[Path]:
    with opened(furnished, tmp_path / "office.db") as path:
        yield path


def fields_in(root: QWidget) -> list[QWidget]:
    """Return what can be typed into; first cells, whose line goes when lines are read anew, last houses."""
    kinds = (QLineEdit, QPlainTextEdit, QTextEdit)
    typed = [one for kind in kinds for one in root.findChildren(kind)]
    typed += [one for one in root.findChildren(QComboBox) if one.isEditable()]
    return sorted(filter(_takes, typed), key=_order)


def _order(field: QWidget) -> int:
    return 0 if field.objectName() == "entry" else 2 if isinstance(field, LinkEdit) else 1


def _takes(field: Any) -> bool:
    if not field.isVisible() or not field.isEnabled() or field.focusPolicy() == Qt.FocusPolicy.NoFocus:
        return False
    return isinstance(field, QComboBox) or not field.isReadOnly()


def words_in(field: Any) -> str:
    if isinstance(field, QComboBox):
        return field.currentText()
    return field.text() if isinstance(field, QLineEdit) else field.toPlainText()


def compose(field: QWidget, typed: str) -> None:
    QApplication.sendEvent(field, QInputMethodEvent(typed, []))


BY_ITSELF = "准备名单"
"""The window begins this one a moment after it was shown, whatever is pressed."""


class Watched:
    """Everything that could go wrong while something is being composed in a field."""

    def __init__(self, field: QWidget, services: Any) -> None:
        self.field, self.jobs = field, []
        services.jobs.began.connect(self._note)

    def _note(self, job: Any) -> None:
        if job.title != BY_ITSELF:
            self.jobs.append(job.title)

    def told(self) -> tuple[Any, ...]:
        tops = [one for one in QApplication.topLevelWidgets() if one.isVisible()]
        return (
            words_in(self.field),
            QApplication.focusWidget(),
            [one.windowTitle() for one in tops],
            AuditEntry.select().count(),
            list(self.jobs),
        )


def walk(field: Any, services: Any, settle: Settle) -> list[str]:
    """Compose in a field as a person does; return what went wrong."""
    if not isValid(field) or not _takes(field):  # the page was read anew
        return []
    field.setFocus(Qt.FocusReason.TabFocusReason)
    _to_the_end(field)
    _rest(settle)
    if not isValid(field):
        return []
    name = field.accessibleName() or field.objectName() or type(field).__name__
    if not field.hasFocus():
        return [f"{name}: takes no focus"]
    wrong, watched = [], Watched(field, services)
    compose(field, PINYIN)
    before = watched.told()
    for key, held in KEYS:
        QTest.keyClick(field, key, held)
        QCoreApplication.processEvents()
        if watched.told() != before:
            return [f"{name}: {key.name} {held.name} acted: {before} -> {watched.told()}"]
    had = words_in(field)
    commit(field, "张")
    if "张" not in words_in(field) or not _holds(words_in(field), had):
        wrong.append(f"{name}: the characters were lost")
    had = words_in(field)
    compose(field, PINYIN)
    field.clearFocus()
    if not _holds(words_in(field), had) or not _holds(words_in(field), PINYIN):
        wrong.append(f"{name}: {words_in(field)!r} is left of {had!r}")
    return wrong


def _holds(words: str, part: str) -> bool:
    return all(letter in words for letter in part)


def _rest(settle: Settle) -> None:
    """Wait until nothing follows any more from what was typed before."""
    settle()
    while any(
        timer.isActive() and timer.isSingleShot() and timer.interval() < 1000
        for top in QApplication.topLevelWidgets()
        for timer in top.findChildren(QTimer)
    ):
        pause(10)
    settle()


def _to_the_end(field: Any) -> None:
    if isinstance(field, QLineEdit):
        field.end(False)
    elif not isinstance(field, QComboBox):
        field.moveCursor(field.textCursor().MoveOperation.End)


def _amounts(deed: Deed) -> list[Input]:
    kinds = (MoneyField, AreaField, PriceField, ShareField)
    return [one for one in deed.inputs if isinstance(one.field, kinds)]


@pytest.mark.parametrize("name", [deed.name for deed in places.asking()])
def test_no_field_of_a_form_acts_while_composing(name: str, services: Any, settle: Settle) -> None:
    dialog = places.form_of(services, DEEDS[name])
    places.come_up(dialog, settle)
    wrong = [told for field in fields_in(dialog) for told in walk(field, services, settle)]
    places.put_away(dialog, settle)
    assert not wrong, "\n".join(wrong)


def once(root: QWidget, field: QWidget, walked: set[Any]) -> bool:
    """Whether no field of the same kind and name was walked yet in another of the same pages or dialogs."""
    known = (type(root), type(field), field.objectName(), field.accessibleName())
    new = known not in walked
    walked.add(known)
    return new


def test_no_field_of_any_other_dialog_acts_while_composing(
    window: Any, services: Any, settle: Settle, tmp_path: Path
) -> None:
    wrong = [
        f"{name}: {told}"
        for name, dialog in places.others(window, settle, tmp_path)
        for field in fields_in(dialog)
        for told in walk(field, services, settle)
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", [deed.name for deed in places.asking() if _amounts(deed)])
def test_full_width_digits_are_understood_where_an_amount_is_typed(
    name: str, services: Any, settle: Settle
) -> None:
    dialog = places.form_of(services, DEEDS[name])
    places.come_up(dialog, settle)
    for asked in _amounts(DEEDS[name]):
        cell = dialog.form.cells.get(asked.name)
        if cell is None or not isinstance(cell.input, LineInput):
            continue
        cell.input.widget.setFocus()
        cell.input.widget.selectAll()
        commit(cell.input.widget, "１２．５")
        cell.input.widget.clearFocus()
        assert cell.problem.isHidden(), f"{asked.name}: {cell.problem.text()}"
        assert cell.value() == Decimal("12.5")
    places.put_away(dialog, settle)
