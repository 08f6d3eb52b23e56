"""SU-04 终止供方资格通知 and the letters before it: what a supplier did, what follows, how he may object."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from models.base import Record
from models.errors import BadInput
from models.months import chinese_day
from models.office.approvals import numbered
from models.office.profile import profile
from models.suppliers.ending.letters import LETTERS, SupplierLetter
from models.suppliers.ending.open import open_things, warnings_of
from models.suppliers.ending.terminations import Termination, TerminationKind, TerminationState
from models.suppliers.register import Supplier
from models.suppliers.rights import VIEW
from reports.approvals import signed_on
from reports.numbered import by_number, numbers_in
from reports.paper import A4, Field, Form, Note, Sheet, Sign, Stub, blank, declare
from reports.papers import PaperRequest, paper

_T, _L = Termination, SupplierLetter
_CHINESE = "一二三四五六七八九"
_LINE = "＿" * 24
_LINES = "＿" * 43 * 6  # whole lines beside a name of six characters
_DAY = "＿＿＿＿年＿＿月＿＿日"
_ROOM = "\u3000"
_WAYS = ("当面", "邮寄", "电子邮件")

NOTICE = declare(
    Form(
        code="SU-04",
        title="终止供方资格通知",
        module="suppliers",
        paper=A4,
        lead=(Field("to", "致供方"),),
        head=(
            Field("code", Supplier.number, span=4),
            Field("credit_code", Supplier.credit_code, span=8),
            Field("kind", _T.kind, span=7, choices=tuple(one.value for one in TerminationKind)),
            Field("issued_on", _T.issued_on, span=5, kind="date"),
            Field("object_until", _T.object_until, span=7, kind="date"),
            Field("effective_on", _T.effective_on, span=5, kind="date"),
        ),
        signatures=(Sign("物配中心", 40, 14), Sign("公司领导批准", 40, 14), Sign("公司（公章）", 44, 18)),
        copies=(
            "正本",
            Stub(
                "送达回证",
                (
                    Field("to", "受送达供方", span=8),
                    Field("number", _T.number, span=4),
                    Field("way", _T.way, span=8, choices=_WAYS),
                    Field("delivered_on", _T.delivered_on, span=4, kind="date"),
                ),
                signatures=("供方签收", "送达"),
            ),
        ),
        stacked=True,
        number_rule="ZZ-YYYY-NN",
        retention="R5",
    )
)

LETTER = Form(
    code="SU-04",
    title="供方限期整改通知",
    module="suppliers",
    paper=A4,
    lead=(Field("to", "致供方"),),
    head=(
        Field("code", Supplier.number, span=4),
        Field("day", _L.day, span=4, kind="date"),
        Field("due", _L.due, span=4, kind="date"),
    ),
    signatures=(Sign("物配中心", 44, 14), Sign("公司（公章）", 44, 18)),
    copies=(
        "正本",
        Stub(
            "整改回执",
            (
                Field("to", "供方", span=8),
                Field("number", _L.number, span=4),
                Field("answer", "整改措施与结果", span=12, lines=4),
            ),
            signatures=("供方负责人（章）", "日期"),
        ),
    ),
    stacked=True,
    number_rule="ZGT-YYYY-NNN",
    retention="R5",
)
"""What goes before a termination; it is no form of its own."""


def _numbered(parts: Sequence[tuple[str, str]]) -> list[Note]:
    return [(f"{_CHINESE[at]}、{name}", words) for at, (name, words) in enumerate(parts)]


def _blanks(request: PaperRequest) -> Iterator[Sheet]:
    """Yield the empty notice, and the empty letter that goes before it."""
    yield replace(blank(NOTICE), notes=_numbered(_parts(None)))
    yield replace(blank(LETTER), notes=_numbered(_asks(None)))


@paper("SU-04", VIEW, "number", blank=_blanks)
def letters(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in notices of termination, and letters that ask for something to be mended, by their numbers."""
    if request.number is None:
        raise BadInput("请写明通知书号，例如 ZZ-2026-01、ZGT-2026-001；见“终止资格”和“整改通知”。", "number")
    for number in numbers_in(request.number):
        asks = number.startswith(f"{LETTERS.prefix}-")
        record: type[Record] = SupplierLetter if asks else Termination
        for one in by_number(record, number, VIEW):
            yield _letter(one) if asks else _notice(one)


