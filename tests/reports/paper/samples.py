"""Forms of several shapes, declared as the real ones are, and sheets filled with awkward data."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from models.charts import Chart, Series
from reports.paper import (
    A3_LANDSCAPE,
    A4,
    A4_LANDSCAPE,
    RECEIPT,
    Boxes,
    Chapter,
    Column,
    Field,
    Form,
    Letterhead,
    Listing,
    Para,
    Printed,
    Report,
    Sheet,
    Sign,
    Stub,
    Table,
    Total,
)

LETTERHEAD = Letterhead("深圳市青枫物业管理有限公司", "青枫苑物业服务中心", telephone="0755-2345 6789")
PRINTED = Printed("张敏", datetime(2026, 11, 23, 15, 52))

NOTICE = Form(
    code="FE-02",
    title="交费通知单",
    module="fees",
    paper=A4,
    head=(
        Field("unit", "房号"),
        Field("payer", "业主", span=8),
        Field("period", "计费周期"),
        Field("issued", "出单日", kind="date"),
        Field("due", "缴费截止", kind="date"),
    ),
    columns=(
        Column("项目", 30),
        Column("计算依据", 64),
        Column("单价", 20, "number", places=4),
        Column("数量", 20, "number"),
        Column("金额（元）", 26, "money"),
        Column("备注", 10),
    ),
    totals=(
        Total("小计", (None, None, None, None, 0, None)),
        Total("合计（大写）", (None, None, None, None, 0, None), text=" "),
    ),
    signatures=("制单", Sign("物业服务中心（盖章）", 50, 18)),
    copies=(
        "通知联",
        Stub(
            "回执联",
            (
                Field("unit", "房号"),
                Field("payer", "业主", span=8),
                Field("period", "计费周期"),
                Field("total", "合计金额", kind="money"),
                Field("due", "缴费截止", kind="date"),
            ),
            signatures=("签收人", "签收日期", "派发人"),
        ),
    ),
    stacked=True,
    number_rule="JF-YYYYMM-房号",
    retention="R3",
)

HALVES = Form(
    code="OW-15",
    title="业户事项申请受理单",
    module="owners",
    paper=A4,
    head=NOTICE.head,
    columns=NOTICE.columns,
    signatures=("签收人", "签收日期", "派发人"),
    copies=("通知联", "回执联"),
    stacked=True,
)

RECEIPTS = Form(
    code="FE-06",
    title="收据",
    module="fees",
    paper=RECEIPT,
    lead=(Field("day", "日期", kind="date"),),
    head=(Field("payer", "交款人", span=5), Field("unit", "房号", span=3), Field("method", "收款方式")),
    columns=(
        Column("项目", 58),
        Column("期间", 43, "center"),
        Column("数量", 25, "number"),
        Column("单价", 35, "number", places=4),
        Column("金额（元）", 60, "money"),
    ),
    min_rows=6,
    totals=(
        Total("合计", (None, None, None, None, 0)),
        Total("人民币（大写）"),
    ),
    notes=("本收据不作发票使用。",),
    signatures=(Sign("收款单位（财务章）", 30), "收款人", "开票人", "交款人"),
    copies=("存根联", "客户联", "记账联"),
)

CHARGES = Form(
    code="FE-01",
    title="费用一览表",
    module="fees",
    paper=A4_LANDSCAPE,
    lead=(Field("building", "楼栋"), Field("month", "月份")),
    columns=(
        Column("序号", 10, "number"),
        Column("房号", 18, "text"),
        Column("业主", 16),
        Column("计费面积", 15, "number", places=2),
        Column("单价", 13, "number", places=4, group="物业服务费"),
        Column("金额", 18, "money", group="物业服务费", summed=True),
        Column("公共分摊", 18, "money", summed=True),
        Column("特约服务", 18, "money", summed=True),
        Column("代收水电", 18, "money", summed=True),
        Column("减免", 15, "money", summed=True),
        Column("本期应收", 19, "money", summed=True),
        Column("上期欠费", 19, "money", summed=True),
        Column("违约金", 15, "money", summed=True),
        Column("预存抵扣", 15, "money", summed=True),
        Column("应缴合计", 20, "money", summed=True),
        Column("备注", 10),
    ),
    page_subtotal="本页小计",
    signatures=("制表", "财务复核", "主任"),
    wide=A3_LANDSCAPE,
)

CASE = Form(
    code="CS-02",
    title="投诉处理单",
    module="complaints",
    paper=A4,
    head=(
        Field("unit", "房号"),
        Field("person", "投诉人"),
        Field("phone", "电话"),
        Field("channel", "渠道", span=12, choices=("电话", "来访", "来信", "微信", "12345")),
        Field("facts", "投诉内容详述", span=12, lines=5),
        Field("cause", "原因分析", span=12, lines=3),
    ),
    columns=(Column("时间", 30, "datetime"), Column("处理措施", 100), Column("经办人", 40, "center")),
    more=(
        Boxes(
            (Field("answer", "业主意见", span=12, lines=2), Field("closed", "关闭日期", span=6, kind="date"))
        ),
        Table(
            (Column("回访日期", 40, "date"), Column("回访内容", 90), Column("回访人", 40)),
            name="visits",
            caption="回访",
        ),
    ),
    signatures=("受理", "承办", "主管审核", "主任（重大）", "业主（住户）确认"),
    retention="R3",
)


def notice(index: int = 0, **changes: object) -> Sheet:
    """A notice such as thousands of are printed."""
    rows = (
        (
            "住宅物业服务费",
            "计费面积（产权证）× 单价 × 1 个月",
            Decimal("1.85"),
            Decimal("120.50"),
            Decimal("222.93") + index,
            None,
        ),
        (
            "二次供水运行费",
            "计费面积 × 0.33 + 7.00",
            Decimal("0.33"),
            Decimal("120.50"),
            Decimal("46.77"),
            "",
        ),
        (
            "公共照明分摊",
            f"本单元 412.30 元按面积，见公示 FT-202611-{index % 9}",
            Decimal("0.0711"),
            Decimal("120.50"),
            Decimal("8.57"),
            None,
        ),
        ("垃圾清运费", "按户", Decimal(9), 1, Decimal("9.00"), None),
        ("往期欠费", "2026年9月至10月　物业服务费", None, None, Decimal("445.86"), "补收"),
    )
    sheet = {
        "number": f"JF-202611-3-1-{1000 + index}",
        "values": {
            "unit": f"3栋1单元{1000 + index}",
            "payer": ("单雅琴", "王桂芳", "欧阳娜娜", "张䶮", "𠮷田一郎", "李㛃")[index % 6] + " 等 2 人",
            "period": "2026年11月",
            "issued": date(2026, 11, 1),
            "due": date(2026, 11, 25),
            "total": Decimal("733.13") + index,
        },
        "rows": rows,
        "totals": (
            Total(
                "合计（大写）",
                (None, None, None, None, Decimal("733.13") + index, None),
                text="人民币柒佰叁拾叁元壹角叁分",
            ),
        ),
        "notes": (
            (
                "缴费方式",
                "服务中心窗口 08:30–17:30（周一至周日）；"
                "建行 4400 **** 0123　深圳市青枫物业管理有限公司，附言房号。",
            ),
            ("异议", "对金额有异议，请在 15 日内致电 0755-2345 6789 查询，我们逐项说明计算依据。"),
        ),
    }
    return Sheet(NOTICE, **(sheet | changes))  # type: ignore[arg-type]


def halves(index: int = 0) -> Sheet:
    """A sheet whose two copies say the same."""
    whole = notice(index)
    values = {name: value for name, value in whole.values.items() if name != "total"}
    return Sheet(HALVES, whole.number, values, whole.rows, whole.totals, notes=whole.notes[:1])


def receipt(rows: int = 6, **changes: object) -> Sheet:
    """A receipt of up to six rows."""
    items = tuple(
        (
            f"物业服务费（{n}栋）",
            "2026年10月至2026年11月",
            Decimal("120.50"),
            Decimal("1.85"),
            Decimal("100222.93"),
        )
        for n in range(rows)
    )
    sheet = {
        "number": "SJ-2026-000123",
        "values": {
            "payer": "深圳市青枫投资发展（集团）股份有限公司第一分公司",
            "unit": "3栋1单元1204",
            "method": "微信 4200001234202611230123456789",
            "day": date(2026, 11, 23),
        },
        "rows": items,
        "totals": (
            Total("合计", (None, None, None, None, Decimal("601337.58"))),
            Total("人民币（大写）", text="陆拾万壹仟叁佰叁拾柒元伍角捌分"),
        ),
        "notes": ("预存余额 0.00 元。",),
        "signed": {"收款人": "李静"},
    }
    return Sheet(RECEIPTS, **(sheet | changes))  # type: ignore[arg-type]


def charge_rows(count: int, scale: int = 1) -> Iterator[tuple[object, ...]]:
    """Rows of the list of charges."""
    names = ("王桂芳", "欧阳娜娜", "深圳市青枫投资发展有限公司", "张䶮", "𠮷田", "李㛃")
    for n in range(count):
        money = Decimal("222.93") * scale
        yield (
            n + 1,
            f"3-1-{1001 + n}",
            names[n % 6],
            Decimal("120.50"),
            Decimal("1.85"),
            money,
            Decimal("8.57"),
            None,
            Decimal("46.77"),
            None,
            Decimal("278.27") * scale,
            Decimal("12445.86"),
            None,
            None,
            Decimal("12724.13") * scale,
            None,
        )


def charges(count: int = 60, scale: int = 1) -> Sheet:
    """A list of charges over several pages, a subtotal in the middle."""
    rows = list(charge_rows(count, scale))
    blank = (None,) * 5
    subtotal = Total(
        "1单元小计",
        (
            *blank,
            Decimal("5000.12"),
            None,
            None,
            None,
            None,
            Decimal("99999.99"),
            None,
            None,
            None,
            Decimal("123456.78"),
            None,
        ),
    )
    rows.insert(count // 2, subtotal)  # type: ignore[arg-type]
    total = Total("3栋合计", subtotal.values)
    return Sheet(CHARGES, "YL-202611-3", {"building": "3栋", "month": "2026年11月"}, rows, (total,))  # type: ignore[arg-type]


MONTHLY = Form(
    code="CS-13",
    title="客户服务月度统计分析报告",
    module="complaints",
    paper=A4,
    lead=(Field("month", "月份"),),
    signatures=("编制（客服主管）", "项目经理", "公司客户部经理"),
)


def report(paragraphs: int = 6) -> Report:
    """A report of several pages: chapters, text, a table, two charts."""
    words = (
        "本月共受理投诉 36 件，其中有效投诉 31 件；按类别看，维修类 14 件、停车类 9 件、噪声类 5 件。"
        "处理率 97.2%，回访率 100%，超时 1 件（TS-202611-017，因配件到货延迟）。"
        "与上月相比，受理量下降 12.2%，A & B <3 <b> 这样的文字按原样印出。"
    )
    months = tuple(f"{month}月" for month in range(1, 13))
    rates = tuple(Decimal(880 + 9 * month) / 10 for month in range(12))
    amounts = tuple(Decimal(36120 + 977 * month) for month in range(12))
    parts = (
        Chapter("一、概况"),
        *(Para(words) for _ in range(paragraphs)),
        Chapter("二、收费"),
        Chapter("（一）收缴率", level=2),
        Chart(
            "line", "当期收缴率（%）", months, (Series("本年", rates), Series("上年", rates[::-1])), places=1
        ),
        Chart(
            "bar", "当期实收（元）", months, (Series("物业服务费", amounts), Series("停车费", amounts[::-1]))
        ),
        Listing(
            Table(
                (Column("楼栋", 40), Column("应收", 60, "money"), Column("收缴率", 30, "percent")),
                name="rates",
            ),
            [(f"{n}栋", Decimal("123456.78"), Decimal("0.9354")) for n in range(1, 30)],
            (Total("合计", (None, Decimal("3580246.62"), Decimal("0.9354"))),),
        ),
        Chapter("三、下月重点"),
        *(Para(words) for _ in range(paragraphs)),
    )
    return Report(MONTHLY, parts, "KB-202611", {"month": "2026年11月"})
