"""按键: shortcuts that hold only while their own page or dialog has the keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QPushButton, QWidget
from shiboken6 import isValid

SAVE = ("Ctrl+Return", "Ctrl+Enter")
"""On the keypad it is another key."""

HELP = (
    ("Alt+1 … Alt+4", "到工作台和各模块"),
    ("Ctrl+K / F3", "检索房屋、人员、车牌、单据和页面"),
    ("Ctrl+Tab", "下一个打开的模块；Ctrl+W 关闭它"),
    ("Ctrl+\\ 　Ctrl+Shift+\\", "当前模块放到右边、下边"),
    ("Ctrl+Shift+O / M", "当前模块浮动或收回、并回标签"),
    ("Ctrl+= / − / 0", "字大、字小、标准字号"),
    ("Ctrl+L", "锁定"),
    ("Ctrl+PgDn / PgUp", "下一页、上一页"),
    ("Ctrl+1 … Ctrl+9", "本页的各项办理，按钮提示里写着"),
    ("Ctrl+F", "在名单中找"),
    ("Ctrl+I", "显示或收起选中行的卡片"),
    ("F6 / Ctrl+F6", "筛选、选择列"),
    ("Enter", "办理选中的一行；在表单里到下一栏"),
    ("Ctrl+Enter", "保存表单；在收银台收款并打印"),
    ("Esc", "取消；在收银台清空"),
    ("Ctrl+C / Ctrl+A", "复制选中的行、全选整个名单"),
    ("Ctrl+N", "在选人、选房的栏里新增一个"),
    ("Ctrl+P / Ctrl+E", "打印、导出"),
    ("F5", "刷新"),
    ("+ − F4", "日期加减一天、打开日历；↑ ↓ 月份加减"),
    ("空格", "勾选待收明细"),
)
"""What the person's menu shows under 快捷键."""


class PressesOnEnter:
    """What a window or dialog takes on beside Qt's own class: Enter presses the button with the keyboard.

    Qt does so only for buttons that would also be pressed by Enter in a field.
    """

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Press the button that has the keyboard; any other Enter ends here and saves nothing by accident."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)  # type: ignore[misc]
            return
        event.accept()
        button = cast(QWidget, self).focusWidget()
        if isinstance(button, QPushButton) and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            button.click()


class Standstill:
    """A page out of use while its deed is at work; afterwards the keyboard is where it was."""

    def __init__(self, page: QWidget, follow: Callable[[], object]) -> None:
        """Make it.

        Args:
            page: which.
            follow: puts what is on it in or out of use, as `busy` says.
        """
        self.busy = False
        self._page, self._follow = page, follow
        self._had: QWidget | None = None
        self._fell: QWidget | None = None

    def begin(self) -> None:
        """Take the page out of use."""
        had = self._page.window().focusWidget()
        self._had = self._fell = had if had is not None and self._page.isAncestorOf(had) else None
        self.busy = True
        self._follow()
        QTimer.singleShot(0, self._page, self._note)

    def _note(self) -> None:
        """Remember where Qt put the keyboard when its owner went out of use."""
        self._fell = self._page.window().focusWidget()

    def end(self) -> None:
        """Take it into use again; give the keyboard back unless the person went elsewhere meanwhile."""
        self.busy = False
        self._follow()
        stayed = self._page.window().focusWidget() in (None, self._fell)
        if stayed and self._had is not None and isValid(self._had) and self._had.isEnabled():
            self._had.setFocus(Qt.FocusReason.OtherFocusReason)
        self._had = None


def bind(owner: QWidget, act: Callable[[], Any], *keys: str | QKeySequence.StandardKey) -> None:
    """Let keys do something while the owner or something in it has the keyboard."""
    for key in keys:
        shortcut = QShortcut(QKeySequence(key), owner)
        # As an argument of its own PySide passes the context over in silence.
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(act)


def is_enter(event: QEvent) -> bool:
    """Whether an event is Enter being pressed, on the keypad too."""
    if event.type() is not QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
        return False
    return event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
