from __future__ import annotations

import pytest

from sourcer.demo.model import PullRequest, Repository, World
from sourcer.demo.search import find_accounts, find_pull_requests, find_repositories


def names(world: World, query: str) -> set[str]:
    return {one.name_with_owner for one in find_repositories(query, world.repositories)}


@pytest.mark.parametrize(
    ("query", "passes"),
    [
        ("topic:mlops", lambda one: "mlops" in one.topics),
        ("topic:mlops topic:docker", lambda one: {"mlops", "docker"} <= set(one.topics)),
        ("topic:mlops -topic:docker", lambda one: "mlops" in one.topics and "docker" not in one.topics),
        ("stars:>50", lambda one: one.stars > 50),
        ("stars:>=50", lambda one: one.stars >= 50),
        ("stars:<3 topic:docker", lambda one: one.stars < 3 and "docker" in one.topics),
        ("stars:<=3", lambda one: one.stars <= 3),
        ("stars:5..50", lambda one: 5 <= one.stars <= 50),
        ("stars:50..*", lambda one: one.stars >= 50),
        ("stars:*..5", lambda one: one.stars <= 5),
        ("stars:0", lambda one: one.stars == 0),
        ("created:2020-03-01..2022-08-31", lambda one: "2020-03-01" <= f"{one.created_at:%Y-%m-%d}" <= "2022-08-31"),
        ("created:2023", lambda one: one.created_at.year == 2023),
        ("pushed:>2026-05-01", lambda one: one.pushed_at is not None and f"{one.pushed_at:%Y-%m-%d}" > "2026-05-01"),
        ("pushed:<2024-05-01", lambda one: one.pushed_at is not None and f"{one.pushed_at:%Y-%m-%d}" < "2024-05-01"),
        ("language:scala", lambda one: max(one.languages, key=one.languages.__getitem__, default="") == "Scala"),
        ('language:"jupyter notebook" stars:>9', lambda one: one.stars > 9 and is_notebook(one)),
        ("archived:true", lambda one: one.is_archived),
        ("archived:false stars:>100", lambda one: not one.is_archived and one.stars > 100),
        ("template:true", lambda one: one.is_template),
        ("mirror:true", lambda one: one.mirror_url is not None),
        ("license:apache-2.0", lambda one: one.license == "Apache-2.0"),
        ("org:tarnwater-analytics", lambda one: one.owner.login == "tarnwater-analytics"),
        ("warehouse", lambda one: "warehouse" in f"{one.name} {one.description}".lower()),
    ],
)
def test_qualifiers(world: World, query: str, passes: object) -> None:
    assert callable(passes)
    wanted = {one.name_with_owner for one in world.repositories if one.parent is None and passes(one)}
    assert wanted
    assert names(world, query) == wanted


def is_notebook(one: Repository) -> bool:
    return max(one.languages, key=one.languages.__getitem__, default="") == "Jupyter Notebook"


def test_forks_come_when_asked_for(world: World) -> None:
    fork = world.traps["fork"][0].removeprefix("github:")
    topic = next(one for one in world.repositories if one.name_with_owner == fork).topics[0]
    assert fork not in names(world, f"topic:{topic}")
    assert fork in names(world, f"topic:{topic} fork:true")
    assert names(world, f"topic:{topic} fork:only") == {fork}


def test_the_halves_of_a_day_range_make_the_whole(world: World) -> None:
    whole = names(world, "topic:mlops")
    older = names(world, "topic:mlops created:2007-10-01..2023-06-30")
    newer = names(world, "topic:mlops created:2023-07-01..2026-11-01")
    assert older | newer == whole
    assert not older & newer
    assert older
    assert newer


def test_order(world: World) -> None:
    stars = [one.stars for one in find_repositories("topic:mlops sort:stars-asc", world.repositories)]
    assert stars == sorted(stars)
    updated = [one.pushed_at for one in find_repositories("topic:react sort:updated-desc", world.repositories)]
    assert updated == sorted(updated, key=str, reverse=True)


def test_an_unknown_qualifier_finds_nothing(world: World) -> None:
    assert names(world, "topic:mlops wibble:1") == set()


def test_accounts(world: World) -> None:
    found = find_accounts("type:user location:poland followers:>10", world.accounts)
    wanted = [
        one
        for one in world.accounts
        if one.kind == "User" and "poland" in (one.location or "").lower() and one.followers > 10
    ]
    assert {one.login for one in found} == {one.login for one in wanted if not one.is_deleted}
    assert {one.kind for one in find_accounts("type:org", world.accounts)} == {"Organization"}
    assert "seedling-updater" not in {one.login for one in find_accounts("repos:0", world.accounts)}
    joined = [one.created_at for one in find_accounts("repos:>3 sort:joined-asc", world.accounts)]
    assert joined == sorted(joined)


def pulls(world: World) -> list[PullRequest]:
    return [pull for one in world.repositories if one.is_readable for pull in one.pull_requests]


@pytest.mark.parametrize(
    ("query", "passes"),
    [
        ("is:pr is:merged", lambda one: one.merged_at is not None),
        ("is:pr is:open", lambda one: one.state == "OPEN"),
        ("is:pr is:closed", lambda one: one.state != "OPEN"),
        ("is:pr is:unmerged state:closed", lambda one: one.state == "CLOSED"),
        ("is:pr repo:kettlewright/trackline", lambda one: one.repository.name == "trackline"),
        (
            "is:pr repo:kettlewright/trackline repo:larkmoor-labs/driftlens",
            lambda one: one.repository.name in ("trackline", "driftlens"),
        ),
        ("type:pr org:larkmoor-labs", lambda one: one.repository.owner.login == "larkmoor-labs"),
        (
            "is:pr merged:2026-01-01..2026-06-30",
            lambda one: one.merged_at is not None and "2026-01-01" <= f"{one.merged_at:%Y-%m-%d}" <= "2026-06-30",
        ),
        ("is:pr registered models", lambda one: "registered" in one.title and "models" in one.title),
    ],
)
def test_pull_requests(world: World, query: str, passes: object) -> None:
    assert callable(passes)
    wanted = {one.id for one in pulls(world) if passes(one)}
    assert wanted
    assert {one.id for one in find_pull_requests(query, world.repositories)} == wanted


def test_pull_requests_by_who_worked_on_them(world: World) -> None:
    someone = max((one for one in world.accounts if not one.is_gone), key=lambda one: len(one.reviews))
    wrote = find_pull_requests(f"is:pr author:{someone.login}", world.repositories)
    assert {one.id for one in wrote} == {one.id for one in someone.pull_requests}
    seen = find_pull_requests(f"is:pr reviewed-by:{someone.login} -author:{someone.login}", world.repositories)
    others = {one.pull_request.id for one in someone.reviews if one.pull_request.author is not someone}
    assert {one.id for one in seen} == others


def test_of_several_places_one_has_to_fit(world: World) -> None:
    both = names(world, "org:tarnwater-analytics user:northquay-robotics")
    assert {name.split("/")[0] for name in both} == {"tarnwater-analytics", "northquay-robotics"}
