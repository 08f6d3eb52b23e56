"""工作簿: Excel in and out, whole digits kept both ways.

`read` takes what a stranger made: a child process under limits parses it (reliability.md S03).
`write` makes workbooks whose texts stay texts (S02); `read_csv` and `write_csv` do so with .csv, in UTF-8
or GB18030. The rest turns one cell into one value.
"""

from models.workbook.cells import Cell, SheetData, as_day, as_decimal, as_text, cell_name, column_letters
from models.workbook.csvs import read_csv, write_csv
from models.workbook.reading import ReadingProcess, read
from models.workbook.writing import ColumnOut, SheetOut, Written, write

__all__ = [
    "Cell",
    "ColumnOut",
    "ReadingProcess",
    "SheetData",
    "SheetOut",
    "Written",
    "as_day",
    "as_decimal",
    "as_text",
    "cell_name",
    "column_letters",
    "read",
    "read_csv",
    "write",
    "write_csv",
]
