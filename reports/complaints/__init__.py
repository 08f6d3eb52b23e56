"""投诉报修表单: the papers of complaints, repairs and visits back (forms.md A2)."""

from __future__ import annotations

from reports.complaints import registers, slips, visits

__all__ = ["registers", "slips", "visits"]
