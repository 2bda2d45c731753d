"""One invented population, by API and by dump: what both can know is the same, row by row."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sourcer.connect import covers
from sourcer_stackoverflow.settings import StackOverflowDiscover
from support.dumps import connector, write_dump
from support.stackexchange_calls import Connect
from support.stackexchange_world import Site, StackExchange
from support.two_ways import ME, Said, population, said_by, telling

pytestmark = pytest.mark.slow

WISH = StackOverflowDiscover(tags=("pytorch", "c++", "nowhere"))
ONLY_API = ("tag.month",)
UNDATED = ("tag.score", "badge.tag")
"""Kinds whose date the API does not tell: when a badge was awarded, the newest of answers that were not all read."""


async def both(tmp_path: Path, connect: Connect, site: Site, *tags: str) -> tuple[Said, Said]:
    folder = write_dump(tmp_path, posts=site.posts, users=site.users, badges=site.badges, votes=site.votes)
    focus = telling(*tags, *WISH.tags)
    return await said_by(connector(folder), WISH, focus), await said_by(
        connect(StackExchange({"ai": site})), WISH, focus
    )


@pytest.mark.parametrize("seed", range(5))
async def test_the_same_people_with_the_same_profiles(tmp_path: Path, connect: Connect, seed: int) -> None:
    dump, api = await both(tmp_path, connect, population(seed))
    assert len(dump.people) > 30
    assert set(api.people) == set(dump.people)
    assert api.profiles == dump.profiles


@pytest.mark.parametrize("seed", range(5))
async def test_the_same_rows_of_everybody_with_few_answers(tmp_path: Path, connect: Connect, seed: int) -> None:
    dump, api = await both(tmp_path, connect, population(seed))
    assert {kind for _, kind, _ in api.evidence} >= {
        "answer.given",
        "answer.accepted",
        "tag.score",
        "badge.tag",
        "question.asked",
        "profile.text",
    }
    dumped = {
        key: replace(piece, happened_at=None) if piece.kind == "badge.tag" else piece
        for key, piece in dump.evidence.items()
    }
    asked = {key: piece for key, piece in api.evidence.items() if piece.kind not in ONLY_API}
    assert asked == {key: piece for key, piece in dumped.items() if key in asked}
    left_out = [key for key in dumped if key not in asked]
    assert all(kind == "question.asked" and api.is_unknown(uid, kind) for uid, kind, _ in left_out)
    assert not any(covers(what, kind) for _, what in api.unknown for kind in ("answer.given", "tag.score", "badge.tag"))


async def test_of_many_answers_what_is_read_is_the_same_and_the_rest_is_unknown(
    tmp_path: Path, connect: Connect
) -> None:
    dump, api = await both(tmp_path, connect, population(3, prolific=150), "docker")
    first = str(ME + 1)
    asked = {key: piece for key, piece in api.evidence.items() if key[0] == first and piece.kind not in ONLY_API}
    answers = [key for key in asked if key[1].startswith("answer.")]
    assert len(answers) >= 30
    for key, piece in asked.items():
        expected = dump.evidence[key]
        assert piece == (replace(expected, happened_at=piece.happened_at) if piece.kind in UNDATED else expected)
        assert piece.kind not in UNDATED or piece.happened_at in (None, expected.happened_at)
    left_out = [key for key in dump.evidence if key[0] == first and key not in asked]
    assert len(left_out) > 40
    assert all(api.is_unknown(uid, kind) for uid, kind, _ in left_out)


async def test_bounties_and_wikis_are_told_by_both(tmp_path: Path, connect: Connect) -> None:
    dump, api = await both(tmp_path, connect, population(1))
    for said in (dump, api):
        assert any(piece.measure.get("bounty") for piece in said.evidence.values())
        assert any(piece.measure.get("community_wiki") for piece in said.evidence.values())