def _notice(one: Termination) -> Sheet:
    supplier, approval = one.supplier, numbered(one.approval) if one.approval else None
    cells = signed_on(approval) if approval is not None else {}
    leader = {"公司领导批准": list(cells.values())[-1]} if cells else {}
    return Sheet(
        NOTICE,
        number=one.number,
        values={
            "to": supplier.name, "code": supplier.number, "credit_code": supplier.credit_code,
            "kind": one.kind.value, "effective_on": one.effective_on, "object_until": one.object_until,
            "issued_on": one.issued_on or _ROOM, "number": one.number, "way": one.way or _ROOM,
            "delivered_on": one.delivered_on or _ROOM,
        },
        notes=_numbered(_parts(one)),
        signed={"物配中心": one.made_by} | leader,
        watermark=_MARKS.get(one.state, ""),
    )  # fmt: skip


_UNTIL = "双方结清以后终止。"
_MARKS = {TerminationState.DRAFT: "草稿", TerminationState.WITHDRAWN: "已撤回"}


def _parts(one: Termination | None) -> list[tuple[str, str]]:
    """Return the paragraphs of a notice, to be written into where there is none."""
    if one is None:
        blanks = ("违约事实", "依据的合同、制度条款", "前期整改通知情况", "货款结算与未完订单")
        decided = f"自{_DAY}起终止贵方的供货资格，□永久终止　□限期终止，{_DAY}起可以重新申请准入。"
        return [
            *((name, _LINE * 3) for name in blanks[:3]), ("决定", decided), (blanks[3], _LINE * 3),
            ("申辩", f"贵方有异议的，请于{_DAY}前书面向我方提出，逾期视为没有异议。"),
            ("抄送", "使用部门、财务部门。"),
        ]  # fmt: skip
    sent = one.issued_on is not None
    warned = one.warned if sent else "；".join(warnings_of(one.supplier))
    open_then = one.open_then if sent else "；".join(open_things(one.supplier))
    told = f"截至{chinese_day(one.issued_on)}：" if one.issued_on is not None else ""
    left = f"{told}{open_then}。" if open_then else "没有未完订单，货款已结清。"
    return [
        ("违约事实", str(one.facts)),
        ("依据的合同、制度条款", str(one.clause)),
        ("前期整改通知情况", f"{warned}。" if warned else "此前没有书面整改通知。"),
        ("决定", _decision(one)),
        ("货款结算与未完订单", f"{left}{one.settling or (_UNTIL if open_then else '')}"),
        ("申辩", _objection(one)),
        ("抄送", "使用部门、财务部门。"),
    ]


def _decision(one: Termination) -> str:
    again = (
        f"，{chinese_day(one.readmit_on)}起可以重新申请准入"
        if one.readmit_on is not None
        else "，不再接受准入申请"
    )
    return (
        f"自{chinese_day(one.effective_on)}起终止贵方的供货资格（{one.kind.value}{again}）。"
        "自本通知之日起暂停向贵方采购。"
    )


def _objection(one: Termination) -> str:
    office = profile()
    phone = f"，电话 {office.telephone}" if office.telephone else ""
    return f"贵方有异议的，请于{chinese_day(one.object_until)}前书面向我方提出{phone}；逾期视为没有异议。"


def _letter(one: SupplierLetter) -> Sheet:
    supplier = one.supplier
    return Sheet(
        LETTER,
        number=one.number,
        values={
            "to": supplier.name, "code": supplier.number, "day": one.day, "due": one.due,
            "number": one.number, "answer": _ROOM,
        },
        notes=_numbered(_asks(one)),
        signed={"物配中心": one.made_by},
    )  # fmt: skip


def _asks(one: SupplierLetter | None) -> list[tuple[str, str]]:
    """Return the paragraphs of a letter, to be written into where there is none."""
    parts = [
        ("问题事实", str(one.facts) if one is not None else _LINES),
        ("整改要求", str(one.demand) if one is not None else _LINES),
        (
            "期限与后果",
            f"请于{chinese_day(one.due) if one is not None else _DAY}前完成整改并书面回复。期满由我方验证；"
            "没有改好的，按合格供方评价办法暂停供货，直至终止供货资格。",
        ),
    ]
    if one is not None and one.judged_on is not None:
        parts.append(("验证结果", f"{chinese_day(one.judged_on)} {one.state.value}：{one.result}"))
    return parts
