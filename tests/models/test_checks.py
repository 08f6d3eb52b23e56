"""Tests of the registry of invariants."""

from collections.abc import Iterator

import pytest

from models import checks
from models.checks import Finding, invariant, run_invariants


@pytest.fixture(autouse=True)
def _empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "INVARIANTS", {})


def test_every_sentence_carries_the_name_of_its_check() -> None:
    @invariant("账单合计")
    def wrong() -> Iterator[str]:
        yield "甲"
        yield "乙"

    @invariant("收据连号")
    def right() -> list[str]:
        return []

    assert run_invariants() == [Finding("账单合计", "甲"), Finding("账单合计", "乙")]
    assert wrong is checks.INVARIANTS["账单合计"]
    assert right is checks.INVARIANTS["收据连号"]


def test_two_checks_cannot_share_a_name() -> None:
    @invariant("账单合计")
    def one() -> list[str]:
        return []

    invariant("账单合计")(one)
    with pytest.raises(ValueError, match="账单合计"):

        @invariant("账单合计")
        def other() -> list[str]:
            return []
