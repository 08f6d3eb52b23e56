"""样式表: the one style sheet, written from the tokens of `ui.theme`."""

from __future__ import annotations

from string import Template
from typing import TYPE_CHECKING

from resources import find

if TYPE_CHECKING:
    from ui.theme import Measures, Tokens

_CONTROLS = """
* { outline: none; }
QWidget { color: $text; }
QMainWindow, QDialog, #window { background: $window; }
QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: 4px 8px; }
QLabel { background: transparent; }
QLabel[role="title"] { font-size: ${title}pt; font-weight: bold; }
QLabel[role="section"] { font-size: ${section}pt; font-weight: bold; }
QLabel[role="secondary"], QLabel[role="label"] { color: $secondary; }
QLabel[role="caption"] { color: $secondary; font-size: ${caption}pt; }
QLabel[role="figure"] { font-size: ${figure}pt; font-weight: bold; }
QLabel[tone="danger"] { color: $danger; }
QLabel[tone="warning"] { color: $warning; }
QLabel[tone="ok"] { color: $ok; }
QLabel[tone="info"] { color: $info; }
QLabel[note="danger"] { color: $danger; background: $danger_ground; border-radius: 6px; padding: 7px 10px; }
QLabel[note="warning"] { color: $warning; background: $warning_ground; border-radius: 6px;
    padding: 7px 10px; }
QLabel[note="ok"] { color: $ok; background: $ok_ground; border-radius: 6px; padding: 7px 10px; }
QLabel[note="info"] { color: $info; background: $info_ground; border-radius: 6px; padding: 7px 10px; }
QLabel[note="plain"] { color: $secondary; background: $hover; border-radius: 6px; padding: 7px 10px; }
QToolBar QLabel[note="warning"] { padding: 2px 8px; }
QFrame#card { background: $surface; border: 1px solid $line; border-radius: 8px; }
QFrame#popup { background: $raised; border: 1px solid $edge; border-radius: 8px; }
QFrame#line { background: $line; border: none; max-height: 1px; min-height: 1px; }
QFrame#upright { background: $line; border: none; max-width: 1px; min-width: 1px; margin: 4px 4px; }

QPushButton { icon-size: ${icon}px; }
QPushButton, QToolButton[flat="false"] {
    background: $raised; border: 1px solid $edge_soft; border-radius: 6px;
    padding: 0 11px; min-height: ${inner}px; }
QPushButton:hover, QToolButton[flat="false"]:hover { background: $hover; }
QPushButton:pressed, QToolButton[flat="false"]:pressed { background: $selected; }
QPushButton:focus, QToolButton[flat="false"]:focus { border: 2px solid $accent; padding: 0 10px;
    min-height: ${inner2}px; }
QPushButton:disabled { color: $disabled; background: $window; border-color: $line; }
QPushButton[primary="true"] { background: $accent; color: $on_accent; border: 2px solid $accent;
    padding: 0 12px; min-height: ${inner2}px; font-weight: bold; }
QPushButton[primary="true"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[primary="true"]:focus { border-color: $text; }
QPushButton[primary="true"]:disabled { background: $line; border-color: $line; color: $disabled; }
QPushButton[danger="true"] { color: $danger; }
QPushButton[primary="true"][danger="true"] { background: $danger_fill; border-color: $danger_fill;
    color: $on_danger; }
QPushButton[primary="true"][danger="true"]:focus { border-color: $text; }
QPushButton[link="true"] { background: transparent; border: 2px solid transparent; color: $accent;
    padding: 0 4px;
    text-align: left; min-height: ${inner2}px; }
QPushButton[link="true"]:hover { background: $hover; }
QPushButton[link="true"]:focus { border-color: $accent; }
QPushButton[quiet="true"] { background: transparent; border: 2px solid transparent; padding: 0 8px;
    min-height: ${inner2}px; }
QPushButton[quiet="true"]:hover { background: $hover; }
QPushButton[quiet="true"]:focus { border-color: $accent; }
QPushButton[square="true"] { padding: 0 5px; }
QPushButton[chip="true"] { background: $selected; color: $text; border: 2px solid $selected;
    border-radius: ${chip_half}px; padding: 0 9px; min-height: ${chip}px; }
QPushButton[chip="true"]:hover { border-color: $edge; }
QPushButton[chip="true"]:focus { border-color: $accent; }
QPushButton::menu-indicator { image: url($caret); width: 12px; height: 12px;
    subcontrol-position: right center;
    subcontrol-origin: padding; right: 7px; }
QPushButton[menu="true"] { padding-right: 24px; }
QPushButton[choices="true"] { text-align: left; background: $surface; border-color: $edge; }

QLineEdit, QPlainTextEdit, QComboBox, QSpinBox, QListWidget#choices, QTreeWidget#choices, QTextBrowser {
    background: $surface; border: 1px solid $edge; border-radius: 6px;
    padding: 1px 9px; selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit, QComboBox, QSpinBox { min-height: ${inner_field}px; }
QLineEdit { padding: 1px 7px; lineedit-password-character: 8226; }
QSpinBox { padding: 0 7px; }
QPlainTextEdit, QTextBrowser { padding: 5px 6px; }
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus, QSpinBox:focus, QListWidget#choices:focus,
    QTreeWidget#choices:focus,
QTextBrowser:focus { border: 2px solid $accent; padding: 0 8px; }
QPlainTextEdit:focus, QTextBrowser:focus { padding: 4px 5px; }
QLineEdit:focus, QSpinBox:focus { padding: 0 6px; }
QLineEdit[wrong="true"], QPlainTextEdit[wrong="true"], QComboBox[wrong="true"] { border-color: $danger; }
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled { background: $window; color: $disabled;
    border-color: $line; }
QLineEdit#entry, QLineEdit#entry:focus { min-height: 0; border: 2px solid $accent; border-radius: 0;
    padding: 0 8px; }
QWidget#rows { background: $surface; border: 1px solid $edge; border-radius: 6px; }
QLineEdit:read-only { background: $window; }
QComboBox { padding-right: 24px; combobox-popup: 0; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: url($caret); width: 12px; height: 12px; }
QComboBox QAbstractItemView, QListView#completer { background: $raised; border: 1px solid $edge;
    selection-background-color: $selected; selection-color: $text; outline: none; }
QComboBox QAbstractItemView::item, QListView#completer::item { min-height: ${row}px; padding: 0 6px;
    border-radius: 4px; }
QComboBox QAbstractItemView::item:selected, QComboBox QAbstractItemView::item:hover,
QListView#completer::item:selected { background: $selected; color: $text; }
QCheckBox, QRadioButton { spacing: 8px; background: transparent; min-height: ${inner2}px; padding: 0 3px;
    border: 2px solid transparent; border-radius: 6px; }
QCheckBox:focus, QRadioButton:focus { border-color: $accent; }
QCheckBox::indicator, QTreeView::indicator, QListView::indicator { width: 15px; height: 15px;
    border: 1px solid $edge; border-radius: 4px; background: $surface; }
QCheckBox::indicator:checked, QTreeView::indicator:checked, QListView::indicator:checked {
    background: $accent; border-color: $accent; image: url($check); }
QTreeView::indicator:indeterminate { background: $selected; border-color: $accent; }
QRadioButton::indicator { width: 14px; height: 14px; border: 1px solid $edge; border-radius: 8px;
    background: $surface; }
QRadioButton::indicator:checked { border: 5px solid $accent; width: 6px; height: 6px; }
QProgressBar { background: $line; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
"""

