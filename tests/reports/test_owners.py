"""The house map on paper, printed into a real PDF and read back."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from pypdf import PdfReader
from pypdf.generic import RectangleObject

from desktop import printing
from models.errors import NotFound
from models.fees.billing import bill
from models.fees.cashier import receive
from models.months import Month
from models.owners.estate import Building, Unit
from reports.paper.sizes import MM
from tests.estate import Estate, writing

LAST = Month.of(date.today()).plus(-1)
RARE = "䶮𠮷㛃"


def pages_of(path: Path) -> list[str]:
    return [page.extract_text() for page in PdfReader(path).pages]


def size_of(path: Path) -> tuple[int, int]:
    box: RectangleObject = PdfReader(path).pages[0].mediabox
    return round(float(box.width) / MM), round(float(box.height) / MM)


def print_it(folder: Path, **asked: object) -> Path:
    return printing.print_form("OW-18", out=folder / "map.pdf", **asked).path  # type: ignore[arg-type]


@pytest.fixture
def town(estate: Estate) -> Estate:
    """101 owes for last month, 102 has paid, 2栋 was never billed."""
    item = estate.item(since=LAST.first)
    for room in ("101", "102", "201"):
        estate.house(room, "100.00")
    for code in ("1-1-101", "1-1-102"):
        estate.give(Unit.find(code), item)
    bill(LAST)
    receive(Unit.find("1-1-102"), Decimal("100.00"))
    tower(estate, "2", "2栋", floors=2, per=1)
    return estate


def tower(estate: Estate, code: str, name: str, *, floors: int, per: int) -> Building:
    with writing():
        place = Building.add(community=estate.building.community, code=code, name=name)
        for floor in range(1, floors + 1):
            for at in range(1, per + 1):
                room = f"{floor}{at:02}"
                Unit.add(code=f"{code}-{room}", room=room, floor=floor, building=place)
    return place


def test_a_map_says_question_moment_counts_and_the_letter_of_every_house(
    town: Estate, tmp_path: Path
) -> None:
    (text,) = pages_of(print_it(tmp_path, question="payment"))
    for words in (
        "测试小区物业服务中心　楼栋矩阵图",
        f"编号　LD-{date.today():%Y%m%d}",
        "查看　交费",
        f"截至　{date.today().year}年",
        "范围　全部 2 栋",
        "共 3",
        "欠费 1（100.00 元）",
        "已交清 1",
        "2 栋共 5：欠费 1（100.00 元），已交清 1，一年内没有账单 3。",
        "制图",
        "审核",
        "1单元",
        "2层",
        "JL-OW-18 A/0",
    ):
        assert words in text, words
    cells = re.findall(r"\b(\d{3}) ([欠清无待])", text)
    assert sorted(cells) == [("101", "无"), ("101", "欠"), ("102", "清"), ("201", "无"), ("201", "无")]


def test_one_building_is_printed_alone_by_the_first_question(town: Estate, tmp_path: Path) -> None:
    (text,) = pages_of(print_it(tmp_path, building=Building.find("2")))
    assert "查看　使用状态" in text and "范围　2栋" in text
    assert "1栋" not in text and "合计" not in text


def test_a_blank_map_has_the_numbers_and_what_the_letters_mean_but_no_letters_in_the_cells(
    town: Estate, tmp_path: Path
) -> None:
    asked = {"building": Building.find("1"), "question": "交费", "blank": True}
    (text,) = pages_of(print_it(tmp_path, **asked))
    assert "101" in text and "102" in text and "2层" in text
    assert text.count("欠") == 2 and text.count("清") == 2  # the letter and its words in the legend
    assert "查看　＿＿" in text and "100.00" not in text


def test_a_blank_map_of_an_office_without_houses_is_an_empty_grid(office: Path, tmp_path: Path) -> None:
    (text,) = pages_of(print_it(tmp_path, blank=True))
    assert "楼栋矩阵图" in text and "审核" in text
    with pytest.raises(NotFound, match="没有可打印的《楼栋矩阵图》"):
        print_it(tmp_path)


def test_names_with_rare_characters_and_long_names_are_printed_whole(estate: Estate, tmp_path: Path) -> None:
    name = f"{RARE}国际花园第十二期高层住宅楼东塔（含裙楼与架空层及人防地）"
    place = tower(estate, "9", name, floors=3, per=2)
    done = printing.print_form("OW-18", out=tmp_path / "rare.pdf", building=place)
    assert name in pages_of(done.path)[0].replace("\n", "") and not done.remarks


def test_what_does_not_fit_a4_is_printed_on_a3(estate: Estate, tmp_path: Path) -> None:
    tower(estate, "2", "2栋", floors=18, per=4)
    assert size_of(print_it(tmp_path)) == (297, 210)
    high = tower(estate, "3", "3栋", floors=40, per=2)
    path = print_it(tmp_path, building=high)
    assert size_of(path) == (420, 297) and len(pages_of(path)) == 1
    assert all(f"{floor}层" in pages_of(path)[0] for floor in (1, 20, 40))


def test_sixteen_houses_of_a_floor_stand_side_by_side_on_a4(estate: Estate, tmp_path: Path) -> None:
    path = print_it(tmp_path, building=tower(estate, "4", "4栋", floors=10, per=16))
    assert size_of(path) == (297, 210) and len(pages_of(path)) == 1


def test_what_does_not_fit_a3_goes_on_with_its_name_and_loses_no_house(
    estate: Estate, tmp_path: Path
) -> None:
    place = tower(estate, "5", "5栋", floors=60, per=3)
    pages = pages_of(print_it(tmp_path, building=place))
    assert len(pages) == 2 and "5栋（续）" in pages[1]
    found = re.findall(r"\b(\d{3,4}) 交", "\n".join(pages))
    assert sorted(found) == sorted(unit.room for unit in Unit.select().where(Unit.building == place))


def test_small_buildings_share_a_page_and_none_is_torn_apart(estate: Estate, tmp_path: Path) -> None:
    for number in range(2, 8):
        tower(estate, str(number), f"{number}栋", floors=6, per=2)
    pages = pages_of(print_it(tmp_path))
    assert len(pages) == 3 and "（续）\n" not in "".join(pages).replace("楼栋矩阵图（续）", "")
    assert ["2栋" in page and "3栋" in page for page in pages] == [True, False, False]


def test_the_command_line_prints_it_by_the_words_people_say(town: Estate, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="没有“颜色”这个问题"):
        print_it(tmp_path, question="颜色")
    assert "查看　欠费时长" in pages_of(print_it(tmp_path, question="欠费时长"))[0]
