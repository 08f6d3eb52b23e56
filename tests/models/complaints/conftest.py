"""A customer-service desk for the tests of this folder."""

import pytest

from tests.estate import Estate
from tests.models.complaints.desk_world import ServiceDesk


@pytest.fixture
def desk(estate: Estate) -> ServiceDesk:
    """A desk with its people and one house."""
    return ServiceDesk(estate)
