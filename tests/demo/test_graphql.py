from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLInterfaceType, GraphQLObjectType, build_schema, validate_schema
from hypothesis import given
from hypothesis import strategies as st

from sourcer.demo.graphql import GraphQL, served_schema
from sourcer.demo.model import World
from sourcer.demo.paging import connection
from sourcer.demo.price import Price

SLICE = Path(__file__).parents[1] / "schemas" / "github.graphql"


@pytest.fixture(scope="module")
def github(world: World) -> GraphQL:
    return GraphQL(world)


def ask(github: GraphQL, query: str, **variables: Any) -> Any:
    question = github.read(query, variables)
    rate = {"cost": 1, "limit": 9, "nodeCount": 1, "remaining": 8, "used": 1, "resetAt": None}
    return github.answer(question, rate)


def data(github: GraphQL, query: str, **variables: Any) -> Any:
    body = ask(github, query, **variables)
    assert "errors" not in body, body["errors"]
    return body["data"]


def error(github: GraphQL, query: str, **variables: Any) -> Any:
    (only,) = ask(github, query, **variables)["errors"]
    return only


def test_the_served_schema_is_sound() -> None:
    assert validate_schema(served_schema()) == []


def test_the_served_schema_says_what_github_says() -> None:
    """Held against the slice of GitHub's own schema, field by field, arguments and nullability included."""
    slice_of_github = build_schema(SLICE.read_text(encoding="utf-8"))
    compared = 0
    for name, theirs in slice_of_github.type_map.items():
        ours = served_schema().type_map.get(name)
        if not isinstance(theirs, GraphQLObjectType | GraphQLInterfaceType) or name.startswith("__"):
            continue
        if not isinstance(ours, GraphQLObjectType | GraphQLInterfaceType):
            continue
        for field in set(theirs.fields) & set(ours.fields):
            assert str(ours.fields[field].type) == str(theirs.fields[field].type), f"{name}.{field}"
            for argument, definition in theirs.fields[field].args.items():
                assert str(ours.fields[field].args[argument].type) == str(definition.type)
            compared += 1
    assert compared > 80


PROFILE = """query($login: String!) { user(login: $login) {
  __typename id databaseId login name bio company location email url websiteUrl isHireable createdAt updatedAt
  status { message }
  followers(first: 1) { totalCount nodes { login } } socialAccounts(first: 10) { nodes { provider displayName url } }
  repositories(first: 5, isFork: false, ownerAffiliations: OWNER, privacy: PUBLIC,
               orderBy: {field: STARGAZERS, direction: DESC}) {
    totalCount
    nodes { nameWithOwner stargazerCount isFork licenseInfo { spdxId } primaryLanguage { name } owner { login } }
  } } }"""


def test_a_profile(github: GraphQL, world: World) -> None:
    person = next(one for one in world.people if "shows_email" in one.traps)
    account = person.github
    assert account is not None
    user = data(github, PROFILE, login=account.login.upper())["user"]
    assert user["databaseId"] == account.database_id
    assert user["email"] == "hello@example.org"
    assert user["createdAt"] == f"{account.created_at:%Y-%m-%dT%H:%M:%SZ}"
    assert user["followers"] == {"totalCount": account.followers, "nodes": []}
    assert user["repositories"]["totalCount"] == len(account.repositories)
    stars = [one["stargazerCount"] for one in user["repositories"]["nodes"]]
    assert stars == sorted(stars, reverse=True)


def test_a_hidden_address_is_an_empty_text(github: GraphQL, world: World) -> None:
    login = next(one.github.login for one in world.people if one.github and not one.traps)
    assert data(github, "query($l: String!) { user(login: $l) { email } }", l=login)["user"]["email"] == ""


