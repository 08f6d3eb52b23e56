"""考核权限: the rights of this module, named once."""

from __future__ import annotations

from models.deeds import right

VIEW = right("appraisals.view", "查看财务指标")
KEEP = right("appraisals.keep", "测算与报送财务指标")
