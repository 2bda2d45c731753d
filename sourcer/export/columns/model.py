"""Column profiles: read from the TOML files beside this module, or from the user's own."""

from __future__ import annotations

import tomllib
from importlib import resources
from pathlib import Path
from typing import Any, Final

from pydantic import Field, field_validator, model_validator

from sourcer.config import Settings, nearest, parse_settings, read_toml
from sourcer.errors import UsageError
from sourcer.export.cells import Value, neutral, text_of, within
from sourcer.export.fields import FIELDS, Fields

__all__ = ["KNOWN", "Column", "Columns", "load_columns"]

KNOWN: Final = ("generic", "greenhouse", "lever", "opencats")
_ANY_WIDTH: Final = 18


class Column(Settings):
    """One column: a field, or the same text in every row, or nothing.

    Args:
        header: What stands in the first row.
        field: A name of :data:`sourcer.export.fields.FIELDS`.
        text: What stands in every row instead.
        join: Between the items of a list.
        limit: Characters that the receiver takes: texts are cut, lists and addresses keep whole items.
        absent: What stands where the field is empty and the receiver wants something.
        width: In a spreadsheet, in characters.
    """

    header: str = Field(min_length=1)
    field: str = ""
    text: str = ""
    join: str = ", "
    limit: int | None = Field(None, ge=1)
    absent: str = ""
    width: float = Field(_ANY_WIDTH, gt=0, le=255)

    # A separator that ends with a space must keep it.
    model_config = Settings.model_config | {"str_strip_whitespace": False}

    @field_validator("field")
    @classmethod
    def _is_known(cls, value: str) -> str:
        if value and value not in FIELDS:
            raise ValueError(f"unknown field {value!r}{nearest(value, FIELDS)}")
        return value

    @model_validator(mode="after")
    def _says_one_thing(self) -> Column:
        if self.field and self.text:
            raise ValueError("give a field or a text, not both")
        return self

    def value(self, fields: Fields) -> Value:
        """What a person's cell is about."""
        return fields.get(self.field) if self.field else self.text

    def cell(self, fields: Fields) -> tuple[str, bool]:
        """The harmless text of a person's cell, and whether the limit made it shorter."""
        value = self.value(fields)
        whole = neutral(text_of(value, self.join))
        if self.limit is None or len(whole) <= self.limit:
            return whole or self.absent, False
        text = neutral(within(value, self.join, self.limit))
        # The apostrophe that takes a formula its power counts too.
        return (text if len(text) <= self.limit else text[: self.limit]) or self.absent, True


class Columns(Settings):
    """What a kind of export looks like.

    Args:
        title: What it is for.
        max_rows: How many people the receiver takes at a time.
        warning: What whoever imports it should know; said on stderr.
        columns: In their order.
    """

    title: str = ""
    max_rows: int | None = Field(None, ge=1)
    warning: str = ""
    columns: tuple[Column, ...] = Field(min_length=1)

    @field_validator("columns")
    @classmethod
    def _differ(cls, value: tuple[Column, ...]) -> tuple[Column, ...]:
        headers = [column.header for column in value]
        twice = sorted({header for header in headers if headers.count(header) > 1})
        if twice:
            raise ValueError(f"there are two columns {twice[0]!r}")
        return value

    @property
    def header(self) -> tuple[str, ...]:
        """The first row."""
        return tuple(column.header for column in self.columns)


def load_columns(name: str) -> Columns:
    """Read a profile by its name, or the user's own by its path.

    Raises:
        UsageError: There is none, or it names a field or key that does not exist; the message names the nearest.
    """
    if name in KNOWN:
        text = resources.files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8")
        return _parse(tomllib.loads(text), f"columns {name}")
    path = Path(name)
    if path.suffix != ".toml" and not path.exists():
        raise UsageError(f"--columns {name}: is no file, nor columns that are known{nearest(name, KNOWN)}")
    return _parse(read_toml(path), name)


def _parse(data: dict[str, Any], where: str) -> Columns:
    return parse_settings(Columns, data, where)