@pytest.mark.parametrize("trap", ["deleted_account", "organization", "bot"])
def test_who_is_no_user_is_not_found_and_the_others_are(github: GraphQL, world: World, trap: str) -> None:
    gone = next(
        one for one in world.accounts if world.traps[trap][0] in (f"github:{one.login}", f"github:#{one.database_id}")
    )
    other = next(one.github.login for one in world.people if one.github and not one.traps)
    body = ask(
        github,
        "query($a: String!, $b: String!) { a: user(login: $a) { id } b: user(login: $b) { login } }",
        a=gone.login,
        b=other,
    )
    assert body["data"] == {"a": None, "b": {"login": other}}
    (fault,) = body["errors"]
    assert fault["type"] == "NOT_FOUND"
    assert fault["path"] == ["a"]
    assert fault["message"] == f"Could not resolve to a User with the login of '{gone.login}'."


def test_a_reused_login_leads_to_another_account(github: GraphQL, world: World) -> None:
    former, heir = (one.github for one in world.people if "reused_login" in one.traps)
    assert former is not None
    assert heir is not None
    owners = """query($q: String!) { search(type: REPOSITORY, query: $q, first: 100) {
      nodes { ... on Repository { owner { ... on User { login databaseId } } } } } }"""
    found = data(github, owners, q=f"user:{former.login}")["search"]["nodes"]
    assert former.database_id in {one["owner"]["databaseId"] for one in found}
    user = data(github, "query($l: String!) { user(login: $l) { databaseId } }", l=former.login)["user"]
    assert user["databaseId"] == heir.database_id


def test_unknown_node_ids_are_null_each_in_its_place(github: GraphQL, world: World) -> None:
    known = world.accounts[0].id
    body = ask(
        github, "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", ids=["U_nobody", known, "R_nothing"]
    )
    assert body["data"]["nodes"] == [None, {"__typename": "User", "id": known}, None]
    assert [fault["path"] for fault in body["errors"]] == [["nodes", 0], ["nodes", 2]]
    assert {fault["type"] for fault in body["errors"]} == {"NOT_FOUND"}
    assert error(github, 'query { node(id: "U_nobody") { id } }')["path"] == ["node"]


