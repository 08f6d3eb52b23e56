from pathlib import Path

import pytest

from desktop import faults
from desktop.bundle import save_bundle, scrubbed


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


def test_a_bundle_tells_versions_and_logs_and_nobodys_data(tmp_path: Path) -> None:
    import json
    import zipfile

    told_of = "王桂芳 13812345678 的账单 110105194912310021 不对"
    try:
        raise ValueError(told_of)
    except ValueError as raised:
        faults.record(raised, "出账")
    target = tmp_path / "诊断.zip"
    save_bundle(target)
    with zipfile.ZipFile(target) as bundle:
        told = json.loads(bundle.read("facts.json"))
        log = bundle.read("console.log").decode()
    assert told["python"] and told["libraries"]["peewee"]
    assert "ValueError" in log and "test_faults.py" in log and "出账" in log
    assert "王桂芳" not in log and "账单" not in log and "13812345678" not in log and "110105" not in log
    assert [one.name for one in tmp_path.iterdir() if one.suffix == ".part"] == []


@pytest.mark.parametrize(
    "line",
    [
        "Params: ['王桂芳', 'Wang', 13812345678]",
        "zipfile.BadZipFile: 王桂芳.zip",
        "  | ValueError: Wang 138-1234-5678",
        "王桂芳 的账单",
        "and Wang lives at 1-1-101",
        r"C:\\Users\\王桂芳\\Wang.db",
    ],
)
def test_whatever_a_message_says_stays_here(line: str) -> None:
    told = scrubbed(line)
    assert "王" not in told and "Wang" not in told and "1234" not in told


def test_where_it_happened_is_told() -> None:
    place = '  File "/home/wang/console/ui/preview.py", line 236, in closeEvent'
    assert scrubbed(place) == '  File "/home/…/console/ui/preview.py", line 236, in closeEvent'
    told = scrubbed("2026-11-27 23:49:16,120 ERROR bug 1127-234916 of 13812345678")
    assert told.endswith("ERROR bug 1127-234916 of #")
    assert scrubbed("    raise RuleBroken(words)") == "    raise RuleBroken(words)"


def test_a_bundle_that_cannot_be_written_is_refused_with_a_sentence(tmp_path: Path) -> None:
    from models.errors import RuleBroken

    with pytest.raises(RuleBroken, match="写不了"):
        save_bundle(tmp_path / "nowhere" / "x.zip")
