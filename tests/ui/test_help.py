"""帮助: every page and every button is explained, what is said is there, and F1 leads to it from anywhere."""

import ast
import inspect
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QImage, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from desktop import modules
from models import deeds
from models.base import RECORDS
from models.deeds import DEEDS, RIGHTS
from models.listings import LISTS
from models.office.accounts import Account
from resources import find
from tests.estate import writing
from tests.ui.conftest import front, pause
from ui import help as helping
from ui import helptopics, papers, theme
from ui.acts import Act, offered
from ui.help import HelpWindow
from ui.helptopics import GENERAL, topics
from ui.page import Page, PageView
from ui.panel import Custom, Panel, title_of
from ui.shapes import shape_of

Settle = Callable[[], None]
ROOT = Path(__file__).resolve().parent.parent.parent


def panels() -> list[type[Panel]]:
    import importlib

    return [importlib.import_module(f"ui.{module.name}").PANEL for module in modules.MODULES]


def pages() -> list[Page | Custom]:
    return [page for panel in panels() for page in panel.pages]


def titles_of(page: Page) -> list[str]:
    """Return what the buttons of a page say, without the marks that a form follows."""
    record = shape_of(LISTS[page.listing]).record
    acts = [*page.deeds, *page.row_deeds, *offered(record, page.row_deeds)]
    return [one.title if isinstance(one, Act) else DEEDS[one].title for one in acts]


def everything() -> list[helptopics.Topic]:
    return list(topics().values())


def links(kind: str) -> Iterator[tuple[str, str]]:
    """Yield (topic, target) of every link of a kind."""
    for topic in topics().values():
        for found in re.findall(rf'(?:href|src)="{kind}:([^"]+)"', topic.body):
            yield topic.name, found


@pytest.fixture
def at_window(window: Any, settle: Settle) -> Iterator[Any]:
    yield window
    for left in QApplication.topLevelWidgets():
        if isinstance(left, HelpWindow):
            left.close()
    settle()


def press(widget: QWidget, key: Qt.Key = Qt.Key.Key_F1) -> None:
    QTest.keyClick(widget, key)


# -- what the topics say -------------------------------------------------------------------------


def test_every_page_has_a_topic_of_its_name() -> None:
    assert [page.listing for page in pages() if page.listing not in topics()] == []
    assert [name for name in GENERAL if name not in topics()] == []


def test_no_topic_is_of_a_page_that_there_is_not() -> None:
    known = {page.listing for page in pages()} | set(GENERAL)
    assert set(topics()) - known == set()


def test_a_topic_of_a_page_is_called_as_its_tab_is() -> None:
    told = {page.listing: (topics()[page.listing].title, title_of(page)) for page in pages()}
    assert {name: both for name, both in told.items() if both[0] != both[1]} == {}


def test_every_button_of_a_page_is_explained_in_its_topic(office: Path) -> None:
    missing = [
        (page.listing, title)
        for page in pages()
        if isinstance(page, Page)
        for title in titles_of(page)
        if title not in topics()[page.listing].words
    ]
    assert missing == []


def test_every_deed_that_a_page_does_has_a_heading_to_which_f1_leads() -> None:
    missing = [
        (page.listing, act)
        for page in pages()
        if isinstance(page, Page)
        for act in (*page.deeds, *page.row_deeds)
        if isinstance(act, str) and act not in topics()[page.listing].anchors
    ]
    assert missing == []


def test_every_deed_there_is_has_a_heading_somewhere() -> None:
    own = [name for name in DEEDS if not name.partition(".")[2].startswith("try_")]
    assert [name for name in own if not helptopics.topic_of_deed(name)] == []


def test_every_paper_of_a_page_is_named_in_its_topic() -> None:
    from reports.paper import FORMS

    modules.load_papers()
    missing = [
        (page.listing, word)
        for page in pages()
        if isinstance(page, Page)
        for code in page.papers
        for word in (code, FORMS[code].title)
        if word not in topics()[page.listing].words
    ]
    assert missing == []


