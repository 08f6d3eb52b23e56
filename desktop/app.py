"""窗口: starts Qt, our font, the Chinese of Qt's own buttons, and the console on an office."""

from __future__ import annotations

import faulthandler
import logging
import os
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Any

from desktop import faults, settings
from desktop.start import Start

FCITX = "fcitx"


def run(start: Start) -> int:
    """Open the window on an office and return when it is closed.

    Raises:
        Usage: there is no screen.
    """
    _require_screen()
    _let_chinese_in()
    app = start_qt(remembered_look() if not start.safe_mode else None)
    from desktop import instance

    claim = instance.Instance(app)
    if not claim.claim(start.path) and instance.call(start.path):
        print("程序已经开着，已切换到那个窗口。")
        return 0
    _log_faults(app)
    from desktop.console import Console

    console = Console(app, start, claim)
    console.start()
    return int(app.exec())


def start_qt(look: tuple[Any, float] | None = None) -> Any:
    """Return the application, dressed and speaking Chinese; the one that runs already, if any."""
    os.environ.setdefault("QT_API", "pyside6")
    from PySide6.QtCore import QLocale
    from PySide6.QtWidgets import QApplication

    from ui import theme
    from ui.collecting import Collector
    from ui.composing import ComposingGuard
    from ui.helpkey import HelpKey
    from ui.jobs import at_work
    from ui.wheel import keep_wheel_off
    from ui.words import show_tooltips_plain

    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    app = QApplication.instance() or QApplication([settings.APP])
    assert isinstance(app, QApplication)
    app.setApplicationName(settings.APP)
    app.setApplicationDisplayName("物业管理")
    if not app.property("dressed"):
        app.setProperty("dressed", True)
        speak_chinese(app)
        ComposingGuard()
        HelpKey()  # after the guard, which holds keys back while an input method composes
        show_tooltips_plain()
        keep_wheel_off()
        app.setQuitOnLastWindowClosed(False)
        Collector(app, at_work)
        theme.follow_system()
    theme.apply(*(look or (theme.Scheme.SYSTEM, theme.STANDARD)))
    app.setWindowIcon(theme.app_icon())
    return app


def speak_chinese(app: Any) -> None:
    """Load Qt's own Chinese, so that no button stays English."""
    from PySide6.QtCore import QLibraryInfo, QTranslator

    translator = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load("qtbase_zh_CN", folder):
        app.installTranslator(translator)


def remembered_look() -> tuple[Any, float]:
    """Return the appearance and the size of type that the person chose last."""
    from ui.theme import STANDARD, Scheme

    name, points = settings.get("scheme", "SYSTEM"), settings.get("points", STANDARD)
    scheme = Scheme[name] if name in Scheme.__members__ else Scheme.SYSTEM
    return scheme, points if 9 <= points <= 16 else STANDARD


def _require_screen() -> None:
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        from desktop.cli.command import Usage

        raise Usage("这里没有屏幕，打不开窗口。请在桌面上运行，或用 tour 命令把各页面画成图片。")


def _let_chinese_in() -> None:
    """Let fcitx speak through ibus where Qt has no plugin of its own, as no wheel has (usability.md 0.2)."""
    wanted = os.environ.get("QT_IM_MODULE", "") or os.environ.get("XMODIFIERS", "").removeprefix("@im=")
    if wanted.startswith(FCITX):
        os.environ["QT_IM_MODULE"] = wanted if _has_fcitx() else "ibus"


def _has_fcitx() -> bool:
    """Whether fcitx's own plugin lies where Qt looks for plugins."""
    from PySide6.QtCore import QLibraryInfo

    named = os.environ.get("QT_PLUGIN_PATH", "").split(os.pathsep)
    folders = [QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath), *filter(None, named)]
    return any(
        found
        for folder in folders
        for found in Path(folder, "platforminputcontexts").glob(f"*{FCITX}*platforminputcontext*")
    )


class _ToLog(logging.Handler):
    """Writes what goes wrong into the log file of the program."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.baseFilename = str(faults.log_file())

    def emit(self, record: logging.LogRecord) -> None:
        """Write one fault."""
        fault = record.exc_info[1] if record.exc_info else None
        if fault is not None:
            faults.record(fault, record.getMessage())


def _save_bundle(target: Path) -> None:
    from desktop.bundle import save_bundle

    save_bundle(target)


def _log_qt() -> None:
    """Write what Qt itself complains of gravely into the log; the rest goes where it always went."""
    from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

    def heard(kind: QtMsgType, _: QMessageLogContext, words: str) -> None:
        if kind in (QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg):
            faults.record(RuntimeError(words), "Qt")
        elif kind is not QtMsgType.QtDebugMsg:
            print(words, file=sys.stderr)

    qInstallMessageHandler(heard)


def _log_faults(app: Any) -> None:
    """Let every fault end in the log and in one sentence, and the program live on."""
    from PySide6.QtWidgets import QApplication

    from ui import dialogs

    logging.getLogger().addHandler(_ToLog())

    def tell(kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        dialogs.report_bug(QApplication.activeWindow(), fault.with_traceback(trace))

    dialogs.offer_bundle(_save_bundle)
    _log_qt()
    sys.excepthook = tell
    threading.excepthook = lambda told: told.exc_value and dialogs.log_bug(told.exc_value)
    crashes = faults.log_file().with_name("crash.log")
    try:
        crashes.parent.mkdir(parents=True, exist_ok=True)
        app.setProperty("crashes", crashes.open("a", encoding="utf-8"))
        faulthandler.enable(app.property("crashes"))
    except OSError:
        faulthandler.enable()
