"""The house map as staff use it."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from models.fees.billing import bill
from models.fees.cashier import receive
from models.listings import Filters
from models.months import Month
from models.owners.estate import Building, Unit, UnitState
from tests.estate import Estate, writing
from tests.ui.conftest import Printer, pause
from ui import theme
from ui.owners.housemap import NAME, told_of

LAST = Month.of(date.today()).plus(-1)
Settle = Callable[[], None]
Key = Qt.Key


@pytest.fixture
def town(estate: Estate) -> Estate:
    """1栋 with three floors of two houses, 2栋 with one house; 101 owes, 102 has paid."""
    for floor in (1, 2, 3):
        for at in (1, 2):
            estate.house(f"{floor}0{at}", "100.00", owner=f"业主{floor}{at}")
    with writing():
        place = Building.add(community=estate.building.community, code="2", name="2栋")
        Unit.add(code="2-101", room="101", building=place)
    item = estate.item(since=LAST.first)
    for code in ("1-1-101", "1-1-102"):
        estate.give(Unit.find(code), item)
    bill(LAST)
    receive(Unit.find("1-1-102"), Decimal("100.00"))
    return estate


@pytest.fixture
def page(town: Estate, window: Any, settle: Settle) -> Any:
    made = window.open(NAME)
    settle()
    made.matrix.setFocus()
    return made


@pytest.fixture
def dressed_again() -> Iterator[None]:
    yield
    theme.apply(theme.Scheme.LIGHT, theme.STANDARD)


def choose(page: Any, question: str, settle: Settle) -> None:
    page._ask(page.question.findText(question))
    settle()


def at(page: Any) -> str:
    spot = page.matrix.current()
    return spot.house.code if spot else ""


def press(page: Any, *keys: Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> str:
    for key in keys:
        QTest.keyClick(page.matrix, key, held)
    return at(page)


def place_of(page: Any, code: str) -> QPoint:
    return next(spot.place.center() for spot in page.matrix.spots if spot.house.code == code)


def legend(page: Any) -> list[str]:
    return [entry.text() for entry in page.legend.entries]


def test_the_page_offers_questions_and_buildings_and_counts_the_answers(page: Any, settle: Settle) -> None:
    assert [page.question.itemText(n) for n in range(page.question.count())] == [
        "使用状态",
        "投诉报修",
        "交费",
        "欠费时长",
    ]
    assert [page.building.itemText(n) for n in range(page.building.count())] == ["全部楼栋", "1栋", "2栋"]
    assert page.count.text() == "2 栋　共 7"
    choose(page, "交费", settle)
    assert legend(page)[0] == "欠费 1　100.00 元" and not page.legend.entries[1].isEnabled()
    assert page.shown.question.name == "payment"


def test_arrows_go_from_house_to_house_and_over_to_the_next_building(page: Any) -> None:
    assert press(page, Key.Key_Home) == "1-1-301"
    assert press(page, Key.Key_Right) == "1-1-302"
    assert press(page, Key.Key_Down, Key.Key_Down) == "1-1-102"
    assert press(page, Key.Key_Left) == "1-1-101"
    assert press(page, Key.Key_Left) == "1-1-101"
    assert press(page, Key.Key_Up, Key.Key_Up) == "1-1-301"
    assert press(page, Key.Key_Up) == "1-1-301"
    assert press(page, Key.Key_Right, Key.Key_Right) == "2-101"


def test_home_end_and_pages_go_far(page: Any) -> None:
    held = Qt.KeyboardModifier.ControlModifier
    assert press(page, Key.Key_Home, Key.Key_End) == "1-1-302"
    assert press(page, Key.Key_PageDown) == "1-1-102"
    assert press(page, Key.Key_PageUp) == "1-1-302"
    assert press(page, Key.Key_End, held=held) == "2-101"
    assert press(page, Key.Key_Home, held=held) == "1-1-301"


def test_enter_and_a_click_open_the_card_of_a_house(page: Any, window: Any, settle: Settle) -> None:
    press(page, Key.Key_Home, Key.Key_Return)
    settle()
    view = window.open("units")
    assert view.card.isVisible() and "1-1-301" in view.card.title.text()
    window.open(NAME)
    QTest.mouseClick(page.matrix, Qt.MouseButton.LeftButton, pos=place_of(page, "1-1-102"))
    settle()
    assert at(page) == "1-1-102" and "1-1-102" in view.card.title.text()


def test_the_foot_and_the_screen_reader_are_told_of_the_house_with_the_keyboard(
    page: Any, settle: Settle
) -> None:
    choose(page, "交费", settle)
    press(page, Key.Key_Home, Key.Key_Down, Key.Key_Down)
    told = f"1-1-101　业主 业主11　欠 欠费　100.00 元，共 1 个月，最早 {LAST}"
    assert page.foot.text() == told
    said = QAccessible.queryAccessibleInterface(page.matrix)
    assert said.text(QAccessible.Text.Description) == told
    assert said.text(QAccessible.Text.Name) == "楼栋矩阵"


def test_the_mouse_is_told_of_before_the_keyboard_and_leaves_it_again(page: Any) -> None:
    press(page, Key.Key_Home)
    QTest.mouseMove(page.matrix, place_of(page, "1-1-202"))
    pause(20)
    assert page.foot.text().startswith("1-1-202")
    QTest.mouseMove(page.matrix, QPoint(1, 1))
    pause(20)
    assert page.foot.text().startswith("1-1-301")


def test_a_house_without_an_owner_says_so(page: Any) -> None:
    (house,) = [spot.house for spot in page.matrix.spots if spot.house.code == "2-101"]
    assert told_of(house) == "2-101　没有登记业主　交 已交付"


def test_an_entry_of_the_legend_lets_its_houses_stand_out_until_esc(page: Any, settle: Settle) -> None:
    choose(page, "交费", settle)
    before = page.matrix.grab().toImage()
    page.legend.entries[0].click()
    assert page.matrix.lit.sign == "欠"
    assert page.matrix.grab().toImage() != before
    page.legend.entries[2].click()
    assert page.matrix.lit.sign == "清" and not page.legend.entries[0].isChecked()
    page.matrix.setFocus()
    press(page, Key.Key_Escape)
    assert page.matrix.lit is None and not any(entry.isChecked() for entry in page.legend.entries)


def test_what_stands_out_does_so_after_a_change_and_not_for_another_question(
    page: Any, settle: Settle
) -> None:
    choose(page, "交费", settle)
    page.legend.entries[0].click()
    page.reload()
    settle()
    assert page.matrix.lit.sign == "欠" and page.legend.entries[0].isChecked()
    choose(page, "使用状态", settle)
    assert page.matrix.lit is None


def test_a_change_is_shown_and_the_keyboard_stays_on_its_house(page: Any, settle: Settle) -> None:
    choose(page, "交费", settle)
    press(page, Key.Key_Home, Key.Key_Down, Key.Key_Down)
    receive(Unit.find("1-1-101"), Decimal("100.00"))
    pause(200)
    settle()
    assert at(page) == "1-1-101" and page.foot.text().endswith(f"清 已交清　已交至 {LAST}")
    assert legend(page)[0] == "欠费 0"


def test_a_hidden_page_reads_anew_when_it_is_shown_again(page: Any, window: Any, settle: Settle) -> None:
    window.open("people")
    Unit.find("1-1-101").set_state(UnitState.VACANT)
    settle()
    window.open(NAME)
    settle()
    assert legend(page)[0] == "空置 1"


def test_f5_reads_anew(page: Any, settle: Settle) -> None:
    with writing():
        Unit.add(code="2-102", room="102", building=Building.find("2"))
    (refresh,) = [one for one in page.findChildren(QShortcut) if one.key().toString() == "F5"]
    refresh.activated.emit()
    settle()
    assert page.count.text() == "2 栋　共 8"


def test_buildings_are_gone_through_one_by_one_and_around(page: Any, settle: Settle) -> None:
    shown = []
    for _ in range(3):
        page.step(1)
        settle()
        shown.append([plan.name for plan in page.shown.plans])
    assert shown == [["1栋"], ["2栋"], ["1栋", "2栋"]]
    page.back.click()
    settle()
    assert page.building.currentText() == "2栋"


def test_question_and_building_are_remembered(
    page: Any, services: Any, settle: Settle, qapp: QApplication
) -> None:
    from ui.owners.housemap import HouseMapPage

    choose(page, "交费", settle)
    page.step(1)
    settle()
    again = HouseMapPage(services)
    again.reload()
    settle()
    assert (again.question.currentText(), again.building.currentText()) == ("交费", "1栋")
    again.deleteLater()


def test_what_was_remembered_and_is_gone_counts_as_not_chosen(
    town: Estate, services: Any, window: Any, settle: Settle
) -> None:
    services.memory.put("house_map.question", "朝向")
    services.memory.put("house_map.building", "99")
    page = window.open(NAME)
    settle()
    assert (page.question.currentText(), page.building.currentText()) == ("使用状态", "全部楼栋")


def test_another_page_can_ask_for_a_building(page: Any, services: Any, settle: Settle) -> None:
    services.open(NAME, Filters(building=Building.find("2")))
    settle()
    assert page.building.currentText() == "2栋" and [plan.code for plan in page.shown.plans] == ["2"]


def test_an_empty_office_is_led_to_its_first_houses(window: Any, settle: Settle) -> None:
    page = window.open(NAME)
    settle()
    assert page.first_step.isVisible() and not page.printing.isVisible() and not page.legend.isVisible()
    page.setFocus()
    assert page.first_step.hasFocus()
    page.first_step.click()
    settle()
    assert window.open("units").isVisible()


def test_the_map_and_its_empty_form_are_printed_for_what_is_shown(
    page: Any, settle: Settle, printer: Printer
) -> None:
    choose(page, "交费", settle)
    page.print_shown.trigger()
    settle()
    page.step(1)
    settle()
    page.print_blank.trigger()
    settle()
    for asked in printer.asked:
        asked.pop("out")
    assert printer.asked == [
        {"code": "OW-18", "question": "payment", "blank": False},
        {"code": "OW-18", "question": "payment", "blank": True, "building": Building.find("1")},
    ]


@pytest.mark.parametrize("scheme", [theme.Scheme.LIGHT, theme.Scheme.DARK])
@pytest.mark.parametrize("points", [9.0, 16.0])
def test_houses_are_drawn_in_the_colours_of_their_answer_and_the_ring_around_one(
    page: Any, settle: Settle, dressed_again: None, scheme: theme.Scheme, points: float
) -> None:
    choose(page, "交费", settle)
    page.matrix.setFocus()
    press(page, Key.Key_Home)
    theme.apply(scheme, points)
    settle()
    picture = page.matrix.grab().toImage()
    scale = picture.devicePixelRatio()
    owing = next(spot.place for spot in page.matrix.spots if spot.house.code == "1-1-101")
    now = theme.tokens()
    band = picture.pixelColor(round((owing.left() + 1) * scale), round(owing.center().y() * scale))
    assert band.name().upper() == now.tone("danger").ink
    spot = page.matrix.current().place
    ring = picture.pixelColor(round(spot.center().x() * scale), round(spot.top() * scale))
    assert ring.name().upper() == now.accent
    assert page.matrix.spots[0].place.height() >= theme.measures().font


def test_larger_letters_make_larger_cells(page: Any, settle: Settle, dressed_again: None) -> None:
    before = page.matrix.spots[0].place.size()
    theme.apply(points=16.0)
    after = page.matrix.spots[0].place.size()
    assert after.width() > before.width() and after.height() > before.height()


def test_every_control_of_the_page_has_a_name(page: Any) -> None:
    named = [page.question, page.building, page.back, page.on, page.matrix, page.legend, *page.legend.entries]
    assert all(widget.accessibleName() for widget in named)
    assert page.legend.entries[0].accessibleName() == "空，空置 0"
