"""规矩: what the linters cannot see of the house's rules, asked of the source itself."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("desktop", "ui", "models", "reports", "resources")
HEAVY = {"reportlab", "xlsxwriter", "pypinyin", "cryptography", "python_calamine", "chinese_calendar"}
QUERIES = {
    *(
        "select",
        "select_from",
        "where",
        "orwhere",
        "execute",
        "execute_sql",
        "executemany",
        "scalar",
        "tuples",
    ),
    *("dicts", "namedtuples", "save", "insert_many", "bulk_create", "bulk_update", "delete_instance"),
    *("get_or_none", "get_by_id", "atomic"),
}
SCALE = (0, 1, 2, 4, 8, 12, 16, 24)
"""Pixels between things on the screen."""
LAYOUTS = {"QHBoxLayout", "QVBoxLayout", "QGridLayout", "QBoxLayout"}
FILLED_BY = {"addWidget", "addLayout", "insertWidget"}
MOST_FUNCTION_LINES = 40
MOST_FILE_LINES = 450


def sources(*packages: str) -> Iterator[Path]:
    """Yield the Python files of these packages."""
    for package in packages:
        yield from sorted((ROOT / package).rglob("*.py"))


def trees(*packages: str) -> Iterator[tuple[Path, ast.Module]]:
    """Yield each Python file of these packages, named from the project's folder, with what it says."""
    for path in sources(*packages):
        yield path.relative_to(ROOT), ast.parse(path.read_text(encoding="utf-8"))


def calls(tree: ast.AST) -> Iterator[tuple[ast.Call, str]]:
    """Yield every call with the last word of what it calls."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", None) or getattr(node.func, "id", "")
            yield node, name


def imported_at_start(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield the top-level package of each import that runs when the module is loaded."""
    for node in tree.body:
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name.split(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.lineno, (node.module or "").split(".")[0]


def is_qt(called: ast.Attribute, arguments: list[ast.expr]) -> bool:
    """Tell Qt's own save(path) and selectionModel().select() from a record's."""
    selection = isinstance(called.value, ast.Call) and ast.unparse(called.value.func).endswith(
        "selectionModel"
    )
    return (called.attr == "select" and selection) or (called.attr == "save" and bool(arguments))


def test_every_folder_of_code_is_a_package() -> None:
    folders = {path.parent for path in sources(*PACKAGES) if path.parent.name != "migrations"}
    assert [str(folder) for folder in folders if not (folder / "__init__.py").exists()] == []


def test_no_label_reads_names_as_markup() -> None:
    """Only ui/words.py makes labels, and ui/form.py the one whose dot is drawn by markup of ours."""
    makers = {
        str(path) for path, tree in trees("ui", "desktop") for call, name in calls(tree) if name == "QLabel"
    }
    assert makers == {"ui/form.py"}


def test_screens_ask_the_database_nothing() -> None:
    found = [
        f"{path}:{call.lineno} .{name}()"
        for path, tree in trees("ui", "desktop")
        for call, name in calls(tree)
        if name in QUERIES and isinstance(call.func, ast.Attribute) and not is_qt(call.func, call.args)
    ]
    assert found == []


def test_no_float_is_made_where_money_lives() -> None:
    found = [
        f"{path}:{call.lineno}"
        for path, tree in trees("models", "reports")
        if path.parts[:2] != ("reports", "paper")  # a place on the paper is no money
        and path.parts[:2] != ("models", "workbook")  # there the driver's floats become decimals
        for call, name in calls(tree)
        if name == "float" and isinstance(call.func, ast.Name)
    ]
    assert found == []


def test_user_text_reaches_paper_through_para_alone() -> None:
    found = [
        f"{path}:{call.lineno}"
        for path, tree in trees(*PACKAGES)
        for call, name in calls(tree)
        if name == "Paragraph"
        and path.as_posix() != "reports/paper.py"
        and path.parts[:2] != ("reports", "paper")
    ]
    assert found == []


def test_heavy_libraries_are_imported_where_they_are_used() -> None:
    found = [
        f"{path}:{line} {name}"
        for path, tree in trees("models", "ui", "desktop")
        for line, name in imported_at_start(tree)
        if name in HEAVY or (name == "reports" and path.parts[0] != "models")
    ]
    assert found == []


def test_functions_stay_short() -> None:
    found = [
        f"{path}:{node.lineno} {node.name}"
        for path, tree in trees(*PACKAGES)
        if "migrations" not in path.parts
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and body_lines(node) > MOST_FUNCTION_LINES
    ]
    assert found == []


def body_lines(function: ast.FunctionDef) -> int:
    """Return the lines from the first statement on; what a docstring explains makes no function long."""
    work = function.body[1:] if ast.get_docstring(function) else function.body
    return (work[-1].end_lineno or 0) - work[0].lineno + 1 if work else 0


def test_files_stay_short() -> None:
    hand_written = (path for path in sources(*PACKAGES) if path.parent.name != "migrations")
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in hand_written}
    assert [str(path) for path, length in lengths.items() if length > MOST_FILE_LINES] == []


