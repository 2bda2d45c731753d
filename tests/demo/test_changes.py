from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from sourcer.demo.changes import Changes
from sourcer.demo.github import TOKEN, GitHubServer
from sourcer.demo.model import TODAY, Account, Repository, World
from sourcer.demo.world import make_world
from support.demo_client import ask

pytestmark = pytest.mark.slow

NODE = """query($id: ID!) { node(id: $id) { ... on User { login updatedAt bio
    pullRequests(first: 1, states: MERGED, orderBy: {field: CREATED_AT, direction: DESC}) { totalCount nodes { title } }
    repositories(first: 1, orderBy: {field: PUSHED_AT, direction: DESC}) { totalCount nodes { name pushedAt } } }
  ... on Repository { nameWithOwner pushedAt updatedAt description latestRelease { tagName }
    object(expression: "HEAD:new.txt") { ... on Blob { text } } } } }"""
USER = "query($l: String!) { user(login: $l) { databaseId } }"
BY_NAME = "query($o: String!, $n: String!) { repository(owner: $o, name: $n) { databaseId nameWithOwner } }"


@pytest.fixture
def world() -> World:
    return make_world(4, 40)


@pytest.fixture
def changes(world: World) -> Changes:
    return Changes(world)


@pytest.fixture
def someone(world: World) -> Account:
    plain = (one.github for one in world.people if one.github is not None and not one.traps and one.trade == "mlops")
    return next(one for one in plain if len(one.repositories) > 2)


def node(server: GitHubServer, thing: Account | Repository) -> Any:
    return ask(server, NODE, id=thing.id)["data"]["node"]


def get(server: GitHubServer, path: str) -> httpx.Response:
    return httpx.get(server.url + path, headers={"Authorization": f"Bearer {TOKEN}"})


def test_a_push_moves_the_repository_and_not_the_profile(
    server: GitHubServer, changes: Changes, someone: Account
) -> None:
    before, repository = node(server, someone), someone.repositories[0]
    changes.push(repository, {"new.txt": "new", "README.md": None})
    after = node(server, someone)
    assert after["updatedAt"] == before["updatedAt"]
    assert after["repositories"]["nodes"][0] == {"name": repository.name, "pushedAt": "2026-11-01T01:00:00Z"}
    assert node(server, repository)["object"] == {"text": "new"}
    assert "README.md" not in repository.files
    assert changes.world.today == TODAY + timedelta(hours=1)


def test_an_edited_profile_moves_and_its_repositories_do_not(
    server: GitHubServer, changes: Changes, someone: Account
) -> None:
    before = node(server, someone)
    changes.edit_profile(someone, bio="Something else")
    after = node(server, someone)
    assert (after["bio"], after["updatedAt"]) == ("Something else", "2026-11-01T01:00:00Z")
    assert after["repositories"] == before["repositories"]
    with pytest.raises(AttributeError, match="has no shoe_size"):
        changes.edit_profile(someone, shoe_size=43)


def test_what_is_told_of_a_repository_changes_without_a_push(
    server: GitHubServer, changes: Changes, someone: Account
) -> None:
    repository = someone.repositories[0]
    before = node(server, repository)
    changes.describe(repository, description="Another one")
    changes.release(repository, "v9.0")
    changes.star(repository, 4_000)
    after = node(server, repository)
    assert after["pushedAt"] == before["pushedAt"]
    assert after["updatedAt"] > before["updatedAt"]
    assert after["description"] == "Another one"
    assert after["latestRelease"] == {"tagName": "v9.0"}


def test_a_renamed_login_is_found_by_number_and_the_old_one_by_nobody(
    server: GitHubServer, changes: Changes, someone: Account
) -> None:
    repository = someone.repositories[0]
    old = changes.rename(someone, "somebody-new")
    assert node(server, someone)["login"] == "somebody-new"
    assert ask(server, USER, l=old)["errors"][0]["type"] == "NOT_FOUND"
    assert get(server, f"/users/{old}").status_code == 404
    assert get(server, f"/user/{someone.database_id}").json()["login"] == "somebody-new"
    found = ask(server, BY_NAME, o=old, n=repository.name)["data"]["repository"]
    assert found["nameWithOwner"] == f"somebody-new/{repository.name}"
    moved = get(server, f"/repos/{old}/{repository.name}/topics?per_page=5")
    assert moved.status_code == 301
    assert moved.headers["location"] == f"{server.url}/repositories/{repository.database_id}/topics?per_page=5"
    assert httpx.get(moved.headers["location"]).json() == {"names": list(repository.topics)}


def test_a_reused_login_is_another_account(server: GitHubServer, changes: Changes, someone: Account) -> None:
    old = changes.rename(someone, "somebody-new")
    heir = changes.take_login(old, name="A stranger")
    assert heir.login == old
    assert ask(server, USER, l=old)["data"]["user"]["databaseId"] == heir.database_id != someone.database_id
    assert len({one.database_id for one in changes.world.accounts}) == len(changes.world.accounts)


