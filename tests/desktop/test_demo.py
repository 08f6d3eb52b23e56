"""A demo office holds everything that was promised of it, and the same seed gives the same figures."""

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from desktop import demo, printing
from desktop.demo import build_demo
from desktop.demo.ledger import Ledger
from desktop.demo.names import RARE
from models import audit, deeds, store
from models.charts import charts_of
from models.errors import BadInput, OfficeError, StorageRefused
from models.fees import arrears
from models.fees.bills import Bill, BillKind
from models.fees.explain import explain
from models.listings import Filters
from models.months import Month, Period
from models.office.accounts import Account
from models.office.profile import profile
from models.office.signin import sign_in
from models.owners import housemap
from models.owners.payees import payees_on

TODAY = date(2024, 5, 17)
NOW = Month.of(TODAY)
UNITS, MONTHS = 60, 6
FORGOTTEN = ("audit_entry", "sign_in", "account", "schema_migration", "content")
"""Tables that tell when something was done or drawn, or hold salts."""

Ask = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[demo.DemoUser]]:
    """Build the demo that these tests look at."""
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    return path, build_demo(path, UNITS, MONTHS, today=TODAY)


@pytest.fixture
def ask(made: tuple[Path, list[demo.DemoUser]]) -> Iterator[Ask]:
    """Ask the demo by SQL."""
    with closing(sqlite3.connect(f"file:{made[0]}?mode=ro", uri=True)) as source:
        yield lambda sql, *values: source.execute(sql, values).fetchall()


@pytest.fixture
def office(made: tuple[Path, list[demo.DemoUser]]) -> Iterator[store.Office]:
    """Open the demo, its administrator acting."""
    with opened(made[0]) as found:
        yield found


@contextmanager
def opened(path: Path) -> Iterator[store.Office]:
    with store.open_office(path) as found, deeds.acting(Account.find("admin")):
        yield found


def figures(path: Path) -> str:
    """Return a digest of everything in a database but the times at which it was entered."""
    found = hashlib.sha256()
    with closing(sqlite3.connect(path)) as source:
        names = source.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        for (table,) in names.fetchall():
            if table in FORGOTTEN:
                continue
            columns = [row[1] for row in source.execute(f"PRAGMA table_info({table})")]
            told = ", ".join(f'"{column}"' for column in columns)
            found.update(repr(source.execute(f"SELECT {told} FROM {table} ORDER BY id").fetchall()).encode())
    return found.hexdigest()


# -- who and what there is -------------------------------------------------------------------------


def test_it_has_as_many_units_as_asked_for_of_every_kind_in_several_buildings(ask: Ask) -> None:
    kinds = dict(ask("SELECT kind, count(*) FROM unit GROUP BY kind"))
    assert sum(kinds.values()) == UNITS and set(kinds) == {"HOUSE", "SHOP", "PARKING", "STORE"}
    assert ask("SELECT count(*) FROM building")[0][0] == 3
    assert ask("SELECT count(*) FROM entrance")[0][0] >= 4
    assert ask("SELECT DISTINCT basis FROM unit_area ORDER BY 1") == [("CONTRACT",), ("DEED",)]


def test_three_of_a_hundred_units_have_no_owner(ask: Ask) -> None:
    without = "SELECT count(*) FROM unit WHERE id NOT IN (SELECT unit_id FROM ownership WHERE until IS NULL)"
    assert ask(without)[0][0] == round(UNITS * 0.03)


def test_joint_owners_hold_shares_of_the_whole_and_one_is_the_main_contact(ask: Ask) -> None:
    joint = ask(
        'SELECT sum(share), count(*), sum("primary") FROM ownership WHERE share IS NOT NULL GROUP BY unit_id'
    )
    assert joint and all((share, named) == (10_000, 1) for share, _, named in joint)
    assert {count for _, count, _ in joint} == {2, 3}


def test_there_are_tenants_who_pay_companies_family_and_cars(ask: Ask, office: store.Office) -> None:
    assert ask("SELECT count(*) FROM person WHERE kind = 'COMPANY'")[0][0] >= 2
    assert {kind for (kind,) in ask("SELECT DISTINCT kind FROM occupancy")} == {"TENANT", "FAMILY"}
    assert any("责任业主" in payee.address_line for payee in payees_on(TODAY).values())
    assert ask("SELECT count(*) FROM vehicle WHERE space_id IS NOT NULL")[0][0] > 0


