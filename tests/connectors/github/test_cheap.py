from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from sourcer.connect import Done, Evidence, Focus, Gone, LinkClaim, Profile, Ref
from sourcer_github import GitHub
from sourcer_github.memory import MOST_REMEMBERED
from support.github_looks import Looks, ends, of_kind, profiles, unknowns, visit
from support.github_world import Asked, FakeGitHub, broken, repository, user

NOT_LISTED = "profile README: not all repositories were listed"


@pytest.fixture
def look(github: GitHub, focus: Focus) -> Looks:
    return Looks(github, focus)


async def test_a_profile_says_what_the_account_says(look: Looks, world: FakeGitHub) -> None:
    socials = [None, {"provider": "GENERIC", "url": "https://www.kaggle.com/adaexample"}]
    world.users = [
        user(
            1,
            "ada",
            name=" Ada  Example ",
            bio="Trains models.\nSee https://ada.example.org/talks, or ask.",
            company="@a-company",
            location="Łódź",
            websiteUrl="ada.example.org",
            twitterUsername="ada_example",
            isHireable=True,
            socialAccounts=lambda _info, **_: {"nodes": socials},
        )
    ]
    items = await look([visit(1, "ada")])
    assert profiles(items) == [
        Profile(
            Ref("github", "1", "ada"),
            "https://github.com/ada",
            name="Ada Example",
            location="Łódź",
            bio="Trains models.\nSee https://ada.example.org/talks, or ask.",
            company="@a-company",
            website="https://ada.example.org",
            open_to_work=True,
            links=(
                LinkClaim("https://ada.example.org", "website"),
                LinkClaim("https://www.kaggle.com/adaexample", "social"),
                LinkClaim("https://x.com/ada_example", "twitter"),
                LinkClaim("https://ada.example.org/talks", "bio"),
            ),
            measure={"followers": 7, "repositories": 0, "contribution_years": 2, "since_year": 2025},
            created_at=datetime(2015, 3, 4, 5, 6, 7, tzinfo=UTC),
        )
    ]
    (bio,) = of_kind(items, "profile.text")
    assert bio.terms == ("text:Trains models. See https://ada.example.org/talks, or ask.",)


async def test_what_an_account_does_not_say_is_none(look: Looks, world: FakeGitHub) -> None:
    world.users = [user(1, "ada", bio="", websiteUrl="", name="")]
    (profile,) = profiles(items := await look([visit(1, "ada")]))
    assert (profile.name, profile.bio, profile.website, profile.open_to_work) == (None, None, None, None)
    assert profile.links == ()
    assert of_kind(items, "profile.text") == []


@pytest.mark.parametrize(
    "website", ["mailto:ada@example.org", "ada@example.org", "javascript:alert(1)", "not a site", "x"]
)
async def test_a_website_that_is_none_is_no_link(look: Looks, world: FakeGitHub, website: str) -> None:
    world.users = [user(1, "ada", websiteUrl=website)]
    (profile,) = profiles(await look([visit(1, "ada")]))
    assert profile.website is None
    assert profile.links == ()


async def test_a_repository_is_evidence(look: Looks, world: FakeGitHub) -> None:
    one = repository(
        77,
        "serving",
        topics=["mlops", "kubernetes"],
        languages={"Python": 900, "Jupyter Notebook": 100},
        description="Serves  models\n on Kubernetes",
        stargazerCount=12,
        forkCount=3,
        isTemplate=True,
        latestRelease={"publishedAt": "2026-09-01T00:00:00Z"},
    )
    world.users = [user(1, "ada", [one])]
    items = await look([visit(1, "ada")])
    assert of_kind(items, "repo.owned") == [
        Evidence(
            Ref("github", "1", "ada"),
            "repo.owned",
            "https://github.com/ada/serving",
            terms=(
                "topic:mlops",
                "topic:kubernetes",
                "language:python",
                "text:serving",
                "text:Serves models on Kubernetes",
            ),
            measure={
                "stars": 12,
                "forks": 3,
                "fork": 0,
                "archived": 0,
                "template": 1,
                "mirror": 0,
                "released": 1,
                "created_year": 2024,
            },
            title="ada/serving",
            happened_at=datetime(2026, 10, 1, tzinfo=UTC),
            key="77",
        )
    ]
    assert ends(items)["1"].scope == ("repo.owned", "profile.text")


