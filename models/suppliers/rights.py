"""供方权限: the rights of this module, named once."""

from __future__ import annotations

from models.deeds import right

VIEW = right("suppliers.view", "查看供方与采购")
KEEP = right("suppliers.keep", "登记供方资料")
DECIDE = right("suppliers.decide", "评审与变更供方资格")
RULES = right("suppliers.rules", "设置供方与采购规则")
PLAN = right("suppliers.plan", "申请采购")
BUY = right("suppliers.buy", "采购与催货")
RECEIVE = right("suppliers.receive", "验收到货")
CONSENT = right("suppliers.consent", "同意退换货")
SCORE = right("suppliers.score", "给供方打分")
SETTLE = right("suppliers.settle", "结算与扣款")
PAY = right("suppliers.pay", "登记供方付款")
SUPERVISE = right("suppliers.services", "监督评价外包")