def test_units_were_sold_and_some_sellers_still_owe(ask: Ask) -> None:
    ended = ask("SELECT unit_id, person_id, until FROM ownership WHERE until IS NOT NULL")
    assert len(ended) >= 2
    for unit, _, until in ended:
        bought = ask(
            'SELECT count(*) FROM ownership WHERE unit_id = ? AND since = date(?, "+1 day")', unit, until
        )
        assert bought[0][0] >= 1
    debts = "SELECT count(*) FROM bill WHERE unit_id = ? AND payer_id = ? AND paid < amount"
    assert any(ask(debts, unit, seller)[0][0] for unit, seller, _ in ended)


def test_rare_names_are_there(ask: Ask) -> None:
    names = {name for (name,) in ask("SELECT name FROM person")}
    assert set(RARE) <= names


def test_nobodys_number_is_a_real_one(ask: Ask) -> None:
    phones = [phone for (phone,) in ask("SELECT phone FROM person WHERE phone IS NOT NULL")]
    papers = [paper for (paper,) in ask("SELECT identity FROM person WHERE identity IS NOT NULL")]
    assert phones and all(phone.startswith("154") for phone in phones)
    assert papers and all(paper.startswith("99") for paper in papers)


def test_every_building_has_a_caretaker_and_a_collector(ask: Ask) -> None:
    kinds = ask("SELECT building_id, group_concat(DISTINCT kind) FROM caretaking GROUP BY building_id")
    assert len(kinds) == 3 and all(set(kind.split(",")) == {"CARETAKER", "COLLECTOR"} for _, kind in kinds)


# -- what is charged and paid ----------------------------------------------------------------------


def test_services_are_charged_and_some_slips_are_void(ask: Ask) -> None:
    states = dict(ask("SELECT state, count(*) FROM service_slip GROUP BY state"))
    assert states["ISSUED"] >= MONTHS and states["VOID"] >= 1
    lines = dict(ask("SELECT paid >= amount, count(*) FROM bill WHERE kind = 'SERVICE' AND live GROUP BY 1"))
    assert lines[0] and lines[1], "some are paid, some are not"


def test_deposits_are_held_ready_to_be_given_back_and_given_back(ask: Ask) -> None:
    kinds = dict(ask("SELECT kind, count(*) FROM deposit_entry GROUP BY kind"))
    assert kinds["TAKEN"] == 3 * MONTHS and kinds["REFUNDED"] >= 2 and kinds["DEDUCTED"] >= 1
    assert ask("SELECT count(*) FROM deposit WHERE refund_due IS NOT NULL AND kind = 'DECORATION'")[0][0] > 2
    held = "SELECT deposit_id FROM deposit_entry GROUP BY 1 HAVING sum(amount) > 0"
    assert len(ask(held)) > MONTHS


def test_items_of_every_kind_and_cycle_are_charged(ask: Ask) -> None:
    assert {basis for (basis,) in ask("SELECT basis FROM fee_item")} == {
        "AREA",
        "FIXED",
        "HOUSEHOLD",
        "METER",
    }
    assert {cycle for (cycle,) in ask("SELECT cycle FROM fee_item")} == {1, 3, 6}
    assert ask("SELECT count(*) FROM fee_item WHERE collected = 1") == [(2,)]
    kinds = "('RECURRING', 'SHARED', 'METERED')"
    billed = ask(f"SELECT count(DISTINCT item_id) FROM bill WHERE kind IN {kinds}")
    others = "category <> 'LATE' AND id NOT IN (SELECT item_id FROM service)"
    assert billed == ask(f"SELECT count(*) FROM fee_item WHERE {others}")
    assert ask("SELECT count(*) FROM batch WHERE kind = 'billing'") == [(MONTHS,)]


def test_common_costs_are_shared_in_the_last_months(ask: Ask) -> None:
    costs = ask("SELECT DISTINCT month FROM shared_cost ORDER BY 1")
    assert costs == [(NOW.plus(-back).number,) for back in (4, 3, 2, 1)]
    assert ask("SELECT base FROM shared_cost GROUP BY base ORDER BY 1") == [("AREA",), ("COEFFICIENT",)]
    pool, shares = "SELECT sum(amount) FROM shared_cost", "SELECT sum(amount) FROM share"
    assert ask(pool) == ask(shares) == ask("SELECT sum(amount) FROM bill WHERE kind = 'SHARED'")
    assert ask("SELECT count(*) FROM bill WHERE kind = 'SHARED' AND paid = amount")[0][0] > 0


