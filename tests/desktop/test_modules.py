import importlib.util
import subprocess
import sys

from desktop import modules


def test_every_module_has_its_folders_under_one_word() -> None:
    for module in modules.MODULES:
        for room in ("models", "ui"):
            assert importlib.util.find_spec(f"{room}.{module.name}"), f"{room}.{module.name}"


def test_a_module_is_called_by_its_title_and_anything_else_by_its_name() -> None:
    assert modules.title_of("fees") == "物业收费"
    assert modules.title_of("nothing") == "nothing"


def test_loading_registers_deeds_lists_and_forms_and_no_qt() -> None:
    code = """
import sys
from desktop import modules
modules.load_papers()
from models.deeds import DEEDS
from models.listings import LISTS
from reports.paper import FORMS
from reports.papers import PAPERS
assert {"fees.bill", "owners.add_unit", "office.add_account"} <= set(DEEDS)
assert {"bills", "units", "accounts"} <= set(LISTS)
assert set(PAPERS) <= set(FORMS) and "FE-02" in PAPERS
assert not any(name.startswith("PySide6") for name in sys.modules)
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr


def test_every_list_and_every_form_belongs_to_a_module() -> None:
    modules.load_papers()
    from models.listings import LISTS
    from reports.paper import FORMS

    known = {module.name for module in modules.MODULES}
    assert {one.module for one in LISTS.values()} <= known
    assert {form.module for form in FORMS.values()} <= known
