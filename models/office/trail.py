"""审计名单: the audit trail and the tries at the door, in words that staff read."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from models import deeds
from models.audit import AuditEntry, Outcome
from models.base import RECORDS
from models.fields import FactsField, LinkField, NamedField, PictureField
from models.listings import Filters, Listing, Shown, listing
from models.office.signin import SignIn

AUDIT = deeds.right("office.audit", "查看审计和登录记录")

MOST = 3
"""Changes that one row tells of; the rest is counted."""

WORDS = {
    "sentence": "原因",
    "reason": "更正原因",
    "machine": "电脑",
    "office": "管理处",
    "count": "笔数",
    "amount": "金额",
    "removed": "删除笔数",
    "lines": "账单笔数",
    "revalued": "重算金额的流水",
    "first": "起始编号",
    "last": "截止编号",
    "voided": "作废笔数",
    "houses": "房屋",
    "letters": "催缴单数",
    "skipped": "没有列入",
    "texts": "文字条数",
    "void_lines": "随档案撤走的作废账单",
    "revealed": "显示了",
    "file": "文件",
    "layout": "版式",
    "new": "新增",
    "given": "新设",
    "ended": "终止",
    "restored": "恢复",
    "list": "名单",
    "rows": "行数",
    "sha256": "校验码",
    "sheets": "张数",
    "period": "期间",
    "unit": "房号",
    "building": "楼栋",
    "number": "单号",
    "question": "着色",
    "undone": "撤销了",
    "approval": "审批单",
    "open": "未清款项",
    "person": "人员",
    "set_offs": "自动抵扣笔数",
    "set_off": "自动抵扣",
    "set_offs_taken_back": "退回的抵扣",
}
"""Facts that deeds note, in Chinese; a test holds it against what is noted anywhere."""


class ActField(NamedField):
    """The name of a deed, a list's right or another act, shown by its title."""

    chars = 14

    def options(self) -> dict[str, str]:
        """Return everything that the trail may tell of."""
        return {**deeds.RIGHTS, **deeds.ACTS, **{name: deed.title for name, deed in deeds.DEEDS.items()}}


class ToldField(FactsField):
    """The facts of an entry in plain words, personal data masked; put into words when they are read.

    Words ask the database what linked records are called, for which no drawing of a row has time.
    """

    chars = 48

    def python_value(self, value: Any) -> str:
        """Return a sentence."""
        return told(super().python_value(value) or {})

    def show(self, value: Any) -> str:
        """Return the sentence."""
        return value or ""

    def plain(self, value: Any) -> Any:
        """Return the sentence."""
        return self.show(value)


def told(facts: dict[str, Any]) -> str:
    """Return the facts of an audit entry in plain words."""
    plain = [f"{WORDS.get(name, name)}：{_word(value)}" for name, value in facts.items() if name != "changes"]
    changes = facts.get("changes", [])
    told_of = [_change(change) for change in changes[:MOST]]
    more = [f"等 {len(changes)} 条记录"] if len(changes) > MOST else []
    return "；".join([*plain, *told_of, *more])


def _word(value: Any) -> str:
    if isinstance(value, dict):
        return "、".join(f"{_noun(name)} {_word(one)}" for name, one in value.items())
    if isinstance(value, list | tuple):
        return "、".join(map(str, value))
    return "—" if value is None else str(value)


def _change(change: dict[str, Any]) -> str:
    """Return `修改 账号 3：在用 是→否` and the like."""
    for verb, word in (("add", "新增"), ("change", "修改"), ("remove", "删除")):
        if verb in change:
            return f"{word} {_noun(change[verb])} {change['id']}：{_values(change[verb], change)}"
    return ""


def _noun(record: str) -> str:
    return RECORDS[record].noun() if record in RECORDS else record


def _values(record: str, change: dict[str, Any]) -> str:
    before, after = change.get("from", {}), change.get("to", {})
    kinds = RECORDS[record].fields() if record in RECORDS else {}
    names = [name for name in {**before, **after} if name not in ("id", "row_version")]
    if not (before and after):
        before, after = {}, before or after
    parts = (_value(kinds.get(name), name, before, after) for name in names)
    return "，".join(part for part in parts if part)


def _value(kind: Any, name: str, before: dict[str, Any], after: dict[str, Any]) -> str:
    label = kind.label if kind else name
    if kind is not None and (kind.withheld or isinstance(kind, PictureField)):
        return f"{label}已更换" if before else ""
    old, new = _shown(kind, before.get(name)), _shown(kind, after.get(name))
    if before:
        return f"{label} {old or '空'}→{new or '空'}"
    return f"{label} {new}" if new else ""


def _shown(kind: Any, raw: Any) -> str:
    """Return a stored value as its field shows it; a link by what its record is called now."""
    if raw is None or kind is None:
        return "" if raw is None else str(raw)
    if isinstance(kind, LinkField):
        return _called(kind.rel_model, raw)
    try:
        return str(kind.show(kind.python_value(raw)))
    except (KeyError, ValueError):  # an older edition knew a value that this one does not
        return str(raw)


def _called(record: Any, id: int) -> str:
    found = record.get_or_none(record.id == id)
    return found.label() if found else f"编号 {id}"


@listing("audit", "审计记录", "office", AUDIT, "period", "state")
def audit(filters: Filters) -> Listing:
    """Who did what and when, newest first; refusals too."""
    query = AuditEntry.select()
    if filters.period:
        query = query.where(within_days(AuditEntry.at, filters.period))
    query = filters.narrow(query, state=AuditEntry.outcome)
    columns = (
        Shown("at", AuditEntry.at),
        Shown("who", AuditEntry.who),
        Shown("deed", ActField(max_length=60, verbose_name="操作"), AuditEntry.deed),
        Shown("outcome", AuditEntry.outcome, status=True),
        Shown("subject", AuditEntry.subject),
        Shown("facts", ToldField(verbose_name="内容"), AuditEntry.facts),
        Shown("id", AuditEntry.id, label="序号", hidden=True),
    )
    return Listing(
        query,
        columns,
        id=AuditEntry.id,
        order=("-id",),
        record=AuditEntry,
        search=(AuditEntry.who, AuditEntry.subject, AuditEntry.facts),
        tones={Outcome.DONE.value: "ok", Outcome.REFUSED.value: "warning"},
    )


@listing("sign_ins", "登录记录", "office", AUDIT, "period")
def sign_ins(filters: Filters) -> Listing:
    """Every try at the door, newest first."""
    query = SignIn.select()
    if filters.period:
        query = query.where(within_days(SignIn.at, filters.period))
    columns = (
        Shown("at", SignIn.at),
        Shown("login", SignIn.login),
        Shown("admitted", SignIn.admitted, status=True),
        Shown("reason", SignIn.reason),
        Shown("machine", SignIn.machine),
        Shown("id", SignIn.id, label="序号", hidden=True),
    )
    return Listing(
        query,
        columns,
        id=SignIn.id,
        order=("-id",),
        record=SignIn,
        search=(SignIn.login, SignIn.machine),
        tones={"是": "ok", "否": "warning"},
    )


def within_days(moment: Any, period: Any) -> Any:
    """Return the condition that a moment lies within a period's days."""
    return moment.between(datetime.combine(period.first, time.min), datetime.combine(period.last, time.max))