def test_everybody_is_on_the_approved_roster_of_every_month(ask: Ask) -> None:
    months = [(NOW.plus(-back).number, "APPROVED") for back in reversed(range(MONTHS))]
    assert ask("SELECT DISTINCT month, state FROM roster ORDER BY 1, 2") == months
    people = len(ask("SELECT DISTINCT staff_id FROM roster_day"))
    per_month = ask(
        "SELECT substr(day, 1, 7), count(DISTINCT staff_id) FROM roster_day GROUP BY 1 ORDER BY 1"
    )
    assert [count for _, count in per_month] == [people] * MONTHS


def test_households_are_visited_and_some_are_still_to_be(ask: Ask) -> None:
    states = dict(ask("SELECT state, count(*) FROM home_visit GROUP BY state"))
    assert states["DONE"] > MONTHS and states["PLANNED"] > 0


def test_a_price_rose_inside_a_month_and_some_months_were_charged_by_the_day(ask: Ask) -> None:
    assert ask("SELECT count(*) FROM rate WHERE since LIKE '%-16'") == [(1,)]
    assert ask("SELECT count(*) FROM bill WHERE segments IS NOT NULL")[0][0] > UNITS // 3
    assert ask("SELECT count(*) FROM bill WHERE days < month_days")[0][0] > 0


def test_meters_were_read_estimated_and_replaced_and_their_usage_charged(ask: Ask) -> None:
    kinds = dict(ask("SELECT kind, count(*) FROM reading GROUP BY kind"))
    assert set(kinds) == {"FIRST", "READ", "ESTIMATED", "LAST", "START"}
    assert ask("SELECT count(*) FROM meter WHERE unit_id IS NULL")[0][0] >= 4
    assert ask("SELECT count(*) FROM reading WHERE deviation > 300")[0][0] > 0
    assert ask("SELECT count(*) FROM bill WHERE kind = 'METERED' AND amount > 0")[0][0] > MONTHS
    assert ask("SELECT count(*) FROM rate_tier") == [(2,)]


def test_there_are_arrears_of_every_age(office: store.Office) -> None:
    debts = arrears.debts(TODAY).values()
    assert all(sum(debt.ages[age] for debt in debts) > 0 for age in range(len(arrears.AGES)))


def test_some_paid_in_part_some_too_much_and_balances_were_set_off(ask: Ask) -> None:
    assert ask("SELECT count(*) FROM bill WHERE 0 < paid AND paid < amount")[0][0] > 0
    moved = dict(ask("SELECT kind, sum(amount) FROM balance_entry GROUP BY kind"))
    assert moved["RECEIVED"] > -moved["SET_OFF"] > 0
    assert moved["REVERSED"] > 0
    assert ask("SELECT count(*) FROM set_off")[0][0] > ask("SELECT count(*) FROM set_off_reversal")[0][0] > 0


def test_receipts_were_voided_printed_again_and_their_days_closed(ask: Ask) -> None:
    assert ask("SELECT count(*) FROM receipt WHERE state = 'VOID' AND void_reason <> ''")[0][0] > 0
    assert ask("SELECT max(prints) FROM receipt")[0][0] > 1
    days = 'SELECT "on" FROM receipt UNION SELECT "on" FROM set_off'
    closed = {day for (day,) in ask("SELECT day FROM day_closing")}
    assert {day for (day,) in ask(days) if day < TODAY.isoformat()} == closed
    assert ask('SELECT count(*) FROM payment WHERE "on" > ?', TODAY.isoformat()) == [(0,)]


def test_everything_was_entered_on_its_own_day_and_one_after_the_other(ask: Ask) -> None:
    assert ask("SELECT count(*) FROM day_closing WHERE date(made_at) <> day") == [(0,)]
    assert ask('SELECT count(*) FROM payment WHERE date(made_at) <> "on"') == [(0,)]
    moments = [at for (at,) in ask("SELECT at FROM audit_entry ORDER BY id")]
    assert moments == sorted(moments)
    assert moments[-1] < "2024-05-18 09"


def test_late_payment_was_charged_and_waived_and_some_paid_ahead(ask: Ask) -> None:
    assert ask("SELECT daily, yearly FROM late_terms") == [(3000, None)]
    assert ask("SELECT count(*) FROM late_span WHERE charge_id IS NOT NULL")[0][0] > 0
    assert ask("SELECT count(*) FROM late_span WHERE reason IS NOT NULL") == [(1,)]
    assert ask("SELECT count(*) FROM prepay_plan") == [(3,)]


