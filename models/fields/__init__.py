"""字段: the kinds of value an office writes down, each of which can be read, checked, stored and shown.

A field's `verbose_name` is the only place where its label stands. Every kind knows four forms of
its value: what a person types (`parse`), what a person reads (`show`), the plain string that
machines read (`plain`), and what the database keeps (peewee's `db_value`). Money and quantities
are scaled whole numbers inside, `Decimal` outside.
"""

from models.fields.choices import ChoiceField, DataField, FactsField, LinkField, LinksField, PictureField
from models.fields.days import BEGINNING, DayField, HourField, MomentField, MonthField, SinceField
from models.fields.kind import Kind, accept
from models.fields.numbers import (
    AreaField,
    CountField,
    FineRateField,
    FlagField,
    IdField,
    MoneyField,
    PriceField,
    QuantityField,
    RateField,
    ScaledField,
    ShareField,
    StockField,
    TemperatureField,
)
from models.fields.words import (
    AccountNumberField,
    BankCardField,
    CodeField,
    DerivedField,
    IdentityField,
    LineField,
    NamedField,
    NoteField,
    NumberField,
    OfficePhoneField,
    PhoneField,
    SecretField,
)

__all__ = [
    "BEGINNING",
    "AccountNumberField",
    "AreaField",
    "BankCardField",
    "ChoiceField",
    "CodeField",
    "CountField",
    "DataField",
    "DayField",
    "DerivedField",
    "FactsField",
    "FineRateField",
    "FlagField",
    "HourField",
    "IdField",
    "IdentityField",
    "Kind",
    "LineField",
    "LinkField",
    "LinksField",
    "MomentField",
    "MoneyField",
    "MonthField",
    "NamedField",
    "NoteField",
    "NumberField",
    "OfficePhoneField",
    "PhoneField",
    "PictureField",
    "PriceField",
    "QuantityField",
    "RateField",
    "ScaledField",
    "SecretField",
    "ShareField",
    "SinceField",
    "StockField",
    "TemperatureField",
    "accept",
]
