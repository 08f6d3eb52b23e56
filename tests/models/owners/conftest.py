"""What the tests of the owner files share."""

from collections.abc import Iterator

import pytest

from models.base import db


@pytest.fixture
def queries(office: object) -> Iterator[list[str]]:
    """Collect every statement that reaches the database from here on."""
    told: list[str] = []
    db.connection().set_trace_callback(told.append)
    yield told
    db.connection().set_trace_callback(None)
