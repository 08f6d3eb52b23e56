"""People and vehicles: numbers, masks, what is shown in full and to whom."""

from datetime import date

import pytest

from models.audit import AuditEntry
from models.deeds import DEEDS
from models.errors import BadInput, NotFound, RuleBroken
from models.owners.entry import add_person, add_unit, add_vehicle
from models.owners.estate import UnitKind
from models.owners.people import Person, PersonKind, Vehicle, VehicleKind

SUMMER = date(2026, 7, 1)


def test_a_person_without_a_number_gets_the_next_one(office: object) -> None:
    add_person(name="王桂芳", number="12")
    add_person(name="李明", number="A7")
    assert add_person(name="赵红").number == "13"


def test_a_number_is_given_once(office: object) -> None:
    add_person(name="王桂芳", number="12")
    with pytest.raises(BadInput, match="12"):
        add_person(name="李明", number="12")


def test_a_wrong_identity_number_is_refused_in_words(office: object) -> None:
    with pytest.raises(BadInput, match="校验码"):
        DEEDS["owners.add_person"].call(None, {"name": "王桂芳", "identity": "110101199003077777"})


def test_phone_and_identity_are_shown_only_by_a_deed_that_is_logged(office: object) -> None:
    owner = add_person(name="王桂芳", phone="13812345678", identity="11010519491231002X")
    assert Person.phone.show(owner.phone) == "138****5678"
    shown = owner.reveal()
    assert (shown.phone, shown.identity) == ("13812345678", "11010519491231002X")
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).first()
    assert (entry.deed, entry.subject) == ("owners.reveal", "王桂芳")
    assert "13812345678" not in str(entry.facts)


def test_a_person_is_found_by_name_sound_and_phone(office: object) -> None:
    owner = add_person(name="曾国藩", phone="13812345678")
    assert all(word in owner.search for word in ("曾国藩", "zengguofan", "zgf", "13812345678"))
    owner.edit(name="李明")
    assert "liming" in owner.search and "zgf" not in owner.search


def test_what_is_not_given_stays_when_a_person_is_edited(office: object) -> None:
    add_person(name="王桂芳", number="12", phone="13812345678")
    DEEDS["owners.edit_person"].call("12", {"kind": "单位", "contact": "李明"})
    edited = Person.find("12")
    assert (edited.kind, edited.contact, edited.phone) == (PersonKind.COMPANY, "李明", "13812345678")


def test_a_plate_belongs_to_one_vehicle_at_a_time(office: object) -> None:
    space = add_unit("C0001", kind=UnitKind.PARKING)
    car = add_vehicle("粤b12345", since=SUMMER, space=space, kind=VehicleKind.CAR)
    assert (car.plate, Vehicle.find("粤B12345")) == ("粤B12345", car)
    with pytest.raises(RuleBroken, match="已登记"):
        add_vehicle("粤B12345", since=date(2026, 8, 1))
    car.end(date(2026, 7, 31))
    newer = add_vehicle("粤B12345", since=date(2026, 8, 1))
    assert Vehicle.find("粤B12345") == newer
    with pytest.raises(NotFound, match="粤A00000"):
        Vehicle.find("粤A00000")
