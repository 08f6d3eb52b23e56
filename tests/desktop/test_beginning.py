"""The first start, from nothing to the first printed bill, with real widgets and a real database."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from desktop import firststart, making, settings
from models.listings import LISTS
from models.office.profile import profile
from models.owners.estate import Community
from tests.desktop.conftest import PASSWORD

Pump = Callable[[Callable[[], Any]], None]


@pytest.fixture
def prints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "prints"
    folder.mkdir()
    monkeypatch.setattr(making, "prints_folder", lambda: folder)
    monkeypatch.setattr(making.QDesktopServices, "openUrl", lambda url: True)
    return folder


@pytest.fixture
def wizard(program: Any, prints: Path) -> Any:
    program._path = None
    program.start()
    program.gate.buttons["新建管理处"].click()
    return program.beginning.wizard


def fill(wizard: Any, **texts: str) -> None:
    for name, words in texts.items():
        wizard.form.cells[name].input.restore(words)


def press(wizard: Any, pump: Pump, button: Any = None) -> None:
    (button or wizard.go).click()
    pump(lambda: not wizard._busy)


def found(wizard: Any, pump: Pump, folder: Path) -> None:
    fill(wizard, office="青枫苑服务中心", folder=str(folder), password=PASSWORD, again=PASSWORD)
    press(wizard, pump)


def test_the_first_start_offers_four_ways(program: Any) -> None:
    program._path = None
    program.start()
    assert list(program.gate.buttons) == ["新建管理处", "打开数据库", "从备份恢复", "看演示"]
    program.gate.reject()
    assert program.gone == ["quit"]


def test_from_nothing_to_the_first_printed_bill(
    program: Any, wizard: Any, pump: Pump, tmp_path: Path, prints: Path
) -> None:
    found(wizard, pump, tmp_path / "数据")
    assert settings.last_office() == tmp_path / "数据" / "青枫苑服务中心.db"
    assert wizard.at == 1 and "青枫苑服务中心.db" in wizard.note.text()

    fill(wizard, community="青枫苑", buildings="1-2", entrances="1", floors="1-3", rooms="2")
    press(wizard, pump, wizard.test)
    assert "房屋 12" in wizard.note.text() and LISTS["units"]().count() == 0
    press(wizard, pump)
    assert LISTS["units"]().count() == 12 and Community.find("青枫苑")

    fill(wizard, price="1.85")
    press(wizard, pump)
    press(wizard, pump, wizard.test)
    assert "12 笔，共 1,998.00 元" in wizard.note.text()
    press(wizard, pump)
    pump(lambda: program.window is not None)
    (paper,) = prints.glob("*.pdf")
    assert "166.50" in "".join(page.extract_text() for page in PdfReader(paper).pages)
    assert LISTS["bills"]().count() == 12
    assert "管理员" in program.window.person.text() and profile().office == "青枫苑服务中心"


def test_steps_may_be_left_for_later(program: Any, wizard: Any, pump: Pump, tmp_path: Path) -> None:
    found(wizard, pump, tmp_path)
    for _ in range(3):
        wizard.skip.click()
    pump(lambda: program.window is not None)
    assert LISTS["units"]().count() == 0


def test_stopping_half_way_goes_into_the_office_that_was_made(
    program: Any, wizard: Any, pump: Pump, tmp_path: Path
) -> None:
    found(wizard, pump, tmp_path)
    wizard.leave.click()
    pump(lambda: program.window is not None)


def test_stopping_before_anything_was_made_offers_the_ways_again(
    program: Any, wizard: Any, pump: Pump
) -> None:
    wizard.leave.click()
    pump(lambda: program.gate is not None and program.gate.isVisible())
    assert "看演示" in program.gate.buttons


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_made(
    program: Any, wizard: Any, pump: Pump, tmp_path: Path
) -> None:
    fill(wizard, office="甲", folder=str(tmp_path), password=PASSWORD, again="another one 9")
    press(wizard, pump)
    assert "不一样" in wizard.form.cells["again"].problem.text()
    fill(wizard, password="123", again="123")
    press(wizard, pump)
    assert wizard.at == 0 and (wizard.note.text() or wizard.form.cells["password"].problem.text())
    blocked = tmp_path / "file"
    blocked.write_text("x")
    fill(wizard, folder=str(blocked / "below"), password=PASSWORD, again=PASSWORD)
    press(wizard, pump)
    assert "建不了文件夹" in wizard.form.cells["folder"].problem.text()
    fill(wizard, folder="relative")
    press(wizard, pump)
    assert "完整的文件夹" in wizard.form.cells["folder"].problem.text()
    assert [one.name for one in tmp_path.glob("*.db")] == ["office.db"]  # another fixture's


def test_an_office_of_the_same_name_gets_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "青枫苑.db").write_text("x")
    assert firststart.free(tmp_path, " 青/枫 苑 ").name == "青枫苑-2.db"
    assert firststart.free(tmp_path, "???").name == "管理处.db"


def test_a_month_without_anything_to_bill_says_why(
    program: Any, wizard: Any, pump: Pump, tmp_path: Path
) -> None:
    found(wizard, pump, tmp_path)
    wizard.skip.click()
    wizard.skip.click()
    press(wizard, pump)
    assert "没有可出的账" in wizard.note.text() and program.window is None


def test_a_demo_is_built_and_says_who_may_sign_in(
    program: Any, pump: Pump, prints: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from desktop import beginning

    monkeypatch.setattr(beginning, "_DEMO_UNITS", 30)
    monkeypatch.setattr(beginning, "_DEMO_MONTHS", 2)
    monkeypatch.setattr(firststart, "usual_folder", lambda: tmp_path / "演示")
    program._path = None
    program.start()
    program.gate.buttons["看演示"].click()
    pump(lambda: program.door is not None and program.door.isVisible())
    assert program._path == tmp_path / "演示" / "演示小区.db" and profile().demo
    assert program.door.login.text() == "manager"
    told = [label.text() for label in program.door.findChildren(type(program.door.problem))]
    assert any("cashier" in words and "yanshi" in words for words in told)
