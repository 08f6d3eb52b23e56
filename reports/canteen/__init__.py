"""食堂表单: the papers of the canteen's store."""

from reports.canteen import counting, issuing, keeping, planning, receiving  # noqa: F401 - forms register themselves
