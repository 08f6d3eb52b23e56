"""收款账户: where money comes in without cash: accounts at banks, and those of phone payments."""

from __future__ import annotations

from typing import Any

from models.base import Record
from models.deeds import deed, reaches_everybody
from models.fees.payments import Method
from models.fees.rights import BANK, VIEW
from models.fields import AccountNumberField, ChoiceField, FlagField, LineField
from models.inputs import edits_of, inputs_from
from models.listings import Filters, Listing, Shown, listing

WAYS = (Method.TRANSFER, Method.WECHAT, Method.ALIPAY, Method.POS)
"""Ways of payment that a statement tells of."""

_ENTERED = ("name", "method", "bank", "number")


class BankAccount(Record):
    """收款账户: one account whose statements are brought in; what comes in there is paid in one way."""

    name = LineField(max_length=40, unique=True, verbose_name="账户名称")
    method = ChoiceField(Method, only=WAYS, default=Method.TRANSFER, verbose_name="收款方式")
    bank = LineField(max_length=60, null=True, verbose_name="开户行或平台")
    number = AccountNumberField(max_length=40, null=True, verbose_name="账号或商户号")
    active = FlagField(default=True, verbose_name="在用")

    key_field = "name"

    class Meta:
        title = "收款账户"

    @deed(
        "fees.edit_bank_account", "修改账户", BANK, inputs=edits_of(lambda: BankAccount, *_ENTERED, "active")
    )
    def edit(self, **values: Any) -> BankAccount:
        """Change an account; statements that were brought in stay as they are."""
        return self.change(**values)


reaches_everybody(BankAccount)


@deed("fees.add_bank_account", "新增账户", BANK, inputs=inputs_from(lambda: BankAccount, *_ENTERED))
def add_bank_account(**values: Any) -> BankAccount:
    """Enter an account in which money comes in."""
    return BankAccount.add(**values)


@listing("bank_accounts", "收款账户", "fees", VIEW)
def bank_accounts(filters: Filters) -> Listing:
    """Accounts in which money comes in, those in use first."""
    columns = (
        Shown("name", BankAccount.name),
        Shown("method", BankAccount.method),
        Shown("bank", BankAccount.bank),
        Shown("number", BankAccount.number),
        Shown("active", BankAccount.active),
    )
    return Listing(
        BankAccount.select(), columns, id=BankAccount.id, order=("-active", "name"), record=BankAccount,
        search=(BankAccount.name, BankAccount.bank),
    )  # fmt: skip
