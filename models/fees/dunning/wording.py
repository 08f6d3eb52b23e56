"""催缴用语: what no letter and no message may say.

Water, power, heat or gas are never cut to make people pay (民法典 944), doors never locked, names never
posted; 违约金 is not called 滞纳金 (forms.md B3.1, B4.1, B7.25).
"""

from __future__ import annotations

from models.errors import RuleBroken

FORBIDDEN = (
    *("停水", "停电", "停气", "停热", "停暖", "断水", "断电", "断气", "断网", "限电", "停止供", "断供"),
    *("停门禁", "停用门禁", "限制门禁", "关闭门禁", "锁门禁", "注销门禁"),
    *("锁门", "锁车", "堵门", "封门", "电梯卡"),
    *("公示姓名", "公布姓名", "公布欠费", "张贴名单", "张榜", "曝光", "黑名单", "失信", "征信", "滞纳金"),
)
"""Words that no text of the ladder may hold."""


def refuse_unlawful(words: str | None, label: str) -> None:
    """Refuse a text that threatens with what the law forbids.

    Raises:
        RuleBroken: it does; says which words.
    """
    found = [one for one in FORBIDDEN if one in (words or "").replace(" ", "").replace("\u3000", "")]
    if found:
        raise RuleBroken(
            f"{label}里不能写“{'、'.join(found)}”：法律不允许用停水停电、限制通行或公布姓名催交物业费，"
            "逾期的叫违约金。请改用平和的措辞。"
        )