def test_all_room_between_things_is_of_one_scale() -> None:
    """look.md: 4 / 8 / 12 / 16 / 24; 1 and 2 keep a hairline or two lines of one thing apart."""
    setters = {"setSpacing", "setContentsMargins", "setHorizontalSpacing", "setVerticalSpacing", "addSpacing"}
    found = [
        f"{path}:{call.lineno} {name}({argument.value})"
        for path, tree in trees("ui", "desktop")
        for call, name in calls(tree)
        if name in setters
        for argument in ast.walk(call)
        if isinstance(argument, ast.Constant) and argument.value not in SCALE
    ]
    assert found == []


def test_no_layout_leaves_its_room_to_qt() -> None:
    """Qt's own choice, 6 or 9 pixels, is none of the scale: a layout says its spacing and its margins."""
    found = []
    for path, tree in trees("ui", "desktop"):
        for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            found += [f"{path}:{line} {name} {what}" for line, name, what in left_to_qt(function)]
    assert found == []


def left_to_qt(function: ast.FunctionDef) -> Iterator[tuple[int, str, str]]:
    """Yield the layouts made in a function whose spacing or margins nobody sets there."""
    again = [node for node in ast.walk(function) if isinstance(node, ast.For)]  # what happens more than once
    told = [
        (ast.unparse(call.func.value), name)
        for part in (function, *again)
        for call, name in calls(part)
        if isinstance(call.func, ast.Attribute)
    ]
    for node in ast.walk(function):
        made = node.value if isinstance(node, ast.Assign) else None
        if not isinstance(made, ast.Call) or ast.unparse(made.func) not in LAYOUTS:
            continue
        assert isinstance(node, ast.Assign)
        names = {ast.unparse(target) for target in node.targets}
        done = {name for owner, name in told if owner in names}
        held = sum(owner in names and name in FILLED_BY for owner, name in told)
        if held > 1 and not done & {"setSpacing", "setHorizontalSpacing", "setVerticalSpacing"}:
            yield node.lineno, ast.unparse(node.targets[0]), "setSpacing"
        if made.args and "setContentsMargins" not in done:
            yield node.lineno, ast.unparse(node.targets[0]), "setContentsMargins"


def test_nothing_is_left_to_be_done_later() -> None:
    marks = ("TO" + "DO", "FIX" + "ME", "X" * 3)
    found = [
        str(path)
        for path in sources(*PACKAGES, "tests")
        if any(m in path.read_text(encoding="utf-8") for m in marks)
    ]
    assert found == []


@pytest.mark.parametrize(
    "call",
    ["label.setText('x')", "item.setText('x')", "box.addItem('x')", "table.item(0, 1)", "box.currentData()"],
)
def test_qt_survives_a_day_of_calls_that_return_nothing(call: str) -> None:
    """PySide6 6.12 loses one reference to None in each such call and dies after some 5,000 of them."""
    code = f"""
import sys
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QTableWidget, QTableWidgetItem
app = QApplication([])
label, item, box, table = QLabel(), QTableWidgetItem(), QComboBox(), QTableWidget(1, 2)
before = sys.getrefcount(None)
for _ in range(20_000):
    {call}
lost = before - sys.getrefcount(None)
sys.exit(lost > 1_000)
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
