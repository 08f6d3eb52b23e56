"""选择字段: one of an enumeration, another record, several records, facts and pictures."""

from __future__ import annotations

import json
from collections.abc import Sequence
from enum import Enum
from typing import Any

import peewee

from models.errors import BadInput, NotFound
from models.fields.kind import Kind


class ChoiceField(Kind, peewee.CharField):
    """One of an enumeration, kept by its name; the label is the enumeration's value."""

    chars = 8

    def __init__(self, enumeration: type[Enum], *, only: Sequence[Enum] = (), **kwargs: Any) -> None:
        super().__init__(max_length=24, **kwargs)
        self.enumeration = enumeration
        self.members: tuple[Enum, ...] = tuple(only or enumeration)
        """Those that may be chosen."""

    def parse(self, typed: str) -> Enum:
        """Read a label or a name."""
        for member in self.members:
            if typed == member.value or typed.upper() == member.name:
                return member
        allowed = "、".join(str(member.value) for member in self.members)
        raise BadInput(f"{self.label}没有“{typed}”。可填：{allowed}。")

    def check(self, value: Any) -> Enum:
        """Refuse what is not of the enumeration."""
        return value if value in self.members else self.parse(str(getattr(value, "value", value)))

    def db_value(self, value: Any) -> str | None:
        """Return the member's name."""
        return value.name if isinstance(value, Enum) else value

    def python_value(self, value: str | None) -> Enum | None:
        """Return the member."""
        return None if value is None else self.enumeration[value]

    def show(self, value: Any) -> str:
        """Return the member's label."""
        return "" if value is None else str(value.value)


class _Linked(peewee.ForeignKeyAccessor):
    """What a link names, read once and by its id."""

    def get_rel_instance(self, instance: Any) -> Any:
        """Return the record; None where the link is empty."""
        id = instance.__data__.get(self.name)
        if id is not None and self.name not in instance.__rel__ and self.field.lazy_load:
            instance.__rel__[self.name] = self.rel_model.get_by_id(id)
        return super().get_rel_instance(instance)


class LinkField(Kind, peewee.ForeignKeyField):
    """Another record, typed and shown by its key (`Record.find`, `Record.label`)."""

    accessor_class = _Linked
    chars = 14

    def parse(self, typed: str) -> Any:
        """Find the record by its key."""
        return self.rel_model.find(typed)

    def check(self, value: Any) -> Any:
        """Accept a record of the right kind, or its id."""
        if isinstance(value, self.rel_model):
            return value
        if isinstance(value, int):
            found = self.rel_model.get_or_none(self.rel_model._meta.primary_key == value)
            if found is None:
                raise NotFound(f"这一条{self.rel_model.noun()}已经不在了，可能刚被撤销。请刷新后再试。")
            return found
        raise BadInput(f"{self.label}“{value}”不对。请从名单中选。")

    def show(self, value: Any) -> str:
        """Return the record's label."""
        return "" if value is None else (value if isinstance(value, str) else value.label())

    def exact(self, value: Any) -> str:
        """Return the record's key."""
        return "" if value is None else value.key()


class LinksField(Kind, peewee.CharField):
    """Several records of one kind, typed by their keys with commas between; an input, never stored."""

    chars = 24

    def __init__(self, rel_model: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rel_model = rel_model

    def parse(self, typed: str) -> list[Any]:
        """Find each record by its key."""
        keys = typed.replace("，", ",").replace("、", ",").split(",")
        return [self.rel_model.find(key.strip()) for key in keys if key.strip()]

    def check(self, value: Any) -> list[Any]:
        """Accept a list of records, or of their keys."""
        if not isinstance(value, list | tuple):
            raise BadInput(f"{self.label}要写成几个编号，中间用逗号隔开。")
        return [self._one(one) for one in value]

    def _one(self, value: Any) -> Any:
        if isinstance(value, self.rel_model):
            return value
        if isinstance(value, str | int):
            return self.rel_model.find(str(value))
        raise BadInput(f"{self.label}“{value}”不对。请写它的编号。")

    def show(self, value: Any) -> str:
        """Return their labels."""
        return "、".join(one.label() for one in value or ())

    def exact(self, value: Any) -> str:
        """Return their keys."""
        return ",".join(one.key() for one in value or ())


class FactsField(Kind, peewee.TextField):
    """A small structure kept as JSON, for reading back, never for querying."""

    def db_value(self, value: Any) -> str | None:
        """Return canonical JSON."""
        return None if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)

    def show(self, value: Any) -> str:
        """Say how much it holds; what it holds is for the program."""
        return "" if value is None else f"{len(value)} 项"

    def plain(self, value: Any) -> Any:
        """Return the structure itself."""
        return value

    def python_value(self, value: str | None) -> Any:
        """Return the structure."""
        return None if value is None else json.loads(value)


class PictureField(Kind, peewee.BlobField):
    """A small PNG or JPEG (at most 1 MiB)."""

    def check(self, value: Any) -> bytes:
        """Refuse what is not such a picture."""
        data = bytes(value)
        if len(data) > 1 << 20:
            raise BadInput(f"{self.label}不能超过 1 MB。请换一张小些的图片。")
        if not data.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
            raise BadInput(f"{self.label}要是 PNG 或 JPEG 图片。")
        return data

    def parse(self, typed: str) -> bytes:
        """Read the picture from the file that was named."""
        from pathlib import Path

        try:
            return Path(typed).read_bytes()
        except OSError:
            raise BadInput(f"{self.label}：找不到文件“{typed}”。") from None

    def show(self, value: Any) -> str:
        """Say whether there is one."""
        return "" if value is None else "已设置"

    def exact(self, value: Any) -> str:
        """A picture has no text form."""
        return ""


class DataField(Kind, peewee.BlobField):
    """The bytes of a file, whatever it is."""

    def check(self, value: Any) -> bytes:
        """Take them as they are."""
        return bytes(value)

    def show(self, value: Any) -> str:
        """Say how many there are."""
        return "" if value is None else f"{len(value):,} 字节"

    def exact(self, value: Any) -> str:
        """Bytes have no text form."""
        return ""
