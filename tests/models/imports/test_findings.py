"""What is found in a workbook, told in a reason and a remedy."""

from pathlib import Path

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


def test_nobody_is_taken_for_another_whose_row_is_wrong(office: object) -> None:
    from models import imports
    from models.workbook import SheetData

    rows = [["业主编号", "姓名", "电话"], ["A1", "张三", "x"], ["A2", "李四", None], ["A1", "张三丰", None]]
    people = SheetData("业主", rows)
    owned = SheetData("产权", [["房号", "业主编号"], ["1-1-101", "A1"]])
    houses = SheetData("房屋", [["房号"], ["1-1-101"]])
    plan = imports.judged(imports.Given(Path("x.xlsx"), [houses, people, owned]))
    told = {(one.sheet, one.row): one.reason for one in plan.errors}
    assert "与第 2 行重复，那一行还有别的错误" in told["业主", 4]
    assert ("产权", 2) in told and ("业主", 3) not in told
