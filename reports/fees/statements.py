"""FE-18 对账单: what a household or a person was charged and paid from one day to another, with its proof."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from models.errors import BadInput
from models.fees.movements import Movement
from models.fees.rights import VIEW
from models.fees.statement import (
    CHARGED,
    CLOSING,
    OPENING,
    PREFIX,
    Statement,
    What,
    statement,
    yuan,
)
from models.fees.statement import statements as building_statements
from models.money import capitals, thousands
from models.months import chinese_day
from models.office.profile import Profile, profile
from models.owners.estate import Unit
from models.owners.payees import payers_on
from models.text import few
from reports.paper import A4, Column, Field, Form, Note, Sheet, Table, Total, declare, open_total
from reports.paper.form import Row
from reports.papers import Filled, PaperRequest, paper

MEANS = (
    "金额单位为元。账单记在出账日（没有批次的记在截止日，冲减记在办理日），收款记在收据日，抵扣、退款记在办理日；"
    "撤销的出账、作废的收据和撤销的抵扣不列，押金不在内。结余＝应收−收款，正数为欠，负数为预存。"
)

IN_WORDS = f"{CLOSING}（大写）"

FORM = declare(
    Form(
        code="FE-18",
        title="对账单",
        module="fees",
        paper=A4,
        head=(
            Field("who", "户名", span=6),
            Field("where", Unit.code, span=6),
            Field("period", "对账期间", span=6),
            Field("opening", OPENING, span=3, kind="money"),
            Field("closing", CLOSING, span=3, kind="money"),
        ),
        columns=(
            Column("日期", 20, "day"),
            Column("单号", 29, "code"),
            Column("摘要", 49),
            Column("应收（元）", 24, "money", summed=True),
            Column("收款（元）", 24, "money", summed=True),
            Column("结余（元）", 24, "money", carried=True),
        ),
        page_subtotal="本页小计及结余",
        totals=(open_total("合计", 6, [3, 4, 5]), Total(IN_WORDS, text="人民币")),
        size=9,
        more=(
            Table(
                (
                    Column(OPENING, 28, "money"),
                    Column("＋应收", 28, "money"),
                    Column("－红冲减免", 28, "money"),
                    Column("－收款", 28, "money"),
                    Column("－预存变动", 28, "money"),
                    Column(f"＝{CLOSING}", 30, "money"),
                ),
                name="proof",
                caption="核对一：期初加减各项等于期末（元）",
                min_rows=1,
                size=9,
                together=True,
            ),
            Table(
                (
                    Column("期末未收账单", 34, "money"),
                    Column("－期末预存余额", 34, "money"),
                    Column("＝账面结余", 34, "money"),
                    Column("与本单相差", 34, "money"),
                    Column("期间预存抵扣", 34, "money"),
                ),
                name="books",
                caption="核对二：账面未收减预存等于期末（元）",
                min_rows=1,
                size=9,
                together=True,
            ),
        ),
        notes=(("口径", MEANS),),
        signatures=("制表", "财务复核", "业主（住户）确认"),
        number_rule="DZ-起日-止日-房号或业主编号",
        retention="R10",
    )
)


@paper(
    "FE-18", VIEW, "period", "unit", "building", "person", blank_notes=lambda: [_objections(profile())]
)  # fmt: skip
def statements(request: PaperRequest) -> Filled:
    """Fill in the statement of a house, of a person, or of every house of a building that has one."""
    if request.period is None:
        raise BadInput("请写明对账期间，例如 2026、2026H1 或 2026-03至2026-08。", "period")
    first, last = request.period.first, request.period.last
    if request.building is None or request.unit is not None:
        made = statement(first, last, request.unit, request.person)
        return Filled(() if made.empty else [_sheet(made, request.printed_by)], 1)
    each = building_statements(first, last, request.building, request.person)
    return Filled(_sheet(made, request.printed_by) for made in each)


def _sheet(made: Statement, printed_by: str) -> Sheet:
    key = made.unit.code if made.unit is not None else made.person.number if made.person else ""
    return Sheet(
        FORM,
        number=f"{PREFIX}{made.first:%Y%m%d}-{made.last:%Y%m%d}-{key}",
        values={
            "who": _who(made),
            "where": _where(made),
            "period": f"{chinese_day(made.first)}至{chinese_day(made.last)}",
            "opening": yuan(made.opening),
            "closing": yuan(made.closing),
        },
        rows=[_row(made, one, balance) for one, balance in made.running()],
        totals=[_total(made), Total(IN_WORDS, text=in_words(made.closing))],
        tables={"proof": [_proof(made)], "books": [_books(made)]},
        notes=list(_notes(made)),
        signed={"制表": printed_by},
    )


def _who(made: Statement) -> str:
    """Return whose it is: the person, or whoever paid for the house; who pays now where nothing moved."""
    if made.person is not None:
        return made.person.name
    names = list(dict.fromkeys(one.payer for one in made.movements if one.what in CHARGED and one.payer))
    if names:
        return "、".join(names)
    return payers_on(made.unit, min(made.last, date.today())).address_line if made.unit else ""


def _where(made: Statement) -> str:
    if made.unit is not None:
        return made.unit.chinese
    houses = list(dict.fromkeys(one.unit for one in made.movements))
    return few(houses, "套")


def _row(made: Statement, one: Movement, balance: int) -> Row:
    words = one.words if made.unit is not None else f"{one.unit} {one.words}"
    charge = yuan(one.fen) if one.what in CHARGED else None
    paid = yuan(-one.fen) if one.what not in CHARGED and one.fen else None
    return (one.on, one.number, words, charge, paid, yuan(balance))


def _total(made: Statement) -> Total:
    charged = made.sum_of(*CHARGED)
    figures = (yuan(charged), yuan(made.opening + charged - made.closing), yuan(made.closing))
    return Total(f"合计 {len(made.movements)} 笔", (None, None, None, *figures))


def _proof(made: Statement) -> Row:
    moved = -made.sum_of(What.OPENED, What.MOVED, What.SET_OFF)
    figures = (
        made.opening,
        made.sum_of(What.CHARGE),
        -made.sum_of(What.REDUCED),
        -made.sum_of(What.PAID),
        moved,
        made.closing,
    )
    return tuple(map(yuan, figures))


def _books(made: Statement) -> Row:
    books = made.after
    figures = (books.open, books.prepaid, books.balance, made.closing - books.balance, made.set_off)
    return tuple(map(yuan, figures))


def in_words(fen: int) -> str:
    """Return a balance in capitals, with what it means."""
    if fen == 0:
        return "人民币零元整（两清）"
    return f"{'欠' if fen > 0 else '预存'}人民币{capitals(abs(fen))}"


def _notes(made: Statement) -> Iterable[Note]:
    if made.voids:
        yield ("作废收据", f"期间作废 {len(made.voids)} 份，不计金额：{'、'.join(made.voids)}。")
    if not made.proven:
        yield ("注意", "本单与账面不符，请财务核对后再给业主。")
    yield from _as_of(made)
    yield _objections(profile())


def _as_of(made: Statement) -> Iterator[Note]:
    if made.last > date.today():
        yield ("截止", f"期间还没有过完，按 {chinese_day(date.today())} 为止登记的内容列出。")
    if made.set_off:
        yield ("预存抵扣", f"期间用预存抵扣账单 {thousands(yuan(made.set_off))} 元，收款时已列，不重复计。")


def _objections(office: Profile) -> Note:
    """Say until when and where an objection is made."""
    way = f"致电 {office.telephone} 或" if office.telephone else ""
    return (
        "异议期限",
        f"对本单有异议，请在收到后 {office.objection_days} 日内{way}到服务中心提出，我们逐笔核对并书面答复。",
    )
