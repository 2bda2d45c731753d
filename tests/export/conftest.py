"""A small stored world whose people say hostile things about themselves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from sourcer.brief import Brief
from sourcer.domain import Done, Evidence, Item, Profile, Ref
from sourcer.export import View
from sourcer.skills import load_lexicon
from sourcer.store.database import Database
from support.store_items import NOON, begin, commit

NAMES = {
    "ada": "Ada Example",
    "formula": '=HYPERLINK("http://evil.invalid";"x")',
    "plus": "+1;=2",
    "quotes": 'Eve "the, quote" O\'Hara',
    "lines": "Two\r\nLines\tand=tab",
    "emoji": "Ünïcode 👩🏽‍🔬 Name",
    "devanagari": "प्रिया शर्मा",
    "arabic": "مريم المثال",
    "han": "李 雷",
    "single": "Madonna",
    "long": "Maximiliana " + "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissen",
    "nul": "Nul\0 Byte\x01\ufffe",
}


def people() -> Iterator[Item]:
    for number, (login, name) in enumerate(NAMES.items(), 1):
        ref = Ref("github", str(number), login)
        yield Profile(
            ref,
            f"https://github.com/{login}",
            name=name,
            company="@example" if login == "ada" else "Example " + "Ltd " * (40 if login == "long" else 1),
            website="ftp://file.invalid" if login == "formula" else f"https://{login}.example.org",
            bio={"ada": "Write to ada@example.org", "quotes": "I serve models"}.get(login),
        )
        if login == "quotes":
            text = ("text:I serve models",)
            yield Evidence(ref, "profile.text", "https://github.com/quotes", text, key="about", licence="CC BY-SA")
        for place in range(2):
            yield Evidence(
                ref,
                "repo.owned",
                f"https://github.com/{login}/repo-{place}",
                key=f"{login}/repo-{place}",
                title=f"{name} repo {place}" if login != "formula" else "@SUM(1)",
                terms=("topic:mlflow", "topic:pytorch"),
                measure={"stars": 100 - number},
                happened_at=NOON,
                licence="CC BY-SA 4.0" if login == "quotes" else "",
            )
        yield Done(ref, ("*",))


@pytest.fixture(scope="session")
def export_brief() -> Brief:
    table = {
        "title": "ML engineer",
        "skills": {"must": ("mlflow",), "nice": ("pytorch",)},
        "compensation": {"currency": "USD", "range": (127667, 194000)},
    }
    return Brief.model_validate(table).named("ml")


@pytest.fixture
def view(sqlite_template: Path, tmp_path: Path, export_brief: Brief) -> Iterator[View]:
    path = tmp_path / "export.db"
    path.write_bytes(sqlite_template.read_bytes())
    with Database(f"sqlite:///{path}") as database:
        commit(database, begin(database), *people())
        with database.read() as connection:
            yield View(connection, export_brief, load_lexicon(), date(2026, 4, 1))
