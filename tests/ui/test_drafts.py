from collections.abc import Callable
from typing import Any

import pytest

from models.deeds import DEEDS
from models.owners.people import Person
from tests.estate import Estate
from tests.ui.conftest import front, pause
from ui import deeddialog, drafts
from ui.deeddialog import DeedDialog
from ui.dialogs import Question

Settle = Callable[[], None]


@pytest.fixture
def person(estate: Estate) -> Any:
    estate.house("101")
    found = Person.get(Person.name == "王桂芳")
    found.edit(phone="13812345678")
    return Person.get_by_id(found.id)


def type_into(dialog: Any, **texts: str) -> None:
    for name, words in texts.items():
        line = dialog.form.cells[name].input
        line.restore(words)
        line.edited.emit()


def test_what_was_typed_lies_there_after_the_program_was_killed(
    person: Any, window: Any, settle: Settle
) -> None:
    dialog = deeddialog.do(window.services, DEEDS["owners.edit_person"], [person], window)
    type_into(dialog, name="王桂花", note="换过名字")
    memory = window.services.memory
    memory.flush()
    (left,) = drafts.left(memory)
    assert left.values == {"name": "王桂花", "note": "换过名字"}
    assert left.records == (person,) and left.described().startswith("修改人员（王桂芳")
    dialog.deleteLater()  # as a crash would: neither saved nor thrown away
    settle()

    question = window.offer_drafts() or front(Question)  # it asks by itself once it has settled
    assert "修改人员（王桂芳" in question.sentence.text()
    question.yes.click()
    settle()
    again = front(DeedDialog)
    assert again.form.given()["name"] == "王桂花" and again.form.dirty()
    assert again.form.given()["phone"] == "13812345678"
    again.submit()
    settle()
    assert Person.get_by_id(person.id).name == "王桂花"
    assert drafts.left(memory) == []


def test_a_form_that_was_saved_or_thrown_away_leaves_no_draft(
    person: Any, window: Any, settle: Settle
) -> None:
    memory = window.services.memory
    dialog = deeddialog.do(window.services, DEEDS["owners.edit_person"], [person], window)
    type_into(dialog, note="一")
    dialog.submit()
    settle()
    dialog = deeddialog.do(
        window.services, DEEDS["owners.edit_person"], [Person.get_by_id(person.id)], window
    )
    type_into(dialog, note="二")
    dialog.reject()
    settle()
    front(Question).yes.click()
    settle()
    memory.flush()
    assert drafts.left(memory) == [] and memory.names("draft.") == []


def test_masked_numbers_are_not_kept(person: Any, window: Any, settle: Settle) -> None:
    dialog = deeddialog.do(window.services, DEEDS["owners.edit_person"], [person], window)
    type_into(dialog, note="x")
    dialog.form.cells["phone"].input.line.setText("13900001111")
    dialog.form.cells["phone"].input.edited.emit()
    window.services.memory.flush()
    kept = window.services.memory.get(drafts.key_of(dialog.deed, [person]), {})
    assert "13900001111" not in str(kept) and kept["values"] == {"note": "x"}


def test_a_draft_can_be_thrown_away_or_left_for_later(person: Any, window: Any, settle: Settle) -> None:
    memory, deed = window.services.memory, DEEDS["owners.add_person"]
    memory.put("draft.owners.add_person", drafts.told(deed, [], {"name": "新人"}))
    window.offer_drafts().no.click()
    assert len(drafts.left(memory)) == 1
    question = window.offer_drafts()
    next(one for one in question.findChildren(type(question.yes)) if one.text() == "丢弃").click()
    settle()
    assert drafts.left(memory) == [] and window.offer_drafts() is None


def test_forms_whose_end_shows_something_leave_no_draft(window: Any, settle: Settle) -> None:
    dialog = deeddialog.do(window.services, DEEDS["office.add_account"], [], window, then=lambda issued: None)
    type_into(dialog, login="neu")
    window.services.memory.flush()
    assert window.services.memory.names("draft.") == []


@pytest.mark.parametrize(
    "kept",
    [
        7,
        {},
        {"deed": "gone", "kind": "", "records": [], "values": {"a": "b"}},
        {"deed": "owners.edit_person", "kind": "Person", "records": [99_999], "values": {"name": "x"}},
        {"deed": "owners.edit_person", "kind": "Person", "records": ["x"], "values": {"name": "x"}},
        {"deed": "owners.add_person", "kind": "", "records": [], "values": {"name": 7}},
    ],
)
def test_a_draft_that_makes_no_sense_is_thrown_away(person: Any, window: Any, kept: Any) -> None:
    memory = window.services.memory
    memory.put("draft.x", kept)
    assert drafts.left(memory) == []


def test_every_kind_of_input_gives_back_what_it_kept(office: Any, qtbot: Any) -> None:
    from ui.form import Form

    for deed in DEEDS.values():
        form = Form(deed.inputs)
        qtbot.addWidget(form)
        for cell in form.cells.values():
            kept = cell.input.kept()
            if kept is not None:
                cell.input.restore(kept)
                assert cell.input.kept() == kept, (deed.name, cell.asked.name)
        form.deleteLater()
    pause(1)


def test_a_form_that_nobody_typed_into_leaves_an_older_draft_alone(window: Any, settle: Settle) -> None:
    deed, memory = DEEDS["owners.add_person"], window.services.memory
    memory.put(drafts.key_of(deed, []), drafts.told(deed, [], {"name": "张三"}))
    dialog = deeddialog.do(window.services, deed, [], window)
    settle()
    dialog.reject()
    settle()
    assert [one.values for one in drafts.left(memory)] == [{"name": "张三"}]


def test_a_draft_of_a_number_that_another_record_has_now_is_thrown_away(person: Any, window: Any) -> None:
    deed, memory = DEEDS["owners.edit_person"], window.services.memory
    kept = drafts.told(deed, [person], {"name": "乙"})
    for wrong in (kept | {"called": "别人"}, kept | {"records": [1e30]}, kept | {"records": [float("inf")]}):
        memory.put(drafts.key_of(deed, [person]), wrong)
        assert drafts.left(memory) == []
    memory.put(drafts.key_of(deed, [person]), kept)
    assert len(drafts.left(memory)) == 1


def test_each_choice_of_many_records_has_a_draft_of_its_own(estate: Estate) -> None:
    units = [estate.house(str(100 + number)) for number in range(22)]
    deed = DEEDS["owners.edit_unit"]
    keys = {drafts.key_of(deed, some) for some in (units, units[:-1], units[1:], units[:1])}
    assert len(keys) == 4
