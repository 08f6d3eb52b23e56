from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QPushButton

from models.errors import RuleBroken
from ui import dialogs
from ui.dialogs import Question


@pytest.fixture(autouse=True)
def _own_offer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialogs, "_bundle", [])
    monkeypatch.setattr(dialogs, "_shown", [])


def words(question: Question) -> list[str]:
    return [button.text() for button in question.findChildren(QPushButton)]


def test_a_fault_is_told_once_however_often_it_comes_back(qtbot: Any) -> None:
    first = dialogs.report_bug(None, ValueError("x"))
    assert "编号" in first.sentence.text()
    assert dialogs.report_bug(None, ValueError("x")) is first
    first.accept()
    second = dialogs.report_bug(None, ValueError("x"))
    assert second is not first
    second.accept()


def test_a_fault_offers_a_bundle_and_says_where_it_went(
    qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved: list[Path] = []
    dialogs.offer_bundle(saved.append)
    monkeypatch.setattr(dialogs.QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "a"), ""))
    shown = dialogs.report_bug(None, ValueError("x"))
    assert "导出诊断包…" in words(shown)
    next(one for one in shown.findChildren(QPushButton) if one.text() == "导出诊断包…").click()
    assert saved == [tmp_path / "a.zip"]
    shown.accept()


def test_a_bundle_that_cannot_be_saved_is_told(
    qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(place: Path) -> None:
        raise RuleBroken(f"写不了 {place}。")

    dialogs.offer_bundle(refuse)
    monkeypatch.setattr(dialogs.QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "a"), ""))
    shown = dialogs.report_bug(None, ValueError("x"))
    dialogs.save_bundle(shown)
    (told,) = [one for one in shown.findChildren(Question) if one.isVisible()]
    assert "写不了" in told.sentence.text()
    shown.accept()


def test_without_anybody_to_offer_one_there_is_no_bundle(qtbot: Any) -> None:
    shown = dialogs.report_bug(None, ValueError("x"))
    assert "导出诊断包…" not in words(shown) and not dialogs.can_bundle()
    shown.accept()