def test_every_heading_of_a_deed_names_a_deed() -> None:
    named = [(topic.name, name) for topic in topics().values() for name in topic.anchors]
    assert [one for one in named if one[1] not in DEEDS] == []


def test_every_link_and_every_picture_leads_somewhere() -> None:
    assert [one for one in links("topic") if one[1] not in topics()] == []
    assert [one for one in links("page") if one[1] not in {page.listing for page in pages()}] == []
    drawn = {file.stem for file in find("help/pictures").glob("*.png")}
    assert [one for one in links("picture") if one[1] not in drawn] == []
    assert drawn - {target for _, target in links("picture")} == set()
    others = re.findall(r'(?:href|src)="(\w+):', "".join(topic.body for topic in topics().values()))
    assert set(others) == {"topic", "picture", "print"}


def test_every_topic_of_a_page_shows_the_page() -> None:
    shown = set(links("picture"))
    assert [page.listing for page in pages() if (page.listing, page.listing) not in shown] == []


def test_the_pictures_together_take_little_room_and_can_be_read() -> None:
    files = list(find("help/pictures").glob("*.png"))
    assert sum(file.stat().st_size for file in files) < 30_000 * len(files)
    assert [file.name for file in files if QImage(str(file)).isNull()] == []


def test_topics_hold_neither_colours_nor_sizes_nor_what_the_reader_cannot_draw() -> None:
    known = {"h1", "h2", "p", "ol", "ul", "li", "b", "code", "a", "img", "table", "tr", "td"}
    for file in find("help").glob("*.html"):
        body = file.read_text(encoding="utf-8")
        assert set(re.findall(r"</?(\w+)", body)) <= known, file.name
        assert not re.search(r"style=|color|font|width=", body), file.name
        assert body.startswith("<h1>") and body.count("<h1>") == 1, file.name


def said_by_the_program() -> set[str]:
    """Return every sentence and word that stands in the code, and every label."""
    found = {title for title in RIGHTS.values()} | {deed.title for deed in DEEDS.values()}
    found |= {listed.title for listed in LISTS.values()}
    for record in RECORDS.values():
        found |= {str(field.label) for field in record.fields().values()}
    for folder in ("ui", "desktop", "models"):
        for file in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    found.add(node.value)
    return {words.removesuffix("…").strip() for words in found}


def test_no_topic_names_a_button_that_there_is_not() -> None:
    said = said_by_the_program()
    named = {
        (topic.name, words.removesuffix("…"))
        for topic in topics().values()
        for words in re.findall(r"<b>(.*?)</b>", topic.body)
    }
    assert sorted(one for one in named if one[1] not in said) == []


def test_every_line_of_the_persons_menu_is_in_the_help(at_window: Any) -> None:
    all_words = " ".join(topic.words for topic in topics().values())
    menu = at_window.person.menu()
    lines = [action.text().split("\t")[0].removesuffix("…") for action in menu.actions() if action.text()]
    assert [line for line in lines if line not in all_words] == []


def test_the_keys_are_those_that_the_program_declares(at_window: Any, settle: Settle) -> None:
    at_window.open("bills")
    settle()
    shown = at_window.show_help("keys").reader.toPlainText()
    sections = at_window._keys()
    lines = [line for where in sections.values() for line in where]
    assert [line for line in lines if line[0] not in shown or line[1] not in shown] == []
    assert "打开这里的帮助" in shown and "出账" in shown


# -- finding -------------------------------------------------------------------------------------


def test_a_search_finds_the_topic_that_is_called_so_first() -> None:
    found = helptopics.search("日结", everything())
    assert found[0].topic.name == "closings"
    assert {"receipts", "till"} <= {one.topic.name for one in found}


def test_all_words_must_stand_in_a_topic_and_full_width_is_understood() -> None:
    found = {one.topic.name for one in helptopics.search("作废　收据", everything())}
    assert "receipts" in found and "vehicles" not in found
    assert helptopics.search("ＣＴＲＬ＋Ｋ", everything()) != []
    assert helptopics.search("没有的词", everything()) == helptopics.search("  ", everything()) == []