async def test_a_fork_is_told_and_its_topics_are_not_asked(look: Looks, world: FakeGitHub) -> None:
    fork = repository(5, "fork", topics=["mlops"], languages={"Python": 9}, isFork=True)
    world.users = [user(1, "ada", [fork])]
    (evidence,) = of_kind(items := await look([visit(1, "ada")]), "repo.owned")
    assert evidence.measure["fork"] == 1
    assert evidence.terms == ("language:python", "text:fork")
    assert world.kinds() == ["People"]
    state = ends(items)["1"].state
    assert state is not None
    assert (state["own"], state["repositories"]) == (0, [])


async def test_an_empty_repository_has_no_date(look: Looks, world: FakeGitHub) -> None:
    world.users = [user(1, "ada", [repository(5, "empty", pushedAt=None)])]
    (evidence,) = of_kind(await look([visit(1, "ada")]), "repo.owned")
    assert evidence.happened_at is None


async def test_a_batch_is_one_question_and_one_for_topics(look: Looks, world: FakeGitHub) -> None:
    world.users = [user(i, f"ada-{i}", [repository(100 + i, "work", topics=["mlops"])]) for i in range(10)]
    items = await look([visit(i, f"ada-{i}") for i in range(10)])
    assert len(profiles(items)) == len(of_kind(items, "repo.owned")) == 10
    assert world.kinds() == ["People", "Topics"]


async def test_somebody_who_is_gone_does_not_lose_the_others(look: Looks, world: FakeGitHub) -> None:
    world.users = [user(1, "ada"), user(3, "cy")]
    items = await look([visit(1, "ada"), visit(2, "ben"), visit(3, "cy")])
    assert [profile.ref.login for profile in profiles(items)] == ["ada", "cy"]
    assert [item for item in items if isinstance(item, Gone)] == [
        Gone(Ref("github", "2", "ben"), "GitHub knows no such account")
    ]
    assert world.kinds() == ["People"]


async def test_a_reused_login_is_another_person(look: Looks, world: FakeGitHub) -> None:
    world.users = [user(99, "ada", [repository(1, "work")])]
    assert await look([visit(1, "ada")]) == [
        Gone(Ref("github", "1", "ada"), "the login now belongs to another account")
    ]


async def test_a_number_that_is_kept_back_makes_nobody_gone(look: Looks, world: FakeGitHub) -> None:
    world.users = [user(1, "ada", [repository(1, "work")])]
    state = ends(await look([visit(1, "ada")]))["1"].state
    world.users[0]["databaseId"] = None
    by_login, by_node = await look([visit(1, "ada")]), await look([visit(1, "ada", {**(state or {}), "whole": False})])
    assert set(unknowns(by_login)) >= {"profile", "repo.owned"}
    assert profiles(by_login) == []
    assert [profile.ref for profile in profiles(by_node)] == [Ref("github", "1", "ada")]
    assert not [item for item in (*by_login, *by_node) if isinstance(item, Gone)]


async def test_a_known_account_is_found_under_its_new_login(look: Looks, world: FakeGitHub) -> None:
    world.users = [user(1, "ada")]
    state = ends(await look([visit(1, "ada")]))["1"].state
    world.users = [user(1, "ada-renamed"), user(99, "ada")]
    (profile,) = profiles(await look([visit(1, "ada", state)]))
    assert profile.ref == Ref("github", "1", "ada-renamed")


async def test_an_account_that_became_an_organisation_is_gone(look: Looks, world: FakeGitHub) -> None:
    world.organisations = [user(1, "ada", __typename="Organization")]
    (item,) = await look([visit(1, "ada", {"id": "U_1"})])
    assert isinstance(item, Gone)


async def test_a_batch_that_fails_is_halved(look: Looks, world: FakeGitHub) -> None:
    world.users = [user(i, f"ada-{i}") for i in range(8)]
    world.fault = lambda asked: httpx.Response(502, text="<html>") if len(asked.variables) > 2 else None
    items = await look([visit(i, f"ada-{i}") for i in range(8)])
    assert len(profiles(items)) == 8
    assert unknowns(items) == {}


async def test_a_whole_answer_without_data_is_halved(look: Looks, world: FakeGitHub) -> None:
    world.users = [user(i, f"ada-{i}") for i in range(4)]
    body = {"data": None, "errors": [{"message": "Something went wrong while executing your query."}]}
    world.fault = lambda asked: httpx.Response(200, json=body) if len(asked.variables) > 1 else None
    items = await look([visit(i, f"ada-{i}") for i in range(4)])
    assert len(profiles(items)) == 4
    assert [len(asked.variables) for asked in world.asked] == [4, 2, 1, 1, 1, 1]


