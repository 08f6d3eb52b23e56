"""投诉报修表单: the papers of complaints, repairs, visits and what was promised (forms.md A2)."""

from __future__ import annotations

from reports.complaints import analysis, contact, homes, quality, registers, slips, surveys, visits

__all__ = ["analysis", "contact", "homes", "quality", "registers", "slips", "surveys", "visits"]