def test_node_types(github: GraphQL, world: World) -> None:
    ids = [next(one.id for one in world.accounts if one.kind == kind) for kind in ("User", "Organization", "Bot")]
    ids.append(world.repositories[0].id)
    nodes = data(github, "query($ids: [ID!]!) { nodes(ids: $ids) { __typename } }", ids=ids)["nodes"]
    assert [one["__typename"] for one in nodes] == ["User", "Organization", "Bot", "Repository"]
    assert error(github, "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=ids * 26)["type"] == "ARGUMENT_LIMIT"


def test_a_withheld_repository_is_a_null_among_the_results(github: GraphQL, world: World) -> None:
    name = world.traps["withheld"][0].removeprefix("github:")
    search = f'search(type: REPOSITORY, query: "repo:{name}", first: 1)'
    only = data(github, f"query {{ {search} {{ repositoryCount nodes {{ __typename }} }} }}")
    assert only["search"] == {"repositoryCount": 1, "nodes": [None]}
    owner, repository = name.split("/")
    assert (
        error(github, f'query {{ repository(owner: "{owner}", name: "{repository}") {{ id }} }}')["type"] == "NOT_FOUND"
    )


def test_pages_of_a_search_make_up_the_whole(github: GraphQL, world: World) -> None:
    query = """query($after: String) { search(type: REPOSITORY, query: "topic:mlops", first: 17, after: $after) {
      repositoryCount pageInfo { hasNextPage endCursor } nodes { ... on Repository { id } } } }"""
    seen, after, more = [], None, True
    while more:
        page = data(github, query, after=after)["search"]
        seen += page["nodes"]
        more, after = page["pageInfo"]["hasNextPage"], page["pageInfo"]["endCursor"]
    ids = [one["id"] for one in seen if one]
    assert len(seen) == page["repositoryCount"]
    assert len(set(ids)) == len(ids)


def test_a_search_gives_a_thousand_results_at_most(github: GraphQL, world: World) -> None:
    query = """query($after: String) { search(type: REPOSITORY, query: "stars:>=0", first: 100, after: $after) {
      repositoryCount pageInfo { hasNextPage endCursor } nodes { __typename } } }"""
    given, after = 0, None
    for _ in range(10):
        page = data(github, query, after=after)["search"]
        given, after = given + len(page["nodes"]), page["pageInfo"]["endCursor"]
    assert page["repositoryCount"] > 1000
    assert given == 1000
    assert not page["pageInfo"]["hasNextPage"]


def test_files(github: GraphQL, world: World) -> None:
    repository = next(
        one for one in world.repositories if ".github/workflows/ci.yml" in one.files and "requirements.txt" in one.files
    )
    query = """query($id: ID!) { node(id: $id) { ... on Repository { defaultBranchRef { name }
      root: object(expression: "HEAD:") { __typename oid ... on Tree { entries { name type mode size oid extension } } }
      flows: object(expression: "HEAD:.github/workflows") {
        ... on Tree { entries { name object { ... on Blob { text } } } } }
      needs: object(expression: "HEAD:requirements.txt") {
        __typename ... on Blob { byteSize isBinary isTruncated text } }
      nothing: object(expression: "HEAD:no/such/file") { id }
      branch: object(expression: "other:README.md") { id } } } }"""
    node = data(github, query, id=repository.id)["node"]
    assert {one["name"] for one in node["root"]["entries"]} == {path.split("/")[0] for path in repository.files}
    assert {one["type"] for one in node["root"]["entries"]} == {"blob", "tree"}
    text = repository.files["requirements.txt"]
    assert node["needs"] == {
        "__typename": "Blob",
        "byteSize": len(text.encode()),
        "isBinary": False,
        "isTruncated": False,
        "text": text,
    }
    assert node["flows"]["entries"][0]["object"]["text"] == repository.files[".github/workflows/ci.yml"]
    assert node["nothing"] is None
    assert node["branch"] is None
    assert len(node["root"]["oid"]) == 40


def test_an_empty_repository(github: GraphQL, world: World) -> None:
    owner, name = world.traps["empty_repository"][0].removeprefix("github:").split("/")
    query = """query($o: String!, $n: String!) { repository(owner: $o, name: $n) {
      isEmpty pushedAt primaryLanguage { name } latestRelease { tagName } defaultBranchRef { name }
      object(expression: "HEAD:") { id } languages(first: 3) { totalSize } } }"""
    assert data(github, query, o=owner, n=name)["repository"] == {
        "isEmpty": True, "pushedAt": None, "primaryLanguage": None, "latestRelease": None, "defaultBranchRef": None,
        "object": None, "languages": {"totalSize": 0},
    }  # fmt: skip


def test_topics_languages_release_and_licence(github: GraphQL, world: World) -> None:
    repository = next(one for one in world.repositories if one.release and not one.release.prerelease and one.topics)
    query = """query($id: ID!) { node(id: $id) { ... on Repository {
      repositoryTopics(first: 20) { nodes { topic { name } } }
      languages(first: 10, orderBy: {field: SIZE, direction: DESC}) { totalSize edges { size node { name } } }
      primaryLanguage { name } latestRelease { tagName publishedAt isPrerelease } } } }"""
    node = data(github, query, id=repository.id)["node"]
    assert tuple(one["topic"]["name"] for one in node["repositoryTopics"]["nodes"]) == repository.topics
    sizes = {one["node"]["name"]: one["size"] for one in node["languages"]["edges"]}
    assert sizes == repository.languages
    assert list(sizes.values()) == sorted(sizes.values(), reverse=True)
    assert node["languages"]["totalSize"] == sum(sizes.values())
    assert node["primaryLanguage"]["name"] == next(iter(sizes))
    assert repository.release is not None
    assert node["latestRelease"]["tagName"] == repository.release.tag
    licence = next(one for one in world.repositories if one.license == "NOASSERTION" and one.is_readable)
    query = "query($id: ID!) { node(id: $id) { ... on Repository { licenseInfo { key spdxId } } } }"
    assert data(github, query, id=licence.id)["node"]["licenseInfo"] == {"key": "other", "spdxId": "NOASSERTION"}


PULLS = """query($states: [PullRequestState!], $after: String) { repository(owner: "kettlewright", name: "flowmill") {
  pullRequests(states: $states, first: 4, after: $after, orderBy: {field: UPDATED_AT, direction: DESC}) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes { id number url state merged mergedAt updatedAt repository { nameWithOwner } author { __typename login } }
  } } }"""


def pulls(github: GraphQL, states: list[str] | None) -> list[dict[str, Any]]:
    seen: list[dict[str, Any]] = []
    after, more = None, True
    while more:
        page = data(github, PULLS, states=states, after=after)["repository"]["pullRequests"]
        seen += page["nodes"]
        more, after = page["pageInfo"]["hasNextPage"], page["pageInfo"]["endCursor"]
        assert page["totalCount"] == len({one["id"] for one in seen}) or more
    return seen


def test_pull_requests_by_state_the_latest_update_first(github: GraphQL) -> None:
    merged, unmerged, everything = pulls(github, ["MERGED"]), pulls(github, ["OPEN"]), pulls(github, None)
    assert len(merged) > 4
    assert {one["state"] for one in merged} == {"MERGED"}
    assert [(one["state"], one["merged"], one["mergedAt"]) for one in unmerged] == [("OPEN", False, None)]
    assert {one["id"] for one in everything} == {one["id"] for one in merged + unmerged}
    times = [one["updatedAt"] for one in merged]
    assert times == sorted(times, reverse=True)
    assert {one["repository"]["nameWithOwner"] for one in merged} == {"kettlewright/flowmill"}
    assert all(one["url"] == f"https://github.com/kettlewright/flowmill/pull/{one['number']}" for one in merged)


def test_authors_of_pull_requests_are_people_bots_and_nobody(github: GraphQL, world: World) -> None:
    query = """{ repository(owner: "kettlewright", name: "trackline") {
      pullRequests(states: MERGED, first: 100) { nodes { author { __typename login } } } } }"""
    nodes = data(github, query)["repository"]["pullRequests"]["nodes"]
    assert {(one["author"] or {}).get("__typename") for one in nodes} == {"User", "Bot", None}
    deleted = {one.login for one in world.accounts if one.is_deleted}
    living = {one.login for one in world.accounts if not one.is_deleted}
    assert deleted
    assert {one["author"]["login"] for one in nodes if one["author"]} <= living


def test_a_repository_that_does_not_exist_is_not_found(github: GraphQL) -> None:
    fault = error(github, '{ repository(owner: "kettlewright", name: "nothing") { id } }')
    assert (fault["type"], fault["path"]) == ("NOT_FOUND", ["repository"])


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ('{ search(type: REPOSITORY, query: "x") { repositoryCount } }', "MISSING_PAGINATION_BOUNDARIES"),
        ('{ search(type: REPOSITORY, query: "x", first: 101) { repositoryCount } }', "EXCESSIVE_PAGINATION"),
        ('{ search(type: REPOSITORY, query: "x", first: 0) { repositoryCount } }', "INVALID_PAGINATION"),
        (
            '{ search(type: REPOSITORY, query: "x", first: 9, after: "?") { repositoryCount } }',
            "INVALID_CURSOR_ARGUMENTS",
        ),
    ],
)
def test_bounds_of_pages(github: GraphQL, query: str, kind: str) -> None:
    assert error(github, query)["type"] == kind


