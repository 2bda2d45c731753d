"""The invented Stack Overflow by the copy of the API and by the dump: what both can know is the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sourcer.config import FetchConfig
from sourcer.connect import Fetcher
from sourcer.demo.dump import write_dump
from sourcer.demo.model import World
from sourcer.demo.stackexchange import KEY, StackExchangeServer
from sourcer_stackoverflow import StackOverflow
from sourcer_stackoverflow.settings import StackOverflowConfig, StackOverflowDiscover
from support.dumps import connector
from support.two_ways import Said, said_by

pytestmark = pytest.mark.slow

WISH = StackOverflowDiscover(tags=("mlflow", "kubeflow", "mlops", "airflow", "pytorch"))


async def by_api(world: World) -> Said:
    with StackExchangeServer(world) as server:
        config = StackOverflowConfig.model_validate({"key": KEY, "api_url": server.url})
        async with Fetcher("stackoverflow", StackOverflow.policy, FetchConfig()) as fetcher:
            said = await said_by(StackOverflow(config, fetcher), WISH)
        assert server.violations == []
    return said


async def test_the_same_people_and_rows(world: World, tmp_path: Path) -> None:
    write_dump(world, tmp_path)
    dump, api = await said_by(connector(tmp_path, "stackoverflow"), WISH), await by_api(world)
    assert len(api.people) > 50
    assert set(api.people) == set(dump.people)
    assert api.profiles == dump.profiles
    # The API does not tell when a badge was awarded, and shows no answer whose question is gone.
    told = {
        key: replace(piece, happened_at=None) if piece.kind == "badge.tag" else piece
        for key, piece in dump.evidence.items()
    }
    assert {kind for _, kind, _ in api.evidence} == {kind for _, kind, _ in told}
    assert api.evidence == {key: told[key] for key in api.evidence}
    (orphan,) = [key.rpartition("/")[2] for key in world.traps["orphan_answer"]]
    left = {(kind, key) for uid, kind, key in told if (uid, kind, key) not in api.evidence}
    unasked = {(kind, key) for uid, kind, key in told if kind == "question.asked" and api.is_unknown(uid, kind)}
    assert left - unasked <= {("answer.given", orphan)}
