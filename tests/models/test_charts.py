"""What a chart is, and whose charts a person sees."""

from decimal import Decimal
from pathlib import Path

import pytest

from desktop import modules
from models import deeds
from models.charts import Chart, Opens, Series, charts_of, has_charts
from models.listings import LISTS, Filters

modules.load()


def test_a_category_is_told_in_words_with_every_series() -> None:
    chart = Chart(
        "bar", "收款", ("1月", "2月"), (Series("今年", (Decimal("1234.5"), None)), Series("去年", (1, 2))), 1
    )
    assert chart.told(0) == "1月　今年 1,234.5，去年 1.0"
    assert chart.told(1) == "2月　今年 —，去年 2.0"


@pytest.mark.parametrize("figures", [(), (None,), (None, None)])
def test_a_chart_without_figures_is_empty_but_nothing_is_a_figure(figures: tuple[None, ...]) -> None:
    assert not Chart("bar", "收缴率", ("1月",), (Series("今年", (Decimal(0),)),)).empty
    assert Chart("bar", "收款", ("1月",) * len(figures), (Series("今年", figures),)).empty


def test_either_every_category_says_what_it_opens_or_none() -> None:
    with pytest.raises(ValueError, match="opens"):
        Chart("bar", "收款", ("1月", "2月"), (Series("今年", (1, 2)),), opens=(Opens("bills"),))


def test_charts_stand_beside_lists_that_there_are_and_open_lists_that_take_their_filters(
    office: Path,
) -> None:
    found = charts_of()
    assert len(found) >= 4
    for chart in found:
        for opens in filter(None, chart.opens):
            LISTS[opens.page](Filters(**opens.filters))
    assert has_charts("receipts") and not has_charts("audit")


def test_who_lacks_the_right_sees_no_chart(office: Path) -> None:
    class Nobody:
        account_id, name = None, "无"

        def may(self, right: str) -> bool:
            return False

        def scope(self, right: str) -> deeds.Scope:
            return deeds.Scope.OWN

    with deeds.acting(Nobody()):
        assert charts_of() == [] and not has_charts("receipts")
