"""What was done to the audit trail behind the program's back is told by the checks."""

from pathlib import Path

import pytest

from models.base import db
from models.checks import run_invariants
from models.office import invariants as invariants
from models.office.signin import sign_in


def found(*statements: str) -> dict[str, str]:
    for kind in ("update", "delete"):
        db.execute_sql(f"DROP TRIGGER audit_entry_no_{kind}")
    for sql in statements:
        db.execute_sql(sql)
    return {one.check: one.sentence for one in run_invariants()}


@pytest.fixture(autouse=True)
def _signed_in(office: Path) -> None:
    for _ in range(3):
        sign_in("admin", "correct horse 8", "pc")


def test_a_whole_trail_has_nothing_to_tell() -> None:
    assert run_invariants() == []


def test_an_emptied_trail_has_lost_its_beginning() -> None:
    assert "开头的记录被删除过" in found("DELETE FROM audit_entry")["审计起点"]


def test_a_tail_that_was_cut_off_lacks_its_sign_ins() -> None:
    told = found("DELETE FROM audit_entry WHERE id = (SELECT MAX(id) FROM audit_entry)")
    assert "有 3 次进入，审计记录里只有 2 次" in told["审计末尾"]


@pytest.mark.parametrize("column", ["facts", "outcome", "at", "who"])
def test_what_cannot_be_read_any_more_is_a_broken_link(column: str) -> None:
    assert (
        "第 2 条与前后不相连"
        in found(f"UPDATE audit_entry SET \"{column}\" = '{{bad' WHERE id = 2")["审计记录"]
    )
