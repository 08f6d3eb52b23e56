"""Charts on the screen: drawn by what draws them on paper, and each bar a way to its lines."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip

from models.charts import Chart, Opens, Series
from models.deeds import DEEDS
from models.fees.cashier import receive
from models.listings import Filters
from models.months import Month
from models.owners.estate import Unit
from tests.estate import Estate
from ui import theme
from ui.chart import ChartView
from ui.services import Services

Settle = Callable[[], None]
NOW = Month.of(date.today())
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def house(estate: Estate) -> Unit:
    """Make a house that owes for last month and this one, and paid a part."""
    unit = estate.house("101")
    estate.give(unit, estate.item())
    for back in (1, 0):
        DEEDS["fees.bill"].call(None, {"month": str(NOW.plus(-back))})
    receive(unit, Decimal(30))
    return unit


@pytest.fixture
def view(services: Services) -> ChartView:
    """Show two bars, the second of which cannot be opened."""
    opens = (Opens("bills"), None)
    chart = Chart("bar", "应收（元）", ("1栋", "䶮栋"), (Series("应收", (30, 20)),), opens=opens)
    made = ChartView(chart, lambda one: True)
    made.resize(400, made.height())
    made.show()
    return made


def middle(view: ChartView, at: int) -> QPoint:
    return view.place(at).center().toPoint()


def test_the_desk_shows_charts_and_a_click_opens_the_lines(house: Unit, window: Any, settle: Settle) -> None:
    window.desk.reload()
    settle()
    titles = [one.chart.title for one in window.desk.charts.views]
    assert titles == ["各月收款（元）", "各月账单至今收缴率（%）", "欠费账龄（元）", "各楼栋欠费（元）"]
    received = window.desk.charts.views[0]
    QTest.mouseClick(
        received, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle(received, NOW.month - 1)
    )
    settle()
    assert window.docks.current == "fees"
    front = window.panels["fees"].stack.currentWidget()
    assert front.listed.name == "receipts" and front.row.given().period.month == NOW


def test_an_office_without_money_says_so_in_the_place_of_charts(window: Any, settle: Settle) -> None:
    window.desk.reload()
    settle()
    assert window.desk.charts.views == []
    words = [window.desk.charts._tiles.itemAt(at).widget().text() for at in range(4)]
    assert "还没有收过款" in words[0] and "没有到期未收的账单" in words[3]


def test_arrows_go_from_bar_to_bar_and_enter_opens(view: ChartView) -> None:
    opened: list[Opens] = []
    view.opened.connect(opened.append)
    view.setFocus()
    assert view.accessibleDescription() == "1栋　应收 30（点开看明细）"
    QTest.keyClick(view, Qt.Key.Key_Return)
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.accessibleDescription() == "䶮栋　应收 20"
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Right, Qt.Key.Key_Space):
        QTest.keyClick(view, key)
    assert opened == [Opens("bills")]


def test_what_lies_beside_the_bars_opens_nothing(view: ChartView) -> None:
    opened: list[Opens] = []
    view.opened.connect(opened.append)
    assert view.category_at(QPointF(1, 1)) == -1
    for at in (QPoint(1, 1), middle(view, 1)):
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    assert opened == []
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle(view, 0))
    assert len(opened) == 1


def colours(view: ChartView) -> set[str]:
    picture = view.grab().toImage()
    return {
        QColor(picture.pixel(x, y)).name()
        for x in range(0, picture.width(), 2)
        for y in range(0, picture.height(), 2)
    }


def test_a_chart_follows_the_appearance_and_the_size_of_letters(view: ChartView) -> None:
    light, low = colours(view), view.height()
    assert theme.LIGHT.accent.lower() in light
    try:
        theme.apply(theme.Scheme.DARK, 16.0)
        dark = colours(view)
        assert theme.DARK.accent.lower() in dark and theme.LIGHT.accent.lower() not in dark
        assert view.height() > low
    finally:
        theme.apply(theme.Scheme.LIGHT, theme.STANDARD)


def test_nothing_of_a_chart_is_painted_black_by_mistake(services: Services) -> None:
    months = tuple(f"{number}月" for number in range(1, 13))
    rates = tuple(range(80, 92))
    chart = Chart("line", "收缴率", months, (Series("今年", rates), Series("去年", rates[::-1])))
    made = ChartView(chart, lambda one: True)
    made.resize(600, made.height())
    picture = made.grab().toImage()
    black = sum(
        QColor(picture.pixel(x, y)).lightness() < 16
        for x in range(picture.width())
        for y in range(picture.height())
    )
    assert black == 0


def test_ctrl_g_shows_the_charts_of_a_list_narrowed_as_the_list_is(
    house: Unit, window: Any, settle: Settle
) -> None:
    page = window.open("arrears")
    settle()
    assert page.charts.isHidden()
    page.setFocus()
    QTest.keyClick(page.table.grid, Qt.Key.Key_G, CTRL)
    settle()
    assert [one.chart.title for one in page.charts.views] == ["欠费账龄（元）", "各楼栋欠费（元）"]
    assert page.charts.isVisible()
    page.narrow(Filters(on=date(2020, 1, 1)))
    settle()
    assert page.charts.views == [], "nobody owed anything then"
    QTest.keyClick(page.table.grid, Qt.Key.Key_G, CTRL)
    settle()
    assert page.charts.isHidden()
    assert window.services.memory.get("charts.arrears", True) is False


def test_a_list_without_charts_has_no_button_for_them(house: Unit, window: Any, settle: Settle) -> None:
    page = window.open("units")
    settle()
    assert page.charts is None and not hasattr(page.tools, "charts")


def test_the_name_of_a_building_is_no_markup_in_a_tooltip(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda at, words, on: shown.append(words))
    made = ChartView(Chart("bar", "欠费", ("<h1>A座</h1>",), (Series("欠费", (1,)),)), lambda one: True)
    made.resize(400, made.height())
    made.show()
    at = middle(made, 0)
    QApplication.sendEvent(made, QHelpEvent(QEvent.Type.ToolTip, at, made.mapToGlobal(at)))
    assert shown == ["<p>&lt;h1&gt;A座&lt;/h1&gt;　欠费 1</p>"]


def test_a_chart_that_did_not_change_keeps_the_keyboard(house: Unit, window: Any, settle: Settle) -> None:
    window.desk.reload()
    settle()
    chart = window.desk.charts.views[2]
    chart.setFocus()
    QTest.keyClick(chart, Qt.Key.Key_Right)
    window.desk.charts.read()
    settle()
    assert window.desk.charts.views[2] is chart and chart.hasFocus() and chart.at == 1


def test_a_list_narrowed_by_what_no_chart_can_follow_says_so(
    house: Unit, window: Any, settle: Settle
) -> None:
    page = window.open("receipts")
    settle()
    page.toggle_charts()
    settle()
    assert len(page.charts.views) == 1
    page.narrow(Filters(state="作废"))
    settle()
    assert page.charts.views == [] and page.area.isVisible()
    assert "不能按现在的筛选" in page.charts._tiles.itemAt(0).widget().text()


def test_charts_put_away_while_they_are_read_stay_away(house: Unit, window: Any, settle: Settle) -> None:
    page = window.open("receipts")
    settle()
    page.toggle_charts()
    page.toggle_charts()
    settle()
    assert not page.area.isVisible()
