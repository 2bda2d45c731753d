"""A digest in words: harmless in a terminal, in Markdown and in a chat, whatever people call themselves."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from sourcer.shortlist import Change, Digest, Told, digest_markdown, digest_text, hook_body
from sourcer.store.decisions import Decision

NOW = datetime(2026, 3, 1, 6, tzinfo=UTC)
HOSTILE = "<!channel> *x* [a](http://example.org)\n# <script>"


def told(number: int, name: str = "Ada", **said: object) -> Told:
    profile = {"site": "github", "uid": str(number), "login": "ada", "url": f"https://github.example.org/{number}"}
    usual = {"place": number, "score": 50.0 - number, "why": "MLflow in production"}
    return Told(number, name, (profile,), "new", (), **usual | said)  # type: ignore[arg-type]


def a_digest(**lists: list[Told]) -> Digest:
    return Digest("ml", "ML engineer", "kim", date(2026, 3, 1), since=NOW, **lists)  # type: ignore[arg-type]


def test_each_kind_has_its_sentences() -> None:
    snooze = Decision("ml", 3, "state", "lee", NOW, "new", "snoozed", date(2026, 3, 1), reason="new job")
    changes = (
        Change("location", "Oslo", None, "github:#2"),
        Change("company", None, "Example", "github:#2", is_known=False),
        Change("open_to_work", False, True, "github:#2"),
        Change("status", "left", "ranked"),
        Change("evidence", None, {"kind": "repo.owned", "title": "", "url": "https://github.example.org/x"}),
    )
    text = digest_text(
        a_digest(
            new=[told(1, flags=("opted_out",))],
            changed=[told(2, changes=changes)],
            gone=[told(4, score=None, gone_at=NOW, erased=True)],
            back=[told(3, snooze=snooze)],
        )
    )
    for sentence in (
        "ML engineer: 1 new, 1 changed, 1 gone, 1 back from snooze since 2026-03-01 06:00 UTC",
        "   1. Ada   49.0 points   (person 1)   [opted_out]",
        "MLflow in production",
        "location: Oslo → nothing (github:#2)",
        "company: something else → Example (github:#2)",
        "open to work: no → yes",
        "is in the ranking again",
        "new evidence: repo.owned https://github.example.org/x",
        "the site says since 2026-03-01 that there is no such account, and erased on a second day",
        "snoozed until 2026-03-01 by lee: new job",
    ):
        assert sentence in text


def test_a_first_look_is_short_and_says_what_it_left_out() -> None:
    digest = Digest("ml", "ML", "kim", date(2026, 3, 1), is_first=True, new=[told(n) for n in range(1, 501)])
    text = digest_text(digest)
    assert "first look, so everybody is new: 500 new" in text
    assert "and 490 more: `sourcer rank ml` lists everybody" in text
    assert text.count("(person ") == 10
    assert digest_text(digest, 2).count("(person ") == 2
    assert digest.as_json(3)["counts"]["new"] == 500
    assert len(digest.as_json(3)["new"]) == 3
    assert len(digest.as_json()["new"]) == 500
    assert "nothing new since" in digest_text(a_digest())


@pytest.mark.parametrize("name", [HOSTILE, "![x](javascript:1)", "`a` | b", "नमस्ते Ada"])
def test_names_do_nothing_in_markdown_and_chats(name: str) -> None:
    change = Change("name", name, name + "!", "github:#1")
    digest = a_digest(changed=[told(1, name, changes=(change,))])
    page = digest_markdown(digest)
    assert not any(line.startswith("# <") for line in page.splitlines())
    for sign in ("<script", "<!channel", "](", "*x*", "`a`"):
        assert sign not in page.replace("\\" + sign[0], "")
    body = hook_body(digest)
    assert "<" not in body["text"]
    assert body["digest"]["counts"] == {"new": 0, "changed": 1, "gone": 0, "back": 0}
    assert "https://github.example.org/1" in body["text"]
    assert hook_body(digest, "https://hooks.slack.com/services/x") == {"text": body["text"]}
