"""速度: the product beside its limit, in one run on one machine, as one table.

    python3 dev.py bench [--json FILE] [--only NAME …]

Every figure is the median of three runs in which product and limit take turns. `ratio` is product ÷
limit, held against the aim; where there is no limit, the product itself is. What each measures:

billing         the deed that computes and commits a run of 5,000 units × 4 items, beside the very same
                rows by sqlite3's executemany in one transaction, in a copy with the same settings
billing-full    that run on a ledger of 2.4 million lines, beside itself on an empty one
sharing         a common cost shared by area among 5,000 units, its document, shares and lines committed,
                beside two statements of SQL that leave the same shares and lines to the fen
statement       5,000 rows of a .csv read, checked and matched with 5,000 units that owe; none is booked
notices         5,000 notices from the ledger into one PDF without QR codes, reading, wording and layout
                included, beside a bare canvas that draws the same strings and lines
notices-qr      the same with QR codes, beside the canvas with one rectangle per module
notices-memory  the most memory that a process of its own takes for them
schedule        FE-01 of 5,000 units, reading the ledger included, beside a bare canvas
rates           charged and paid by month and item over 2.4 million lines, beside a scan with GROUP BY
arrears         what each unit owes by age, beside a scan of all lines with GROUP BY
late            what each unit bears on 200,000 open lines and those paid late, beside one statement of SQL
seal            sealing a month of 20,000 lines in 2.4 million, its FE-07 and FE-08 drawn and kept
dunning         how far 5,000 households with 200,000 open lines are on the ladder, each written to
                once, beside one statement of SQL that adds the lines up
cases           the list of open complaints and repairs among 200,000: its first rows and their number
case-rates      the counts of every rate over ten years of complaints, beside one statement of SQL
month-analysis  CS-13 of a month among 200,000 complaints and repairs, counted, set and written
scores          a year's scores of 300 suppliers with 60,000 deliveries, beside one statement of SQL
stock           what is in stock of 2,000 items with 300,000 moves: its first rows and its sums
stock-month     what there was of them, came, went and is left in a month, beside one statement of SQL
stocktake       the sheet of a count of 2,000 lots opened, and the list of counts
backup, restore a verified backup of 500 MB and restoring it, beside copy + fsync + quick_check
import          5,000 owners from .xlsx, checked, compared and committed, beside calamine + pypinyin +
                executemany in one process; the start of the reading process is not counted
export          50,000 lines as a workbook beside bare XlsxWriter, the rows ready on both sides
start           process start to the first paint of the sign-in of an office of 5,000 units, plus admission,
                1.5 s later, to the first paint of the desk, beside an empty PySide6 window
list, list-sort asking for a list of 2.4 million lines, or for another order of it, to its rows painted
search          the search line over 20,000 people and 5,000 houses, 95th percentile
switch, card    another dock brought to the front, a house or a person selected, to it painted,
                95th percentile
paste           10,000 cells into the sheet of payments, every one read and judged, to it painted
stall           the longest pause of the event loop during a run, 5,000 notices, an import and a backup
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.benchmarks.measures import Measure

ROOT = Path(__file__).resolve().parents[2]


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print the table as it comes, write the file. What missed its aim is marked, no failure."""
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    from tests.benchmarks.measures import BENCHMARKS

    parser = argparse.ArgumentParser(
        prog="dev.py bench", description="Measure the product beside its limits."
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write an array of the figures")
    parser.add_argument("--only", nargs="+", choices=BENCHMARKS, metavar="NAME", help="measure only these")
    args = parser.parse_args(argv)
    print(f"{'name':<16}{'unit':>5}{'product':>12}{'limit':>12}{'ratio':>8}{'aim':>8}", flush=True)
    found = []
    for name in args.only or BENCHMARKS:
        found.append(BENCHMARKS[name]())
        print(_line(found[-1]), flush=True)
    if args.json:
        told = json.dumps([one._asdict() for one in found], ensure_ascii=False, indent=1)
        args.json.write_text(told + "\n", encoding="utf-8")
    return 0


def _line(one: Measure) -> str:
    limit = "–" if one.limit is None else f"{one.limit:,.1f}"
    ratio = "–" if one.ratio is None else f"{one.ratio:.2f}"
    told = f"{one.name:<16}{one.unit:>5}{one.product:>12,.1f}{limit:>12}{ratio:>8}{one.aim:>8g}"
    return told if one.held else f"{told}  missed"


if __name__ == "__main__":
    sys.exit(main())
