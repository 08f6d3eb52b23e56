from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader

from desktop.printing import forms, print_form
from models import deeds
from models.audit import AuditEntry
from models.errors import BadInput, Cancelled, NotFound, PermissionDenied, RuleBroken
from models.months import Period
from models.office.profile import edit_profile, profile, set_edition
from reports import papers
from reports.paper import A4, FORMS, Column, Field, Form, Sheet
from reports.papers import Filled, PaperRequest, paper
from tests.estate import Estate, writing

FORM = Form("ZZ-01", "试印单", "fees", A4, head=(Field("unit", "房号"),), columns=(Column("项目", 60),))


@pytest.fixture
def form(office: Path, monkeypatch: pytest.MonkeyPatch) -> Form:
    """Declare a form that fills itself in, for as long as the test lasts."""
    monkeypatch.setattr("desktop.modules.load_papers", lambda: None)
    monkeypatch.setattr(papers, "PAPERS", {})
    monkeypatch.setitem(FORMS, "ZZ-01", FORM)

    @paper("ZZ-01", "batches.view", "period", "unit")
    def build(request: PaperRequest) -> Iterator[Sheet]:
        if request.period is not None and request.period.name == "2020-01":
            return
        unit = request.unit.code if request.unit else "全部"
        yield Sheet(FORM, number="ZZ-202006-001", values={"unit": unit}, rows=[("物业费",)])

    return FORM


def _text(path: Path) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(path).pages)


def test_a_form_is_filled_in_and_bears_the_office_and_who_printed(form: Form, tmp_path: Path) -> None:
    edit_profile(company="青枫物业服务有限公司")
    set_edition("ZZ-01", "QF-ZZ-01", "B/2")
    done = print_form("zz-01", out=tmp_path / "x.pdf")
    assert (done.sheets, done.pages) == (1, 1)
    told = _text(done.path)
    assert "青枫物业服务有限公司" in told and "QF-ZZ-01 B/2" in told and "管理员" in told and "全部" in told
    assert "演示" not in told


def test_a_form_is_printed_for_one_unit(form: Form, tmp_path: Path) -> None:
    unit = Estate().house("101")
    assert "1-1-101" in _text(print_form("ZZ-01", unit=unit, out=tmp_path / "x.pdf").path)


def test_an_older_file_stays_while_the_print_cannot_be_counted(
    form: Form, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = print_form("ZZ-01", out=tmp_path / "x.pdf").path
    older = out.read_bytes()

    def busy(sheets: object) -> None:
        raise RuleBroken("数据库正被占用。")

    fill = papers.fill
    monkeypatch.setattr(papers, "fill", lambda request: replace(fill(request), printed=busy))
    for path in (out, tmp_path / "y.pdf"):
        with pytest.raises(RuleBroken, match="正被占用"):
            print_form("ZZ-01", out=path)
    assert out.read_bytes() == older
    assert [one.name for one in tmp_path.glob("*.pdf*")] == ["x.pdf"]


def test_what_was_printed_stands_in_the_audit_trail(form: Form, tmp_path: Path) -> None:
    unit = Estate().house("101")
    print_form("ZZ-01", unit=unit, period=Period.parse("2020-06"), out=tmp_path / "x.pdf")
    last = AuditEntry.select().order_by(AuditEntry.id.desc()).first()
    assert (last.deed, last.subject) == ("papers.print", "ZZ-01 试印单")
    assert last.facts == {"period": "2020-06", "unit": "1-1-101", "sheets": 1}


def test_a_blank_form_has_its_title_and_no_rows(form: Form, tmp_path: Path) -> None:
    told = _text(print_form("ZZ-01", blank=True, out=tmp_path / "x.pdf").path)
    assert "试印单" in told and "物业费" not in told


def test_a_form_that_nothing_fills_in_is_only_printed_blank(
    form: Form, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(papers, "PAPERS", {})
    with pytest.raises(BadInput, match="--blank"):
        print_form("ZZ-01", out=tmp_path / "x.pdf")
    assert print_form("ZZ-01", blank=True, out=tmp_path / "x.pdf").pages == 1


def test_papers_of_a_demo_office_say_so(form: Form, tmp_path: Path) -> None:
    with writing():
        profile().change(demo=True)
    assert "演示" in _text(print_form("ZZ-01", out=tmp_path / "x.pdf").path)


def test_nothing_to_print_leaves_no_file(form: Form, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="没有可打印的《试印单》"):
        print_form("ZZ-01", period=Period.parse("2020-01"), out=tmp_path / "x.pdf")
    assert list(tmp_path.glob("x*")) == []


def test_a_form_cannot_be_asked_for_by_what_it_does_not_know(form: Form, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="不能按单号打印"):
        print_form("ZZ-01", number="SJ-2020-000001", out=tmp_path / "x.pdf")


def test_an_unknown_form_is_named_with_those_there_are(form: Form, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"没有表单“XX-99”.*ZZ-01"):
        print_form("XX-99", out=tmp_path / "x.pdf")


def test_printing_needs_the_right_of_the_form_blank_or_not(form: Form, tmp_path: Path) -> None:
    class Guest(deeds.TheOffice):
        def may(self, right: str) -> bool:
            return False

    for blank in (False, True):
        with deeds.acting(Guest()), pytest.raises(PermissionDenied):
            print_form("ZZ-01", blank=blank, out=tmp_path / "x.pdf")
    assert list(tmp_path.glob("x*")) == []


def test_a_cancelled_print_leaves_no_file(form: Form, tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        print_form("ZZ-01", out=tmp_path / "x.pdf", cancelled=lambda: True)
    assert list(tmp_path.glob("x*")) == []


def test_a_place_that_is_not_there_is_refused(form: Form, tmp_path: Path) -> None:
    with pytest.raises(RuleBroken, match="没有文件夹"):
        print_form("ZZ-01", out=tmp_path / "none" / "x.pdf")


def test_remarks_are_handed_on_and_grow_while_sheets_are_drawn(
    form: Form, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(papers, "PAPERS", {})

    @paper("ZZ-01", "batches.view")
    def build(request: PaperRequest) -> Filled:
        remarks: list[str] = []

        def sheets() -> Iterator[Sheet]:
            yield Sheet(FORM, values={"unit": "1"})
            remarks.append("2 户不欠费，没有通知单。")

        return Filled(sheets(), total=1, remarks=remarks)

    steps: list[tuple[int, int]] = []
    done = print_form("ZZ-01", out=tmp_path / "x.pdf", progress=lambda *step: steps.append(step))
    assert done.remarks == ("2 户不欠费，没有通知单。",)
    assert steps == [(1, 1)]


def test_a_form_is_filled_in_by_one_function_alone(form: Form) -> None:
    with pytest.raises(ValueError, match="twice"):
        paper("ZZ-01", "batches.view")(lambda request: [])


def test_forms_are_listed_with_code_title_module_and_paper(form: Form) -> None:
    assert {"code": "ZZ-01", "title": "试印单", "module": "fees", "paper": "A4"} in forms()
