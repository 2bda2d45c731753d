"""A file of accounts: the people that a crawl looks at instead of finding some."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sourcer.connect.registry import site_of_url
from sourcer.errors import UsageError

__all__ = ["Account", "read_accounts"]

_COMMENT: Final = re.compile(r"(?:^|\s)#.*")
"""``#`` starts a comment at the beginning of a word; within one it is part of ``site:#uid`` or of an address."""
_ACCOUNT: Final = re.compile(r"(?P<site>[a-z0-9][a-z0-9.-]*):(?P<name>#?[^\s#:/]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Account:
    """One account of the file.

    Args:
        line: Where it stands, from 1.
        spelling: As it stands there.
        site: Its site.
        name: Its login, or ``#`` and its uid.
    """

    line: int
    spelling: str
    site: str
    name: str


def read_accounts(path: Path) -> tuple[Account, ...]:
    """Read a file with one account a line: ``site:login``, ``site:#uid`` or a profile's address.

    Raises:
        UsageError: It cannot be read, names nobody, or has a line that is no account; the message names the line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as fault:
        raise UsageError(f"{path}: cannot be read ({fault.strerror or fault})") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path}: is no text in UTF-8") from None
    lines = ((number, _COMMENT.sub("", line).strip()) for number, line in enumerate(text.splitlines(), start=1))
    accounts = tuple(_read(path, number, spelling) for number, spelling in lines if spelling)
    if not accounts:
        raise UsageError(f"{path}: names nobody; write one account a line, such as github:LOGIN")
    return accounts


def _read(path: Path, line: int, spelling: str) -> Account:
    address = site_of_url(spelling.replace("://www.", "://", 1).removeprefix("www."))
    if address is not None:
        # The number stays when the login changes hands.
        name = f"#{address.uid}" if address.uid else address.login
        if name:
            return Account(line, spelling, address.site, name)
    found = _ACCOUNT.fullmatch(spelling)
    if found is None:
        raise UsageError(
            f"{path}: line {line}: {spelling}: is no account; write site:login, site:#uid, or the address of a profile "
            "on a site whose connector is installed"
        )
    return Account(line, spelling, found["site"].lower(), found["name"])