async def test_only_those_who_failed_are_asked_again(look: Looks, world: FakeGitHub) -> None:
    world.users = [user(i, f"ada-{i}") for i in range(4)]
    world.users[2]["repositories"] = broken(more_than=1)
    with_repositories = user(2, "ada-2")["repositories"]
    failing = world.users[2]["repositories"]

    def resolve(info: Any, **given: Any) -> Any:
        failing(info, **given)
        return with_repositories(info, **given)

    world.users[2]["repositories"] = resolve
    items = await look([visit(i, f"ada-{i}") for i in range(4)])
    assert len(profiles(items)) == 4
    assert [sorted(asked.variables.values()) for asked in world.asked][1] == ["ada-2"]


async def test_what_never_comes_is_unknown_and_not_zero(look: Looks, world: FakeGitHub) -> None:
    world.users = [user(1, "ada"), user(2, "ben")]
    world.users[1]["repositories"] = broken()
    items = await look([visit(1, "ada"), visit(2, "ben")])
    assert [profile.ref.login for profile in profiles(items)] == ["ada"]
    reason = "GitHub answered RESOURCE_LIMITS_EXCEEDED"
    kinds = ("profile", "repo.owned", "profile.text", "pr.merged", "pr.reviewed")
    assert unknowns(items) == dict.fromkeys(kinds, reason)
    assert ends(items)["2"] == Done(Ref("github", "2", "ben"))


async def test_a_partial_profile_keeps_what_came(look: Looks, world: FakeGitHub) -> None:
    world.users = [user(1, "ada", [repository(5, "work")], company=broken("SERVICE_UNAVAILABLE"))]
    items = await look([visit(1, "ada")])
    assert profiles(items)[0].company is None
    assert unknowns(items) == {"profile": "GitHub answered SERVICE_UNAVAILABLE"}
    assert len(of_kind(items, "repo.owned")) == 1
    assert ends(items)["1"].scope == ("repo.owned", "profile.text")


async def test_a_fault_that_says_no_place_makes_all_of_it_unknown(look: Looks, world: FakeGitHub) -> None:
    world.users = [user(1, "ada", [repository(5, "work")])]

    def partial(asked: Asked) -> httpx.Response | None:
        answer = world.answer(asked).json() | {"errors": [{"message": "?", "extensions": {"code": "odd"}}]}
        return httpx.Response(200, json=answer) if asked.kind == "People" else None

    world.fault = partial
    items = await look([visit(1, "ada")])
    kinds = ("profile", "repo.owned", "pr.merged", "pr.reviewed")
    # Neither is it known whether there is a README on the profile.
    said = dict.fromkeys(kinds, "GitHub answered odd")
    assert unknowns(items) == said | {"profile": f"GitHub answered odd; {NOT_LISTED}"}
    assert ends(items)["1"].scope == ("profile.text",)
    assert len(of_kind(items, "repo.owned")) == 1


async def test_topics_that_fail_leave_the_repository_and_an_unknown(look: Looks, world: FakeGitHub) -> None:
    good = repository(5, "good", topics=["mlops"])
    bad = repository(6, "bad", topics=["mlops"], languages={"Python": 5}, repositoryTopics=broken())
    world.users = [user(1, "ada", [good, bad])]
    items = await look([visit(1, "ada")])
    terms = {evidence.title: evidence.terms for evidence in of_kind(items, "repo.owned")}
    assert terms == {"ada/good": ("topic:mlops", "text:good"), "ada/bad": ("language:python", "text:bad")}
    assert unknowns(items) == {"repo.owned": "topics of a repository: GitHub answered RESOURCE_LIMITS_EXCEEDED"}
    done = ends(items)["1"]
    assert done.scope == ("profile.text",)
    assert done.state is not None
    assert done.state["own"] is None


async def test_a_repository_that_vanishes_between_the_questions_is_left_out(look: Looks, world: FakeGitHub) -> None:
    one = repository(5, "work")
    world.users = [user(1, "ada", [one])]

    def vanish(asked: Asked) -> None:
        if asked.kind == "Topics":
            one["id"] = "R_other"

    world.fault = vanish
    items = await look([visit(1, "ada")])
    assert of_kind(items, "repo.owned") == []
    assert ends(items)["1"].scope == ("repo.owned", "profile.text")


def many(number: int) -> list[dict[str, Any]]:
    return [
        repository(i, f"work-{i}", topics=["mlops"], pushedAt=f"2026-01-01T{i // 60:02d}:{i % 60:02d}:00Z")
        for i in range(number)
    ]


