"""操作: the one door for every change.

A deed checks the right of the person acting (and writes a refusal into the audit trail), opens
one IMMEDIATE transaction, runs, writes one audit entry in that same transaction, and after the
commit announces once what was touched. Lists (`listing`) are read through the same rights.
"""

from __future__ import annotations

import functools
import inspect
import typing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import IntEnum
from typing import Any, ParamSpec, Protocol, TypeVar

from models import audit, walls
from models.base import Journal, Record, db, journalling, running_journal
from models.clock import now
from models.errors import BadInput, NotFound, PermissionDenied
from models.fields import LinkField, accept
from models.inputs import Input, inputs_of
from models.transactions import announce as announce
from models.transactions import on_change as on_change
from models.transactions import storage_fault as storage_fault
from models.transactions import transaction as transaction

P = ParamSpec("P")
R = TypeVar("R")


class Scope(IntEnum):
    """数据范围: whose data a role reaches; a wider one includes the narrower."""

    OWN = 1
    DEPARTMENT = 2
    ALL = 3


class Actor(Protocol):
    """The person acting; `models.office.accounts.Account` is one."""

    @property
    def account_id(self) -> int | None:
        """Number of the account, None for the office itself."""

    @property
    def name(self) -> str:
        """How the audit trail names the person."""

    def may(self, right: str) -> bool:
        """Whether the person holds a right, asked anew at every deed."""

    def scope(self, right: str) -> Scope:
        """How far a right of this person reaches."""


class TheOffice:
    """本处: acts where no person can yet, such as making the first account."""

    account_id = None
    name = "系统"

    def may(self, right: str) -> bool:
        """Everything."""
        return True

    def scope(self, right: str) -> Scope:
        """Everywhere."""
        return Scope.ALL


_actor: ContextVar[Actor | None] = ContextVar("actor", default=None)


def actor() -> Actor:
    """Return who is acting.

    Raises:
        PermissionDenied: nobody signed in.
    """
    someone = _actor.get()
    if someone is None:
        raise PermissionDenied("还没有登录。请先登录。")
    return someone


@contextmanager
def acting(someone: Actor) -> Iterator[Actor]:
    """Let this person act within the block."""
    token = _actor.set(someone)
    try:
        yield someone
    finally:
        _actor.reset(token)


def sign_in_as(someone: Actor | None) -> None:
    """Let this person act from here on, in this thread's context (the window's sign-in)."""
    _actor.set(someone)


# -- rights ------------------------------------------------------------------------------------

RIGHTS: dict[str, str] = {}
"""Every named right and its Chinese title."""

EVERY = "*"
"""Stands among the rights of a role for every right, those of later modules included."""
SCOPED: set[str] = set()
"""Rights whose reach follows the role's data scope."""


def right(name: str, title: str, *, scoped: bool = False) -> str:
    """Declare a right that deeds and lists ask for; roles hold rights by this name."""
    if RIGHTS.setdefault(name, title) != title:
        raise ValueError(f"right {name} is declared twice")
    if scoped:
        SCOPED.add(name)
    return name


def held() -> Callable[[str], bool]:
    """Return whether the person acting holds a right, asked of the database once for many rights."""
    someone = actor()
    rights = someone.held() if hasattr(someone, "held") else None
    return someone.may if rights is None else lambda name: name in rights or EVERY in rights


def require(name: str) -> None:
    """Refuse, with an audit row, when the person acting lacks a right.

    Raises:
        PermissionDenied: the right is missing.
    """
    if not actor().may(name):
        refuse(name, f"您没有“{RIGHTS[name]}”的权限。需要时请找管理员在“角色”中授予。")


def refuse(deed_name: str, sentence: str) -> typing.NoReturn:
    """Write the refusal into the audit trail, in a transaction of its own, and raise it.

    Inside another deed, that one writes it once its own work is undone.
    """
    refusal = PermissionDenied(sentence)
    refusal.act = deed_name
    if running_journal() is None:
        _write_refusal(refusal)
    raise refusal


def _write_refusal(refusal: PermissionDenied) -> None:
    if refusal.act is not None:
        with transaction():
            _write_entry(refusal.act, audit.Outcome.REFUSED, None, {"sentence": str(refusal)})


def _write_entry(name: str, outcome: audit.Outcome, subject: str | None, facts: dict[str, Any]) -> None:
    someone = _actor.get() or TheOffice()
    audit.append(
        account=someone.account_id,
        who=someone.name,
        deed=name,
        outcome=outcome,
        subject=subject,
        facts=facts,
        at=now(),
    )


ACTS: dict[str, str] = {}
"""What is audited without being a deed (signing in, founding), and its Chinese title."""