def test_a_deed_leads_to_its_page_before_any_other() -> None:
    assert helptopics.topic_of_deed("fees.set_off", "balances") == "balances"
    assert helptopics.topic_of_deed("owners.set_area", "areas") == "units"
    assert helptopics.topic_of_deed("nothing.such", "bills") == ""


# -- the window ----------------------------------------------------------------------------------


def test_typing_finds_and_enter_leads_into_what_was_found(at_window: Any, settle: Settle) -> None:
    shown = at_window.show_help("desk")
    QTest.qWaitForWindowActive(shown)
    shown.look_for()
    QTest.keyClicks(shown.line, "DK")
    assert shown.left.currentWidget() is shown.hits
    press(shown.line, Qt.Key.Key_Return)
    assert shown.focusWidget() is shown.hits
    assert shown.reader.topic() == shown.hits.item(0).data(Qt.ItemDataRole.UserRole)
    press(shown.hits, Qt.Key.Key_Escape)
    assert shown.line.text() == "" and shown.left.currentWidget() is shown.tree and shown.isVisible()
    press(shown.reader, Qt.Key.Key_Escape)
    assert not shown.isVisible()


def test_what_is_nowhere_is_said(at_window: Any) -> None:
    shown = at_window.show_help("desk")
    shown.line.setText("没有这种词")
    assert shown.left.currentWidget() is shown.none


