"""What the office did not say of itself stands in the data-health list."""

from pathlib import Path

from models.listings import listed
from models.office import completeness
from models.office.profile import edit_profile


def gaps() -> list[str]:
    found = listed("health")()
    return [row["subject"] for row in map(found.plain, found.rows()) if row["deed"] == "office.edit_profile"]


def test_a_new_office_has_everything_left_to_say(office: Path) -> None:
    assert gaps() == [gap.subject for gap in completeness.blank_settings()]
    assert {"公司全称", "咨询电话", "银行账号", "收款码图片", "窗口时间"} <= set(gaps())


def test_what_is_said_is_no_gap_any_more(office: Path) -> None:
    edit_profile(company="锦绣物业有限公司", bank_account="6222 0000 1111 2222")
    assert "公司全称" not in gaps()
    assert "银行账号" not in gaps()
    assert "咨询电话" in gaps()
