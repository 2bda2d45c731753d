"""The pages of a folder: each file read once, each person kept once."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sourcer.connect import NotConfigured
from sourcer_kaggle.pages.html import read_page
from sourcer_kaggle.pages.objects import read_object
from sourcer_kaggle.pages.profile import SEVERAL, Saved, differ, merge, user_id
from sourcer_kaggle.sites import is_login

__all__ = ["Pages", "find_pages", "read_pages"]

_FORMS: Final = (".html", ".htm", ".json")
_LARGEST_FILE: Final = 20_000_000
"""Bytes, unpacked."""
_NAMED: Final = re.compile(r"(?:(?P<login>[A-Za-z0-9_-]{1,40})\.)?(?P<uid>[0-9]{1,15})")


@dataclass(frozen=True, slots=True)
class Pages:
    """What a folder holds.

    Args:
        people: By user id.
        rejected: Files, and objects of files, that tell of nobody: how many, by reason.
        mark: Changes when a file is added or replaced.
    """

    people: dict[int, Saved]
    rejected: dict[str, int]
    mark: str


def find_pages(folder: Path) -> list[Path]:
    """The files that may hold profiles, by name.

    Raises:
        NotConfigured: The folder cannot be read, or holds none.
    """
    what_to_set = "set saved_pages_dir in [connectors.kaggle] to a folder with profile pages (.html) saved by hand"
    try:
        paths = sorted(path for path in folder.iterdir() if path.is_file() and _form(path) in _FORMS)
    except OSError as fault:
        raise NotConfigured(f"{folder}: {fault.strerror or fault}; {what_to_set}") from None
    if not paths:
        raise NotConfigured(f"{folder}: no page in it; {what_to_set}")
    return paths


def _form(path: Path) -> str:
    return Path(path.name.lower().removesuffix(".gz")).suffix


def read_pages(folder: Path) -> Pages:
    """Read all pages. Blocks. Of two pages of one person both count; the later name goes first.

    Raises:
        NotConfigured: There is none.
    """
    people: dict[int, Saved] = {}
    rejected: dict[str, int] = {}
    paths = find_pages(folder)
    digest = hashlib.sha256()
    for path in paths:
        stat = path.stat()
        digest.update(f"{path.name}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
        for saved in _read(path):
            if isinstance(saved, str):
                rejected[saved] = rejected.get(saved, 0) + 1
            elif saved.uid is not None:
                people[saved.uid] = merge(filter(None, (saved, people.get(saved.uid))))
    return Pages(people, rejected, digest.hexdigest()[:16])


def _read(path: Path) -> Iterator[Saved | str]:
    """The profiles of a file, or why there are none."""
    try:
        with gzip.open(path, "rb") if path.suffix.lower() == ".gz" else path.open("rb") as file:
            data = file.read(_LARGEST_FILE + 1)
    except (OSError, EOFError, zlib.error):
        yield "the file cannot be read"
        return
    if len(data) > _LARGEST_FILE:
        yield "the file is too large"
    elif _form(path) == ".json":
        yield from _objects(data)
    else:
        yield _page(data.decode("utf-8-sig", "replace"), path)


def _objects(data: bytes) -> Iterator[Saved | str]:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        yield "the file is not JSON"
        return
    for one in value if isinstance(value, list) else [value]:
        yield read_object(one) or "an object is no profile"


def _page(html: str, path: Path) -> Saved | str:
    stem = path.name.lower().removesuffix(".gz").rpartition(".")[0]
    match = _NAMED.fullmatch(stem)
    named = (
        Saved(uid=user_id(match["uid"]), login=match["login"])
        if match
        else Saved(login=stem if is_login(stem) else None)
    )
    saved = read_page(html, named)
    if saved == SEVERAL:
        return "the page shows several people: name the file LOGIN.NUMBER.html"
    if not saved.formats:
        return "the page shows no profile"
    if match and saved.uid is None and differ(saved, named):
        return "the page shows somebody else than the file's name"
    if match or saved.login is None:
        saved = merge((saved, named))
    if saved.uid is None:
        return "the page does not tell the user's number: name the file LOGIN.NUMBER.html"
    if saved.login is None or not is_login(saved.login):
        return "the page does not tell the user name: name the file LOGIN.NUMBER.html"
    return saved