def test_an_unknown_field_is_an_error_of_the_query(github: GraphQL) -> None:
    body = ask(github, 'query { user(login: "x") { shoeSize } }')
    assert "data" not in body
    (fault,) = body["errors"]
    assert fault["extensions"] == {"code": "undefinedField", "typeName": "User", "fieldName": "shoeSize"}
    assert fault["message"] == "Field 'shoeSize' doesn't exist on type 'User'"


def test_a_broken_query_is_an_error(github: GraphQL) -> None:
    assert error(github, "query { user(")["message"].startswith("Parse error")


def test_fragments_aliases_and_directives(github: GraphQL, world: World) -> None:
    login = next(one.github.login for one in world.people if one.github and not one.traps)
    query = """query($l: String!, $no: Boolean!) {
      one: user(login: $l) { ...names } two: repositoryOwner(login: $l) { __typename ...names } }
      fragment names on User { handle: login name @include(if: $no) }"""
    assert data(github, query, l=login, no=False) == {
        "one": {"handle": login},
        "two": {"__typename": "User", "handle": login},
    }


def test_public_members_of_an_organisation(github: GraphQL, world: World) -> None:
    query = """{ organization(login: "northquay-robotics") { membersWithRole(first: 100) {
      totalCount nodes { login } edges { role node { login } } } } }"""
    found = data(github, query)["organization"]["membersWithRole"]
    organization = next(one for one in world.accounts if one.login == "northquay-robotics")
    living = {one.login for one in organization.members if not one.is_gone}
    assert {one["login"] for one in found["nodes"]} == living
    assert found["totalCount"] == len(living) > 2
    only = next(iter(living))
    mine = "query($l: String!) { user(login: $l) { organizations(first: 9) { nodes { login } } } }"
    orgs = data(github, mine, l=only)["user"]["organizations"]["nodes"]
    assert "northquay-robotics" in {one["login"] for one in orgs}


