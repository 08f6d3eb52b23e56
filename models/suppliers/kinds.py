"""供方类别: kinds of suppliers and of their papers, and where a supplier may stand (forms.md A6, A11)."""

from __future__ import annotations

from enum import Enum


class Category(Enum):
    """What a supplier is for."""

    FOOD = "食品"
    MATERIALS = "工程料"
    OFFICE = "办公"
    CLEANING = "保洁"
    GREENING = "绿化"
    PESTS = "消杀"
    UPKEEP = "维保"


SERVICES = (Category.CLEANING, Category.GREENING, Category.PESTS, Category.UPKEEP)
"""Kinds that work on the estate by contract, month by month."""


class LicenceKind(Enum):
    """What paper a supplier shows."""

    BUSINESS = "营业执照"
    FOOD = "食品经营许可"
    CAPACITY = "资质"
    HEALTH = "健康证"
    INSPECTION = "检验报告"
    INSURANCE = "保险"
    RECORD = "业绩"


OF_PERSONS = (LicenceKind.HEALTH,)
"""Papers that are somebody's own, of which a supplier has several."""


class SupplierState(Enum):
    """Where a supplier stands."""

    CANDIDATE = "潜在"
    QUALIFIED = "合格"
    WATCHED = "观察"
    SUSPENDED = "暂停"
    TERMINATED = "终止"
    DROPPED = "未录用"


LISTED = (SupplierState.QUALIFIED, SupplierState.WATCHED, SupplierState.SUSPENDED)
"""Those on the list of qualified suppliers; what is terminated stays on it as frozen."""
