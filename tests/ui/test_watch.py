import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ui.watch import Kind, watch


def test_the_watch_sees_nothing_while_it_rests_and_all_again_even_after_a_fault(qtbot: QtBot) -> None:
    seen: list[QObject] = []

    def look(watched: QObject, _: QEvent, __: Kind) -> bool:
        if isinstance(watched, QLabel):  # its native window is shown too
            seen.append(watched)
        return False

    end = watch().ask((QEvent.Type.Show,), look)
    labels = [QLabel("一"), QLabel("二")]
    for one in labels:
        qtbot.addWidget(one)
    with pytest.raises(ValueError, match="窗口"), watch().resting():
        labels[0].show()
        raise ValueError("窗口")
    labels[1].show()
    end()
    assert seen == [labels[1]]
