"""A list that cannot be read says so, and tells no sum of nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from models.errors import StorageRefused
from models.listings import AnyListing
from tests.ui.test_table import money_list
from ui.table import Table


@pytest.mark.parametrize("before", [False, True])
def test_a_list_that_cannot_be_read_shows_no_sum_and_no_empty_list(
    services: Any, settle: Callable[[], None], monkeypatch: pytest.MonkeyPatch, before: bool
) -> None:
    told: list[str] = []
    monkeypatch.setattr(services.jobs, "_failed", lambda owner, problem: told.append(str(problem)))

    def broken() -> AnyListing:
        raise StorageRefused("数据库读写出错。请检查磁盘。")

    table = Table(services)
    table.show_empty("还没有账单。")
    table.show()
    if before:
        table.show_list(lambda: money_list("5.00"))
        settle()
    table.show_list(broken)
    settle()
    assert told == ["数据库读写出错。请检查磁盘。"]
    assert "0.00" not in table.totals.text()
    assert not table.empty_words.isVisible()
    if before:
        assert table.totals.property("role") == "secondary"
    table.deleteLater()
