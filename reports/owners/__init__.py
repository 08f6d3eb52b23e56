"""业主档案表单: the papers of the estate (forms.md A1)."""

from __future__ import annotations

from reports.owners import housemap, inspections, owner_requests

__all__ = ["housemap", "inspections", "owner_requests"]
