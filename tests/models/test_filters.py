"""筛选: each filter that is set asks the column that answers for it, in the way the column holds it."""

from datetime import date, datetime

import pytest

from models.complaints.cases import ServiceCase
from models.errors import BadInput
from models.filters import Filters
from models.months import Period
from models.suppliers.orders import OrderState, PurchaseOrder
from models.suppliers.plans import PurchasePlan

MARCH = Filters(period=Period.parse("2026-03"))


def test_a_filter_that_is_not_set_asks_nothing() -> None:
    query = PurchaseOrder.select()
    assert Filters().narrow(query, period=PurchaseOrder.ordered_on, state=PurchaseOrder.state) is query


def test_a_period_is_asked_of_days_months_and_moments_as_the_column_holds_them() -> None:
    asked = {
        column: MARCH.narrow(column.model.select(column.model.id), period=column).sql()[1]
        for column in (PurchaseOrder.ordered_on, PurchasePlan.month, ServiceCase.received_at)
    }
    assert [str(one) for one in asked[PurchaseOrder.ordered_on]] == ["2026-03-01", "2026-03-31"]
    assert asked[PurchasePlan.month] == [202603, 202603]
    first, last = (datetime.fromisoformat(str(one)) for one in asked[ServiceCase.received_at])
    assert first == datetime(2026, 3, 1) and last.date() == date(2026, 3, 31) and last.hour == 23


def test_a_state_is_said_by_its_label_or_its_name_and_another_is_refused() -> None:
    def asked(state: str) -> list[object]:
        query = PurchaseOrder.select(PurchaseOrder.id)
        return list(Filters(state=state).narrow(query, state=PurchaseOrder.state).sql()[1])

    assert asked(OrderState.OPEN.value) == asked("open") == ["OPEN"]
    with pytest.raises(BadInput, match="没有状态“开着”。可用：执行中、"):
        asked("开着")
