from pathlib import Path

import pytest

from desktop import faults


def _fault() -> Exception:
    password = "open sesame"
    try:
        raise ValueError("nobody expected this")
    except ValueError as raised:
        assert password
        return raised


def test_a_fault_is_logged_with_its_traceback_and_no_values() -> None:
    place = faults.record(_fault(), "命令 list")
    assert place == faults.log_file()
    told = place.read_text(encoding="utf-8")
    assert "命令 list" in told and "ValueError: nobody expected this" in told and "Traceback" in told
    assert str(place) in faults.sentence(place)


def test_the_log_is_for_its_owner_alone() -> None:
    place = faults.record(_fault(), "x")
    assert place is not None and place.stat().st_mode & 0o077 == 0


def test_a_log_that_cannot_be_written_is_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("x")
    monkeypatch.setattr(faults, "log_file", lambda: blocked / "console.log")
    assert faults.record(_fault(), "x") is None
    assert "日志也写不进" in faults.sentence(None)
