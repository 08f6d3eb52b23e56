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
METERS = right("fees.meters", "维护表计")
READ = right("fees.read", "抄表")
