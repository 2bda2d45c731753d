from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from sourcer.demo.faults import EVERY, Fault, Faults
from sourcer.demo.github import TOKEN, GitHubServer
from sourcer.demo.limits import Limits
from sourcer.demo.model import World
from sourcer.demo.tokens import APP

pytestmark = pytest.mark.slow

DESCRIPTION = Path(__file__).parents[1] / "schemas" / "github-rest.json"
NOW = 1_800_000_000.0
WORK = "/repos/kettlewright/trackline"


@pytest.fixture
def rest(server: GitHubServer) -> Iterator[httpx.Client]:
    with client(server) as opened:
        yield opened


def client(server: GitHubServer, token: str | None = TOKEN) -> httpx.Client:
    headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
    return httpx.Client(base_url=server.url, headers=headers)


def bearer(world: World, trap: str) -> str:
    return world.traps[trap][0].removeprefix("github:")


def reviewed(world: World) -> int:
    work = next(one for one in world.repositories if one.name == "trackline")
    return next(pull.number for pull in work.pull_requests if pull.reviews)


def paths(world: World) -> list[tuple[str, str, str]]:
    """Endpoint, the component that it answers with, and how to get at that: whole, each item, each of ``items``."""
    person = next(one.github for one in world.people if one.github is not None and not one.traps)
    social = next(one for one in world.accounts if one.socials and not one.is_gone)
    member = next(one for one in world.accounts if one.organizations and one.pull_requests and not one.is_gone)
    released = next(one for one in world.repositories if one.release is not None and not one.release.prerelease)
    return [
        (f"/users/{person.login}", "public-user", "whole"),
        (f"/users/{bearer(world, 'missing_name')}", "public-user", "whole"),
        (f"/users/{bearer(world, 'shows_email')}", "public-user", "whole"),
        (f"/user/{person.database_id}", "public-user", "whole"),
        ("/users?since=2000000100", "simple-user", "each"),
        (f"/users/{person.login}/repos?sort=pushed", "minimal-repository", "each"),
        (f"/users/{social.login}/social_accounts", "social-account", "each"),
        (f"/users/{member.login}/orgs", "organization-simple", "each"),
        ("/orgs/kettlewright", "organization-full", "whole"),
        ("/orgs/kettlewright/public_members", "simple-user", "each"),
        ("/orgs/kettlewright/repos", "minimal-repository", "each"),
        ("/search/repositories?q=topic:mlops+fork:true&per_page=100", "repo-search-result-item", "items"),
        ("/search/users?q=repos:>2&per_page=100", "user-search-result-item", "items"),
        (f"/search/issues?q=is:pr+is:merged+author:{member.login}", "issue-search-result-item", "items"),
        (WORK, "full-repository", "whole"),
        (f"/repos/{bearer(world, 'fork')}", "full-repository", "whole"),
        (f"/repos/{bearer(world, 'no_assertion_licence')}", "full-repository", "whole"),
        (f"{WORK}/topics", "topic", "whole"),
        (f"{WORK}/languages", "language", "whole"),
        (f"{WORK}/contributors", "contributor", "each"),
        (f"{WORK}/readme", "content-file", "whole"),
        (f"{WORK}/contents/pyproject.toml", "content-file", "whole"),
        (f"{WORK}/contents/.github", "content-directory", "whole"),
        (f"{WORK}/contents/", "content-directory", "whole"),
        (f"{WORK}/git/trees/main?recursive=1", "git-tree", "whole"),
        (f"{WORK}/pulls?state=closed&per_page=100", "pull-request-simple", "each"),
        (f"{WORK}/pulls/{reviewed(world)}", "pull-request", "whole"),
        (f"{WORK}/pulls/{reviewed(world)}/reviews", "pull-request-review", "each"),
        (f"/repos/{released.name_with_owner}/releases/latest", "release", "whole"),
        (f"/repos/{released.name_with_owner}/releases", "release", "each"),
        ("/rate_limit", "rate-limit-overview", "whole"),
        ("/users/nobody--", "basic-error", "whole"),
    ]


def test_answers_have_the_shapes_of_githubs_own_description(rest: httpx.Client, world: World) -> None:
    validator = pytest.importorskip("openapi_schema_validator").OAS30Validator
    description = json.loads(DESCRIPTION.read_text(encoding="utf-8"))
    for path, component, how in paths(world):
        value = rest.get(path).json()
        reference = {"$ref": f"#/components/schemas/{component}"}
        schema: dict[str, Any] = {"allOf": [reference]}
        if how != "whole":
            value = value["items"] if how == "items" else value
            schema = {"type": "array", "minItems": 1, "items": reference}
        faults = [
            one.message for one in validator(schema | {"components": description["components"]}).iter_errors(value)
        ]
        assert faults == [], (path, component)


