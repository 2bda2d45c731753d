"""The real connector finds people of the invented world by the pull requests that others merged."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from sourcer.brief import load_brief
from sourcer.config import CONFIG_NAME, load_config
from sourcer.connect import Checkpoint, Evidence, Item, Ref
from sourcer.connect.testing import collect, open_fetcher
from sourcer.demo.faults import Fault, Faults
from sourcer.demo.github import TOKEN, GitHubServer
from sourcer.demo.model import World
from sourcer.demo.run import BRIEF, prepare
from sourcer_github import GitHub
from sourcer_github.settings import GitHubConfig, GitHubDiscover

BOTH = ("kettlewright/trackline", "kettlewright/flowmill")


async def discovered(
    server: GitHubServer,
    repositories: tuple[str, ...] = BOTH,
    topics: tuple[str, ...] = (),
    after: Checkpoint | None = None,
) -> list[Item]:
    config = GitHubConfig.model_validate({"token": TOKEN, "api_url": server.url})
    async with open_fetcher(GitHub, config) as fetcher:
        wanted = GitHubDiscover(topics=topics, repositories=repositories)
        return await collect(GitHub(config, fetcher).discover(wanted, after))


def logins(items: list[Item]) -> set[str]:
    return {item.login for item in items if isinstance(item, Ref)}


def evidence(items: list[Item]) -> dict[str, Evidence]:
    return {item.key: item for item in items if isinstance(item, Evidence)}


def bearers(world: World, *traps: str) -> set[str]:
    return {key.removeprefix("github:") for trap in traps for key in world.traps[trap]}


async def test_who_worked_on_them_is_found_and_nobody_else(server: GitHubServer, world: World) -> None:
    items = await discovered(server)
    found = logins(items)
    people = {one.github.login: one for one in world.people if one.github and not one.github.is_deleted}
    assert found <= set(people)
    assert bearers(world, "merged_elsewhere", "outside_contributor") < found
    assert not found & bearers(world, "bot", "bot_as_user")
    trades = Counter(people[login].trade for login in found)
    assert trades["mlops"] > 10
    assert trades["frontend"] == 1
    assert {item.kind for item in evidence(items).values()} == {"pr.merged", "pr.reviewed"}
    pulls = {key: item for key, item in evidence(items).items() if item.kind == "pr.merged"}
    assert all({"topic:mlops", "language:python"} < set(item.terms) for item in pulls.values())
    assert {item.measure["stars"] for item in pulls.values()} == {14_200, 6_900}


async def test_only_a_merged_pull_request_leads_to_some(server: GitHubServer, world: World) -> None:
    unnoticed = bearers(world, "merged_elsewhere")
    # None of them leads to the repositories that have taken the work.
    topics = ("mlflow-serving", "feature-store", "drift-detection", "kubeflow-pipelines")
    assert not unnoticed & logins(await discovered(server, (), topics))
    assert unnoticed < logins(await discovered(server, BOTH, topics))


async def test_discovery_goes_on_from_each_checkpoint(server: GitHubServer) -> None:
    topics, repositories = ("mlops", "kubeflow"), ("kettlewright/nothing", *BOTH)
    whole = await discovered(server, repositories, topics)
    ends = [place for place, item in enumerate(whole) if isinstance(item, Checkpoint)]
    assert len(ends) >= 5
    for end in ends:
        after = whole[end]
        assert isinstance(after, Checkpoint)
        assert await discovered(server, repositories, topics, after) == whole[end + 1 :]


@pytest.mark.slow
@pytest.mark.parametrize("fault", [Fault.PARTIAL, Fault.HALF])
async def test_faults_change_nothing(server: GitHubServer, world: World, fault: Fault) -> None:
    calm = await discovered(server)
    with GitHubServer(world, faults=Faults({1: fault, 3: fault})) as shaky:
        stormy = await discovered(shaky)
    assert logins(stormy) == logins(calm)
    assert evidence(stormy) == evidence(calm)


def test_the_brief_of_the_demonstration_looks_there(tmp_path: Path) -> None:
    with prepare(tmp_path, people=40) as demo:
        brief = load_brief(load_config(demo.folder / CONFIG_NAME), BRIEF)
    wanted = GitHubDiscover.model_validate(brief.discover.of("github"))
    names = {one.name_with_owner for one in demo.world.repositories if one.owner.login == "kettlewright"}
    assert set(wanted.repositories) == names == set(BOTH)