_WINDOW = """
QMenu { background: $raised; border: 1px solid $edge_soft; padding: 5px; }
QMenu::item { padding: 0 28px 0 10px; min-height: ${row}px; border-radius: 4px; }
QMenu::item:selected { background: $selected; }
QMenu::item:disabled { color: $disabled; }
QMenu::separator { height: 1px; background: $line; margin: 5px 6px; }
QMenu::icon { left: 8px; }
QMenu::indicator { width: 14px; height: 14px; left: 8px; }
QMenu::indicator:checked { image: url($tick); }

QToolBar#header, QToolBar#navigator { background: $surface; border: none; spacing: 0; padding: 0; }
QToolBar#header { border-bottom: 1px solid $line; }
QToolBar#navigator { border-right: 1px solid $line; }
QToolBar#navigator QToolButton { border: 2px solid transparent; border-radius: 8px;
    padding: 6px 2px 5px 2px; margin: 2px 5px;
    font-size: ${caption}pt; color: $secondary; background: transparent; }
QToolBar#navigator QToolButton:hover { background: $hover; color: $text; }
QToolBar#navigator QToolButton:checked { background: $selected; color: $accent; }
QToolBar#navigator QToolButton:focus { border-color: $accent; }
QStatusBar { background: $surface; border-top: 1px solid $line; min-height: ${status}px; }
QStatusBar::item { border: none; }
QMainWindow::separator { background: transparent; width: 8px; height: 8px; }
QDockWidget { titlebar-close-icon: url($cross); titlebar-normal-icon: url($dock); }
QDockWidget::close-button, QDockWidget::float-button { border: none; background: transparent; padding: 1px; }
QDockWidget::close-button:hover, QDockWidget::float-button:hover { background: $hover; }
QDockWidget::title { background: $window; padding: 6px 12px; text-align: left; }
QMainWindow > QTabBar { background: $window; qproperty-drawBase: 0; }
QMainWindow > QTabBar::tab { background: transparent; color: $secondary; border: 1px solid transparent;
    border-bottom: none; border-top-left-radius: 8px; border-top-right-radius: 8px;
    padding: 0 12px; height: ${tab}px; margin: 6px 2px 0 2px; }
QMainWindow > QTabBar::tab:first { margin-left: 10px; }
QMainWindow > QTabBar::tab:hover { color: $text; background: $hover; }
QMainWindow > QTabBar::tab:selected { background: $surface; color: $text; border-color: $line;
    font-weight: bold; }
QMainWindow > QTabBar:focus { border: none; }
QMainWindow > QTabBar::tab:selected:focus { border: 2px solid $accent; border-bottom: none; }
QMainWindow > QTabBar::close-button { image: url($cross); subcontrol-position: right; width: 12px;
    height: 12px; border-radius: 4px; padding: 2px; }
QMainWindow > QTabBar::close-button:hover { background: $line; }
QTabBar QToolButton { background: $surface; border: 1px solid $line; border-radius: 4px; margin: 6px 0; }
QTabBar QToolButton:hover { background: $hover; }
QTabBar#pages { background: transparent; qproperty-drawBase: 0; }
QTabBar#pages::tab { background: transparent; color: $secondary; border: 2px solid transparent;
    border-bottom: 2px solid transparent; padding: 0 12px; height: ${tab}px; margin-right: 2px; }
QTabBar#pages::tab:hover { color: $text; }
QTabBar#pages::tab:selected { color: $accent; border-bottom: 2px solid $accent; }
QTabBar#pages::tab:selected:focus { border: 2px solid $accent; border-radius: 4px; }
QTabBar#groups { background: transparent; qproperty-drawBase: 0; }
QTabBar#groups::tab { background: transparent; color: $text; border: 2px solid transparent;
    border-radius: 6px; padding: 0 10px; height: ${group}px; margin: 4px 2px 4px 0; }
QTabBar#groups::tab:hover { background: $hover; }
QTabBar#groups::tab:selected { background: $selected; color: $accent; }
QTabBar#groups::tab:selected:focus { border: 2px solid $accent; }

QTableView { background: $surface; border: none; border-top: 1px solid $line;
    border-bottom: 1px solid $line;
    selection-background-color: $selected; selection-color: $text; }
QTableView:focus { border-top: 2px solid $accent; }
QTableView#frozen { border: none; border-right: 1px solid $edge; }
QHeaderView { background: $surface; border: none; }
QTableView QTableCornerButton::section { background: $surface; border: none; }
QScrollArea { background: transparent; border: none; }
QScrollArea:focus { border: 2px solid $accent; border-radius: 6px; }
QScrollArea > QWidget > QWidget#sheet { background: transparent; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: $scroll; border-radius: 4px; margin: 2px; min-height: 32px;
    min-width: 32px; }
QScrollBar::handle:hover { background: $disabled; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {
    background: none; border: none; width: 0; height: 0; }
QFrame#reminder { background: transparent; border: 2px solid transparent; border-radius: 6px; }
QFrame#reminder[open="true"]:hover, QFrame#figure[open="true"]:hover { background: $hover; }
QFrame#reminder:focus, QFrame#figure:focus { border: 2px solid $accent; }
QFrame#figure { background: $window; border: 2px solid transparent; border-radius: 8px; }
QListWidget#hits { background: transparent; border: none; }
QFrame#related { background: transparent; border: 2px solid transparent; border-radius: 6px; }
QFrame#related:hover { background: $hover; }
QFrame#related:focus { border: 2px solid $accent; }
QSplitter::handle { background: transparent; }
QCalendarWidget QWidget { alternate-background-color: $window; background: $raised; }
QCalendarWidget QAbstractItemView { selection-background-color: $accent; selection-color: $on_accent;
    background: $raised; }
QCalendarWidget QToolButton { background: transparent; border: none; border-radius: 4px;
    padding: 4px 8px; color: $text; }
QCalendarWidget QToolButton:hover { background: $hover; }
"""


