"""A deed with an amount behind a chain, and the people who apply for it and approve it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from models.deeds import DEEDS, acting, deed
from models.fields import LineField, MoneyField
from models.inputs import Asked
from models.office.applying import request
from models.office.approvals import Approval, number_for, running_approval
from models.office.chains import APPROVABLE, Step, approvable
from models.office.staff import Department
from models.series import SERIES, Series
from tests.office_people import Account, worker


class People:
    """Who works in the office of these tests."""

    def __init__(self) -> None:
        self.clerk = worker("李会计", "会计")
        self.manager = worker("王主任", "管理处主任")
        self.chief = worker("常副总", "常务副总经理")


@contextmanager
def waiving() -> Iterator[list[tuple[str, str]]]:
    """Declare a deed for a time, approved by 主任 and from 1,000.00 on by 公司 too; tells what it did."""
    done: list[tuple[str, str]] = []

    def work(
        self: Department,
        amount: Annotated[Decimal, Asked(MoneyField(signed=True, verbose_name="金额"))],
        name: Annotated[str, Asked(LineField(max_length=40, verbose_name="新名"))] = "甲部",
    ) -> Department:
        approval = running_approval()
        done.append((number_for("test.waive", date.today()), approval.number if approval else ""))
        return self.change(name=name)

    made = deed("test.waive", "减免", "fees.bill")(work)
    made.__set_name__(Department, "waive")
    approvable(
        "test.waive",
        series=Series("ZZZ", "试验单"),
        default=(Step("管理处主任", "主任"), Step("常务副总经理", "公司", Decimal("1000"))),
        on=True,
        amount=lambda values: values["amount"],
        about=lambda values: f"{values['self'].name} 减免",
        rehearsed=False,  # what the deed did is told by a list, which no transaction takes back
    )
    try:
        yield done
    finally:
        del DEEDS["test.waive"], APPROVABLE["test.waive"], SERIES["ZZZ"]


def apply(person: Account, amount: str = "-10.00", note: str = "漏水", **more: Any) -> Approval:
    """Apply for it on a department."""
    with acting(person):
        return request("test.waive", {"amount": amount, **more}, key="食堂", note=note)