def test_every_address_of_an_answer_leads_to_the_same_server(rest: httpx.Client, world: World) -> None:
    for path, _, _ in paths(world):
        text = rest.get(path).text
        assert "https://api.github.com/" not in text.replace("https://api.github.com/licenses/", "")


def test_both_apis_tell_the_same(rest: httpx.Client, world: World) -> None:
    person = next(one.github for one in world.people if one.github is not None and not one.traps)
    user, repositories = rest.get(f"/users/{person.login}").json(), rest.get(f"/users/{person.login}/repos").json()
    assert (user["id"], user["node_id"], user["bio"]) == (person.database_id, person.id, person.bio)
    assert user["updated_at"] == f"{person.updated_at:%Y-%m-%dT%H:%M:%SZ}"
    assert {(one["id"], tuple(one["topics"]), one["stargazers_count"]) for one in repositories} == {
        (one.database_id, one.topics, one.stars) for one in person.repositories
    }
    source = next(one for one in person.repositories if "requirements.txt" in one.files)
    file = rest.get(f"/repos/{source.name_with_owner}/contents/requirements.txt").json()
    assert base64.b64decode(file["content"]).decode() == source.files["requirements.txt"]
    raw = rest.get(f"/repos/{source.name_with_owner}/readme", headers={"Accept": "application/vnd.github.raw+json"})
    assert raw.text == source.files["README.md"]
    tree = rest.get(f"/repos/{source.name_with_owner}/git/trees/HEAD", params={"recursive": 1}).json()
    assert {one["path"] for one in tree["tree"] if one["type"] == "blob"} == set(source.files)
    folder = next(one for one in tree["tree"] if one["type"] == "tree")
    inside = rest.get(f"/repos/{source.name_with_owner}/git/trees/{folder['sha']}").json()
    assert inside["sha"] == folder["sha"]


def test_pages_make_up_the_whole(rest: httpx.Client) -> None:
    url: str | None = f"{WORK}/pulls?state=all&per_page=7"
    seen: list[int] = []
    while url is not None:
        page = rest.get(url)
        seen += [one["number"] for one in page.json()]
        assert page.links.get("last", page.links.get("prev")) is not None
        url = page.links["next"]["url"] if "next" in page.links else None
    assert len(seen) == len(set(seen)) == len(rest.get(f"{WORK}/pulls?state=all&per_page=100").json()) > 14
    closed = rest.get(f"{WORK}/pulls?state=closed&sort=updated&direction=desc&per_page=100").json()
    assert [one["updated_at"] for one in closed] == sorted((one["updated_at"] for one in closed), reverse=True)


def test_searches(rest: httpx.Client) -> None:
    found = rest.get("/search/repositories", params={"q": "topic:mlops", "sort": "stars", "per_page": 100}).json()
    stars = [one["stargazers_count"] for one in found["items"]]
    assert stars == sorted(stars, reverse=True)
    assert found["incomplete_results"] is False
    beyond = rest.get("/search/repositories", params={"q": "stars:>=0", "per_page": 100, "page": 11})
    assert (beyond.status_code, beyond.json()["message"]) == (422, "Only the first 1000 search results are available")
    assert rest.get("/search/users").status_code == 422
    assert rest.get("/search/users", params={"q": "x" * 300}).status_code == 422
    assert rest.get("/search/users", params={"q": " OR ".join("abcdefgh")}).status_code == 422
    assert rest.get("/search/code", params={"q": "x"}).status_code == 404


def test_a_search_that_timed_out_gives_less_and_says_so(world: World) -> None:
    with GitHubServer(world, faults=Faults({1: Fault.INCOMPLETE})) as server, client(server) as rest:
        less, whole = (rest.get("/search/repositories?q=topic:kubeflow&per_page=100").json() for _ in range(2))
    assert less["incomplete_results"] is True
    assert whole["incomplete_results"] is False
    assert len(less["items"]) < len(whole["items"])


