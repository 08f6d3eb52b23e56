"""预设: the departments, posts and roles with which an office begins (forms.md A12); all editable."""

from __future__ import annotations

from typing import NamedTuple

from models.deeds import EVERY

ADMINISTRATOR = "系统管理员"
IN_CHARGE = "负责人"


class ReadyPost(NamedTuple):
    """A post in the words of the duty documents."""

    name: str
    reports_to: str
    aliases: str | None = None


class ReadyRole(NamedTuple):
    """A role: how far it reaches (name of `Reach`) and what it may."""

    name: str
    reach: str
    rights: tuple[str, ...]


DEPARTMENTS = tuple(
    [
        "管理处",
        "客户服务部",
        "秩序维护部",
        "工程部",
        "物业管理部",
        "食堂",
        "物配中心",
        "财务部",
        "行政人事部",
        "品质管理部",
    ]
)

POSTS = (
    ReadyPost("总经理", "董事长"),
    ReadyPost("管理者代表", "总经理"),
    ReadyPost("常务副总经理", "总经理"),
    ReadyPost("管理处主任", "常务副总经理", "服务中心经理、项目经理、管理处经理"),
    ReadyPost("物业管理部经理", "总物业经理"),
    ReadyPost("客服主管", "管理处主任、公司客户部经理"),
    ReadyPost("客服管理员", "客服主管", "部门员工"),
    ReadyPost("资料员", "客服主管、综合"),
    ReadyPost("安全主管", "管理处"),
    ReadyPost("保安班长", "安全主管、管理处"),
    ReadyPost("巡逻员", "保安班长", "保安巡逻员"),
    ReadyPost("食堂仓库管理员", "管理处主任", "仓库管理员"),
    ReadyPost("安全管理专业委员会委员", "公司"),
    ReadyPost("物配中心", "公司领导"),
    ReadyPost("采购员", "物配中心"),
    ReadyPost("系统管理员", "总公司"),
    ReadyPost("收款员", "管理处主任", "收费员、出纳"),
    ReadyPost("会计", "财务部", "财务复核"),
    ReadyPost("维修工", "管理处主任", "维修员"),
    ReadyPost("质量内审员", "管理者代表"),
    ReadyPost("品质管理员", "公司", "品质管理部"),
    ReadyPost("行政人事专员", "公司", "行政人事部、计划督办"),
    ReadyPost("绩效专员", "行政人事部"),
)

_CALENDAR = ("office.workdays_view", "office.approvals")  # what everybody holds
_READS = ("owners.view", "fees.view", "batches.view", "health.view", "lists.export", *_CALENDAR)
_ATTACHES = "records.attach"
_KEEPS_OWNERS = (_ATTACHES, "owners.edit", "owners.reveal", "owners.import")
_SERVES = ("fees.adjust", "fees.charge", "fees.read")
_CORRECTS = ("fees.adjust", "fees.refund", "fees.void")
_BILLS = (
    *("fees.items", "fees.assign", "fees.bill", "fees.undo"),
    *("fees.share", "fees.deposits", "fees.charge", "fees.late", "fees.meters", "fees.read"),
    *("fees.books", "fees.invoice", "fees.seal", "fees.reopen"),
    *("fees.commons", "appraisals.view", "appraisals.keep"),
)
_TAKES_MONEY = (
    *("owners.view", "fees.view", "fees.receive", "fees.set_off", "fees.close_day"),
    *("fees.invoice", "lists.export"),
)
_CHASES = ("fees.dun", "fees.message")
_TAKES_CALLS = ("complaints.view", "complaints.register", "complaints.handle")
_SERVES_CASES = (*_TAKES_CALLS, "complaints.repair", "complaints.visit")
_LEADS_CASES = (*_SERVES_CASES, "complaints.lead", "complaints.rules")
_LEADS_DAY = ("office.roster", "office.read", "office.log")
_LEADS_GUARDS = ("office.roster", "office.log")
_SEES_BUDGET = ("office.budget_view",)
_KEEPS_BUDGET = (*_SEES_BUDGET, "office.budget")
_LEADS_CHASE = (*_CHASES, "fees.dun_lead")
_SEES_SUPPLIERS = ("suppliers.view",)
_KEEPS_SUPPLIERS = (*_SEES_SUPPLIERS, "suppliers.keep")
_BUYS = (*_KEEPS_SUPPLIERS, "suppliers.plan", "suppliers.buy", "suppliers.settle")
_LEADS_BUYING = (*_BUYS, "suppliers.decide", "suppliers.rules", "suppliers.score")
_USES_GOODS = (*_SEES_SUPPLIERS, "suppliers.plan", "suppliers.receive", "suppliers.score")
_WATCHES = ("suppliers.services",)
_SEES_STOCK = ("canteen.view",)
_KEEPS_STOCK = (*_SEES_STOCK, "canteen.keep")
_SETS_UP = ("office.settings", "office.staff", "office.workdays")
_ADMINISTERS = (*_SETS_UP, "office.accounts", "office.audit", "batches.view", "health.view", *_CALENDAR)
_STORES = ("storage.backup", "storage.restore", "storage.check")

