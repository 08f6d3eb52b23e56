"""Rows of a document as one input."""

from datetime import date
from decimal import Decimal
from enum import Enum

import pytest

from models.errors import BadInput
from models.fields import ChoiceField, DayField, LineField, MoneyField
from models.inputs import Input
from models.rows import RowRefused, RowsField


class Way(Enum):
    CASH = "现金"
    BANK = "转账"


def field(**kwargs: object) -> RowsField:
    made = RowsField(
        lambda: [
            Input("what", LineField(max_length=8, verbose_name="品名"), required=True),
            Input("amount", MoneyField(verbose_name="金额"), required=True),
            Input("way", ChoiceField(Way, verbose_name="方式"), required=False, default=Way.CASH),
            Input("on", DayField(null=True, verbose_name="日期"), required=False),
        ],
        verbose_name="明细",
        **kwargs,
    )
    made.name = "lines"
    return made


def test_text_and_dictionaries_are_read_alike_and_blank_rows_are_left_out() -> None:
    wanted = [
        {"what": "米", "amount": Decimal("12.50"), "way": Way.CASH, "on": None},
        {"what": "油", "amount": Decimal("80.00"), "way": Way.BANK, "on": date(2026, 11, 23)},
    ]
    told = field()
    for typed in ("米|12.5\n\n油 | 80 |转账| 20261123", "米｜12.5；油|80|转账|2026-11-23"):
        assert told.check(told.parse(typed)) == wanted
    assert told.check([{"what": "米", "amount": "12.5"}, {"what": " ", "amount": ""}]) == wanted[:1]
    assert told.check(told.parse(told.exact(wanted))) == wanted
    assert told.show(wanted) == "2 行"


@pytest.mark.parametrize(
    ("typed", "sentence", "row", "column"),
    [
        ("米|1\n油|x", "金额", 1, "amount"),
        ("米|1\n|5", "没有填品名", 1, "what"),
        ("米", "没有填金额", 0, "amount"),
        ("米|1|支票", "没有“支票”", 0, "way"),
        ("米|1|现金|2026-11-23|多", "有 5 格", 0, None),
    ],
)
def test_a_row_that_cannot_be_is_named(typed: str, sentence: str, row: int, column: str | None) -> None:
    told = field()
    with pytest.raises(RowRefused) as refused:
        told.check(told.parse(typed))
    assert sentence in str(refused.value) and str(refused.value).startswith(f"第 {row + 1} 行")
    assert (refused.value.field, refused.value.row, refused.value.column) == ("lines", row, column)


def test_no_row_at_all_is_refused_unless_none_is_needed() -> None:
    for none in ([], [{"what": ""}]):
        with pytest.raises(BadInput, match="一行也没有填"):
            field().check(none)
        assert field(null=True).check(none) == []
    with pytest.raises(BadInput, match="一行一行"):
        field().check("米")
