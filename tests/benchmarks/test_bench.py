"""The table of benchmarks names what it must and writes the file as it is asked for; no time is asserted."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.benchmarks import bench, measures
from tests.benchmarks.measures import BENCHMARKS, Measure

NAMES = [
    *("billing", "billing-full", "sharing", "statement", "notices", "notices-qr", "notices-memory"),
    *("schedule", "rates", "arrears", "late", "seal", "dunning", "cases", "case-rates"),
    *("month-analysis", "scores", "stock", "stock-month", "stocktake"),
    *("backup", "restore", "import", "export"),
    *("start", "list", "list-sort", "search", "switch", "card", "paste", "stall"),
]


def test_everything_that_has_an_aim_is_measured() -> None:
    assert list(BENCHMARKS) == NAMES


def test_the_file_holds_the_figures_as_numbers_and_null_where_there_is_no_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(BENCHMARKS, "billing", lambda: Measure("billing", "ms", 30.0, 10.0, 3.0, 2.0))
    monkeypatch.setitem(
        BENCHMARKS, "notices-memory", lambda: Measure("notices-memory", "MB", 399.0, None, None, 400)
    )
    out = tmp_path / "figures.json"
    assert bench.main(["--only", "billing", "notices-memory", "--json", str(out)]) == 0
    assert json.loads(out.read_text(encoding="utf-8")) == [
        {"name": "billing", "unit": "ms", "product": 30.0, "limit": 10.0, "ratio": 3.0, "aim": 2.0},
        {"name": "notices-memory", "unit": "MB", "product": 399.0, "limit": None, "ratio": None, "aim": 400},
    ]
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].endswith("missed") and not lines[2].endswith("missed")


def test_product_and_limit_take_turns_and_medians_are_held_against_each_other() -> None:
    turns: list[str] = []

    def side(name: str, times: list[float]) -> Callable[[int], float]:
        return lambda run: turns.append(name) or times[run]  # type: ignore[func-returns-value]

    found = measures.median_of("x", 2.0, side("ours", [0.9, 0.3, 0.1]), side("bare", [0.1, 0.2, 0.9]))
    assert turns == ["ours", "bare"] * 3
    assert (found.product, found.limit, found.held) == (300.0, 200.0, True)


def test_an_unknown_name_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        bench.main(["--only", "nothing"])
    assert end.value.code == 2 and "nothing" in capsys.readouterr().err
