from collections.abc import Callable
from typing import Any

import pytest

from models.office.profile import profile
from models.owners.people import Ownership
from tests.estate import Estate
from tests.ui.conftest import front
from ui.dialogs import Question

Settle = Callable[[], None]


@pytest.fixture
def page(window: Any, settle: Settle) -> Any:
    made = window.open("settings")
    settle()
    return made


def test_settings_show_what_is_stored_and_save_by_the_deed(page: Any, settle: Settle, window: Any) -> None:
    assert page.form.given()["office"] == "测试小区物业服务中心"
    assert not page.save.isEnabled()
    page.form.cells["company"].input.line.setText("青枫物业服务有限公司")
    page.form.cells["company"].input.edited.emit()
    assert page.save.isEnabled()
    page.submit()
    settle()
    assert profile().company == "青枫物业服务有限公司"
    assert window.status.said.text() == "已保存本处设置。"
    assert not page.save.isEnabled()


def test_a_wrong_setting_is_told_beside_its_field(page: Any, settle: Settle) -> None:
    page.form.cells["due_day"].input.line.setText("40")
    page.submit()
    settle()
    assert page.form.cells["due_day"].problem.isVisible()
    assert profile().due_day == 25


def test_a_gap_of_the_health_list_leads_to_its_mend(estate: Estate, window: Any, settle: Settle) -> None:
    estate.house("101", owner=None)
    owned = estate.house("102")
    view = window.open("health")
    settle()
    rows = view.table.grid.rows
    told = [(rows.index(row, 0).data(), rows.index(row, 1).data()) for row in range(view.table.count)]
    view.table.grid.selectRow(told.index(("没有业主", "1-1-101")))
    dialog = view.act("处理").run(view)
    settle()
    assert dialog.deed.name == "owners.add_ownership"
    owner = Ownership.get(unit=owned).person
    dialog.form.cells["person"].input.put(owner)
    dialog.submit()
    settle()
    assert Ownership.select().count() == 2


def test_a_blank_setting_leads_to_the_settings(window: Any, settle: Settle) -> None:
    view = window.open("health")
    settle()
    kinds = [view.table.grid.rows.index(row, 0).data() for row in range(view.table.count)]
    view.table.grid.selectRow(kinds.index("本处设置未填"))
    view.act("处理").run(view)
    settle()
    assert window.panels["office"].shown[window.panels["office"].bar.currentIndex()].title == "本处设置"


def test_a_password_that_serves_once_is_shown_once(window: Any, settle: Settle) -> None:
    from models.deeds import DEEDS

    DEEDS["office.add_staff"].call(None, {"number": "0002", "name": "张敏"})
    view = window.open("accounts")
    settle()
    dialog = view.act("开账号").run(view)
    dialog.form.cells["login"].input.line.setText("zhangmin")
    dialog.form.cells["staff"].input.box.setCurrentIndex(1)
    dialog.submit()
    settle()
    assert "一次性口令" in front(Question).sentence.text()
