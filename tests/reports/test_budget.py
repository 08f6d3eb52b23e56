"""OF-07, printed into a real PDF and read back."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from models import deeds
from models.office.budget import BudgetAccount, add_budget_account, book_budget, enter_budget
from tests.estate import Estate
from tests.reports.fees.test_papers import printed

YEAR = date.today().year
LONG = "䶮𠮷㛃园二期新增三栋，食堂就餐人数增加，菜价上涨，按市场价测算；"


def typed(name: str, amount: int, quarter: int | None = None, note: str | None = None) -> dict[str, object]:
    amounts = dict.fromkeys(("first", "second", "third"), Decimal(0)) | {"fourth": Decimal(amount)}
    return {"year": YEAR, "quarter": quarter, "account": BudgetAccount.find(name), "note": note, **amounts}


def test_a_draft_and_what_is_approved_and_adjusted(estate: Estate, tmp_path: Path) -> None:
    add_budget_account(position=500, name="食堂与䶮𠮷㛃园二期餐饮合作专项开支科目二", side="支出")
    rows = [typed("物业费收入", 900000), typed("食堂食材", 120000, note=LONG[:80])]
    rows.append(typed("食堂与䶮𠮷㛃园二期餐饮合作专项开支科目二", 3000))
    budget = enter_budget(rows).budget
    text, reader = printed("OF-07", tmp_path, period=str(YEAR))
    flat = text.replace("\n", "")
    assert "草稿" in flat and "120,000.00" in flat and "䶮𠮷㛃" in flat and len(reader.pages) == 1
    with deeds.acting(deeds.TheOffice()):
        budget.approve()
        book_budget(BudgetAccount.find("食堂食材"), Decimal(30000), "一季")
        enter_budget([typed("食堂食材", -20000, 4)], reason="就餐人数减少").budget.approve()
    flat = printed("OF-07", tmp_path, period=str(YEAR))[0].replace("\n", "")
    for words in (
        f"YSB-{YEAR}",
        "收入合计",
        "支出合计",
        "结余",
        "100,000.00",
        "-20,000.00",
        "30.0%",
        "797,000.00",
    ):
        assert words in flat, words
    assert "草稿" not in flat
    flat = printed("OF-07", tmp_path, period=f"{YEAR}Q4")[0].replace("\n", "")
    assert "就餐人数减少" in flat and f"YSB-{YEAR}-Q4" in flat and "物业费收入" not in flat


def test_the_empty_form_has_room_to_write(estate: Estate, tmp_path: Path) -> None:
    text, reader = printed("OF-07", tmp_path, blank=True)
    assert "累计执行" in text.replace("\n", "") and len(reader.pages) == 1