def test_a_transferred_repository_leaves_a_trace(server: GitHubServer, changes: Changes, someone: Account) -> None:
    repository = someone.repositories[0]
    old = repository.name_with_owner
    organization = next(one for one in changes.world.accounts if one.kind == "Organization")
    changes.transfer(repository, organization)
    assert node(server, repository)["nameWithOwner"] == f"{organization.login}/{repository.name}"
    assert node(server, someone)["repositories"]["totalCount"] == len(someone.repositories)
    assert get(server, f"/repos/{old}").status_code == 301
    changes.rename_repository(repository, "another-name")
    assert node(server, repository)["nameWithOwner"] == f"{organization.login}/another-name"
    assert get(server, f"/repos/{old}").json()["url"] == f"{server.url}/repositories/{repository.database_id}"


def test_a_taken_name_leads_nowhere_else(server: GitHubServer, changes: Changes, someone: Account) -> None:
    repository = someone.repositories[0]
    name = repository.name
    changes.rename_repository(repository, "another-name")
    successor = changes.open_repository(someone, name)
    found = get(server, f"/repos/{someone.login}/{name}")
    assert (found.status_code, found.json()["id"]) == (200, successor.database_id)


def test_a_deleted_repository_is_gone_with_what_was_asked_of_it(
    server: GitHubServer, changes: Changes, world: World
) -> None:
    repository = next(one for one in world.repositories if one.name == "trackline")
    pulls = list(repository.pull_requests)
    author = next(pull.author for pull in pulls if pull.author is not None and not pull.author.is_gone)
    changes.delete_repository(repository)
    assert ask(server, NODE, id=repository.id)["errors"][0]["type"] == "NOT_FOUND"
    assert ask(server, NODE, id=pulls[0].id)["errors"][0]["type"] == "NOT_FOUND"
    assert not set(author.pull_requests) & set(pulls)
    assert get(server, "/repos/kettlewright/trackline").status_code == 404


def test_a_deleted_account_leaves_its_work_without_a_name(server: GitHubServer, changes: Changes, world: World) -> None:
    repository = next(one for one in world.repositories if one.name == "flowmill")
    pull = next(one for one in repository.pull_requests if one.author is not None and not one.author.is_gone)
    author = pull.author
    assert author is not None
    changes.delete(author)
    query = """query($id: ID!) { node(id: $id) { ... on PullRequest { title author { login } } } }"""
    assert ask(server, query, id=pull.id)["data"]["node"] == {"title": pull.title, "author": None}
    shown = get(server, f"/repos/kettlewright/flowmill/pulls/{pull.number}").json()
    assert (shown["user"]["login"], shown["user"]["id"]) == ("ghost", 10137)
    assert get(server, f"/users/{author.login}").status_code == 404
    assert ask(server, NODE, id=author.id)["data"]["node"] is None


def test_a_suspended_account_is_seen_nowhere_until_it_is_back(
    server: GitHubServer, changes: Changes, someone: Account
) -> None:
    repository = someone.repositories[0]
    query = """query($q: String!) { search(type: REPOSITORY, query: $q, first: 1) { repositoryCount } }"""
    named = f"repo:{repository.name_with_owner} fork:true"
    assert ask(server, query, q=named)["data"]["search"]["repositoryCount"] == 1
    changes.suspend(someone)
    assert ask(server, query, q=named)["data"]["search"]["repositoryCount"] == 0
    assert ask(server, USER, l=someone.login)["errors"][0]["type"] == "NOT_FOUND"
    assert get(server, f"/repos/{repository.name_with_owner}").status_code == 404
    changes.restore(someone)
    assert ask(server, USER, l=someone.login)["data"]["user"]["databaseId"] == someone.database_id


def test_new_work_elsewhere(server: GitHubServer, changes: Changes, someone: Account) -> None:
    repository = next(one for one in changes.world.repositories if one.name == "trackline")
    before = node(server, someone)
    pull = changes.merge(repository, someone, "Check what is new", additions=3)
    review = changes.review(pull, next(one for one in changes.world.accounts if one.reviews))
    after = node(server, someone)
    assert after["pullRequests"]["totalCount"] == before["pullRequests"]["totalCount"] + 1
    assert after["pullRequests"]["nodes"] == [{"title": "Check what is new"}]
    assert after["updatedAt"] == before["updatedAt"]
    made = [one for each in changes.world.repositories for one in each.pull_requests]
    assert len({one.database_id for one in made}) == len(made)
    given = [one for each in made for one in each.reviews]
    assert len({one.database_id for one in given}) == len(given)
    span = """query($id: ID!) { node(id: $id) { ... on User { contributionsCollection { endedAt
      pullRequestReviewContributions(first: 1) { nodes { occurredAt } } } } } }"""
    assert review.author is not None
    found = ask(server, span, id=review.author.id)["data"]["node"]["contributionsCollection"]
    assert found["pullRequestReviewContributions"]["nodes"] == [{"occurredAt": found["endedAt"]}]


def test_a_new_member(server: GitHubServer, changes: Changes, someone: Account) -> None:
    organization = next(one for one in changes.world.accounts if one.kind == "Organization")
    changes.join(organization, someone)
    members = get(server, f"/orgs/{organization.login}/public_members").json()
    assert someone.login in {one["login"] for one in members}
