from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QImage

from desktop import modules, tour
from models.deeds import DEEDS
from tests.estate import Estate

modules.load()


@pytest.mark.slow
def test_a_tour_draws_every_page_light_and_dark_and_every_form(
    qapp: Any, estate: Estate, office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    estate.give(estate.house("101"), estate.item(), since=date(2026, 1, 1))
    DEEDS["fees.bill"].call(None, {"month": "2026-01"})
    DEEDS["fees.receive"].call("1-1-101", {"amount": "40"})
    monkeypatch.setattr(tour, "SIZES", ((1366, 768),))
    out = tmp_path / "out"
    drawn = tour.tour(out, office)
    folders = {place.parent.name for place in drawn.pictures}
    assert folders == {"light-1366x768", "dark-1366x768"}
    names = {place.stem for place in drawn.pictures}
    assert {"sign-in", "desk", "owners-units", "fees-bills", "fees-till-open", "office-audit"} <= names
    for place in drawn.pictures:
        picture = QImage(str(place))
        assert not picture.isNull(), place
        if not place.stem.startswith(("dialog", "sign-in")):
            assert (picture.width(), picture.height()) == (1366, 768)
    assert {place.stem for place in drawn.papers} >= {"FE-01", "FE-02", "FE-03", "FE-06", "FE-07", "FE-08"}
    assert all(place.read_bytes().startswith(b"%PDF") for place in drawn.papers)
