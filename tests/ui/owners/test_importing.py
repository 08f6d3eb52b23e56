from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from models.listings import LISTS
from models.owners.estate import Unit

Settle = Callable[[], None]
HC = Path(__file__).resolve().parents[2] / "data" / "hc.xlsx"


@pytest.fixture
def dialog(window: Any, settle: Settle) -> Any:
    view = window.open("units")
    settle()
    made = view.act("导入").run(view)
    settle()
    return made


def test_the_findings_are_shown_before_anything_is_written(dialog: Any, settle: Settle) -> None:
    dialog.read(HC)
    settle()
    assert Unit.select().count() == 0
    shown = [dialog.table.grid.rows.index(row, 0).data() for row in range(dialog.table.grid.rows.rowCount())]
    assert shown and set(shown) == {"提示"}
    assert "错误 0 处" in dialog.told.text()
    assert dialog.go.isEnabled() and dialog.go.text().startswith("导入 ")
    assert dialog.save.isVisible() and not dialog.skip.isVisible()


def test_it_is_imported_as_one_batch_and_undone_as_one(dialog: Any, window: Any, settle: Settle) -> None:
    dialog.read(HC)
    settle()
    dialog.go.click()
    settle()
    area = Unit.find("1-1-1011").area_on(date.today())
    assert area is not None and str(area.billing) == "94.56"
    view = window.open("batches")
    settle()
    assert view.table.count >= 1


def test_the_same_file_again_brings_nothing(dialog: Any, window: Any, settle: Settle) -> None:
    dialog.read(HC)
    settle()
    dialog.go.click()
    settle()
    before = LISTS["units"]().count()
    view = window.open("units")
    again = view.act("导入").run(view)
    again.read(HC)
    settle()
    assert not again.go.isEnabled()
    assert LISTS["units"]().count() == before


def test_what_is_no_workbook_is_told_in_words(dialog: Any, settle: Settle, tmp_path: Path) -> None:
    wrong = tmp_path / "x.xlsx"
    wrong.write_bytes(b"not a workbook")
    dialog.read(wrong)
    settle()
    assert dialog.told.property("note") == "danger"
    assert not dialog.go.isEnabled()
