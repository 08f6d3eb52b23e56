import os
import subprocess
import sys
from pathlib import Path

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


NAMES = [
    ("fcitx", "", "fcitx"),
    ("fcitx5", "", "fcitx5"),
    ("", "@im=fcitx5", "fcitx5"),
    ("", "@im=fcitx", "fcitx"),
]


@pytest.mark.parametrize(("module", "modifiers", "named"), NAMES)
@pytest.mark.parametrize("plugin", ["", "libfcitx5platforminputcontextplugin.so"])
def test_fcitx_is_spoken_to_through_ibus_unless_qt_has_its_plugin(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, module: str, modifiers: str, named: str, plugin: str
) -> None:
    monkeypatch.setenv("QT_IM_MODULE", module)
    monkeypatch.setenv("XMODIFIERS", modifiers)
    monkeypatch.setenv("QT_PLUGIN_PATH", os.pathsep.join(["/nowhere", str(tmp_path)]))
    (tmp_path / "platforminputcontexts").mkdir()
    (tmp_path / "platforminputcontexts" / (plugin or "libibusplatforminputcontextplugin.so")).touch()
    app._let_chinese_in()
    assert os.environ["QT_IM_MODULE"] == (named if plugin else "ibus")


@pytest.mark.parametrize("module", ["ibus", "xim", ""])
def test_other_input_methods_stay_as_they_are(monkeypatch: pytest.MonkeyPatch, module: str) -> None:
    monkeypatch.setenv("QT_IM_MODULE", module)
    monkeypatch.setenv("XMODIFIERS", "@im=ibus")
    app._let_chinese_in()
    assert os.environ["QT_IM_MODULE"] == module


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
