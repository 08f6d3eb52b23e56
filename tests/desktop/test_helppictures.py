"""帮助图片: drawn by a command, in few colours, one for each page and for what topics show beside."""

from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage

from desktop import helppictures
from models import deeds
from models.office.accounts import Account
from resources import find


def test_few_colours_keep_what_is_seen(qapp: object) -> None:
    drawn = QImage(60, 40, QImage.Format.Format_RGB32)
    drawn.fill(QColor("white"))
    for x in range(60):
        for y in range(20):
            drawn.setPixelColor(x, y, QColor(x * 4, y * 12, 90))
    few = helppictures.reduced(drawn)
    assert few.size() == drawn.size() and few.colorCount() <= helppictures.COLOURS
    assert few.pixelColor(30, 39) == QColor("white")
    apart = few.pixelColor(5, 5), drawn.pixelColor(5, 5)
    assert abs(apart[0].red() - apart[1].red()) < 40


_OF_ROWS = {f"{name}.png" for name in ("till", "form", "transfer", "void", "card", "chips", "explaining")}


@pytest.mark.slow
def test_every_picture_that_ships_can_be_drawn_again(office: Path, tmp_path: Path, qapp: object) -> None:
    with deeds.acting(Account.find("admin")):
        drawn = helppictures.draw(tmp_path, office)
    shipped = {file.name for file in find("help/pictures").glob("*.png")}
    made = {file.name for file in drawn}
    # An office without houses has no row to open these from.
    assert shipped - made <= _OF_ROWS
    assert made <= shipped
