"""What ``explain --json`` says of the evidence that it shows."""

from __future__ import annotations

from datetime import date
from typing import Any

from sourcer.domain import Done
from sourcer.score import explain
from sourcer.skills import load_lexicon
from sourcer.store.database import Database
from sourcer.store.ids import person_id
from support.facts import a_brief
from support.store_items import account, begin, commit, piece, profile

ADA = account(1)


def evidence_of(database: Database) -> dict[str, Any]:
    with database.read() as connection:
        number = person_id(ADA.site, ADA.uid)
        found = explain(connection, number, a_brief(), load_lexicon(), as_of=date(2026, 3, 2), cross_brief=False)
    return {item["evidence"]["title"]: item["evidence"] for item in found.as_json()["contributions"]}


def test_a_text_is_shown_with_its_licence_and_who_wrote_it(database: Database) -> None:
    commit(
        database,
        begin(database),
        ADA,
        profile(ADA, name="Ada Beispiel"),
        piece(ADA, "a", title="How?", kind="answer.given", terms=("tag:mlflow",), licence="CC BY-SA 4.0"),
        piece(ADA, "b", title="ada/tool", terms=("topic:mlflow",)),
        Done(ADA, ("*",)),
    )
    found = evidence_of(database)
    assert (found["How?"]["licence"], found["How?"]["author"]) == ("CC BY-SA 4.0", "Ada Beispiel")
    assert (found["ada/tool"]["licence"], found["ada/tool"]["author"]) == (None, None)
    assert list(found["How?"])[-2:] == ["licence", "author"]