def sheet(now: Tokens, sizes: Measures, points: float) -> str:
    """Return the style sheet of an appearance at a size of type."""
    shade = "dark" if now.dark else "light"
    values = {
        **{
            name: getattr(now, name)
            for name in (
                "window", "surface", "raised", "line", "edge", "text", "secondary", "disabled", "accent",
                "on_accent", "accent_hover", "selected", "hover",
            )
        },
        **{name: tone.ink for name, tone in now.tones.items()},
        **{f"{name}_ground": tone.ground for name, tone in now.tones.items()},
        "edge_soft": "#CFD5DE" if not now.dark else "#3C4552",
        "danger_fill": now.tone("danger").ink,
        "on_danger": now.on_accent,
        "scroll": now.edge,
        "caret": find(f"icons/caret-{shade}.svg").as_posix(),
        "cross": find(f"icons/cross-{shade}.svg").as_posix(),
        "dock": find(f"icons/dock-{shade}.svg").as_posix(),
        "check": find(f"icons/check-{shade}.svg").as_posix(),
        "tick": find(f"icons/tick-{shade}.svg").as_posix(),
        "title": points + 3, "section": points + 1, "caption": points - 1, "figure": points + 3,
        "row": sizes.row, "icon": sizes.icon, "inner": sizes.control - 2, "inner2": sizes.control - 4,
        "inner_field": sizes.control - 4, "tab": round(sizes.control * 1.1), "chip": sizes.row - 6,
        "group": round(sizes.control * 1.1) - 8,
        "chip_half": (sizes.row - 2) // 2, "status": sizes.control + 3,
    }  # fmt: skip
    return Template(_CONTROLS + _WINDOW).substitute(values)
