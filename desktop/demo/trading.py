"""演示的供方: who supplies the demo office with what, at what price, how reliably. Nobody exists."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from models.suppliers.kinds import Category, LicenceKind

C, L = Category, LicenceKind


class Trader(NamedTuple):
    """A supplier of the demo.

    Args:
        name: how it is called.
        category: what it is for.
        scope: names of the kinds of goods it delivers.
        contact: who answers the telephone.
        marks: of the items of its admission review.
        late: in percent of its orders, delivered late.
        bad: in percent of its lots, rejected in part.
        monthly: fee of a month where it works by contract, in 元.
    """

    name: str
    category: Category
    scope: tuple[str, ...]
    contact: str
    marks: tuple[int, ...]
    late: int = 6
    bad: int = 3
    monthly: int | None = None


TRADERS = (
    Trader("丰禾粮油商行", C.FOOD, ("粮油", "调味品"), "甄满仓", (19, 24, 18, 14, 9, 9), 4, 2),
    Trader("绿野蔬菜配送中心", C.FOOD, ("蔬菜", "豆制品"), "柴小满", (18, 23, 18, 14, 9, 9), 7, 6),
    Trader("鲜达肉禽有限公司", C.FOOD, ("肉禽蛋",), "褚大年", (19, 23, 17, 13, 9, 9), 5, 4),
    Trader("江滩水产批发部", C.FOOD, ("水产",), "滕江生", (16, 20, 17, 11, 8, 8), 24, 16),
    Trader("恒固五金建材商行", C.MATERIALS, ("水暖", "五金"), "戚广顺", (18, 22, 18, 14, 9, 9), 8, 3),
    Trader("明亮电工器材店", C.MATERIALS, ("电工", "油漆涂料"), "聂长明", (18, 22, 17, 13, 9, 8), 15, 5),
    Trader("文汇办公用品公司", C.OFFICE, ("文具", "打印耗材"), "庄文慧", (19, 23, 18, 14, 9, 9), 3, 1),
    Trader("洁源日化劳保经营部", C.OFFICE, ("清洁用品", "劳保用品"), "阮洁", (18, 22, 18, 13, 9, 9), 6, 3),
    Trader("旺源副食批发部", C.FOOD, ("调味品",), "袁旺", (17, 20, 17, 12, 8, 8), 0, 0),
    Trader("清新保洁服务公司", C.CLEANING, ("保洁服务",), "左大嫂", (18, 22, 17, 14, 9, 9), 0, 0, 18_600),
    Trader("碧园绿化养护公司", C.GREENING, ("绿化养护",), "苗春生", (18, 22, 17, 14, 9, 9), 0, 0, 8_800),
    Trader("安居消杀服务部", C.PESTS, ("消杀服务",), "艾灭杰", (18, 21, 17, 13, 9, 8), 0, 0, 2_400),
    Trader("顺达电梯维保公司", C.UPKEEP, ("电梯维保",), "上官顺", (19, 23, 17, 14, 9, 9), 0, 0, 5_200),
)
WEAK = ("江滩水产批发部", "明亮电工器材店")
"""Who is often late or bad, is written to, and mends for a while."""
SLOPPY = "安居消杀服务部"
"""Who works less well, and once so badly that part of the fee is cut."""
FORGER = "旺源副食批发部"
"""Who was caught with a forged report, and terminated."""
CANDIDATE = Trader("晨露豆制品坊", C.FOOD, ("豆制品",), "卞豆豆", (16, 21, 17, 12, 9, 8))
"""Who was just looked at, and waits to be admitted."""
WARES = (
    ("大米", "25kg/袋", "袋", "粮油", "118.00"),
    ("面粉", "25kg/袋", "袋", "粮油", "86.00"),
    ("大豆油", "20L/桶", "桶", "粮油", "198.00"),
    ("食盐", "400g/包", "包", "调味品", "2.50"),
    ("生抽", "1.9L/瓶", "瓶", "调味品", "16.80"),
    ("大白菜", None, "kg", "蔬菜", "2.20"),
    ("土豆", None, "kg", "蔬菜", "3.10"),
    ("西红柿", None, "kg", "蔬菜", "5.60"),
    ("豆腐", None, "kg", "豆制品", "4.20"),
    ("猪后腿肉", None, "kg", "肉禽蛋", "26.50"),
    ("鸡胸肉", None, "kg", "肉禽蛋", "18.00"),
    ("鸡蛋", None, "kg", "肉禽蛋", "9.80"),
    ("草鱼", None, "kg", "水产", "17.50"),
    ("PPR水管", "DN25 4m", "根", "水暖", "28.00"),
    ("水龙头", "DN15 快开", "个", "水暖", "36.00"),
    ("膨胀螺栓", "M8×80 百只", "盒", "五金", "42.00"),
    ("LED灯管", "T8 18W", "支", "电工", "12.50"),
    ("声控开关", "86型", "个", "电工", "19.00"),
    ("内墙乳胶漆", "18L/桶 白", "桶", "油漆涂料", "265.00"),
    ("签字笔", "0.5mm 黑 12支", "盒", "文具", "16.00"),
    ("A4复印纸", "70g 5包/箱", "箱", "打印耗材", "118.00"),
    ("垃圾袋", "90×110 50只", "包", "清洁用品", "22.00"),
    ("消毒液", "84 500ml", "瓶", "清洁用品", "5.80"),
    ("棉纱手套", "12双", "打", "劳保用品", "26.00"),
)
"""Name, specification, measure, kind and usual price of what is bought."""
PAPERS = {
    C.FOOD: ((L.BUSINESS, None), (L.FOOD, 34), (L.HEALTH, 11)),
    C.MATERIALS: ((L.BUSINESS, None),),
    C.OFFICE: ((L.BUSINESS, None),),
    C.CLEANING: ((L.BUSINESS, None), (L.INSURANCE, 12)),
    C.GREENING: ((L.BUSINESS, None),),
    C.PESTS: ((L.BUSINESS, None), (L.CAPACITY, 30)),
    C.UPKEEP: ((L.BUSINESS, None), (L.CAPACITY, 40)),
}
"""Papers of each kind, with the months they hold for from the day they are shown."""


def price_of(name: str) -> Decimal:
    """Return the usual price of a ware."""
    return next(Decimal(price) for ware, _, _, _, price in WARES if ware == name)


NEEDS: dict[str, tuple[str, tuple[tuple[str, int, tuple[int, ...]], ...]]] = {
    "食堂": (
        "storekeeper",
        (
            ("大米", 12, (3, 17)),
            ("面粉", 5, (3,)),
            ("大豆油", 4, (4,)),
            ("食盐", 20, (4,)),
            ("生抽", 10, (4,)),
            ("大白菜", 90, (3, 10, 17, 24)),
            ("土豆", 70, (3, 10, 17, 24)),
            ("西红柿", 50, (3, 10, 17, 24)),
            ("豆腐", 40, (5, 12, 19, 26)),
            ("猪后腿肉", 45, (5, 12, 19, 26)),
            ("鸡胸肉", 30, (6, 20)),
            ("鸡蛋", 40, (6, 20)),
            ("草鱼", 35, (7, 14, 21, 28)),
        ),
    ),
    "工程部": (
        "manager",
        (
            ("PPR水管", 20, (10,)),
            ("水龙头", 12, (10,)),
            ("膨胀螺栓", 6, (10,)),
            ("LED灯管", 60, (12,)),
            ("声控开关", 25, (12,)),
            ("内墙乳胶漆", 3, (18,)),
        ),
    ),
    "客户服务部": (
        "supervisor",
        (
            ("A4复印纸", 4, (9,)),
            ("签字笔", 5, (9,)),
            ("垃圾袋", 30, (11,)),
            ("消毒液", 40, (11,)),
            ("棉纱手套", 10, (11,)),
        ),
    ),
}
"""What each department wants in a month: who plans it, and of each ware how much on which days."""
QUOTED = ("垃圾袋", "消毒液", "棉纱手套")
ASKED = (
    ("洁源日化劳保经营部", "质保一年，可换"),
    ("文汇办公用品公司", "按次换货"),
    ("恒固五金建材商行", "不退"),
)
"""What is compared every quarter, and who is asked, with what they say of quality."""

PROGRAMMES: dict[str, tuple[tuple[str, str, int, str], ...]] = {
    "清新保洁服务公司": (
        ("楼道", "每日一扫，每周二拖", 6, "中性清洁剂"),
        ("电梯", "每日两次", 2, "不锈钢油"),
        ("大堂", "每日三次", 2, "尘推液"),
        ("垃圾房", "每日两清一冲", 2, "消毒液"),
        ("外围", "每日全面清扫", 3, "无"),
        ("车库", "每周一冲", 2, "去油剂"),
    ),
    "碧园绿化养护公司": (
        ("修剪", "每月一次", 3, "修剪机具"),
        ("浇灌", "视天气，旱季每周两次", 2, "无"),
        ("病虫害", "每月巡查，发生即治", 1, "低毒药剂"),
        ("杂草", "每月两次人工除草", 2, "无"),
        ("清运", "当天清运", 1, "无"),
    ),
    "安居消杀服务部": (
        ("投药点", "每月两次补药", 2, "溴敌隆毒饵"),
        ("密度", "每月监测一次", 1, "粘鼠板、蟑螂屋"),
        ("告知", "每次作业前一天", 1, "告知单"),
        ("安全", "每次作业", 1, "防护服、警示牌"),
    ),
}
"""What contractors plan for a month: area, how often, how many people, with what."""
FAULTS = {
    "楼道": ("3 栋扶手积灰", "7 栋两层未清扫"), "电梯": ("门槽有杂物",), "大堂": ("玻璃有手印",),
    "垃圾房": ("桶满溢出",), "修剪": ("东侧绿篱超期未剪",), "浇灌": ("南门草坪发黄",),
    "病虫害": ("樟树有蚜虫",), "杂草": ("花坛杂草成片",), "投药点": ("地下车库缺两处药盒",),
    "密度": ("垃圾房蟑螂密度超标",), "告知": ("2 栋漏贴告知",), "安全": ("作业处没有警示牌",),
}  # fmt: skip
"""What rounds of inspection find, area by area."""
