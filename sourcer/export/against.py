"""Who is in an applicant-tracking system already, by an export of it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sourcer.errors import UsageError
from sourcer.export.incoming import read_rows
from sourcer.store.sql import Key

__all__ = ["Known", "ReadUrl", "read_known"]

ReadUrl = Callable[[str], tuple[str, str | None, str | None] | None]
"""From an address to site, login and uid of the account whose profile it shows."""

_URL: Final = re.compile(r"(?:https?://)?(?:[\w-]+\.)+[a-z]{2,}/[^\s,;|<>\"')\]]+", re.IGNORECASE)
_NAME: Final = ("full name", "name", "candidate name", "candidate")
_FIRST: Final = ("first name", "given name", "forename")
_LAST: Final = ("last name", "family name", "surname")
_EMPLOYER: Final = ("current employer", "company", "current company", "employer", "organization", "organisation")


@dataclass(frozen=True, slots=True)
class Known:
    """Whom the other system has.

    Args:
        rows: How many people it lists.
        accounts: Accounts whose profile a cell names: by site and uid, or site and login in small letters.
        people: Folded names with the folded employers, for hints.
    """

    rows: int = 0
    accounts: frozenset[Key] = frozenset()
    people: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def is_mute(self) -> bool:
        """Whether nobody can be known by it: most likely it is another file, or an export without the right columns."""
        return not self.accounts and not self.people

    def has(self, site: str, uid: str, login: str) -> bool:
        """Whether a profile's address is in it."""
        return (site, f"#{uid}") in self.accounts or (site, login.lower()) in self.accounts

    def hints_at(self, name: str, employer: str | None) -> bool:
        """Whether somebody of that name works there for the same employer: no proof, but worth a look."""
        return bool(employer) and _fold(employer or "") in self.people.get(_fold(name), frozenset())


def read_known(path: Path, read: ReadUrl) -> Known:
    """Read an export: CSV or a workbook, with any columns.

    Raises:
        UsageError: It is no such file.
    """
    rows = list(read_rows(path, "--against"))
    if not rows:
        raise UsageError(f"--against {path}: is empty; export candidates of your system as CSV or .xlsx, with a header")
    header, *people = rows
    accounts = frozenset(_accounts((cell for row in people for cell in row), read))
    return Known(len(people), accounts, _names([_fold(cell) for cell in header], people))


def _accounts(cells: Iterable[str], read: ReadUrl) -> Iterator[Key]:
    for cell in cells:
        for found in _URL.findall(cell) if "/" in cell else ():
            address = read(found.rstrip(".,;:!?"))
            if address is None:
                continue
            site, login, uid = address
            if uid is not None:
                yield site, f"#{uid}"
            elif login is not None:
                yield site, login.lower()


def _names(header: Sequence[str], people: Iterable[Sequence[str]]) -> dict[str, frozenset[str]]:
    name, first, last, employer = (_place(header, names) for names in (_NAME, _FIRST, _LAST, _EMPLOYER))
    known: dict[str, set[str]] = {}
    for row in people if employer is not None else ():
        whole = _cell(row, name) or f"{_cell(row, first)} {_cell(row, last)}"
        works_for = _fold(_cell(row, employer))
        if _fold(whole) and works_for:
            known.setdefault(_fold(whole), set()).add(works_for)
    return {who: frozenset(employers) for who, employers in known.items()}


def _place(header: Sequence[str], names: Sequence[str]) -> int | None:
    return next((header.index(name) for name in names if name in header), None)


def _cell(row: Sequence[str], place: int | None) -> str:
    return row[place] if place is not None and place < len(row) else ""


def _fold(text: str) -> str:
    """A name whatever its case, accents and spaces."""
    bare = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return " ".join(bare.casefold().strip("'@ ").split())
