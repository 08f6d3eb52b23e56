"""限度: how much of a stranger's workbook is read (reliability.md S03)."""

FILE_BYTES = 20 << 20
INFLATED_BYTES = 200 << 20
RATIO = 100
"""How many times a part may grow when inflated; small parts (below 1 MiB) may grow more."""
RATIO_FROM = 1 << 20
ENTRIES = 2_000
ROWS = 100_000
COLUMNS = 256
CELLS = 5_000_000
"""Cells of all sheets together, empty ones inside the used range counted."""
ANSWER_BYTES = 256 << 20
"""What the child may send back: a short shared text can be referred to a million times."""
SECONDS = 60
MEMORY_BYTES = 1 << 30
