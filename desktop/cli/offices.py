"""数据库: `new`, `check`, `backup`, `verify` and `restore`."""

from __future__ import annotations

import platform
from argparse import Namespace
from pathlib import Path

from desktop import modules, settings
from desktop.cli import output, secrets
from desktop.cli.command import Usage, arg, command, filled
from desktop.cli.session import DEFAULT_USER, opened, signed_in
from models import deeds, store
from models.errors import StorageRefused
from models.fields import CountField, accept
from models.office.signin import change_password, sign_in
from models.store import Manifest, Why
from models.store.cipher import is_encrypted
from models.store.rights import BACKUP, CHECK

_DAMAGED = StorageRefused.exit_code


@command(
    "new",
    "新建一个空的管理处数据库，管理员登录名为 admin",
    arg("path", metavar="PATH", help="新文件；已有的文件不会覆盖"),
    arg("--name", required=True, help="管理处名称"),
)
def new(args: Namespace) -> None:
    """Make an empty office."""
    modules.load()
    from models.office.founding import found_office

    path = Path(args.path)
    found_office(path, args.name, secrets.new_password(DEFAULT_USER))
    settings.remember_office(path)
    if args.json:
        output.as_json({"path": path, "login": DEFAULT_USER})
    else:
        output.say(f"已新建“{args.name}”：{path}。管理员登录名：{DEFAULT_USER}。")


@command(
    "demo",
    "新建一个演示数据库，里面的人和数都是虚构的，并列出可以登录的账号",
    arg("path", metavar="PATH", help="新文件；已有的文件不会覆盖"),
    arg("--units", metavar="N", default="1000", help="房屋、商铺、车位等的套数（默认 1000）"),
    arg("--months", metavar="M", default="24", help="账目的月数（默认 24）"),
    arg("--seed", metavar="S", default="1", help="随机数种子；相同的种子得到相同的数（默认 1）"),
)
def demo(args: Namespace) -> None:
    """Make a demo office and print who may sign in."""
    from desktop.demo import build_demo

    path = Path(args.path)
    units, months, seed = [_whole(name, label, getattr(args, name)) for name, label in _NUMBERS.items()]
    with output.Progress("建立演示数据") as progress:
        users = build_demo(path, units, months, seed, progress)
    if settings.last_office() is None:
        settings.remember_office(path)
    if args.json:
        output.as_json({"path": path, "users": users})
    else:
        output.say(f"已建立演示数据：{path}。可以登录：")
        output.table(("登录名", "角色", "口令"), [(one.login, one.role, one.password) for one in users])


_NUMBERS = {"units": "套数", "months": "月数", "seed": "种子"}


def _whole(name: str, label: str, typed: str) -> int:
    field = CountField(verbose_name=label)
    field.name = name
    return int(accept(field, typed))


@command("password", "修改自己的口令；新口令取自环境变量 PROPERTY_CONSOLE_NEW_PASSWORD 或询问")
def password(args: Namespace) -> None:
    """Change the password of `--user`, also where it must be changed before anything else."""
    login = args.user or DEFAULT_USER
    with opened(args):
        old = secrets.sign_in_password(login)
        account = sign_in(login, old, platform.node())
        change_password(account, old, secrets.next_password(login), platform.node())
    if args.json:
        output.as_json({"login": login})
    else:
        output.say(f"{login} 的口令已修改。")


@command("check", "检查数据库：存储、审计链和各项合计是否相符（数据体检另看 list health）")
def check(args: Namespace) -> int:
    """Judge storage, chain and sums; each finding is printed."""
    with signed_in(args) as office:
        deeds.require(CHECK)
        found = store.check(office)
    if args.json:
        output.as_json({"sound": not found, "findings": found})
    else:
        for one in found:
            output.say(f"{one.check}：{one.sentence}")
        output.say(f"发现 {len(found)} 处问题。" if found else "数据库、审计链和各项合计都相符。")
    return _DAMAGED if found else 0


@command(
    "backup",
    "把数据库备份到一个文件夹，并立即验证",
    arg("folder", metavar="DIR", type=filled, help="文件夹；没有则新建"),
    arg("--encrypt", action="store_true", help="加密；密码取自环境变量或询问（设了环境变量则总是加密）"),
)
def backup(args: Namespace) -> None:
    """Back the office up."""
    from models.office.profile import profile

    with signed_in(args) as office, output.Progress("备份") as progress:
        deeds.require(BACKUP)
        password = secrets.password_to_back_up(args.encrypt)
        name = str(profile().office)
        made = store.backup(
            office.path, Path(args.folder), Why.MANUAL, office=name, password=password, progress=progress
        )
    if args.json:
        output.as_json({"path": made.path, "size": made.size, "encrypted": made.encrypted, "verified": True})
    else:
        output.say(f"已备份并验证：{made.path}（{made.size / 1_000_000:,.1f} MB）。")


@command(
    "verify",
    "验证一个备份文件能否恢复（按内容判断，不看文件名）",
    arg("file", metavar="FILE", help="备份文件"),
)
def verify(args: Namespace) -> None:
    """Prove that a backup can be restored; no office is opened and nobody is asked for."""
    path = Path(args.file)
    with output.Progress("验证") as progress:
        report = store.verify(path, password=_password_of(path), progress=progress)
    if args.json:
        output.as_json({"path": path, "encrypted": report.encrypted, **_told(report.manifest)})
    else:
        output.say(f"备份完好，可以恢复：{_in_words(report.manifest)}。")


@command(
    "restore",
    "把备份恢复到 --db 指明的位置；已有的数据库改名留存，不会覆盖",
    arg("file", metavar="FILE", help="备份文件"),
)
def restore(args: Namespace) -> None:
    """Put a backup in the place of the database; no office is opened and nobody is asked for."""
    if args.db is None:
        raise Usage("请用 --db PATH 写明恢复到哪里。")
    path, target = Path(args.file), Path(args.db)
    with output.Progress("恢复") as progress:
        done = store.restore(path, target, password=_password_of(path), progress=progress)
    if args.json:
        output.as_json({"path": done.path, "set_aside": done.set_aside, **_told(done.manifest)})
        return
    output.say(f"已恢复到 {done.path}：{_in_words(done.manifest)}。")
    if done.set_aside is not None:
        output.say(f"原来的数据库改名留存为 {done.set_aside}。")


def _password_of(path: Path) -> str | None:
    """Return the password where a backup needs one; what cannot be read is told by the store."""
    try:
        with path.open("rb") as file:
            encrypted = is_encrypted(file.read(64))
    except OSError:
        return None
    return secrets.backup_password() if encrypted else None


def _told(manifest: Manifest) -> dict[str, object]:
    return {
        "office": manifest.office,
        "made_at": manifest.made_at,
        "why": manifest.why.label,
        "schema": manifest.schema,
        "rows": manifest.rows,
    }


def _in_words(manifest: Manifest) -> str:
    made_at = manifest.made_at.strftime("%Y-%m-%d %H:%M")
    return f"{manifest.office}，{made_at} {manifest.why.label}备份，共 {sum(manifest.rows.values()):,} 行"
