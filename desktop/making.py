"""装配: what a window on an office is made of; loaded late, for it brings the whole program with it."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import platformdirs
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMenu

from desktop import lock, modules, settings
from models.office.accounts import Account
from models.office.profile import profile
from models.store import Office
from ui import theme
from ui.memory import Memory

if TYPE_CHECKING:
    from models.months import Month
    from ui.services import Services
    from ui.window import Command, MainWindow


def make_services(path: Path, office: Office | None = None, memory: Memory | None = None) -> Services:
    """Return what the pages of a window on this database share."""
    from desktop import printing
    from desktop.schedule import Keeper
    from ui.services import Outlets, Services

    outlets = Outlets(modules.load_papers, printing.print_form, prints_folder)
    return Services(outlets, Keeper(path, office), memory)


def make_window(
    services: Services, account: Account, path: Path, commands: Sequence[Command] = ()
) -> MainWindow:
    """Return the window of a person, with the docks of every module."""
    from ui.window import About, MainWindow

    theme.load_fonts(rare=True)
    post = account.staff.post
    office = profile()
    about = About(str(office.office), path, str(post.name) if post else "", demo=bool(office.demo))
    panels = [importlib.import_module(f"ui.{module.name}").PANEL for module in modules.MODULES]
    return MainWindow(services, panels, about, commands)


def print_first(month: Month, unit: Any) -> Path:
    """Print the payment notice of one unit for a month and show it; called away from the window."""
    from desktop import printing
    from models.months import Period

    out = prints_folder() / f"FE-02 交费通知单 {month} {unit.code}.pdf"
    printing.print_form("FE-02", out=out, period=Period.of_month(month), unit=unit)
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(out)))
    return out


def fill_lock_menu(menu: QMenu) -> None:
    """Offer after how long the window locks itself."""
    for minutes in lock.CHOICES:
        action = menu.addAction(f"{minutes} 分钟后" if minutes else "不自动锁定")
        action.setCheckable(True)
        action.setChecked(minutes == lock.minutes())
        action.triggered.connect(lambda _=False, minutes=minutes: lock.choose(minutes))


def prints_folder() -> Path:
    """Return the folder for prints and exports, made when missing."""
    folder = platformdirs.user_documents_path() / "物业打印"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        folder = platformdirs.user_cache_path(settings.APP, appauthor=False, ensure_exists=True)
    return folder
