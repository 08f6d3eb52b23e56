"""SU-01 供方调查/准入评审表 and SU-03 合格供方名录: who may supply the office, and on what ground."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from models.errors import BadInput
from models.office.approvals import numbered
from models.suppliers.admission import Admission, Finding, items, latest
from models.suppliers.contracts import contracts_until
from models.suppliers.grades import shown
from models.suppliers.kinds import LISTED, Category, LicenceKind, SupplierState
from models.suppliers.licences import Licence, papers_on
from models.suppliers.lists import scopes_of
from models.suppliers.register import Supplier
from models.suppliers.rights import VIEW
from models.suppliers.scoring.evaluations import Evaluation
from models.suppliers.scoring.lists import latest_of as evaluated
from models.suppliers.standing import called
from reports.approvals import signed_on
from reports.numbered import PEN, by_number, penned
from reports.paper import A4, A4_LANDSCAPE, Boxes, Column, Field, Form, Sheet, Sign, Table, Total, declare
from reports.paper.values import EMPTY
from reports.papers import PaperRequest, paper

_S, _A = Supplier, Admission
_FOUND = tuple(one.value for one in Finding)

ADMISSION = declare(
    Form(
        code="SU-01",
        title="供方调查、准入评审表",
        module="suppliers",
        paper=A4,
        lead=(Field("day", _A.day, kind="date"), Field("state", _S.state)),
        head=(
            Field("name", _S.name, span=6),
            Field("credit_code", _S.credit_code, span=6),
            Field("category", _S.category, span=12, choices=tuple(one.value for one in Category)),
            Field("scope", "供货范围", span=12),
            Field("contact", _S.contact, span=4),
            Field("phone", _S.phone, span=8),
            Field("address", _S.address, span=12),
        ),
        columns=(
            Column("证照资料", 34),
            Column("有无", 16, "center"),
            Column("证号、持证人", 70),
            Column(Licence.until, 40, "day"),
        ),
        min_rows=len(LicenceKind),
        more=(
            Table(
                (
                    Column("评审项目", 60),
                    Column("分值", 30, "number"),
                    Column("得分", 40, "number"),
                ),
                name="marks",
                caption="评审打分",
                min_rows=6,
            ),
            Boxes(
                (
                    Field("sample", _A.sample, span=4, choices=_FOUND),
                    Field("sample_words", _A.sample_words, span=8),
                    Field("site", _A.site, span=4, choices=_FOUND),
                    Field("site_on", _A.site_on, span=8, kind="date"),
                    Field("site_words", _A.site_words, span=12, lines=2),
                    Field("reviewers", _A.reviewers, span=8),
                    Field("score", _A.score, span=4, kind="number", places=2),
                )
            ),
        ),
        signatures=tuple(Sign(label, 30, 12) for label in ("物配中心", "使用部门", "品质", "批准")),
        number_rule="GD-YYYY-NNN",
        retention="名录存续+R3",
    )
)

LIST = declare(
    Form(
        code="SU-03",
        title="合格供方名录",
        module="suppliers",
        paper=A4_LANDSCAPE,
        lead=(Field("on", "生效日期", kind="date"),),
        columns=(
            Column(_S.number, 25, "code"),
            Column(_S.name, 38),
            Column("类别", 13, "center"),
            Column("供应物品、服务", 42),
            Column(_S.contact, 16),
            Column(_S.phone, 25),
            Column("证照到期", 21, "day"),
            Column("首评日期", 21, "day"),
            Column("最近评价", 20, "center"),
            Column("资格", 14, "center"),
            Column("合同止期", 21, "day"),
            Column("备注", 26),
        ),
        signatures=("编制", "批准"),
        qr=False,
        number_rule="ML-YYYY-版次",
        retention="RL",
    )
)


def _blank_admission(request: PaperRequest) -> Iterator[Sheet]:
    """Make the empty form with the papers and the items that are in use."""
    yield Sheet(
        ADMISSION,
        values=penned(ADMISSION, dict.fromkeys(ADMISSION.names)),
        rows=[(kind.value, PEN, PEN, PEN) for kind in LicenceKind],
        tables={"marks": [*((one.name, one.full, PEN) for one in items()), Total("合计", (None, 100, PEN))]},
    )


@paper("SU-01", VIEW, "number", blank=_blank_admission)
def admissions(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in the reviews of suppliers by the numbers of their files."""
    if request.number is None:
        raise BadInput("请写明供方编号，例如 GD-2026-001；编号见“供方”名单。", "number")
    for supplier in by_number(Supplier, request.number, VIEW):
        yield _admission(supplier, latest(supplier))