def act(name: str, title: str) -> str:
    """Declare something that the audit trail tells of though it is no deed."""
    ACTS[name] = title
    return name


def record(
    name: str, subject: str | None, facts: dict[str, Any], outcome: audit.Outcome = audit.Outcome.DONE
) -> None:
    """Write an act into the audit trail; the caller holds the transaction."""
    _write_entry(name, outcome, subject, facts)


# -- deeds -------------------------------------------------------------------------------------


class Deed:
    """One change that the office knows by name: its right, its inputs, its work."""

    def __init__(
        self,
        work: Callable[..., Any],
        name: str,
        title: str,
        right: str,
        *,
        inputs: Callable[[], list[Input]] | None,
        question: str | None,
        danger: bool,
        undo: str | None,
    ) -> None:
        functools.update_wrapper(self, work)
        self.work, self.name, self.title, self.right = work, name, title, right
        self.question, self.danger, self.undo = question, danger, undo
        self._owner: type[Record] | None = None
        self._inputs = inputs
        if right not in RIGHTS:
            raise ValueError(f"deed {name} names the unknown right {right}")
        if name in DEEDS:
            raise ValueError(f"deed {name} is declared twice")
        DEEDS[name] = self

    def __set_name__(self, owner: type, attribute: str) -> None:
        """Remember whose method this is."""
        self._owner = owner if "self" in inspect.signature(self.work).parameters else None

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        """Bind to a record, as methods do."""
        return self if instance is None else functools.partial(self, instance)

    @functools.cached_property
    def inputs(self) -> list[Input]:
        """What it asks for, in order, from the annotations of its work."""
        return self._inputs() if self._inputs else list(inputs_of(self.work))

    @property
    def on_record(self) -> bool:
        """Whether it is a verb of a record, rather than a function."""
        return self._owner is not None

    @property
    def record(self) -> type[Record] | None:
        """The kind of record it is done to: its own class, or that of its first input; None for neither."""
        if self._owner is not None:
            return self._owner
        return getattr(self.inputs[0].field, "rel_model", None) if self._on_first_input else None

    @property
    def makes(self) -> type[Record] | None:
        """The kind of record that it returns, as the annotation of its work says; None for anything else."""
        told = typing.get_type_hints(self.work).get("return")
        if told is typing.Self:
            return self._owner
        return told if inspect.isclass(told) and issubclass(told, Record) else None

    @property
    def _on_first_input(self) -> bool:
        return bool(self.inputs) and isinstance(self.inputs[0].field, LinkField)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Do it: right, what stands before it, transaction, work, audit entry, announcement."""
        subject = args[0] if args and isinstance(args[0], Record) else None
        self.check_right([*args, *kwargs.values()])
        walls.meet_walls(self)
        outer, notes = running_journal(), Journal(subject=subject)
        try:
            done = self._within_transaction(notes, args, kwargs)
        except BaseException as broken:
            notes.give_back()
            if outer is None and isinstance(broken, PermissionDenied):
                _write_refusal(broken)
            raise
        if outer is not None:
            outer.touched |= notes.touched
            outer.kept += notes.kept
        elif not db.in_transaction():
            announce(frozenset(notes.touched))
        return done

    def _within_transaction(self, notes: Journal, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        with transaction(), journalling(notes), walls.within_deed():
            done = self.work(*args, **kwargs)
            if notes.touched or notes.facts or notes.changes:
                _write_entry(self.name, audit.Outcome.DONE, self._subject(notes, done), _entry_facts(notes))
            return done

    def call(self, key: str | None, given: dict[str, Any]) -> Any:
        """Do it with values as a person gave them: text is read by each input's field.

        Raises:
            PermissionDenied: the right is missing; nothing that was given is looked at.
            BadInput: a value is missing, unknown or wrong.
            NotFound: no record has this key.
        """
        self.check_right([])
        record, values = self.read(key, given)
        return self(**values) if record is None else self(record, **values)

    def read(self, key: str | None, given: dict[str, Any]) -> tuple[Record | None, dict[str, Any]]:
        """Return the record that it is a verb of (None where it is a function) and the checked values.

        Raises:
            BadInput: a value is missing, unknown or wrong.
            NotFound: no record has this key.
        """
        if key and self._owner is None:
            if not self._on_first_input:
                raise BadInput(f"{self.title}不针对某一条记录，不用写“{key}”。")
            given = {self.inputs[0].name: key, **given}
        values = self.read_values(given)
        if self._owner is None:
            return None, values
        if not key:
            raise NotFound(f"{self.title}要指明{self._owner.noun()}。请写出它的{self._key_label()}。")
        return self._owner.find(key), values

    def read_values(self, given: dict[str, Any]) -> dict[str, Any]:
        """Return what was given, read and checked by each input's field.

        Raises:
            BadInput: a value is missing, unknown or wrong.
        """
        unknown = set(given) - {one.name for one in self.inputs}
        if unknown:
            known = "、".join(f"{one.name}({one.label})" for one in self.inputs) or "无"
            strange = "、".join(sorted(unknown))
            raise BadInput(f"{self.title}没有这些栏目：{strange}。可填：{known}。")
        left_out = {one.name for one in self.inputs if one.without and given.get(one.name) in (None, "")}
        given = {name: value for name, value in given.items() if name not in left_out}
        for one in self.inputs:
            if one.required and one.name not in given:
                raise BadInput(f"没有填{one.label}（{one.name}）。请填写后再试。", one.name)
        blank = {one.name: None for one in self.inputs if one.blank}
        return blank | {
            one.name: accept(one.field, given[one.name]) for one in self.inputs if one.name in given
        }

    def _key_label(self) -> str:
        assert self._owner is not None
        return str(self._owner.fields()[self._owner.key_field].label)

    def check_right(self, given: list[Any]) -> None:
        """Refuse, with an audit row, whoever lacks the right, or has it not on what is given.

        Raises:
            PermissionDenied: it is so.
        """
        person = actor()
        if not person.may(self.right):
            refuse(self.name, f"您没有“{RIGHTS[self.right]}”的权限，不能{self.title}。需要时请找管理员授予。")
        if self.right in SCOPED and person.scope(self.right) is not Scope.ALL:
            for value in given:
                if not within_scope(value, person, self.right):
                    where = value.label() if isinstance(value, Record) else "所选内容"
                    refuse(self.name, f"{where} 不在您负责的范围内，不能{self.title}。")

    def _subject(self, notes: Journal, done: Any) -> str | None:
        about = notes.subject if notes.subject is not None else done
        return about.label()[:120] if isinstance(about, Record) else None


DEEDS: dict[str, Deed] = {}
"""Every deed by its name, such as `fees.bill`."""


def deed(
    name: str,
    title: str,
    right: str,
    *,
    inputs: Callable[[], list[Input]] | None = None,
    question: str | None = None,
    danger: bool = False,
    undo: str | None = None,
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function or a record's method a deed.

    Args:
        name: module and verb, such as "fees.void_receipt".
        title: the verb of the office, as its button says it.
        right: the declared right that it asks for.
        inputs: what it asks for, where the annotations cannot say it.
        question: what to ask before doing it, naming the consequence.
        danger: whether it takes something away.
        undo: name of the deed that takes it back, itself where that is done by the former values;
            None for what concerns money, or cannot be taken back whole (`models.undo`).
    """

    def decorate(work: Callable[P, R]) -> Callable[P, R]:
        made = Deed(work, name, title, right, inputs=inputs, question=question, danger=danger, undo=undo)
        return typing.cast(Callable[P, R], made)

    return decorate


