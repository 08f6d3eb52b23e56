"""工作簿速度: an export beside bare XlsxWriter, reading beside bare calamine, names beside bare pypinyin.

Each pair does the same work on the same rows in this process, one after the other in each run;
the figures are medians of three runs. The reading process is started before the clock is.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from models import pinyin
from models.workbook import ColumnOut, ReadingProcess, SheetOut, write

RUNS = 3
LINES = 50_000
OWNERS = 5_000

_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程"
_GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂文辉玲红华建国志梅琳博宇浩然子轩欣怡思雨晨"

COLUMNS = (
    ColumnOut("账单号"), ColumnOut("房号"), ColumnOut("付款人"), ColumnOut("项目"), ColumnOut("月份"),
    ColumnOut("金额", "money"), ColumnOut("已收", "money"), ColumnOut("面积", "number", places=2),
    ColumnOut("到期日", "day"), ColumnOut("登记时间", "moment"), ColumnOut("电话"), ColumnOut("状态"),
)  # fmt: skip
FORMATS = (
    "@", "@", "@", "@", "@", "#,##0.00", "#,##0.00", "0.00", "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "@", "@"
)  # fmt: skip


class Pair(NamedTuple):
    """Median seconds of the product and of what it is held against."""

    product: float
    limit: float

    @property
    def ratio(self) -> float:
        """How many times the limit's time the product takes."""
        return self.product / self.limit


def names(count: int, seed: int = 1) -> list[str]:
    """Return so many Chinese names of two or three characters."""
    chance = random.Random(seed)
    return [
        chance.choice(_SURNAMES) + "".join(chance.choices(_GIVEN, k=chance.randint(1, 2)))
        for _ in range(count)
    ]


def bill_lines(count: int = LINES) -> list[tuple[Any, ...]]:
    """Return rows as the bill list exports them."""
    return [
        (
            f"FE{number:08d}", f"{number % 20 + 1}-{number % 3 + 1}-{number % 33 + 101}", name, "物业费",
            "2020-06", Decimal(14_293 + number % 7).scaleb(-2), Decimal(0), Decimal("94.56"),
            date(2020, 6, 1 + number % 28), datetime(2020, 6, 10, 13, number % 60), "13812345678", "已收",
        )
        for number, name in enumerate(names(count))
    ]  # fmt: skip


def owner_rows(count: int = OWNERS) -> list[tuple[Any, ...]]:
    """Return rows as an owner sheet holds them, numbers among texts."""
    return [
        (
            number, name, "男", 28, 13_800_000_000 + number, f"{110105194912310000 + number}", 1001, number,
            f"1-1-{number}", Decimal("94.56"), date(2020, 6, 10), None,
        )
        for number, name in enumerate(names(count), 1)
    ]  # fmt: skip


def export_product(rows: list[tuple[Any, ...]], folder: Path) -> float:
    """Export rows the program's way; return the seconds."""
    began = time.perf_counter()
    write(folder / "product.xlsx", [SheetOut("账单", COLUMNS, rows)])
    return time.perf_counter() - began


def export_baseline(rows: list[tuple[Any, ...]], folder: Path) -> float:
    """Write the same cells and formats by XlsxWriter alone, in its default mode; return the seconds."""
    from xlsxwriter import Workbook

    began = time.perf_counter()
    book = Workbook(str(folder / "baseline.xlsx"))
    sheet = book.add_worksheet("账单")
    formats = [book.add_format({"num_format": shape}) for shape in FORMATS]
    kinds = {str: sheet.write_string, Decimal: sheet.write_number}
    writers = [kinds.get(value.__class__, sheet.write_datetime) for value in rows[0]]
    cells = list(zip(range(len(formats)), writers, formats, strict=True))
    for place, column in enumerate(COLUMNS):
        sheet.write_string(0, place, column.title)
    for number, row in enumerate(rows, 1):
        for place, put, shape in cells:
            put(number, place, row[place], shape)
    book.close()
    return time.perf_counter() - began


def reading_product(path: Path) -> float:
    """Read a workbook through the child, its start not counted; return the seconds."""
    with ReadingProcess() as process:
        process.wait_ready()
        began = time.perf_counter()
        process.read(path)
        return time.perf_counter() - began


def reading_baseline(path: Path) -> float:
    """Read the same workbook by calamine in this process; return the seconds."""
    from python_calamine import CalamineWorkbook

    began = time.perf_counter()
    CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    return time.perf_counter() - began


def names_product(given: list[str]) -> float:
    """Make the search keys of names, nothing remembered; return the seconds."""
    pinyin._read.cache_clear()
    pinyin._read_words.cache_clear()
    began = time.perf_counter()
    for name in given:
        pinyin.search_keys(name)
    return time.perf_counter() - began


def names_baseline(given: list[str]) -> float:
    """Read the same names by pypinyin, full letters only; return the seconds."""
    from pypinyin import lazy_pinyin

    began = time.perf_counter()
    for name in given:
        lazy_pinyin(name)
    return time.perf_counter() - began


def interleaved(product: Callable[[], float], baseline: Callable[[], float], runs: int = RUNS) -> Pair:
    """Run both in turn and return the medians."""
    taken = [(product(), baseline()) for _ in range(runs)]
    return Pair(statistics.median(ours for ours, _ in taken), statistics.median(bare for _, bare in taken))


def export_pair() -> Pair:
    """Measure the export of 50,000 lines (aim ≤ 1.2)."""
    rows = bill_lines()
    with tempfile.TemporaryDirectory() as folder:
        return interleaved(
            lambda: export_product(rows, Path(folder)), lambda: export_baseline(rows, Path(folder))
        )


def reading_pair() -> Pair:
    """Measure the reading of 5,000 owners: guard, child, pipe and exact numbers included."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "owners.xlsx"
        columns = [ColumnOut(f"第{place}列", "number") for place in range(12)]
        write(path, [SheetOut("业主信息", columns, owner_rows())])
        return interleaved(lambda: reading_product(path), lambda: reading_baseline(path))


def names_pair() -> Pair:
    """Measure the search keys of 5,000 names."""
    given = names(OWNERS)
    names_baseline(given[:1])  # loads the library
    return interleaved(lambda: names_product(given), lambda: names_baseline(given))


def main() -> int:
    """Print the three ratios."""
    for name, measure in (("export", export_pair), ("reading", reading_pair), ("names", names_pair)):
        pair = measure()
        print(f"{name:8} {pair.product * 1000:8.0f} ms {pair.limit * 1000:8.0f} ms  × {pair.ratio:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
