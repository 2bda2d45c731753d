"""What the tables of fields have in common."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from sourcer.demo.model import Account, Repository
from sourcer.demo.paging import connection

__all__ = ["Answer", "Args", "Table", "attribute", "constant", "counted", "living", "readable", "text_id"]

Args: TypeAlias = Mapping[str, Any]
Answer: TypeAlias = Callable[[Any, Args], Any]
Table: TypeAlias = dict[str, Answer]


def text_id(prefix: str, text: str) -> str:
    """The opaque id of a thing that has no number."""
    return f"{prefix}_{base64.urlsafe_b64encode(text.encode()).rstrip(b'=').decode()}"


def constant(value: Any) -> Answer:
    """The same answer for all."""
    return lambda _source, _args: value


def attribute(read: Callable[[Any], Any]) -> Answer:
    """An answer that no argument changes."""
    return lambda source, _args: read(source)


def counted(number: Callable[[Account], int], name: str) -> Answer:
    """A list of which the world only knows the length."""
    return lambda account, args: connection([], name, args) | {"totalCount": number(account)}


def living(account: Account | None) -> Account | None:
    """An account as others see it: nobody, once it is gone."""
    return None if account is None or account.is_gone else account


def readable(repositories: list[Repository]) -> list[Repository]:
    """Those that anybody can look at."""
    return [one for one in repositories if one.is_readable]