def test_what_is_unchanged_is_not_sent_again_and_costs_nothing(server: GitHubServer, rest: httpx.Client) -> None:
    first = rest.get(WORK)
    again = rest.get(WORK, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["x-ratelimit-remaining"] == first.headers["x-ratelimit-remaining"] == "4999"
    assert rest.get(WORK, headers={"If-None-Match": 'W/"other"'}).status_code == 200
    assert server.quotas["core"].spent == 2
    assert server.counts["/repos/{owner}/{repo}"] == 3


def test_what_cannot_be_read(rest: httpx.Client, world: World) -> None:
    empty, withheld = bearer(world, "empty_repository"), bearer(world, "withheld")
    nothing = rest.get(f"/repos/{empty}/git/trees/main")
    assert (nothing.status_code, nothing.json()["message"]) == (409, "Git Repository is empty.")
    assert rest.get(f"/repos/{empty}/commits").status_code == 409
    assert rest.get(f"/repos/{empty}/contents/").status_code == 404
    assert rest.get(f"/repos/{empty}/contributors").status_code == 204
    blocked = rest.get(f"/repos/{withheld}")
    assert (blocked.status_code, blocked.json()["block"]["reason"]) == (451, "dmca")
    deleted = next(one for one in world.accounts if f"github:#{one.database_id}" in world.traps["deleted_account"])
    for path in (
        f"/users/{deleted.login}", f"/user/{deleted.database_id}", "/orgs/nobody--", "/repos/nobody--/nothing",
        f"{WORK}/contents/no/such/file", f"{WORK}/releases/latest", f"{WORK}/pulls/999999", f"{WORK}/wibble",
        "/orgs/" + bearer(world, "emoji"), "/users/nobody--/repos", "/repositories/1", "/nothing",
    ):  # fmt: skip
        assert rest.get(path).status_code == 404, path


def test_commits(rest: httpx.Client) -> None:
    everything = rest.get(f"{WORK}/commits?per_page=100").json()
    author = next(one["author"]["login"] for one in everything if one["author"] and one["author"]["type"] == "User")
    mine = rest.get(f"{WORK}/commits?author={author}").json()
    assert {one["author"]["login"] for one in mine} == {author}
    assert 0 < len(mine) < len(everything)


def test_without_a_token_there_is_less(world: World) -> None:
    with GitHubServer(world) as server, client(server, None) as nobody, client(server) as holder:
        first = nobody.get(WORK)
        assert (first.headers["x-ratelimit-limit"], first.headers["x-ratelimit-resource"]) == ("60", "core")
        assert nobody.get("/search/users?q=repos:0").headers["x-ratelimit-limit"] == "10"
        assert holder.get("/search/users?q=repos:0").headers["x-ratelimit-limit"] == "30"
        limits = nobody.get("/rate_limit").json()["resources"]
        assert (limits["core"]["used"], limits["search"]["used"]) == (1, 1)
        assert "graphql" not in limits
        assert holder.get("/rate_limit").json()["resources"]["core"]["used"] == 0
        last = [nobody.get("/users/nobody--") for _ in range(60)][-1]
        assert (last.status_code, last.headers["x-ratelimit-remaining"]) == (403, "0")
        assert "API rate limit exceeded" in last.json()["message"]
        assert nobody.post("/graphql", json={"query": "{ rateLimit { cost } }"}).status_code == 401
    assert [one.reason for one in server.violations] == ["primary"]


def test_wrong_tokens_and_versions(server: GitHubServer, rest: httpx.Client) -> None:
    with client(server, "wrong") as stranger:
        assert stranger.get(WORK).status_code == stranger.get("/rate_limit").status_code == 401
    assert rest.get(WORK, headers={"X-GitHub-Api-Version": "2000-01-01"}).status_code == 400
    assert rest.get(WORK, headers={"X-GitHub-Api-Version": "2026-03-10"}).status_code == 200
    assert rest.get(WORK).headers["x-oauth-scopes"] == ""


def test_a_token_tells_what_it_may_do(world: World) -> None:
    with GitHubServer(world, scopes="repo, admin:org") as server, client(server) as rest:
        assert rest.get("/rate_limit").headers["x-oauth-scopes"] == "repo, admin:org"
    with GitHubServer(world, scopes=None) as server, client(server) as rest:
        assert "x-oauth-scopes" not in rest.get(WORK).headers


def signed(**claims: Any) -> str:
    known: dict[str, Any] = {"iss": APP.id, "iat": NOW - 60, "exp": NOW + 540}
    parts = ({"alg": "RS256", "typ": "JWT"}, known | claims)
    coded = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts]
    return ".".join((*coded, "c2lnbmVk"))


