"""巡览: `tour`, which draws what staff see and print, and `pictures` for what the help shows."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from desktop.cli import output
from desktop.cli.command import Usage, arg, command
from desktop.cli.session import admitted, opened
from models import deeds
from models.errors import RuleBroken
from models.text import system_reason

_NOISE = "does not support propagateSizeHints"


@command(
    "tour",
    "把登录、工作台、各页面（浅色和深色）画成图片，各表单印成 PDF；不需要屏幕，演示数据不问口令",
    arg("folder", metavar="DIR", help="文件夹；没有则新建"),
    arg("--size", action="append", help="窗口大小，可写多次：1366x768、1920x1080；不写两种都画"),
)
def draw(args: Namespace) -> None:
    """Draw every page and every form into a folder."""
    from desktop.tour import SIZES, tour

    sizes = args.size or list(SIZES)
    for size in sizes:
        if size not in SIZES:
            raise Usage(f"没有窗口大小“{size}”。可用：{'、'.join(SIZES)}。")
    folder = _made(Path(args.folder))
    with opened(args) as office, deeds.acting(admitted(args, demo_too=True)):
        _drop_noise()
        drawn = tour(folder, office.path, output.warn, sizes)
    if args.json:
        output.as_json({"pictures": drawn.pictures, "papers": drawn.papers})
    else:
        output.say(f"已画 {len(drawn.pictures)} 张图片、印 {len(drawn.papers)} 种表单到 {folder}。")


@command(
    "pictures",
    "重画帮助里的图片（resources/help/pictures），用演示数据；不需要屏幕，不问口令",
    arg("folder", metavar="DIR", help="文件夹；没有则新建"),
)
def draw_help(args: Namespace) -> None:
    """Draw the pictures of the help into a folder."""
    from desktop.helppictures import draw as draw_pictures

    folder = _made(Path(args.folder))
    with opened(args) as office, deeds.acting(admitted(args, demo_too=True)):
        _drop_noise()
        drawn = draw_pictures(folder, office.path, output.warn)
    size = sum(one.stat().st_size for one in drawn)
    output.say(f"已画 {len(drawn)} 张图片到 {folder}，共 {size / 1_000_000:.2f} MB。")


def _made(folder: Path) -> Path:
    """Return a folder, made when missing."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RuleBroken(f"不能建立文件夹 {folder}（{system_reason(error)}）。请换一个位置。") from None
    return folder


def _drop_noise() -> None:
    """Keep back what Qt says of every window it draws without a screen."""
    from PySide6.QtCore import qInstallMessageHandler

    def hear(kind: object, where: object, words: str) -> None:
        if _NOISE not in words:
            output.warn(words)

    qInstallMessageHandler(hear)
