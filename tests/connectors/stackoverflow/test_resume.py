from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sourcer.connect import Checkpoint, Item
from sourcer_stackoverflow.dump import reader
from support.dumps import answer, connector, crowd, discover, of_type, question, uids, user, wish, write_dump


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """A checkpoint every three people, read two at a time."""
    monkeypatch.setattr(reader, "_CHECKPOINT_PEOPLE", 3)
    monkeypatch.setattr(reader, "_HOP", 2)


async def test_best_first_and_by_id_among_equals(tmp_path: Path) -> None:
    posts, users = crowd(30)
    found = uids(await discover(write_dump(tmp_path, posts=posts, users=users)))
    assert found == [str(uid) for uid in sorted(range(1, 31), key=lambda uid: (-(uid % 7), uid))]


@pytest.mark.usefixtures("small_steps")
async def test_from_every_checkpoint_exactly_the_rest_follows(tmp_path: Path) -> None:
    posts, users = crowd(14, answers=2)
    folder = write_dump(tmp_path, posts=posts, users=users)
    whole = await discover(folder)
    points = [position for position, item in enumerate(whole) if isinstance(item, Checkpoint)]
    assert len(points) == 5
    for position in points:
        after = whole[position]
        assert isinstance(after, Checkpoint)
        rest = await discover(folder, after=after)
        assert [item for item in rest if not isinstance(item, Checkpoint)] == [
            item for item in whole[position:] if not isinstance(item, Checkpoint)
        ]


@pytest.mark.usefixtures("small_steps")
async def test_another_dump_starts_over(tmp_path: Path) -> None:
    posts, users = crowd(8)
    folder = write_dump(tmp_path, posts=posts, users=users)
    first = of_type(await discover(folder), Checkpoint)[0]
    assert len(uids(await discover(folder, after=first))) == 5
    os.utime(folder / "Posts.xml", (1, 1))
    assert len(uids(await discover(folder, after=first))) == 8


@pytest.mark.usefixtures("small_steps")
async def test_another_wish_starts_over(tmp_path: Path) -> None:
    posts, users = crowd(8)
    folder = write_dump(tmp_path, posts=[*posts, question(90_000, "<cuda>")], users=users)
    first = of_type(await discover(folder), Checkpoint)[0]
    assert len(uids(await discover(folder, "pytorch", "cuda", after=first))) == 8


async def test_where_people_answered_much_checkpoints_come_sooner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "_CHECKPOINT_ITEMS", 50)
    posts, users = crowd(10, answers=40)
    items = await discover(write_dump(tmp_path, posts=posts, users=users))
    assert len(of_type(items, Checkpoint)) >= 5


async def test_the_last_checkpoint_leaves_nothing(tmp_path: Path) -> None:
    posts, users = crowd(5)
    folder = write_dump(tmp_path, posts=posts, users=users)
    last = of_type(await discover(folder), Checkpoint)[-1]
    assert await discover(folder, after=last) == []


async def test_least_score(tmp_path: Path) -> None:
    posts, users = crowd(14)
    folder = write_dump(tmp_path, posts=posts, users=users)
    found: list[Item] = [item async for item in connector(folder).discover(wish("pytorch", min_score=5), None)]
    assert uids(found) == ["6", "13", "5", "12"]


PEOPLE = st.dictionaries(st.integers(1, 50), st.lists(st.integers(-5, 20), min_size=1, max_size=4), max_size=12)


@given(people=PEOPLE, order=st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_the_order_depends_on_scores_and_ids_only(
    tmp_path_factory: pytest.TempPathFactory, people: dict[int, list[int]], order: object
) -> None:
    posts = [question(1)]
    for uid, scores in people.items():
        posts += [answer(uid * 10 + number + 100, 1, uid, Score=score) for number, score in enumerate(scores)]
    order.shuffle(posts)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    folder = write_dump(tmp_path_factory.mktemp("dump"), posts=posts, users=[user(uid) for uid in people])
    best = sorted(people, key=lambda uid: (-sum(score for score in people[uid] if score > 0), uid))
    assert uids(await discover(folder)) == [str(uid) for uid in best]
