"""Garbage is collected in the window's thread, little by little while work is under way."""

import gc
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject

from ui import collecting
from ui.collecting import AT_WORK, EVERY, Collector


@pytest.fixture
def rounds(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Note which generations are collected, instead of collecting them."""
    asked: list[int] = []
    was_on, limits = gc.isenabled(), gc.get_threshold()
    monkeypatch.setattr(collecting.gc, "collect", lambda generation=2: asked.append(generation))
    yield asked
    gc.set_threshold(*limits)
    if was_on:
        gc.enable()


def test_at_work_only_the_youngest_are_collected_and_more_often(
    rounds: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    working = True
    parent = QObject()
    made = Collector(parent, lambda: working)
    monkeypatch.setattr(collecting.gc, "get_count", lambda: (9_999, 99, 99))
    made.look()
    assert rounds == [0] and made._timer.interval() == AT_WORK
    working = False
    made.look()
    assert rounds == [0, 2] and made._timer.interval() == EVERY
    monkeypatch.setattr(collecting.gc, "get_count", lambda: (9_999, 99, 0))
    made.look()
    monkeypatch.setattr(collecting.gc, "get_count", lambda: (9_999, 0, 0))
    made.look()
    monkeypatch.setattr(collecting.gc, "get_count", lambda: (1, 0, 0))
    made.look()
    assert rounds == [0, 2, 1, 0] and not gc.isenabled()
