"""本处设置: what papers say of the office."""

from pathlib import Path

import pytest

from models.deeds import DEEDS
from models.errors import BadInput
from models.office.profile import edit_profile, editions, profile, set_edition

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


def test_what_is_changed_is_changed_and_the_rest_stays(office: Path) -> None:
    DEEDS["office.edit_profile"].call(None, {"company": "锦绣物业有限公司", "due_day": "２０"})
    now = profile()
    assert (now.office, now.company, now.due_day, now.objection_days) == (
        "测试小区物业服务中心",
        "锦绣物业有限公司",
        20,
        15,
    )
    assert not now.due_on_workday


def test_a_bank_account_stays_text(office: Path) -> None:
    edit_profile(bank_account="0012 3456 7890 1234 567")
    assert profile().bank_account == "0012 3456 7890 1234 567"


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("due_day", "32", "1 到 31"),
        ("objection_days", "0", "1 到 90"),
        ("office", "", "没有填管理处名称"),
        ("payee_qr", b"GIF89a", "PNG 或 JPEG"),
        ("payee_qr", PNG + b"\0" * (1 << 20), "不能超过 1 MB"),
    ],
)
def test_what_cannot_be_is_told(office: Path, field: str, value: object, problem: str) -> None:
    with pytest.raises(BadInput, match=problem):
        edit_profile(**{field: value})


def test_a_picture_is_read_from_its_file_and_replaced_by_one_as_long(office: Path, tmp_path: Path) -> None:
    picture = tmp_path / "码.png"
    picture.write_bytes(PNG)
    DEEDS["office.edit_profile"].call(None, {"payee_qr": str(picture)})
    assert bytes(profile().payee_qr) == PNG
    edit_profile(payee_qr=PNG[:-1] + b"\1")
    assert bytes(profile().payee_qr) == PNG[:-1] + b"\1"


def test_a_form_bears_its_own_number_and_edition_or_the_usual_one(office: Path) -> None:
    assert editions() == {}
    set_edition("FE-02", "JXWY-CW-02")
    assert editions() == {"FE-02": ("JXWY-CW-02", "A/0")}
    set_edition("FE-02", "JXWY-CW-02", "B/1")
    assert editions() == {"FE-02": ("JXWY-CW-02", "B/1")}
