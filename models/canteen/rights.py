"""仓库权限: the rights of this module, named once."""

from __future__ import annotations

from models.deeds import right

VIEW = right("canteen.view", "查看仓库")
KEEP = right("canteen.keep", "登记库存物品")
STORE = right("canteen.store", "收发库存物品")
COUNT = right("canteen.count", "盘点库存")
DECIDE = right("canteen.decide", "处理库存问题")
RULES = right("canteen.rules", "设置仓库规则")
