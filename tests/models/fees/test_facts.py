from typing import Any

import pytest

from models.base import db
from models.cards import card_of
from models.fees import facts, lists  # noqa: F401 - what the cards tell
from models.fees.billing import bill
from models.listings import LISTS
from models.months import Month
from models.owners import lists as of_owners  # noqa: F401
from models.owners.people import Person
from tests.estate import Estate


@pytest.mark.parametrize("name", ["units", "people"])
def test_what_is_owed_is_added_up_in_the_index_of_open_lines_alone(
    estate: Estate, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit = estate.house("101", owner="王芳")
    estate.give(unit, estate.item())
    bill(Month(2026, 1))
    asked: list[tuple[str, Any]] = []
    real = db.execute_sql

    def noted(sql: str, params: Any = None, *more: Any) -> Any:
        asked.append((sql, params))
        return real(sql, params, *more)

    monkeypatch.setattr(db, "execute_sql", noted)
    record = unit if name == "units" else Person.get(Person.name == "王芳")
    owed = next(one for one in card_of(LISTS[name], record.id).figures if one.title == "欠费")
    assert owed.value != "0.00"
    sums = [(sql, params) for sql, params in asked if 'SUM("t1"."amount" - "t1"."paid")' in sql]
    plans = [real(f"EXPLAIN QUERY PLAN {sql}", params).fetchall() for sql, params in sums]
    assert plans and all("COVERING INDEX bill_open" in plan[0][3] for plan in plans)
