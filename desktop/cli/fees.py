"""收费: `bill`, `pay` and `close-day`, each a deed under a shorter name, and `explain`."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from desktop.cli import output
from desktop.cli.command import Usage, arg, command, filled
from desktop.cli.session import signed_in
from models import deeds
from models.deeds import DEEDS
from models.errors import NotFound
from models.fees import billing
from models.fees import explain as lines
from models.fees.explain_money import explanations_of
from models.fees.explanation import Explanation
from models.fees.rights import BILL
from models.fees.trial import Missing, Trial
from models.months import Month, Period
from models.owners.estate import Unit

_NAMED = 20
"""Skipped units that are named on the screen; --json names all."""


@command(
    "bill",
    "出账：补齐一个月份的账单；已有的不重复",
    arg("month", metavar="YYYY-MM", help="月份，例如 2026-11"),
    arg("--dry-run", action="store_true", help="试算，不写入"),
    arg("--catch-up", action="store_true", help="连同以前没有出过的月份"),
)
def bill(args: Namespace) -> None:
    """Make the lines that are missing for a month, or say what would be made."""
    with signed_in(args):
        month = Month.parse(args.month)
        deeds.require(BILL)
        trial = billing.dry_run(month, args.catch_up)
        batch = None if args.dry_run else billing.bill(month, args.catch_up)
        told = _told(trial, args)
        if batch is not None:
            told |= {"batch": batch.id, "lines": batch.count, "amount": batch.amount}
            told["set_off"] = billing.set_off_told(batch)
    if args.json:
        output.as_json(told)
    else:
        _say(told, args)


def _told(trial: Trial, args: Namespace) -> dict[str, Any]:
    return {
        "month": trial.month,
        "dry_run": args.dry_run,
        "batch": None,
        "set_off": "",
        "lines": len(trial.lines),
        "amount": trial.amount,
        "units": trial.units,
        "already": trial.already,
        "items": [
            {"item": item, "month": month, "lines": lines, "amount": amount}
            for item, month, lines, amount in trial.by_item()
        ],
        "skipped": [one._asdict() for one in trial.skipped],
        "missing": [{"unit": one.unit, "item": one.item, "months": one.months} for one in trial.missing],
    }


def _say(told: dict[str, Any], args: Namespace) -> None:
    done = f"{told['lines']} 笔，{told['units']} 户，共 {told['amount']:,.2f} 元"
    if args.dry_run:
        output.say(f"试算 {told['month']}：将出账 {done}（没有写入）。")
    elif told["lines"]:
        output.say(f"已出账 {told['month']}：{done}。批次 {told['batch']}。{told['set_off']}")
    else:
        output.say(f"{told['month']} 没有要出的账单，没有写入。")
    for one in told["items"]:
        output.say(f"  {one['item']}  {one['month']}  {one['lines']} 笔  {one['amount']:,.2f}")
    if told["already"]:
        output.say(f"已出过、不重复的 {told['already']} 笔。")
    left = [(f"{one['unit']} {one['item']}".strip(), one["reason"]) for one in told["skipped"]]
    _name("没有出账", [f"{what}：{reason}" for what, reason in left])
    if not args.catch_up:
        lacking = [Missing(one["unit"], one["item"], one["months"]) for one in told["missing"]]
        _name("以前没有出过（加 --catch-up 补出）", [f"{one.unit} {one.item} {one.span}" for one in lacking])


def _name(heading: str, told: list[str]) -> None:
    if not told:
        return
    output.say(f"{heading} {len(told)} 项：")
    for line in told[:_NAMED]:
        output.say(f"  {line}")
    if len(told) > _NAMED:
        output.say(f"  ……其余 {len(told) - _NAMED} 项用 --json 查看。")


@command(
    "pay",
    "收款：先清最早的欠费，多出的转为预存",
    arg("unit", metavar="UNIT", help="房号，例如 1-1-1011"),
    arg("amount", metavar="AMOUNT", help="金额，元"),
    arg("--method", metavar="M", help="收款方式：现金、转账、微信、支付宝、POS、代扣；不写则为现金"),
    arg("--on", metavar="DATE", type=filled, help="收款日期；不写则为今天"),
)
def pay(args: Namespace) -> None:
    """Take money on a unit and name the receipts given for it."""
    given = {"amount": args.amount, "method": args.method, "on": args.on}
    with signed_in(args):
        payment = DEEDS["fees.receive"].call(
            args.unit, {name: value for name, value in given.items() if value is not None}
        )
        receipts = sorted(receipt.number for receipt in payment.receipts)
        told = {"receipt": receipts[0], "receipts": receipts, "amount": payment.amount, "on": payment.on}
        told["payer"] = payment.payer_name
    if args.json:
        output.as_json(told)
    else:
        output.say(f"已收 {args.unit} {payment.amount:,.2f} 元，收据 {'、'.join(receipts)}。")


@command("close-day", "日结：当日收据不能再作废", arg("day", metavar="DATE", help="日期，例如 2026-11-23"))
def close_day(args: Namespace) -> None:
    """Close the cashier's day."""
    with signed_in(args):
        closing = DEEDS["fees.close_day"].call(None, {"day": args.day})
    if args.json:
        output.as_json(closing)
    else:
        output.say(
            f"已日结 {closing.day}：收据 {closing.receipts} 份，作废 {closing.voids} 份，"
            f"实收 {closing.amount:,.2f} 元。"
        )


@command(
    "explain",
    "解释：账单、欠费和预存怎样算出来",
    arg("unit", metavar="UNIT", nargs="?", help="房号，例如 1-1-1011；不写月份时解释欠费、未收账单和预存"),
    arg("--month", metavar="YYYY-MM", type=filled, help="这个月份（或期间）的账单；一天则是截至那天的欠费"),
    arg("--number", metavar="ID", type=filled, help="只解释这一笔账单，编号见 list bills --json 的 id"),
)
def explain(args: Namespace) -> None:
    """Say how charges, debts and balances came about."""
    if (args.unit is None) == (args.number is None):
        raise Usage("请写房号，或用 --number 写账单编号，两样写一样。")
    with signed_in(args):
        found = _explained(args)
    if not found:
        raise NotFound(f"{args.unit} 在 {args.month} 没有账单。请核对房号和月份。")
    if args.json:
        output.as_json_array(found)
    else:
        output.say("\n\n".join(one.text() for one in found))


def _explained(args: Namespace) -> list[Explanation]:
    if args.number is not None:
        return [lines.explain(lines.line_of(args.number))]
    period = Period.parse(args.month) if args.month is not None else None
    return explanations_of(Unit.find(args.unit), period)