def test_reviews_of_a_pull_request(github: GraphQL, world: World) -> None:
    query = """query($name: String!) { repository(owner: "kettlewright", name: $name) {
      pullRequests(first: 100, states: MERGED) { nodes { number author { login } mergedBy { login }
        reviews(first: 20) { nodes { state author { __typename login ... on User { databaseId } } } } } } } }"""
    found = [
        data(github, query, name=name)["repository"]["pullRequests"]["nodes"] for name in ("trackline", "flowmill")
    ]
    nodes = [node for some in found for node in some]
    reviews = [review for one in nodes for review in one["reviews"]["nodes"]]
    assert {one["state"] for one in reviews} == {"APPROVED", "CHANGES_REQUESTED", "COMMENTED"}
    assert {(one["author"] or {}).get("__typename") for one in reviews} == {"User", "Bot", None}
    assert any(one["mergedBy"] for one in nodes)


def test_a_tree_two_levels_deep(github: GraphQL, world: World) -> None:
    repository = next(one for one in world.repositories if one.name == "deep-files")
    query = """query($id: ID!) { node(id: $id) { ... on Repository { root: object(expression: "HEAD:") { ... on Tree {
      entries { name type path object { __typename ... on Tree { entries { name type size } } } } } } } } }"""
    entries = {one["name"]: one for one in data(github, query, id=repository.id)["node"]["root"]["entries"]}
    assert [one["name"] for one in entries["deploy"]["object"]["entries"]] == ["clusters"]
    assert entries["README.md"]["object"] == {"__typename": "Blob"}


def test_binary_and_long_files(github: GraphQL, world: World) -> None:
    query = """query($id: ID!, $e: String!) { node(id: $id) { ... on Repository { object(expression: $e) {
      ... on Blob { byteSize isBinary isTruncated text } } } } }"""

    def read(name: str, path: str) -> Any:
        repository = next(one for one in world.repositories if one.name == name)
        return data(github, query, id=repository.id, e=f"HEAD:{path}")["node"]["object"]

    binary, long = read("binary-files", "Dockerfile"), read("huge-files", "README.md")
    assert (binary["isBinary"], binary["text"], binary["isTruncated"]) == (True, None, False)
    assert long["isTruncated"]
    assert len(long["text"].encode()) < long["byteSize"]


def test_commits_lead_to_people(github: GraphQL, world: World) -> None:
    query = """{ repository(owner: "kettlewright", name: "flowmill") { mentionableUsers(first: 100) { totalCount }
      defaultBranchRef { target { oid ... on Commit { history(first: 100) { totalCount
        nodes { committedDate author { name user { login } } } } } } } } }"""
    found = data(github, query)["repository"]
    history = found["defaultBranchRef"]["target"]["history"]
    times = [one["committedDate"] for one in history["nodes"]]
    assert times == sorted(times, reverse=True)
    behind = {one["author"]["user"]["login"] for one in history["nodes"] if one["author"]["user"]}
    assert 1 < len(behind) <= found["mentionableUsers"]["totalCount"]