def test_several_units_were_paid_at_once(ask: Ask) -> None:
    both = "SELECT payment_id FROM receipt GROUP BY payment_id HAVING count(DISTINCT unit_id) > 1"
    assert ask(both)


def test_opening_arrears_are_signed_for(ask: Ask) -> None:
    ((facts,),) = ask("SELECT facts FROM batch WHERE kind = 'opening'")
    assert "signed_by" in facts
    owed = ask("SELECT min(month), max(month) FROM bill WHERE kind = 'OPENING'")
    assert owed == [(NOW.plus(-41).number, NOW.plus(-MONTHS).number)]


# -- the office ------------------------------------------------------------------------------------


def test_everything_in_it_holds(office: store.Office) -> None:
    assert store.check(office) == []
    assert list(audit.broken_links()) == []


def test_its_settings_are_filled_in_and_say_that_it_is_a_demo(office: store.Office) -> None:
    settings = profile()
    assert settings.demo
    empty = [name for name in settings.fields() if getattr(settings, name) is None]
    assert empty == []


def test_something_was_approved_something_rejected_something_waits_and_somebody_is_away(ask: Ask) -> None:
    others = (
        "what NOT LIKE 'office.approve_budget' AND what NOT LIKE 'suppliers.%' AND what NOT LIKE 'canteen.%'"
    )
    told = dict(ask(f"SELECT state, COUNT(*) FROM approval WHERE {others} GROUP BY state"))
    assert told == {"APPROVED": 5, "PENDING": 2, "REJECTED": 1}
    assert ask("SELECT COUNT(*) FROM deputy") == [(1,)]
    assert ask('SELECT COUNT(*) FROM chain WHERE "on"') == [(0,)]


def test_each_year_has_a_budget_that_was_approved_along_its_chain(ask: Ask) -> None:
    signed = ask("SELECT year, COUNT(approval) FROM budget WHERE state = 'APPROVED' GROUP BY year")
    years = range(NOW.plus(1 - MONTHS).year, NOW.year + 1)
    assert [year for year, _ in signed] == list(years) and all(count for _, count in signed)
    assert ask("SELECT COUNT(*) FROM budget_entry WHERE kind = 'SPENT'")[0][0] > 0


def test_suppliers_were_admitted_along_the_chain_and_one_waits(ask: Ask) -> None:
    states = dict(ask("SELECT state, COUNT(*) FROM supplier GROUP BY state"))
    assert states["QUALIFIED"] > 8 and states["CANDIDATE"] == 1
    signed = "SELECT COUNT(*) FROM admission WHERE admitted_on IS NOT NULL AND approval IS NULL"
    assert ask(signed) == [(0,)]


def test_houses_have_papers_on_file(office: store.Office) -> None:
    from models.attachments import Attachment

    kept = list(Attachment.select().where(Attachment.kind == "Unit"))
    assert len(kept) == 6 and all(one.data().decode() for one in kept)


def test_everybody_named_may_sign_in_as_what_was_said(
    made: tuple[Path, list[demo.DemoUser]], office: store.Office
) -> None:
    users = made[1]
    assert {"admin", "manager", "cashier", "accountant", "supervisor", "guard"} <= {
        one.login for one in users
    }
    for user in users:
        account = sign_in(user.login, user.password)
        assert not account.must_change
        assert {held.role.name for held in account.roles} == set(user.role.split("、"))
    assert not Account.find("guard").may("fees.view")


def test_every_line_of_the_demo_is_worked_out_anew_to_its_fen(office: store.Office) -> None:
    lines = list(Bill.select())
    assert len(lines) > UNITS
    told = {line: explain(line) for line in lines}
    assert [one.title for one in told.values() if not one.proven] == []
    given = {line.kind for line, one in told.items() if one.chapters[-1].lines[0].label == "金额来源"}
    assert given == {BillKind.OPENING}, "every other kind is worked out anew, not just copied"
    assert {line.kind for line in lines} > {BillKind.METERED, BillKind.SHARED, BillKind.SERVICE}


