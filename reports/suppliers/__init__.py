"""供方表单: the papers of suppliers and purchasing."""

from reports.suppliers import ending, evaluations, files, purchasing, quotes, services, settling  # noqa: F401 - forms register themselves
