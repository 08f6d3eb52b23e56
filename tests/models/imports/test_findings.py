"""What is found in a workbook, told in a reason and a remedy."""

import pytest

from models.imports.findings import Finding, Severity, parted


@pytest.mark.parametrize(
    ("sentence", "reason", "remedy"),
    [
        ("类别没有“公司”。可填：个人、单位。", "类别没有“公司”。可填：个人、单位", "请改正后再导入。"),
        ("手机号应为 11 位，现在是 10 位，请核对。", "手机号应为 11 位，现在是 10 位", "请核对。"),
        (
            "“十三月”不是日期。请按 2026-11-23 的样子填写。",
            "“十三月”不是日期",
            "请按 2026-11-23 的样子填写。",
        ),
        ("没有填姓名", "没有填姓名", "请改正后再导入。"),
    ],
)
def test_a_refusal_is_parted_into_reason_and_remedy(sentence: str, reason: str, remedy: str) -> None:
    assert parted(sentence) == (reason, remedy)


def test_a_finding_names_its_cell_or_else_its_row() -> None:
    cell = Finding(Severity.NOTE, "业主", 7, "C", "甲", "不认识", "请核对。")
    row = Finding(Severity.ERROR, "业主", 7, "", "", "不认识", "请核对。")
    assert cell.sentence() == "提示 业主 C7“甲”：不认识。请核对。"
    assert row.sentence() == "错误 业主 第7行：不认识。请核对。"
