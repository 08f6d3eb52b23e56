"""催缴用语: what no letter and no message may say.

Water, power, heat or gas are never cut to make people pay (民法典 944), doors never locked, names never
posted; 违约金 is not called 滞纳金 (forms.md B3.1, B4.1, B7.25).
"""

from __future__ import annotations

import re

from models.errors import RuleBroken

FORBIDDEN = (
    *("停水", "停电", "停气", "停热", "停暖", "断水", "断电", "断气", "断网", "限电", "停止供", "断供"),
    *("停门禁", "停用门禁", "限制门禁", "关闭门禁", "锁门禁", "注销门禁"),
    *("锁门", "锁车", "堵门", "封门", "电梯卡"),
    *("公示姓名", "公布姓名", "公布欠费", "张贴名单", "张榜", "曝光", "黑名单", "失信", "征信", "滞纳金"),
)
"""Words that no text of the ladder may hold."""


_THREATS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?:暂停|停止|中断|切断|限制|取消|关停|停用|不供|不再供)[^，。；、：]{0,6}(?:[水气暖热]|电(?!话|子|邮)|门禁|出入|通行)",
        r"拉闸",
        r"(?:公示|公布|张贴|贴到|贴在|上墙|通报)[^，。；、：]{0,8}(?:欠费|名单|姓名|房号|公告栏|公告|小区)",
        r"(?:保安|安保)[^，。；、：]{0,6}(?:催|收|上门)",
    )
)
"""Threats in words that no list holds: to cut off, to lock out, to post, to send guards (B4.1, B4.2)."""
_OWING = re.compile(r"逾期|不交|未交|拒交|欠费|拖欠|不缴|未缴")


def refuse_unlawful(words: str | None, label: str, *, service: bool = False) -> None:
    """Refuse a text that threatens with what the law forbids.

    Args:
        words: the text.
        label: what it is called.
        service: whether it tells what was done; it may name repairs of what failed unless it speaks of debts.

    Raises:
        RuleBroken: it does; says which words.
    """
    told = (words or "").replace(" ", "").replace("\u3000", "")
    if service and not _OWING.search(told):
        return
    found = [one for one in FORBIDDEN if one in told]
    found = found or [match.group() for pattern in _THREATS if (match := pattern.search(told))]
    if found:
        raise RuleBroken(
            f"{label}里不能写“{'、'.join(found)}”：法律不允许用停水停电、限制通行、公布姓名或派保安催交物业费，"
            "逾期的叫违约金。请改用平和的措辞。"
        )