def test_the_account_of_deleted_people_is_there_and_no_search_finds_it(github: GraphQL) -> None:
    assert data(github, '{ user(login: "ghost") { databaseId } }')["user"]["databaseId"] == 10137
    found = data(github, '{ search(type: USER, query: "ghost", first: 1) { userCount } }')
    assert found["search"]["userCount"] == 0


def test_a_dry_run_is_priced_and_not_run(github: GraphQL) -> None:
    query = """query($n: Int!) { search(type: USER, query: "x", first: $n) { nodes { ... on User {
      followers(first: 1) { totalCount } } } } price: rateLimit(dryRun: true) { cost nodeCount } }"""
    question = github.read(query, {"n": 100})
    assert question.is_dry
    rate = {"cost": question.price.points, "nodeCount": question.price.nodes}
    assert github.answer(question, rate) == {"data": {"price": {"cost": 1, "nodeCount": 200}}}
    assert not github.read(query.replace("(dryRun: true)", "(dryRun: false)"), {"n": 100}).is_dry


PRICED = [
    ("{ rateLimit { cost } }", {}, Price(1, 0)),
    ('{ search(type: USER, query: "x", first: 100) { userCount } }', {}, Price(1, 100)),
    (
        """query($n: Int = 20) { search(type: USER, query: "x", first: $n) { nodes { ... on User {
          socialAccounts(first: 10) { totalCount }
          repositories(first: 10) { nodes { repositoryTopics(first: 10) { totalCount }
            languages(first: 10) { totalCount } } } } } } }""",
        {},
        Price(4, 20 + 200 + 200 + 2_000 + 2_000),
    ),
    (
        """query($ids: [ID!]!) { nodes(ids: $ids) { ... on User { followers(first: 1) { totalCount } ...more } } }
          fragment more on User { socialAccounts(first: 10) { totalCount } }""",
        {"ids": ["a"] * 75},
        Price(2, 75 + 750),
    ),
    (
        """{ user(login: "x") { contributionsCollection {
          pullRequestContributionsByRepository(maxRepositories: 50) { contributions(first: 1) { totalCount } }
          pullRequestReviewContributionsByRepository { contributions(first: 1) { totalCount } } } } }""",
        {},
        Price(1, 75),
    ),
]


@pytest.mark.parametrize(("query", "variables", "wanted"), PRICED)
def test_the_documented_formula(github: GraphQL, query: str, variables: dict[str, Any], wanted: Price) -> None:
    assert github.read(query, variables).price == wanted


def test_too_many_nodes(github: GraphQL) -> None:
    query = """{ search(type: USER, query: "x", first: 100) { nodes { ... on User {
      repositories(first: 100) { nodes { languages(first: 100) { totalCount } } } } } } }"""
    assert error(github, query) == {
        "type": "MAX_NODE_LIMIT_EXCEEDED",
        "message": "This query requests up to 1,010,100 possible nodes which exceeds the maximum limit of 500,000.",
    }


@given(st.lists(st.integers(), max_size=40), st.integers(1, 100), st.booleans())
def test_pages_give_each_item_once_in_order(items: list[int], size: int, backwards: bool) -> None:
    word, cursor, more, turn = (
        ("last", "before", "hasPreviousPage", "startCursor")
        if backwards
        else ("first", "after", "hasNextPage", "endCursor")
    )
    seen: list[int] = []
    args: dict[str, Any] = {word: size}
    while True:
        page = connection(items, "things", args)
        assert page["totalCount"] == len(items)
        assert len(page["nodes"]) <= size
        seen = page["nodes"] + seen if backwards else seen + page["nodes"]
        if not page["pageInfo"][more]:
            break
        args = {word: size, cursor: page["pageInfo"][turn]}
    assert seen == items