async def test_listings_are_read_on_for_all_who_have_more(look: Looks, world: FakeGitHub) -> None:
    world.users = [user(1, "ada", many(70)), user(2, "ben", many(51)), user(3, "cy", many(3))]
    for one in world.users[1]["_repositories"]:
        one["id"] += "b"
    for one in world.users[2]["_repositories"]:
        one["id"] += "c"
    items = await look([visit(1, "ada"), visit(2, "ben"), visit(3, "cy")])
    counted = [sum(one.ref.uid == uid for one in of_kind(items, "repo.owned")) for uid in "123"]
    assert counted == [70, 51, 3]
    assert unknowns(items) == {}
    assert world.kinds() == ["People", "Listings", "Topics"]


async def test_the_newest_hundred_repositories_are_read(look: Looks, world: FakeGitHub) -> None:
    world.users = [user(1, "ada", many(130))]
    items = await look([visit(1, "ada")])
    found = of_kind(items, "repo.owned")
    assert len(found) == 100
    assert min(int(one.key) for one in found) == 30
    assert unknowns(items) == {"repo.owned": "newest 100 of 130 repositories read", "profile": NOT_LISTED}
    assert ends(items)["1"].scope == ("profile.text",)


async def test_exactly_a_hundred_repositories_are_all(look: Looks, world: FakeGitHub) -> None:
    world.users = [user(1, "ada", many(100))]
    items = await look([visit(1, "ada")])
    assert unknowns(items) == {}
    assert len(of_kind(items, "repo.owned")) == 100


async def test_a_further_page_that_fails_is_unknown(look: Looks, world: FakeGitHub) -> None:
    world.users = [user(1, "ada", many(60))]
    world.fault = lambda asked: httpx.Response(502, text="<html>") if asked.kind == "Listings" else None
    items = await look([visit(1, "ada")])
    assert len(of_kind(items, "repo.owned")) == 50
    assert unknowns(items) == {"repo.owned": "GitHub answered server_error", "profile": NOT_LISTED}


async def test_the_most_telling_repositories_are_remembered(look: Looks, world: FakeGitHub) -> None:
    plain = [repository(100 + i, f"plain-{i}", stargazerCount=i) for i in range(20)]
    telling = repository(5, "telling", topics=["mlops"])
    world.users = [user(1, "ada", [*plain, telling])]
    state = ends(await look([visit(1, "ada")]))["1"].state
    assert state is not None
    assert state["own"] == 21
    assert [one["key"] for one in state["repositories"]][:3] == ["5", "119", "118"]
    assert len(state["repositories"]) == MOST_REMEMBERED


async def test_two_looks_ask_and_tell_the_same(look: Looks, world: FakeGitHub) -> None:
    world.users = [user(i, f"ada-{i}", many(3)) for i in range(3)]
    visits = [visit(i, f"ada-{i}") for i in range(3)]
    first = await look(visits)
    asked = [(one.query, one.variables) for one in world.asked]
    world.asked.clear()
    assert await look(visits) == first
    assert [(one.query, one.variables) for one in world.asked] == asked


async def test_a_full_batch_costs_three_questions_and_topics_for_all(look: Looks, world: FakeGitHub) -> None:
    world.users = [user(i, f"ada-{i}", [repository(10 * i + j, f"work-{j}") for j in range(10)]) for i in range(74)]
    await look([visit(i, f"ada-{i}") for i in range(74)])
    assert world.kinds() == ["People"] * 3 + ["Topics"] * 5
    assert [len(asked.variables) for asked in world.asked[:3]] == [25, 25, 24]
    assert [len(asked.ids) for asked in world.asked[3:]] == [148] * 5


async def test_who_cannot_be_had_now_is_still_known_by_number(look: Looks, world: FakeGitHub) -> None:
    world.users = [user(1, "ada", [repository(5, "work", topics=["mlops"])])]
    state = ends(await look([visit(1, "ada")]))["1"].state
    world.fault = lambda _: httpx.Response(502, text="<html>")
    items = await look([visit(1, "ada", state)])
    assert profiles(items) == []
    assert state is not None
    assert ends(items)["1"] == Done(Ref("github", "1", "ada"), (), {**state, "whole": False})


async def test_a_look_says_what_was_answered_though_older_work_is_not_told(look: Looks, world: FakeGitHub) -> None:
    world.users = [user(1, "ada")]
    whole = ends(await look([visit(1, "ada")]))["1"]
    assert set(whole.answered) == {"profile", "repo.owned", "profile.text", "pr.merged", "pr.reviewed"}
    assert "pr.merged" not in whole.scope
