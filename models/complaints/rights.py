"""投诉报修权限: the rights of this module, named once."""

from __future__ import annotations

from models.deeds import right

VIEW = right("complaints.view", "查看投诉报修", scoped=True)
REGISTER = right("complaints.register", "受理投诉报修")
HANDLE = right("complaints.handle", "办理投诉", scoped=True)
REPAIR = right("complaints.repair", "维修接单与完工", scoped=True)
LEAD = right("complaints.lead", "派单、审核与关闭", scoped=True)
DIRECT = right("complaints.direct", "批示重大投诉", scoped=True)
VISIT = right("complaints.visit", "回访", scoped=True)
RULES = right("complaints.rules", "设置受理事项、时限与回访规则")
