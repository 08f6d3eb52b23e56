"""演示附件: a few papers that the files of a demo office hold, each an invented text."""

from __future__ import annotations

import tempfile
from pathlib import Path

from models import deeds
from models.attachments import attach, read_file
from models.listings import LISTS
from models.office.accounts import Account
from models.owners.estate import Unit

_PAPERS = (
    ("购房合同摘要.txt", "购房合同摘要（演示）\n房号：{unit}\n交付后由买受人承担物业服务费。\n"),
    ("装修承诺书.txt", "装修承诺书（演示）\n房号：{unit}\n承诺不拆改承重结构，按规定时间施工。\n"),
    ("钥匙交接单.txt", "钥匙交接单（演示）\n房号：{unit}\n入户门钥匙 5 把，信箱钥匙 2 把。\n"),
)
_HOUSES = 6


def file_papers(filer: Account) -> None:
    """Attach a paper to each of the first houses, as the person who keeps the files."""
    listed = LISTS["units"]()
    codes = [listed.plain(row)["unit"] for row in listed.window(size=_HOUSES)]
    with tempfile.TemporaryDirectory() as folder, deeds.acting(filer):
        for number, code in enumerate(codes):
            name, words = _PAPERS[number % len(_PAPERS)]
            paper = Path(folder, name)
            paper.write_text(words.format(unit=code), encoding="utf-8")
            attach("Unit", Unit.find(code).id, read_file(paper), note="复印件")