def _admission(supplier: Supplier, found: Admission | None) -> Sheet:
    values: dict[str, Any] = {
        name: getattr(supplier, name) for name in ("name", "credit_code", "contact", "phone", "address")
    }
    values |= {
        "category": supplier.category.value, "state": supplier.state.value,
        "scope": "、".join(kind.name for kind in supplier.scope()),
    }  # fmt: skip
    names = ("day", "sample_words", "site_on", "site_words", "reviewers", "score")
    values |= {name: getattr(found, name) if found else None for name in names}
    values |= {name: getattr(found, name).value if found else None for name in ("sample", "site")}
    marks: list[Any] = (
        [(one.name, one.full, one.mark) for one in found.marks]
        if found
        else [(one.name, one.full, PEN) for one in items()]
    )
    total = (None, sum(one[1] for one in marks), found.score if found else PEN)
    approval = numbered(found.approval) if found is not None and found.approval else None
    admitted = supplier.admitted_on is not None
    return Sheet(
        ADMISSION,
        number=supplier.number,
        values=values if admitted else penned(ADMISSION, values),
        rows=_papers(supplier),
        tables={"marks": [*marks, Total("合计", total)]},
        signed=_signatures(found, signed_on(approval) if approval else {}),
        watermark="" if admitted else "草稿",
    )


def _signatures(found: Admission | None, approved: dict[str, str]) -> dict[str, str]:
    told = {label: words for label, words in approved.items() if label in ("使用部门", "品质", "批准")}
    return ({"物配中心": found.made_by} if found is not None else {}) | told


def _papers(supplier: Supplier) -> list[tuple[Any, ...]]:
    held = list(supplier.licences.where(Licence.active).order_by(Licence.id))
    rows: list[tuple[Any, ...]] = []
    for kind in LicenceKind:
        mine = [one for one in held if one.kind is kind]
        if not mine:
            rows.append((kind.value, "无", "", ""))
        for one in mine:
            told = " ".join(filter(None, [one.code, one.holder]))
            rows.append((kind.value, "有", told, one.until or "长期"))
    return rows


@paper("SU-03", VIEW, "number")
def qualified(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in the list of qualified suppliers as it stands today, the frozen ones at its end."""
    today = date.today()
    states = (*LISTED, SupplierState.TERMINATED)
    found: Iterable[Supplier] = Supplier.select().where(Supplier.state.in_(states)).order_by(Supplier.number)
    if request.number is not None:
        found = by_number(Supplier, request.number, VIEW)
    wanted = sorted(found, key=lambda one: (one.state is SupplierState.TERMINATED, one.number))
    papers, until, scopes = papers_on(today), contracts_until(today), scopes_of()
    latest_of = evaluated()
    rows = [
        (
            one.number, one.name, one.category.value, scopes.get(one.id), one.contact, one.phone,
            papers.until.get(one.id), one.admitted_on, _score(latest_of.get(one.id)),
            called(one, papers).value, until.get(one.id),
            papers.lacking.get(one.id) or ("档案冻结" if one.state is SupplierState.TERMINATED else EMPTY),
        )
        for one in wanted
    ]  # fmt: skip
    if rows:
        yield Sheet(
            LIST,
            number=f"ML-{today:%Y}-{edition(today)}",
            values={"on": today},
            rows=rows,
            totals=(Total("合计", text=f"共 {len(rows)} 家"),),
            signed={"编制": request.printed_by},
        )


def _score(one: Evaluation | None) -> str | None:
    """Return 91.5 A, as the last signed evaluation says."""
    return None if one is None or one.score is None else f"{shown(one.score)} {one.grade}"


def edition(day: date) -> str:
    """Return the edition of the list of a day: its month, since it is issued anew each month."""
    return f"{day:%m}"
