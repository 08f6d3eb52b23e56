"""食堂表单: the papers of the canteen's store."""

from reports.canteen import (  # noqa: F401 - forms register themselves
    counting,
    issuing,
    keeping,
    ledgers,
    planning,
    receiving,
)
