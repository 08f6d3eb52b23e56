"""Icons and words are drawn for the pixels that the screen has, from 100 to 200 %."""

import os
import subprocess
import sys

import pytest

CODE = """
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLabel
from desktop.app import start_qt
from ui import theme
from ui.dialogs import Question
app = start_qt((theme.Scheme.LIGHT, theme.STANDARD))
question = Question(None, "撤销", "撤销这一批？", "撤销", tone="danger")
question.show()
app.processEvents()
scale = question.devicePixelRatio()
drawn = theme.icon("ph.printer").pixmap(QSize(18, 18), scale)
sign = next(one.pixmap() for one in question.findChildren(QLabel) if not one.pixmap().isNull())
shown = question.grab()
print(scale, drawn.width(), drawn.devicePixelRatio(), sign.devicePixelRatio(), shown.devicePixelRatio())
"""


@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5, 2.0])
def test_icons_have_as_many_pixels_as_the_screen(scale: float) -> None:
    told = {**os.environ, "QT_SCALE_FACTOR": str(scale), "QT_QPA_PLATFORM": "offscreen"}
    ended = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, env=told)
    assert ended.returncode == 0, ended.stderr
    ratio, width, drawn, sign, shown = ended.stdout.split()
    assert float(ratio) == float(drawn) == float(sign) == float(shown) == scale
    assert int(width) >= 18 * scale - 1