@contextmanager
def together() -> Iterator[None]:
    """Let several deeds be one: all of them or none, with one announcement after the commit."""
    notes = Journal()
    try:
        with transaction(), journalling(notes):
            yield
    except BaseException as broken:
        notes.give_back()
        if isinstance(broken, PermissionDenied):
            _write_refusal(broken)
        raise
    announce(frozenset(notes.touched))


def _entry_facts(notes: Journal) -> dict[str, Any]:
    return {**walls.facts_under(), **notes.facts, **({"changes": notes.changes} if notes.changes else {})}


# -- data scope --------------------------------------------------------------------------------

Judge = Callable[[Any, Actor, str], bool]
_judges: dict[type[Record], Judge] = {}


def judges_scope(record: type[Record]) -> Callable[[Judge], Judge]:
    """Register what decides whether a record of this kind lies within a person's reach."""

    def decorate(judge: Judge) -> Judge:
        _judges[record] = judge
        return judge

    return decorate


def reaches_everybody(*records: type[Record]) -> None:
    """Let records of these kinds lie within everybody's reach: they are of the office as a whole."""
    for record in records:
        _judges[record] = lambda value, person, name: True


def within_scope(value: Any, person: Actor, name: str) -> bool:
    """Whether a value lies within the reach of a person's right.

    A record without a judge of its own is judged by its unit; a list by all it holds; values
    that are no records always lie within.
    """
    if isinstance(value, list | tuple):
        return all(within_scope(one, person, name) for one in value)
    if not isinstance(value, Record):
        return True
    judge = _judges.get(type(value))
    if judge is not None:
        return judge(value, person, name)
    return within_scope(getattr(value, "unit", None), person, name)
