"""Bounties stand with the votes: a table that a dump may lack."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from support.dumps import Form, Row, answer, connector, discover_damaged, evidence, question, user, wish, write_dump

POSTS = [question(1), answer(2, 1, 7), answer(3, 1, 8), answer(4, 1, None)]
USERS = [user(7), user(8)]


def vote(number: int, post: int, kind: int = 9, **columns: object) -> Row:
    return {"Id": number, "PostId": post, "VoteTypeId": kind, "CreationDate": "2021-01-01T00:00:00.000"} | columns


async def bounties(folder: Path) -> dict[int, float | None]:
    items = [item async for item in connector(folder).discover(wish(), None)]
    return {uid: evidence(items, uid, "answer.given")[0].measure.get("bounty") for uid in (7, 8)}


VOTES: Sequence[Row] = [
    vote(1, 1, 8, BountyAmount=500, UserId=9),
    vote(2, 2, BountyAmount=50),
    vote(3, 2, BountyAmount=100),
    vote(3, 2, BountyAmount=100),
    vote(4, 3, 2),
    vote(5, 4, BountyAmount=25),
    vote(6, 3, BountyAmount=0),
    vote(7, 3, BountyAmount="much"),
]


@pytest.mark.parametrize("form", ["xml", "gz", "table.7z", "site.7z"])
async def test_what_an_answer_was_given_is_summed(tmp_path: Path, form: Form) -> None:
    folder = write_dump(tmp_path, posts=POSTS, users=USERS, votes=VOTES, form=form)
    assert await bounties(folder) == {7: 150, 8: None}


async def test_without_votes_bounties_are_not_known(tmp_path: Path) -> None:
    assert await bounties(write_dump(tmp_path, posts=POSTS, users=USERS)) == {7: None, 8: None}


async def test_a_broken_vote_costs_only_itself(tmp_path: Path) -> None:
    votes: list[Row | str] = ['<row Id="1" PostId="2" VoteTypeId="9" BountyAmount="50 />', vote(2, 2, BountyAmount=70)]
    items, complaint = await discover_damaged(write_dump(tmp_path, posts=POSTS, users=USERS, votes=votes))
    assert evidence(items, 7, "answer.given")[0].measure["bounty"] == 70
    assert "Votes.xml" in str(complaint)


async def test_only_rows_with_bounties_are_parsed(tmp_path: Path) -> None:
    votes: list[Row | str] = ['<row Id="1" PostId="2" VoteTypeId="2" Broken=" />', *VOTES]
    assert await bounties(write_dump(tmp_path, posts=POSTS, users=USERS, votes=votes)) == {7: 150, 8: None}
