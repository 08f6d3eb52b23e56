import subprocess
import sys

import pytest

from desktop import app
from desktop.cli.command import Usage
from desktop.start import Start


def test_without_a_screen_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(Usage, match="没有屏幕"):
        app.run(Start(None))


@pytest.mark.parametrize(
    ("module", "modifiers", "wanted"),
    [("fcitx", "", "ibus"), ("", "@im=fcitx5", "ibus"), ("", "@im=fcitx", "ibus"), ("ibus", "", "ibus")],
)
def test_fcitx_is_spoken_to_through_ibus(
    monkeypatch: pytest.MonkeyPatch, module: str, modifiers: str, wanted: str
) -> None:
    monkeypatch.setenv("QT_IM_MODULE", module)
    monkeypatch.setenv("XMODIFIERS", modifiers)
    app._let_chinese_in()
    import os

    assert os.environ["QT_IM_MODULE"] == wanted


def test_heavy_libraries_wait_until_they_are_used() -> None:
    code = """
import sys
from desktop import modules
from desktop.app import start_qt
modules.load()
start_qt()
import desktop.console
import ui.fees, ui.office, ui.owners
heavy = {"reportlab", "xlsxwriter", "pypinyin", "cryptography", "python_calamine"}
print(sorted(heavy & set(sys.modules)))
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"
