"""导入发现: what a workbook holds that somebody should look at, and where."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

_SENTENCES = re.compile(r"^(.+?)[。，；：](请.*|改.*|补.*)$", re.DOTALL)


class Severity(Enum):
    """Whether the row can be imported."""

    NOTE = "提示"
    ERROR = "错误"


@dataclass(frozen=True)
class Finding:
    """One thing that was found in a workbook.

    Args:
        severity: 提示 is imported and listed; of 错误 the row cannot be.
        sheet: title of the sheet.
        row: Excel's row, from 1.
        column: letters of the column, empty where the whole row or sheet is meant.
        value: what stands there.
        reason: what is the matter.
        remedy: what to do about it.
    """

    severity: Severity
    sheet: str
    row: int
    column: str
    value: str
    reason: str
    remedy: str

    @property
    def cell(self) -> str:
        """Name of the cell as Excel shows it, or the row where no one cell is meant."""
        return f"{self.column}{self.row}" if self.column else f"第{self.row}行"

    def sentence(self) -> str:
        """Return it in one line, as the command line prints it."""
        shown = f"“{self.value}”" if self.value else ""
        return f"{self.severity.value} {self.sheet} {self.cell}{shown}：{self.reason}。{self.remedy}"


def parted(sentence: str) -> tuple[str, str]:
    """Part a sentence of refusal into its reason and its remedy."""
    found = _SENTENCES.match(sentence.strip())
    if found is None:
        return sentence.strip().rstrip("。"), "请改正后再导入。"
    return found[1], found[2]