# 收款≠对账: who takes money neither makes nor voids what it is taken for; who checks takes none.
# Guards hold nothing of fees (保安服务管理条例 30(四), forms.md B4.2).
ROLES = (
    ReadyRole(IN_CHARGE, "ALL", (EVERY,)),
    ReadyRole(ADMINISTRATOR, "ALL", (*_ADMINISTERS, *_STORES)),
    ReadyRole(
        "总经理",
        "ALL",
        (
            *(*_READS, *_SEES_BUDGET, *_SEES_SUPPLIERS, *_SEES_STOCK),
            *("appraisals.view", "complaints.view", "office.audit"),
        ),
    ),
    ReadyRole("管理者代表", "ALL", (*_SEES_SUPPLIERS, *_CALENDAR)),
    ReadyRole(
        "常务副总经理",
        "ALL",
        (*_READS, *_SEES_BUDGET, *_SEES_SUPPLIERS, *_SEES_STOCK, "appraisals.view", "complaints.view"),
    ),
    ReadyRole(
        "管理处主任",
        "ALL",
        (
            *(*_READS, *_KEEPS_OWNERS, *_BILLS, *_CORRECTS, "fees.waive_late", *_SETS_UP, "storage.backup"),
            *(*_LEADS_CHASE, "fees.dun_rules", *_LEADS_CASES, "complaints.direct"),
            *(*_LEADS_DAY, "office.approve_roster", *_KEEPS_BUDGET),
            *(*_USES_GOODS, "suppliers.consent", "suppliers.rules", "suppliers.services"),
            *(*_KEEPS_STOCK, "canteen.count", "canteen.decide", "canteen.rules"),
        ),
    ),
    ReadyRole(
        "物业管理部经理", "ALL", ("owners.view", "health.view", "complaints.view", "office.log", *_CALENDAR)
    ),
    ReadyRole(
        "客服主管",
        "ALL",
        (
            *_READS,
            *_KEEPS_OWNERS,
            *_SERVES,
            *_LEADS_CHASE,
            *_LEADS_CASES,
            *_LEADS_DAY,
            *_USES_GOODS,
            *_WATCHES,
            *(*_KEEPS_STOCK, "canteen.count", "canteen.decide"),
        ),
    ),
    ReadyRole(
        "客服管理员",
        "ALL",
        (
            *("owners.view", "owners.edit", "owners.reveal", "fees.view", "health.view"),
            *(_ATTACHES, *_SERVES, *_CHASES, *_SERVES_CASES, "office.log", *_SEES_SUPPLIERS, *_WATCHES),
            *_CALENDAR,
        ),
    ),
    ReadyRole("资料员", "ALL", ("owners.view", _ATTACHES, *_CALENDAR)),
    ReadyRole(
        "安全主管",
        "ALL",
        ("owners.view", *_TAKES_CALLS, *_LEADS_GUARDS, "office.approve_roster", *_CALENDAR),
    ),
    ReadyRole(
        "保安班长",
        "DEPARTMENT",
        ("complaints.view", "complaints.register", *_LEADS_GUARDS, *_CALENDAR),
    ),
    ReadyRole("巡逻员", "OWN", ("complaints.register", *_CALENDAR)),
    ReadyRole(
        "食堂仓库管理员",
        "ALL",
        (
            *(*_USES_GOODS, *_KEEPS_STOCK, "canteen.store", "canteen.count"),
            *("batches.view", "lists.export", _ATTACHES, *_CALENDAR),
        ),
    ),
    ReadyRole("安全管理专业委员会", "ALL", _CALENDAR),
    ReadyRole(
        "物配中心",
        "ALL",
        (*_SEES_BUDGET, *_LEADS_BUYING, *_SEES_STOCK, _ATTACHES, "lists.export", *_CALENDAR),
    ),
    ReadyRole("采购员", "OWN", (*_BUYS, *_SEES_STOCK, _ATTACHES, *_CALENDAR)),
    ReadyRole("收款员", "ALL", (*_TAKES_MONEY, _ATTACHES, "storage.backup", *_CALENDAR)),
    ReadyRole(
        "会计",
        "ALL",
        (
            *(*_READS, *_BILLS, *_CORRECTS, "fees.opening", "fees.bank", "fees.set_off"),
            *(
                "fees.dun_rules",
                _ATTACHES,
                "storage.backup",
                *_KEEPS_BUDGET,
                *_SEES_SUPPLIERS,
                "suppliers.score",
                "suppliers.pay",
                *(*_SEES_STOCK, "canteen.count"),
            ),
        ),
    ),
    ReadyRole("维修工", "OWN", ("complaints.view", "complaints.repair", *_CALENDAR)),
    ReadyRole("质量内审员", "ALL", ("complaints.view", *_SEES_SUPPLIERS, *_CALENDAR)),
    ReadyRole(
        "品质管理员",
        "ALL",
        ("health.view", "complaints.view", *_SEES_SUPPLIERS, *_SEES_STOCK, "suppliers.score", *_CALENDAR),
    ),
    ReadyRole("行政人事专员", "ALL", ("office.staff", "office.workdays", *_CALENDAR)),
    ReadyRole("绩效专员", "ALL", ("appraisals.view", *_CALENDAR)),
)
