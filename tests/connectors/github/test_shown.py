"""The README on the profile as a source of links."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from sourcer.connect import Focus, Item, LinkClaim
from sourcer_github import GitHub
from support.github_looks import Looks, ends, of_kind, profiles, unknowns, visit
from support.github_rest import FakeRest
from support.github_world import Asked, FakeGitHub, blob, broken, repository, user

KAGGLE = LinkClaim("https://www.kaggle.com/ada", "readme")
README = f"# Hi\n[Kaggle]({KAGGLE.url}) ![stats](https://cards.example.org/ada)"
NOT_LISTED = "profile README: not all repositories were listed"


@pytest.fixture
def look(github: GitHub, focus: Focus) -> Looks:
    return Looks(github, focus)


def readme(text: str | None = README) -> dict[str, Any]:
    return {"README.md": blob(text)}


def ada(*own: Any, login: str = "Ada", **more: Any) -> Any:
    return user(1, login, own or [repository(7, "ada", topics=["mlops"], files=readme())], **more)


def links(items: list[Item]) -> tuple[LinkClaim, ...]:
    (profile,) = profiles(items)
    return profile.links


async def test_it_comes_with_the_topics(look: Looks, world: FakeGitHub) -> None:
    others = [user(i, f"ben-{i}", [repository(i, "work", topics=["mlops"], files=readme())]) for i in range(2, 60)]
    world.users = [ada(), *others]
    items = await look([visit(1, "Ada"), *(visit(i, f"ben-{i}") for i in range(2, 60))])
    assert [one.links for one in profiles(items)] == [(KAGGLE,), *[()] * 58]
    # No question more than without it, and nothing but that one file.
    assert world.kinds() == ["People", "People", "People", "Topics"]
    assert world.asked[-1].variables["p0"] == ["R_7"]
    assert "topic:mlops" in of_kind(items, "repo.owned")[0].terms
    assert unknowns(items) == {}


@pytest.mark.parametrize(
    "own",
    [
        repository(7, "ada"),
        repository(7, "ada", files=readme(None)),
        repository(7, "ada", files={"README.md": {"__typename": "Tree", "entries": []}}),
        repository(7, "ada", files=readme(), isFork=True),
        repository(7, "ada.github.io", files=readme()),
    ],
)
async def test_who_has_none_names_nobody(look: Looks, world: FakeGitHub, own: Any) -> None:
    world.users = [ada(own)]
    items = await look([visit(1, "Ada")])
    assert links(items) == ()
    assert unknowns(items) == {}
    assert (ends(items)["1"].state or {})["readme"] == []


async def test_what_is_not_answered_is_unknown_and_what_was_known_stays(look: Looks, world: FakeGitHub) -> None:
    world.users = [ada(repository(7, "ada", topics=["mlops"], object=broken("SERVICE_UNAVAILABLE")))]
    items = await look([visit(1, "Ada")])
    assert links(items) == ()
    assert unknowns(items) == {"profile": "profile README: GitHub answered SERVICE_UNAVAILABLE"}
    # The topics did come.
    assert "topic:mlops" in of_kind(items, "repo.owned")[0].terms
    state = ends(items)["1"].state or {}
    assert (state["readme"], state["whole"]) == (None, False)

    world.users = [ada()]
    known = ends(await look([visit(1, "Ada", state)]))["1"].state or {}
    world.users = [ada(repository(7, "ada", object=broken("SERVICE_UNAVAILABLE")), updatedAt="2026-11-10T00:00:00Z")]
    assert links(await look([visit(1, "Ada", known)])) == (KAGGLE,)


async def test_a_person_who_stands_as_before_keeps_the_links(look: Looks, world: FakeGitHub) -> None:
    world.users = [ada()]
    first = ends(await look([visit(1, "Ada")]))["1"]
    world.asked.clear()
    items = await look([visit(1, "Ada", first.state)])
    assert (profiles(items), world.kinds()) == ([], ["Revisit"])
    assert ends(items)["1"].unchanged
    assert ends(items)["1"].state == first.state


async def test_a_readme_that_changed_or_went_is_seen(look: Looks, world: FakeGitHub) -> None:
    world.users = [ada()]
    state = ends(await look([visit(1, "Ada")]))["1"].state
    pushed = "2026-11-10T00:00:00Z"
    world.users = [ada(repository(7, "ada", files=readme("https://kaggle.com/grace"), pushedAt=pushed))]
    items = await look([visit(1, "Ada", state)])
    assert links(items) == (LinkClaim("https://kaggle.com/grace", "readme"),)
    world.users = [ada(repository(8, "work"))]
    assert links(await look([visit(1, "Ada", ends(items)["1"].state)])) == ()


async def test_another_login_shows_another_readme(look: Looks, world: FakeGitHub) -> None:
    world.users = [ada()]
    state = ends(await look([visit(1, "Ada")]))["1"].state
    world.users = [ada(login="ada-renamed")]
    assert links(await look([visit(1, "Ada", state)])) == ()


async def test_a_listing_that_breaks_off_says_nothing_of_it(look: Looks, world: FakeGitHub) -> None:
    many = [repository(100 + i, f"work-{i}", topics=["mlops"]) for i in range(60)]
    shown = repository(7, "ada", files=readme(), pushedAt="2020-01-01T00:00:00Z")
    world.users = [ada(*many, shown)]
    state = ends(items := await look([visit(1, "Ada")]))["1"].state
    assert links(items) == (KAGGLE,)

    def later_pages_fail(asked: Asked) -> httpx.Response | None:
        return httpx.Response(502) if asked.kind == "Listings" else None

    world.fault = later_pages_fail
    world.users[0]["updatedAt"] = "2026-11-10T00:00:00Z"
    items = await look([visit(1, "Ada", state)])
    assert links(items) == (KAGGLE,)
    assert unknowns(items)["profile"] == NOT_LISTED


async def test_without_a_token_it_is_not_asked_for_and_stays(
    world: FakeGitHub, api: FakeRest, github: GitHub, anonymous: GitHub, focus: Focus
) -> None:
    world.users = [ada()]
    items = await Looks(anonymous, focus)([visit(1, "Ada")])
    assert links(items) == ()
    assert unknowns(items)["profile"] == "profile README: not asked for without a token"
    assert len(api.paths) == 3
    state = ends(await Looks(github, focus)([visit(1, "Ada")]))["1"].state
    assert links(await Looks(anonymous, focus)([visit(1, "Ada", state)])) == (KAGGLE,)