def test_an_installation_gets_tokens_that_end(world: World) -> None:
    now = [NOW]
    path = f"/app/installations/{APP.installation}/access_tokens"
    with GitHubServer(world, clock=lambda: now[0]) as server, client(server, signed()) as app:
        granted = app.post(path)
        assert granted.status_code == 201
        token, ends = granted.json()["token"], granted.json()["expires_at"]
        assert ends == "2027-01-15T09:00:00Z"
        with client(server, token) as rest:
            assert rest.get(WORK).status_code == 200
            assert rest.post("/graphql", json={"query": "{ rateLimit { cost } }"}).status_code == 200
            now[0] += 3_601
            assert rest.get(WORK).status_code == 401
        now[0] = NOW
        assert app.post("/app/installations/1/access_tokens").status_code == 404
        assert app.post(path).json()["token"] != token
        assert server.tokens.granted == 2


@pytest.mark.parametrize(
    "word",
    [TOKEN, "a.b.c", signed(iss="other"), signed(exp=NOW + 3_600), signed(exp=NOW - 1), signed(iat=NOW + 300)],
)
def test_no_token_for_an_app_that_does_not_sign_as_it_should(world: World, word: str) -> None:
    with GitHubServer(world, clock=lambda: NOW) as server, client(server, word) as app:
        assert app.post(f"/app/installations/{APP.installation}/access_tokens").status_code == 401


@pytest.mark.parametrize("fault", EVERY)
def test_faults_of_rest_are_those_of_the_site(world: World, fault: Fault) -> None:
    graphql_alone = {Fault.NULLS, Fault.PARTIAL, Fault.RATE_LIMIT, Fault.RATE_LIMITED, Fault.SECONDARY_OK, Fault.WRONG}
    with GitHubServer(world, faults=Faults({1: fault})) as server, client(server) as rest:
        try:
            status = rest.get(WORK).status_code
        except httpx.TransportError:
            status = 0
        assert rest.get(WORK).status_code == 200
    wanted = {
        Fault.BAD_GATEWAY: 502, Fault.GATEWAY_TIMEOUT: 504, Fault.HALF: 0, Fault.INCOMPLETE: 200, Fault.PRIMARY: 403,
        Fault.PRIMARY_TOO_MANY: 429, Fault.RESET: 0, Fault.SECONDARY: 403, Fault.SECONDARY_SILENT: 403,
        Fault.SERVER_ERROR: 500, Fault.TIMEOUT: 502, Fault.TOO_MANY: 429, Fault.TOO_MANY_SILENT: 429,
        Fault.UNAVAILABLE: 503,
    }  # fmt: skip
    assert status == (200 if fault in graphql_alone else wanted[fault])


def test_requests_are_counted_by_endpoint(world: World) -> None:
    with GitHubServer(world, limits=Limits()) as server, client(server) as rest:
        rest.get("/users/nobody--")
        rest.get("/users/anybody--")
        rest.get(f"{WORK}/contents/a/b/c")
        rest.get("/repositories/1/topics")
        rest.get("/wibble")
        rest.get("/rate_limit")
    assert server.counts == {
        "/users/{login}": 2,
        "/repos/{owner}/{repo}/contents/{path}": 1,
        "/repos/{owner}/{repo}/topics": 1,
        "(unknown)": 1,
    }
    assert (server.requests, server.statuses[404], server.violations) == (5, 5, [])


def test_pygithub_can_work_with_it(server: GitHubServer, world: World) -> None:
    github = pytest.importorskip("github")
    person = next(one.github for one in world.people if one.github is not None and not one.traps)
    site = github.Github(
        base_url=server.url, auth=github.Auth.Token(TOKEN), per_page=100, seconds_between_requests=0, retry=None
    )
    try:
        user = site.get_user(person.login)
        assert {one.full_name for one in user.get_repos()} == {one.name_with_owner for one in person.repositories}
        assert site.get_user_by_id(user.id).login == user.login
        assert len(list(site.search_repositories("topic:mlops"))) == site.search_repositories("topic:mlops").totalCount
        work = site.get_repo("kettlewright/trackline")
        assert work.get_languages()["Python"] == 910_000
        assert work.get_readme().decoded_content.startswith(b"# trackline")
        assert {one.path for one in work.get_git_tree("main", recursive=True).tree} > {"pyproject.toml", ".github"}
        assert work.get_pull(reviewed(world)).get_reviews().totalCount > 0
        assert not work.update()
        with pytest.raises(github.UnknownObjectException):
            site.get_user("nobody--")
        assert site.get_organization("kettlewright").get_public_members().totalCount >= 4
    finally:
        site.close()