def test_links_are_followed_back_and_forward(at_window: Any) -> None:
    shown = at_window.show_help("bills")
    shown.reader.follow(QUrl("topic:till"))
    assert shown.reader.topic() == "till" and shown.back.isEnabled()
    assert shown.tree.currentItem().text(0) == "收银台"
    press(shown.reader, Qt.Key.Key_F1)  # stays
    QTest.keyClick(shown.reader, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert shown.reader.topic() == "bills"
    QTest.keyClick(shown.reader, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert shown.reader.topic() == "till"
    assert shown.tree.currentItem().text(0) == "收银台"


def test_nothing_outside_is_opened(at_window: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from PySide6.QtGui import QDesktopServices

    opened: list[Any] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    shown = at_window.show_help("bills")
    shown.reader.follow(QUrl("https://example.invalid/"))
    assert shown.reader.loadResource(2, QUrl("file:///etc/hosts")) is None
    assert opened == [] and shown.reader.topic() == "bills"


def test_a_topic_that_there_is_not_says_so_calmly(at_window: Any) -> None:
    shown = at_window.show_help("nothing")
    assert "没有这个题目" in shown.reader.toPlainText()


def test_a_topic_opens_its_page(at_window: Any, settle: Settle) -> None:
    shown = at_window.show_help("vehicles")
    assert "打开“车辆”页" in shown.reader.toPlainText()
    shown.reader.follow(QUrl("page:vehicles"))
    settle()
    panel = at_window.panels["owners"]
    assert at_window.docks.current == "owners" and panel.front() == "vehicles"


def test_the_topic_of_the_cards_prints_ones_own(at_window: Any, settle: Settle, printer: Any) -> None:
    shown = at_window.show_help("role")
    shown.reader.follow(QUrl("print:OF-22"))
    settle()
    assert [(one["code"], one.get("number")) for one in printer.asked] == [("OF-22", None)]


def test_the_page_of_the_roles_prints_the_card_of_the_row(at_window: Any, settle: Settle) -> None:
    modules.load_papers()
    view: Any = at_window.open("roles")
    settle()
    view.table.grid.selectRow(0)
    dialog = papers.ask_paper(view, "OF-22")
    name = view.table.grid.rows.listing.plain(view.table.grid.selected()[0])["name"]
    assert dialog.form.values()["number"] == name
    dialog.reject()


def test_a_cashier_is_offered_the_pages_of_a_cashier(services: Any, office: Path, settle: Settle) -> None:
    from desktop.making import make_window

    DEEDS["office.add_staff"].call(None, {"number": "0002", "name": "张敏"})
    DEEDS["office.add_account"].call(None, {"login": "zhangmin", "staff": "0002", "role": "收款员"})
    cashier = Account.find("zhangmin")
    with writing():
        cashier.change(must_change=False)
    with deeds.acting(cashier):
        window = make_window(services, cashier, office)
        window.show()
        shown = window.show_help()
        settle()
        assert {"till", "bills", "backups"} <= set(shown.names)
        assert not {"accounts", "roles", "audit", "settings"} & set(shown.names)
        window.shut()
    window.deleteLater()


def test_pictures_are_no_wider_than_the_window(at_window: Any) -> None:
    shown = at_window.show_help("till")
    shown.resize(820, 600)
    pause(200)
    assert shown.reader.horizontalScrollBar().maximum() == 0


def test_another_appearance_and_size_of_letters_draw_it_anew(at_window: Any) -> None:
    shown = at_window.show_help("bills", "fees.set_off")
    try:
        theme.apply(theme.Scheme.DARK, 16.0)
        page = shown.reader.document().toHtml()
        assert theme.DARK.text.lower() in page.lower() and "16pt" in page
        assert shown.reader.topic() == "bills"
    finally:
        theme.apply(theme.Scheme.LIGHT, theme.STANDARD)
    assert theme.LIGHT.text.lower() in shown.reader.document().toHtml().lower()


def test_its_size_is_remembered(at_window: Any, settle: Settle) -> None:
    shown = at_window.show_help("bills")
    shown.resize(777, 555)
    shown.close()
    settle()
    again = at_window.show_help("bills")
    assert (again.width(), again.height()) == (777, 555)


def test_whoever_may_not_see_a_page_is_not_offered_it(at_window: Any) -> None:
    shown = HelpWindow()
    assert shown.names == list(GENERAL) and shown.role.isHidden()
    shown.show_topic("role")
    assert "打印我的岗位速查表" not in shown.reader.toPlainText()
    shown.close()


def test_everything_in_it_has_a_name(at_window: Any) -> None:
    shown = at_window.show_help("bills")
    nameless = [
        one
        for one in shown.findChildren(QWidget)
        if one.focusPolicy() & Qt.FocusPolicy.TabFocus
        and one.isVisible()
        and not one.accessibleName()
        and not (isinstance(one, QPushButton) and one.text())
    ]
    assert nameless == []


def test_tab_leads_through_the_links_and_out_again(at_window: Any) -> None:
    shown = at_window.show_help("bills")
    QTest.qWaitForWindowActive(shown)
    seen = []
    for _ in range(80):
        press(shown.focusWidget(), Qt.Key.Key_Tab)
        seen.append(shown.focusWidget())
    assert {shown.reader, shown.line, shown.tree, shown.role} <= set(seen)


def test_it_goes_with_the_window(at_window: Any, settle: Settle) -> None:
    shown = at_window.show_help("bills")
    at_window.shut()
    assert not shown.isVisible()


# -- F1 ------------------------------------------------------------------------------------------


def test_f1_on_the_desk_and_on_pages_opens_their_topics(at_window: Any, settle: Settle) -> None:
    press(at_window.desk)
    assert front(HelpWindow).reader.topic() == "desk"
    for name in ("units", "till", "settings", "backups"):
        page = at_window.open(name)
        settle()
        at_window.activateWindow()
        inside = page.focusWidget() or page
        press(inside)
        assert front(HelpWindow).reader.topic() == name


def test_f1_where_nothing_has_a_topic_opens_that_of_the_page_in_front(at_window: Any, settle: Settle) -> None:
    at_window.open("bills")
    settle()
    press(at_window.person)
    assert front(HelpWindow).reader.topic() == "bills"
    press(at_window.search)
    assert front(HelpWindow).reader.topic() == "search"


def test_f1_in_a_form_opens_its_deed_and_leaves_the_form(at_window: Any, settle: Settle) -> None:
    view = at_window.open("units")
    settle()
    assert isinstance(view, PageView)
    dialog: Any = view.act("新增房屋").run(view)
    settle()
    field = dialog.form.cells["room"].input.widget
    field.setText("101")
    press(field)
    shown = front(HelpWindow)
    assert shown.reader.topic() == "units" and shown.reader.source().fragment() == "owners.add_unit"
    assert dialog.isVisible() and field.text() == "101"
    assert shown.isActiveWindow() or shown.isVisible()
    dialog.form.settle()
    dialog.reject()


def test_f1_in_the_import_and_at_the_door_opens_their_topics(at_window: Any, settle: Settle) -> None:
    from ui.signin import SignInDialog

    view: Any = at_window.open("units")
    settle()
    dialog = view.act("导入").run(view)
    settle()
    press(dialog.line)
    assert front(HelpWindow).reader.topic() == "importing" and dialog.isVisible()
    front(HelpWindow).close()
    dialog.reject()
    door = SignInDialog(at_window.services.jobs, "青枫苑", "admin")
    door.show()
    press(door.password)
    shown = front(HelpWindow)
    assert shown.reader.topic() == "signin" and shown.names == list(GENERAL) and door.isVisible()
    shown.close()
    door.close()


def test_f1_waits_while_an_input_method_composes(at_window: Any, settle: Settle) -> None:
    view: Any = at_window.open("units")
    settle()
    line = view.row.finder
    line.setFocus()
    QApplication.sendEvent(line, QInputMethodEvent("fang", []))
    press(line)
    assert [one for one in QApplication.topLevelWidgets() if isinstance(one, HelpWindow)] == []
    QApplication.sendEvent(line, QInputMethodEvent("", []))
    press(line)
    assert front(HelpWindow).reader.topic() == "units"


def test_a_place_without_a_topic_has_none() -> None:
    assert helping.place_of(None) == ("", "")


# -- tooltips ------------------------------------------------------------------------------------


def shown_pages(window: Any, settle: Settle) -> Iterator[tuple[str, QWidget]]:
    """Open every page, one after the other."""
    for panel in window.panels.values():
        for page in panel.shown:
            view = window.open(page.listing)
            settle()
            yield page.listing, view


@pytest.mark.slow
def test_every_button_of_a_list_that_has_a_key_tells_it(at_window: Any, settle: Settle) -> None:
    silent = []
    for name, view in shown_pages(at_window, settle):
        if not isinstance(view, PageView):
            continue
        for button, key in zip(view.buttons._deeds, view.buttons._keys, strict=False):
            if button.isEnabled() and key not in button.toolTip():
                silent.append((name, button.text()))
        for words, key in (("打印", "Ctrl+P"), ("导出", "Ctrl+E")):
            found = [one for one in view.buttons.findChildren(QPushButton) if one.text() == words]
            silent += [(name, words) for one in found if key not in one.toolTip()]
    assert silent == []


def test_the_keys_on_the_card_of_a_role_are_keys_that_the_program_has(at_window: Any, settle: Settle) -> None:
    modules.load_papers()
    from desktop import console
    from reports.roles import KEYS

    lines = []
    for name in ("bills", "till"):
        at_window.open(name)
        settle()
        lines += [line for where in at_window._keys().values() for line in where]
    has = {part for key, _ in lines for part in re.split(r" 或 | / ", key)}
    has |= {key.rsplit("+", 1)[-1] for key in has}
    has |= {"Ctrl+9"} if "Ctrl+1" in has else set()  # a page has as many as it has deeds
    has |= {"Ctrl+L"} if '"Ctrl+L"' in inspect.getsource(console) else set()  # a line the console adds
    named = [part for key, _ in KEYS for part in re.split(r" / | … ", key)]
    assert [one for one in named if one not in has] == []
