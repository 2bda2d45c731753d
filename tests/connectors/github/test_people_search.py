"""Finding people by language, place and followers."""

from __future__ import annotations

import httpx
import pytest

from sourcer.connect import Checkpoint, Ref, SiteError
from sourcer_github import GitHub
from sourcer_github.searches import people_searches
from sourcer_github.settings import GitHubDiscover
from support.finding import discovered, goes_on_from_each_checkpoint, logins, texts
from support.github_world import Asked, FakeGitHub, user


def searched(discover: GitHubDiscover) -> list[str]:
    return [one.search.words for one in people_searches(discover)]


async def test_people_are_found_by_place_language_and_followers(github: GitHub, world: FakeGitHub) -> None:
    world.users = [
        user(1, "ada", location="Poznań, Poland", _languages=("python",), _followers=30),
        user(2, "ben", location="Poland", _languages=("python",), _followers=3),
        user(3, "cleo", location="Poland", _languages=("go",), _followers=30),
        user(4, "dora", location="Peru", _languages=("python",), _followers=30),
    ]
    items = await discovered(github, GitHubDiscover(languages=("Python",), locations=("Poland",), min_followers=10))
    assert items[:-1] == [Ref("github", "1", "ada")]
    assert isinstance(items[-1], Checkpoint)
    assert texts(world) == ["type:user language:Python location:Poland followers:>=10"]


def test_every_language_is_looked_for_in_every_place() -> None:
    both = GitHubDiscover(languages=("Python", "Jupyter Notebook"), locations=("Poland", "New York"))
    assert searched(both) == [
        "type:user language:Python location:Poland",
        'type:user language:Python location:"New York"',
        'type:user language:"Jupyter Notebook" location:Poland',
        'type:user language:"Jupyter Notebook" location:"New York"',
    ]
    assert searched(GitHubDiscover(languages=("C++",))) == ['type:user language:"C++"']
    assert searched(GitHubDiscover(locations=("Łódź",))) == ["type:user location:Łódź"]
    assert searched(GitHubDiscover(topics=("mlops",), min_followers=9)) == []


async def test_organisations_and_bots_are_left_out(github: GitHub, world: FakeGitHub) -> None:
    world.users = [user(1, "ada", location="Poland"), user(2, "release-bot", location="Poland")]
    world.organisations = [user(3, "orchard", location="Poland", __typename="Organization")]

    def with_others(asked: Asked) -> httpx.Response:
        answer = world.answer(asked).json()
        answer["data"]["s0"]["nodes"] += [None, {"__typename": "Organization"}]
        return httpx.Response(200, json=answer)

    world.fault = with_others
    assert logins(await discovered(github, GitHubDiscover(locations=("Poland",)))) == ["ada"]


@pytest.mark.slow
async def test_more_than_a_thousand_are_cut_by_their_first_day(github: GitHub, world: FakeGitHub) -> None:
    world.users = [
        user(i, f"ada-{i}", location="Peru", createdAt=f"{2009 + i % 17}-0{1 + i % 9}-{1 + i % 28:02d}T00:00:00Z")
        for i in range(1, 2_301)
    ]
    found = logins(await discovered(github, GitHubDiscover(locations=("Peru",))))
    assert set(found) == {f"ada-{i}" for i in range(1, 2_301)}
    assert len(world.asked) < 25


@pytest.mark.slow
async def test_one_day_is_cut_by_followers_and_what_is_lost_is_told(github: GitHub, world: FakeGitHub) -> None:
    world.users = [user(i, f"ada-{i}", location="Peru", _followers=i % 2) for i in range(1_600)]
    world.users += [user(i, f"ben-{i}", location="Peru", _followers=50_000) for i in range(2_000, 3_100)]
    found = set(logins(await discovered(github, GitHubDiscover(locations=("Peru",)))))
    assert {one for one in found if one.startswith("ada")} == {f"ada-{i}" for i in range(1_600)}
    assert sum(one.startswith("ben") for one in found) == 1_000
    count, example = github.client.fetcher.usage.errors["incomplete_results"]
    assert count == 1
    assert "finds 1100, of which GitHub gives 1000" in example
    assert "followers:50000..50000" in example


@pytest.mark.slow
async def test_it_goes_on_from_each_checkpoint(github: GitHub, world: FakeGitHub) -> None:
    world.users = [
        user(i, f"ada-{i}", location="Peru", createdAt=f"{2010 + i % 15}-03-04T05:06:07Z", _languages=("go",))
        for i in range(1_150)
    ]
    number = await goes_on_from_each_checkpoint(
        github, world, GitHubDiscover(locations=("Peru",), languages=("Go", "Rust"))
    )
    assert number == 8


async def test_a_search_that_never_answers_stops_the_site(github: GitHub, world: FakeGitHub) -> None:
    world.fault = lambda _: httpx.Response(504, text="<html>")
    with pytest.raises(SiteError, match=r"location:Peru.*the next crawl asks again"):
        await discovered(github, GitHubDiscover(locations=("Peru",)))
    # The larger sizes are not insisted on; the smallest is asked as often as the fetcher thinks right.
    assert [asked.variables.get("first") for asked in world.asked][:3] == [100, 50, 10]
