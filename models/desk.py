"""工作台: the small contract by which modules say what is due and how things stand.

A module registers functions with `@reminds` and `@figure`; the desk asks those whose right the
person acting holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from models import deeds
from models.conditions import Condition

GRAVITY = {"danger": "已逾期", "warning": "今天要办", "info": "提醒"}
"""What a reminder's tone is called on the desk and on paper, the gravest first."""


@dataclass(frozen=True)
class Reminder:
    """Something that wants doing.

    Args:
        title: what, in the words of the office.
        tone: danger (overdue), warning (due), info.
        page: name of the list that shows it, None where there is none.
        filters: keyword arguments of `listings.Filters` for that list.
        count: how many, None where a number says nothing.
        asked: questions to its columns, so that it shows just what is counted.
    """

    title: str
    tone: str = "info"
    page: str | None = None
    filters: dict[str, Any] = field(default_factory=dict)
    count: int | None = None
    asked: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Figure:
    """A key figure with the earlier one beside it, both as people read them.

    Args:
        title: what it is.
        value: the figure.
        beside: the earlier one, or what it is made of.
        page: name of the list of its lines, None where there is none.
        filters: keyword arguments of `listings.Filters` for that list.
        asked: questions to its columns, so that it shows just what was added up.
    """

    title: str
    value: str
    beside: str = ""
    page: str | None = None
    filters: dict[str, Any] = field(default_factory=dict)
    asked: tuple[Condition, ...] = ()


Reminds = Callable[[date], Iterable[Reminder]]
Figures = Callable[[date], Iterable[Figure]]

_reminders: list[tuple[str, Reminds]] = []
_figures: list[tuple[str, Figures]] = []


def reminds(right: str) -> Callable[[Reminds], Reminds]:
    """Register what reminds those who hold a right."""

    def decorate(ask: Reminds) -> Reminds:
        _reminders.append((right, ask))
        return ask

    return decorate


def figures(right: str) -> Callable[[Figures], Figures]:
    """Register key figures for those who hold a right."""

    def decorate(ask: Figures) -> Figures:
        _figures.append((right, ask))
        return ask

    return decorate


def reminders_on(day: date) -> list[Reminder]:
    """Return what the person acting is reminded of on a day, the gravest first."""
    told = [one for right, ask in _reminders if deeds.actor().may(right) for one in ask(day)]
    return sorted(told, key=lambda one: list(GRAVITY).index(one.tone))


def figures_on(day: date) -> list[Figure]:
    """Return the key figures that the person acting may see."""
    return [one for right, ask in _figures if deeds.actor().may(right) for one in ask(day)]
