import subprocess
import sys
from pathlib import Path
from typing import Any

from desktop.instance import Instance, call

_OTHER = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication, QTimer
from desktop.instance import Instance
app = QCoreApplication([])
claim = Instance()
print(claim.claim(Path(sys.argv[1])), flush=True)
claim.called.connect(lambda: (print("called", flush=True), app.quit()))
QTimer.singleShot(400, lambda: print("listens", flush=True))
QTimer.singleShot(20000, app.quit)
app.exec()
"""


def test_a_second_start_calls_the_first_to_the_front(tmp_path: Path, qtbot: Any) -> None:
    office = tmp_path / "中文 office.db"
    first = subprocess.Popen([sys.executable, "-c", _OTHER, str(office)], stdout=subprocess.PIPE, text=True)
    assert first.stdout is not None and first.stdout.readline() == "True\n"
    assert first.stdout.readline() == "listens\n"
    second = Instance()
    assert not second.claim(office)
    assert call(office)
    assert first.stdout.readline() == "called\n"
    first.wait(10)


def test_another_office_is_another_claim(tmp_path: Path, qtbot: Any) -> None:
    one, other = Instance(), Instance()
    assert one.claim(tmp_path / "a.db") and other.claim(tmp_path / "b.db")
    one.release()
    other.release()


def test_a_process_that_was_killed_leaves_its_claim_to_the_next(tmp_path: Path, qtbot: Any) -> None:
    office = tmp_path / "office.db"
    first = subprocess.Popen([sys.executable, "-c", _OTHER, str(office)], stdout=subprocess.PIPE, text=True)
    assert first.stdout is not None and first.stdout.readline() == "True\n"
    first.kill()
    first.wait(10)
    next_one = Instance()
    assert next_one.claim(office)
    next_one.release()


def test_nobody_hears_where_nobody_is(tmp_path: Path, qtbot: Any) -> None:
    assert not call(tmp_path / "office.db")


def test_a_claim_moves_with_the_office_that_is_opened(tmp_path: Path, qtbot: Any) -> None:
    one, other = Instance(), Instance()
    assert one.claim(tmp_path / "a.db") and one.claim(tmp_path / "b.db")
    assert other.claim(tmp_path / "a.db")
    one.release()
    other.release()


def test_an_office_that_another_process_has_leaves_the_claim_as_it_was(tmp_path: Path, qtbot: Any) -> None:
    mine, theirs = Instance(), Instance()
    assert mine.claim(tmp_path / "a.db") and theirs.claim(tmp_path / "b.db")
    assert not mine.claim(tmp_path / "b.db")
    third = Instance()
    assert not third.claim(tmp_path / "a.db")  # still mine
    assert mine.claim(tmp_path / "a.db")
    for one in (mine, theirs, third):
        one.release()
