"""保安: who of the staff is a guard, and may therefore have no part in pursuing debts.

保安服务管理条例 30(四) forbids guards to 参与追索债务 (forms.md B4.2); the law is named in every refusal.
"""

from __future__ import annotations

from models.deeds import actor
from models.errors import RuleBroken
from models.office.staff import Staff

_DEPARTMENTS = ("秩序", "保安", "安保", "安全管理部", "保卫")
_POSTS = ("保安", "安保", "保卫", "巡逻", "安全主管", "秩序", "门岗", "门卫", "护卫")
_LAW = "《保安服务管理条例》第三十条第（四）项禁止保安员参与追索债务"


def is_guard(staff: Staff) -> bool:
    """Whether somebody is of the guards by department or post."""
    department = staff.department.name if staff.department is not None else ""
    post = f"{staff.post.name} {staff.post.aliases or ''}" if staff.post is not None else ""
    return any(word in department for word in _DEPARTMENTS) or any(word in post for word in _POSTS)


def refuse_guard(staff: Staff, what: str) -> None:
    """Refuse to let a guard have a part in pursuing a debt.

    Raises:
        RuleBroken: the member of staff is a guard; `what` says what was to be done, as 催缴.
    """
    if is_guard(staff):
        raise RuleBroken(f"{staff.name} 是秩序维护（保安）人员：{_LAW}，不能{what}。请另选一位员工。")


def refuse_guard_acting(what: str) -> None:
    """Refuse a guard who acts himself, whatever rights his account was given.

    Raises:
        RuleBroken: the person acting is a guard.
    """
    staff = Staff.get_or_none(Staff.id == getattr(actor(), "staff_id", None))
    if staff is not None:
        refuse_guard(staff, what)
