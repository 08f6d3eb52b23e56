"""本处设置: what every paper says of the office, and the numbers its rules go by."""

from __future__ import annotations

from models import deeds
from models.base import Record
from models.deeds import deed
from models.fields import (
    AccountNumberField,
    CodeField,
    CountField,
    FlagField,
    LineField,
    PictureField,
)
from models.inputs import edits_of, inputs_from

EDIT = deeds.right("office.settings", "修改本处设置")

_SHOWN = (
    "company", "office", "telephone", "address", "window_hours", "bank", "account_name", "bank_account",
    "payee_qr", "seal_place", "objection_days", "due_day", "due_on_workday",
    "auto_set_off",
)  # fmt: skip


class Profile(Record):
    """本处设置: one row."""

    company = LineField(max_length=80, null=True, verbose_name="公司全称")
    office = LineField(max_length=60, verbose_name="管理处名称")
    telephone = LineField(max_length=40, null=True, verbose_name="咨询电话")
    address = LineField(max_length=120, null=True, verbose_name="地址")
    window_hours = LineField(max_length=60, null=True, verbose_name="窗口时间")
    bank = LineField(max_length=60, null=True, verbose_name="开户银行")
    account_name = LineField(max_length=80, null=True, verbose_name="账户名称")
    bank_account = AccountNumberField(max_length=40, null=True, verbose_name="银行账号")
    payee_qr = PictureField(null=True, verbose_name="收款码图片")
    seal_place = LineField(max_length=40, null=True, verbose_name="盖章处文字")
    objection_days = CountField(low=1, high=90, default=15, verbose_name="异议期限(天)")
    due_day = CountField(low=1, high=31, default=25, verbose_name="缴费截止日")
    due_on_workday = FlagField(default=False, verbose_name="截止日遇休息日顺延")
    auto_set_off = FlagField(default=False, verbose_name="出账时自动抵扣预存")
    demo = FlagField(default=False, verbose_name="演示数据")

    class Meta:
        title = "本处设置"

    def label(self) -> str:
        """Return the office's name."""
        return str(self.office)

    @property
    def ways_to_pay(self) -> str:
        """How to pay, as notices and letters say it."""
        ways = [f"服务中心窗口 {self.window_hours}" if self.window_hours else "到服务中心缴纳"]
        if self.bank_account:
            holder = self.account_name or self.company or self.office
            ways.append(f"{self.bank or '银行'}转账 {self.bank_account}（户名 {holder}），附言写房号")
        return "；".join(ways) + "。"


class FormEdition(Record):
    """表单版次: the controlled number and edition of a form, where it departs from JL-code A/0."""

    code = CodeField(max_length=12, unique=True, verbose_name="表码")
    number = CodeField(max_length=30, verbose_name="受控表号")
    edition = CodeField(max_length=12, default="A/0", verbose_name="版次")

    key_field = "code"

    class Meta:
        title = "表单版次"


def profile() -> Profile:
    """Return the office's settings."""
    found: Profile = Profile.select().order_by(Profile.id).first()
    return found


def editions() -> dict[str, tuple[str, str]]:
    """Return form code → (controlled number, edition) where the office set one."""
    return {row.code: (row.number, row.edition) for row in FormEdition.select()}


@deed(
    "office.edit_profile",
    "修改本处设置",
    EDIT,
    inputs=edits_of(lambda: Profile, *_SHOWN),
    undo="office.edit_profile",
)
def edit_profile(**values: object) -> Profile:
    """Change what papers say of the office."""
    return profile().change(**values)


@deed(
    "office.set_edition",
    "设定表号版次",
    EDIT,
    inputs=inputs_from(lambda: FormEdition, "code", "number", "edition"),
)
def set_edition(code: str, number: str, edition: str = "A/0") -> FormEdition:
    """Set the controlled number and edition of a form."""
    known = FormEdition.get_or_none(FormEdition.code == code)
    if known:
        return known.change(number=number, edition=edition)
    return FormEdition.add(code=code, number=number, edition=edition)
