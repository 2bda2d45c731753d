"""Whose the texts are that leave."""

from __future__ import annotations

from typing import Any

import pytest

from sourcer.export.columns import load_columns
from sourcer.export.credit import CREDITING, QUOTING, credits_of, credits_of_bio
from sourcer.export.fields import EVIDENCE_COLUMNS
from sourcer.store.reads import PersonFacts, StoredEvidence
from support.facts import a_person, a_profile, evidence

TITLE = "How do I serve a model?"


def on_stackoverflow(number: int, kind: str, licence: str = "CC BY-SA 4.0", **more: Any) -> StoredEvidence:
    return evidence(number, kind, site="stackoverflow", uid="22", licence=licence, **more)


def bruno(*pieces: StoredEvidence, bio: str | None = "I serve models") -> PersonFacts:
    accounts = [a_profile(bio="Serves"), a_profile("stackoverflow", "22", login="22", name="Bruno Quendel", bio=bio)]
    return a_person(*pieces, profiles=accounts)


@pytest.mark.parametrize("kind", ["answer.given", "answer.accepted"])
def test_the_title_of_an_answer_is_not_said_to_be_who_answered_s(kind: str) -> None:
    answer = on_stackoverflow(2, kind, title=TITLE, url="https://stackoverflow.com/a/2")
    answered = "answer by Bruno Quendel (CC BY-SA 4.0, https://stackoverflow.com/a/2)"
    assert credits_of(bruno(answer), [answer]) == (f'{answered}, to the question "How do I serve a model?"',)
    bare = on_stackoverflow(2, kind, url="https://stackoverflow.com/a/2")
    assert credits_of(bruno(bare), [bare]) == (answered,)


def test_who_answers_their_own_question_is_named_as_who_asked() -> None:
    answer = on_stackoverflow(2, "answer.given", title=TITLE, url="https://stackoverflow.com/a/2")
    asked = on_stackoverflow(1, "question.asked", "CC BY-SA 3.0", title=TITLE, url="https://stackoverflow.com/q/1")
    elsewhere = evidence(3, "question.asked", title=TITLE, site="ai", uid="5", licence="CC BY-SA 2.5")
    question = 'question "How do I serve a model?" by Bruno Quendel (CC BY-SA 3.0, https://stackoverflow.com/q/1)'
    assert credits_of(bruno(elsewhere, asked, answer), [asked, answer, asked]) == (
        question,
        f"answer by Bruno Quendel (CC BY-SA 4.0, https://stackoverflow.com/a/2), to the {question}",
    )


def test_a_text_of_a_profile_has_no_title_and_needs_none() -> None:
    about = on_stackoverflow(4, "profile.text", "CC BY-SA", url="https://stackoverflow.com/users/22")
    other = on_stackoverflow(5, "post.written", title="", url="https://stackoverflow.com/p/5")
    assert credits_of(bruno(), [about, other]) == (
        "profile text by Bruno Quendel (CC BY-SA, https://stackoverflow.com/users/22)",
        "post.written by Bruno Quendel (CC BY-SA 4.0, https://stackoverflow.com/p/5)",
    )


def test_only_what_stands_under_a_licence_is_credited() -> None:
    free = evidence(6, title="ada/tool")
    stranger = evidence(7, "question.asked", title=TITLE, site="ai", uid="5", licence="CC BY-SA 2.5")
    assert credits_of(bruno(), [free, stranger]) == (
        'question "How do I serve a model?" by ai:#5 (CC BY-SA 2.5, https://ai.example.org/e/7)',
    )


def test_a_bio_is_credited_where_there_is_one_and_its_site_asks_for_it() -> None:
    about = on_stackoverflow(4, "profile.text", "CC BY-SA", url="https://stackoverflow.com/users/22")
    on_github = evidence(8, "profile.text")
    assert credits_of_bio(bruno(about, on_github)) == (
        "profile text by Bruno Quendel (CC BY-SA, https://stackoverflow.com/users/22)",
    )
    assert credits_of_bio(bruno(about, bio=None)) == ()


def test_every_column_of_evidence_may_quote_and_known_columns_credit() -> None:
    assert {f"evidence_{place}" for place in range(1, EVIDENCE_COLUMNS + 1)} <= QUOTING
    for name in ("generic", "greenhouse", "lever", "opencats"):
        fields = {column.field for column in load_columns(name).columns}
        assert not fields & QUOTING or fields & CREDITING
