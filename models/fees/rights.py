"""收费权限: the rights of this module, named once."""

from __future__ import annotations

from models.deeds import right

VIEW = right("fees.view", "查看收费", scoped=True)
ITEMS = right("fees.items", "维护收费标准")
ASSIGN = right("fees.assign", "设置房屋收费")
BILL = right("fees.bill", "出账")
UNDO = right("fees.undo", "撤销出账")
RECEIVE = right("fees.receive", "收款", scoped=True)
VOID = right("fees.void", "作废收据", scoped=True)
SET_OFF = right("fees.set_off", "预存抵扣", scoped=True)
CLOSE_DAY = right("fees.close_day", "日结")
ADJUST = right("fees.adjust", "减免与红冲", scoped=True)
REFUND = right("fees.refund", "退款", scoped=True)
SHARE = right("fees.share", "公共分摊")
CHARGE = right("fees.charge", "特服开单", scoped=True)
DEPOSITS = right("fees.deposits", "退押金", scoped=True)
LATE = right("fees.late", "计收违约金")
WAIVE_LATE = right("fees.waive_late", "减免违约金", scoped=True)
METERS = right("fees.meters", "维护表计")
READ = right("fees.read", "抄表")
BOOKS = right("fees.books", "管理票据")
INVOICE = right("fees.invoice", "登记发票", scoped=True)
SEAL = right("fees.seal", "出具月报与封账")
REOPEN = right("fees.reopen", "重开日结与封账")
BANK = right("fees.bank", "银行对账与代扣", scoped=True)
COMMONS = right("fees.commons", "管理公共收益与维修资金")
DUN = right("fees.dun", "催缴", scoped=True)
DUN_LEAD = right("fees.dun_lead", "催告函、移交法务与指派催缴人", scoped=True)
DUN_RULES = right("fees.dun_rules", "设置催缴规则")
MESSAGE = right("fees.message", "复制催缴文字", scoped=True)
