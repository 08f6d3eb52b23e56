"""粘贴的表格: the cells of a table that a spreadsheet put into the clipboard."""

from __future__ import annotations

import re

_CELL = re.compile(r'(?:("(?:[^"]|"")*")|([^\t\r\n]*))(\t|\r\n|\r|\n)')
"""A cell and what ends it; one that begins with a quote is quoted only if the quote also ends it."""


def table_of(words: str, *, blanks: bool = False) -> list[list[str]]:
    """Return the cells of a copied table: tabs and line breaks between, quotes where a cell holds them.

    Args:
        words: as a spreadsheet puts them into the clipboard.
        blanks: whether rows in which nothing stands are kept, so that rows can be told by their number.
    """
    words = words.rstrip("\r\n")
    if not words:
        return []
    rows: list[list[str]] = [[]]
    for quoted, plain, end in _CELL.findall(words + "\n"):
        rows[-1].append(quoted[1:-1].replace('""', '"') if quoted else plain)
        if end != "\t":
            rows.append([])
    rows.pop()
    return [row for row in rows if blanks or any(cell.strip() for cell in row)]