@pytest.mark.parametrize("code", ["FE-01", "FE-02", "FE-03", "FE-06", "FE-07", "FE-08", "FE-11"])
def test_its_papers_print_and_say_that_they_are_for_show(
    code: str, office: store.Office, ask: Ask, tmp_path: Path
) -> None:
    out = tmp_path / f"{code}.pdf"
    asked: dict[str, Any] = {"period": Period.of_month(NOW)}
    if code == "FE-06":
        asked = {"number": ask("SELECT max(number) FROM receipt WHERE state = 'ISSUED'")[0][0]}
    if code == "FE-11":
        day = ask('SELECT max("on") FROM receipt')[0][0]
        asked = {"period": Period.parse(day)}
    printing.print_form(code, out=out, **asked)
    pages = PdfReader(out).pages
    assert pages and "演示" in pages[0].extract_text()


@pytest.mark.parametrize(("wanted", "words"), [("state = 'VOID'", "作废"), ("prints = 2", "补打第 2 次")])
def test_a_void_or_reprinted_receipt_says_that_it_is_for_show_too(
    wanted: str, words: str, office: store.Office, ask: Ask, tmp_path: Path
) -> None:
    number = ask(f"SELECT min(number) FROM receipt WHERE {wanted}")[0][0]
    printing.print_form("FE-06", out=tmp_path / "receipt.pdf", number=number)
    told = PdfReader(tmp_path / "receipt.pdf").pages[0].extract_text()
    assert "演示" in told and words in told


# -- the same again, and otherwise -----------------------------------------------------------------


def test_the_same_seed_gives_the_same_figures_and_another_seed_others(tmp_path: Path) -> None:
    paths = [tmp_path / f"{name}.db" for name in "abc"]
    for path, seed in zip(paths, (3, 3, 4), strict=True):
        build_demo(path, 30, 3, seed, today=TODAY)
    one, same, other = (figures(path) for path in paths)
    assert one == same != other


@pytest.mark.parametrize(("units", "months"), [(1, 1), (2, 2), (7, 1), (20, 4)])
def test_small_ones_hold_too(units: int, months: int, tmp_path: Path) -> None:
    build_demo(tmp_path / "demo.db", units, months, today=date(2024, 3, 1))
    with opened(tmp_path / "demo.db") as office:
        assert store.check(office) == []
    with closing(sqlite3.connect(tmp_path / "demo.db")) as source:
        assert source.execute("SELECT count(*) FROM unit").fetchone() == (units,)
        (runs,) = source.execute("SELECT count(*) FROM batch WHERE kind = 'billing'").fetchone()
        assert 1 <= runs <= months


def test_progress_is_told_to_the_end(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    build_demo(tmp_path / "demo.db", 5, 2, progress=lambda done, all: told.append((done, all)), today=TODAY)
    assert told == sorted(told) and told[0][0] == 0 and told[-1][0] == told[-1][1]


@pytest.mark.parametrize(
    "wrong", [{"units": 0}, {"units": 20_001}, {"months": 0}, {"months": 121}, {"today": date(2199, 1, 1)}]
)
def test_what_cannot_be_is_refused_and_leaves_no_file(wrong: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        build_demo(tmp_path / "demo.db", **{"units": 5, "months": 1, **wrong})
    assert list(tmp_path.iterdir()) == []


def test_an_existing_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "mine.db"
    path.write_bytes(b"mine")
    with pytest.raises(StorageRefused, match="不会覆盖"):
        build_demo(path, 5, 1)
    assert path.read_bytes() == b"mine"


def test_one_that_is_broken_off_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OfficeError("坏了")

    monkeypatch.setattr(Ledger, "keep", fail)
    with pytest.raises(OfficeError):
        build_demo(tmp_path / "demo.db", 5, 2, today=TODAY)
    assert list(tmp_path.iterdir()) == []


def test_amounts_are_those_of_the_items(ask: Ask) -> None:
    """The parking space costs 60.00 a month, the waste 8.00, whatever else chance decides."""
    of_item = (
        "SELECT DISTINCT amount FROM bill JOIN fee_item ON fee_item.id = item_id"
        " WHERE code = ? AND days = month_days"
    )
    assert ask(of_item, "CW01") == [(6_000,)]
    assert ask(of_item, "LJ01") == [(800,)]
    assert Decimal("2.1000") in {Decimal(price) / 10_000 for (price,) in ask("SELECT price FROM rate")}


def test_no_chart_of_the_demo_is_empty(office: store.Office) -> None:
    assert [chart.title for chart in charts_of("", Filters(on=TODAY)) if chart.empty] == []


def test_every_question_of_the_map_has_several_answers_in_the_demo(office: store.Office) -> None:
    for question in housemap.questions():
        answered = [one for one in housemap.house_map(question, day=TODAY).tally() if one.houses]
        assert len(answered) > 1, question.title
