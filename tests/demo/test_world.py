from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import fields
from pathlib import Path

import pytest

from sourcer.demo.model import TODAY, Account, Member, Person, Post, Repository, World
from sourcer.demo.world import make_world
from sourcer.domain import ROLES

pytestmark = pytest.mark.slow

PRINT = """
import sys
from pathlib import Path
from sourcer.demo.dump import write_dump
from sourcer.demo.world import make_world
world = make_world(11, 60)
write_dump(world, Path(sys.argv[1]))
for one in world.repositories:
    print(one.name_with_owner, one.id, one.topics, one.languages, one.files, one.pushed_at, one.stars)
    print(one.pull_requests, [pull.reviews for pull in one.pull_requests])
for one in world.accounts:
    print(one)
for one in world.people:
    print(one.name, one.role, one.level, one.proof, one.traps, one.kaggle)
print(world.traps, world.kaggle)
"""

TRAPS = {
    "archived": 1, "awesome_list": 1, "binary_files": 1, "bot": 1, "bot_as_user": 2, "broken_files": 1,
    "community_owner": 1, "community_user": 1, "community_wiki": 1, "dead_link": 1, "deep_files": 1,
    "deleted_account": 1, "deleted_owner": 2, "emoji": 2, "empty_name": 1, "empty_repository": 1, "fabricated": 2,
    "false_claim": 1, "fork": 1, "formula_name": 2, "hostile_files": 1, "html_entities": 2, "huge_files": 1,
    "kaggle_deleted": 1, "kaggle_nameless": 1, "kaggle_namesake": 1, "kaggle_no_source": 1, "kaggle_opted_out": 1,
    "kaggle_organization": 1, "kaggle_prolific": 1, "kaggle_recounted": 1, "kaggle_same_handle": 1, "kaggle_staff": 1,
    "lost_accepted_answer": 1, "merged_elsewhere": 1, "merged_question": 1, "mirror": 1, "missing_name": 1,
    "names_a_competition": 1, "names_a_friend": 1, "names_a_project": 1, "names_a_team": 1, "names_an_idol": 1,
    "names_an_organization": 1, "namesake": 2, "negative_score": 1, "newline_in_bio": 2, "no_assertion_licence": 1,
    "no_display_name": 1, "non_latin_name": 2, "odd_website": 1, "old_login": 1, "opt_out": 2, "organization": 2,
    "orphan_answer": 1, "outside_contributor": 1, "popular_without_ml": 2, "public_member": 1, "readme_card": 1,
    "readme_code": 1, "readme_comment": 1, "readme_flair": 1, "readme_fork": 1, "readme_friend": 1, "readme_project": 1,
    "reused_login": 2,
    "reviewed_elsewhere": 1, "rtl": 2, "same_idol": 2, "self_answer": 1, "shares_a_page": 2, "shows_email": 1,
    "stars_alone": 1, "template": 1, "tutorial_clone": 6, "unlinked": 2, "withheld": 1, "zero_width": 2,
}  # fmt: skip


def made_by_a_process(folder: Path, hash_seed: str) -> str:
    environment = os.environ | {"PYTHONHASHSEED": hash_seed, "TZ": "Asia/Tokyo" if hash_seed == "1" else "UTC"}
    command = [sys.executable, "-c", PRINT, str(folder)]
    printed = subprocess.run(command, env=environment, capture_output=True, check=True).stdout
    dump = b"".join(path.read_bytes() for path in sorted(folder.iterdir()))
    return hashlib.sha256(printed + dump).hexdigest()


def test_a_seed_names_one_world_in_every_process(tmp_path: Path) -> None:
    assert made_by_a_process(tmp_path / "a", "1") == made_by_a_process(tmp_path / "b", "2")


def test_another_seed_is_another_world() -> None:
    first, second = ({one.login for one in make_world(seed, 60).accounts} for seed in (1, 2))
    assert len(first & second) < len(first) / 2


def elsewhere(world: World) -> int:
    """How many people are not on Kaggle alone."""
    return sum(person.github is not None or person.stackoverflow is not None for person in world.people)


@pytest.mark.parametrize("people", [1, 60, 300])
def test_number_of_people(people: int) -> None:
    world = make_world(7, people)
    bearers = sum(bool(person.traps) for person in world.people)
    assert elsewhere(world) == max(people, elsewhere(make_world(7, 1)))
    assert bearers >= 20


@pytest.mark.parametrize("seed", range(1, 7))
def test_a_small_world_may_have_nobody_on_the_second_site(seed: int) -> None:
    communities = make_world(seed, 20).communities
    assert communities["stackoverflow"].members
    assert len(communities["datascience"].members) < 5


def test_every_role_is_there(world: World) -> None:
    roles = Counter(person.role for person in world.people)
    assert set(roles) == set(ROLES)
    assert min(roles.values()) >= 10
    assert {person.level for person in world.people} == {1, 2, 3}


def test_every_trap_is_planted_and_leads_somewhere(world: World) -> None:
    assert {name: len(keys) for name, keys in world.traps.items()} == TRAPS
    known = {f"github:{one.login}" for one in world.accounts} | {f"github:#{one.database_id}" for one in world.accounts}
    known |= {f"github:{one.name_with_owner}" for one in world.repositories}
    known |= {f"stackoverflow:#{one.id}" for one in world.members}
    known |= {f"stackoverflow:post/{one.id}" for one in world.posts}
    known |= {f"kaggle:#{one.id}" for one in world.kaggle.people}
    assert {key for keys in world.traps.values() for key in keys} <= known


def bearer(world: World, trap: str) -> Person:
    return next(person for person in world.people if trap in person.traps)


def account(world: World, trap: str) -> Account:
    found = bearer(world, trap).github
    assert found is not None
    return found


def member(world: World, trap: str) -> Member:
    found = bearer(world, trap).stackoverflow
    assert found is not None
    return found


def repository(world: World, trap: str) -> Repository:
    return next(one for one in world.repositories if f"github:{one.name_with_owner}" == world.traps[trap][0])


def posts(world: World, trap: str) -> list[Post]:
    ids = {key.rpartition("/")[2] for key in world.traps[trap]}
    return [post for post in world.posts if str(post.id) in ids]


def test_traps_of_names(world: World) -> None:
    assert account(world, "missing_name").name is None
    assert account(world, "empty_name").name == ""
    assert member(world, "no_display_name").name is None
    assert "'" in bearer(world, "html_entities").name
    assert "\u200b" in bearer(world, "zero_width").name
    assert "\n" in str(account(world, "newline_in_bio").bio)
    assert account(world, "formula_name").name == "=1+1 Wadolbrejo"
    namesakes = [person for person in world.people if "namesake" in person.traps]
    assert len({person.name for person in namesakes}) == 1
    assert {person.role for person in namesakes} == {"ml_engineer", "software_engineer"}


def test_traps_of_people(world: World) -> None:
    assert "no recruiters" in str(account(world, "opt_out").bio).lower()
    unlinked = bearer(world, "unlinked")
    assert unlinked.proof == "none"
    victim = re.search(r"https://github\.com/([\w-]+)", str(member(world, "false_claim").about))
    assert victim is not None
    assert bearer(world, "false_claim").github is None
    assert world.person_of(f"github:{victim[1]}") is not bearer(world, "false_claim")
    popular = account(world, "popular_without_ml")
    assert popular.followers > 10_000
    assert bearer(world, "popular_without_ml").role == "software_engineer"


def test_traps_of_accounts_that_changed(world: World) -> None:
    assert account(world, "deleted_account").is_deleted
    former, heir = (person.github for person in world.people if "reused_login" in person.traps)
    assert former is not None
    assert heir is not None
    assert former.login == heir.login
    assert former.database_id != heir.database_id
    assert world.person_of(f"github:{heir.login}") is not bearer(world, "reused_login")


def test_traps_of_repositories(world: World) -> None:
    assert repository(world, "fork").parent is not None
    assert repository(world, "empty_repository").pushed_at is None
    assert repository(world, "empty_repository").files == {}
    assert repository(world, "archived").is_archived
    assert repository(world, "template").is_template
    assert repository(world, "mirror").mirror_url is not None
    assert repository(world, "withheld").is_withheld
    assert repository(world, "awesome_list").stars > 10_000
    assert {one.owner.kind for one in world.repositories} == {"User", "Organization"}


def test_pull_requests_of_well_known_repositories(world: World) -> None:
    well_known = [one for one in world.repositories if one.owner.login == "kettlewright"]
    assert len(well_known) == 2
    pulls = [pull for one in well_known for pull in one.pull_requests]
    authors = {pull.author.login: pull.author for pull in pulls if pull.author is not None}
    unnoticed = account(world, "merged_elsewhere")
    assert unnoticed.login in authors
    assert not any(one.topics for one in unnoticed.repositories)
    assert {authors[key.removeprefix("github:")].kind for key in world.traps["bot"]} == {"Bot"}
    assert {key.removeprefix("github:") for key in world.traps["bot_as_user"]} < set(authors)
    assert any(one.is_deleted for one in authors.values())
    trades = {person.trade for person in world.people if person.github and person.github.login in authors}
    assert trades >= {"mlops", "frontend"}
    assert any(pull.merged_at is None for pull in pulls)


def test_work_in_repositories_of_others(world: World) -> None:
    pulls = [pull for one in world.repositories for pull in one.pull_requests]
    known = [pull for pull in pulls if pull.repository.stars >= 100 and pull.repository.owner.kind == "Organization"]
    assert {pull.repository.owner.login for pull in known} >= {"kettlewright", "larkmoor-labs"}
    assert any(pull.repository.owner is pull.author for pull in pulls)
    assert any(pull.repository.owner is not pull.author and pull.repository.stars < 100 for pull in pulls)
    assert {pull.state for pull in pulls} == {"MERGED", "OPEN", "CLOSED"}
    for pull in pulls:
        assert pull.author is None or pull in pull.author.pull_requests


def test_reviews(world: World) -> None:
    reviews = [review for one in world.repositories for pull in one.pull_requests for review in pull.reviews]
    assert len({one.database_id for one in reviews}) == len(reviews) > 100
    assert all(2_140_000_000 <= one.database_id < 2**31 for one in reviews)
    for one in reviews:
        assert one.pull_request.created_at <= one.submitted_at <= (one.pull_request.merged_at or TODAY)
        assert one.author is None or one in one.author.reviews
    assert any(one.author is one.pull_request.author for one in reviews)
    assert any(one.author is not None and one.author.is_deleted for one in reviews)
    alone = account(world, "reviewed_elsewhere")
    assert alone.reviews
    assert not alone.pull_requests
    assert not any(one.topics for one in alone.repositories)


def test_members_of_organisations(world: World) -> None:
    organizations = [one for one in world.accounts if one.kind == "Organization"]
    assert len(organizations) >= 4
    for one in organizations:
        assert len(one.members) >= 4
        assert all(one in member.organizations for member in one.members)
    alone = account(world, "public_member")
    assert alone.organizations
    assert not alone.pull_requests
    assert not alone.reviews


def test_odd_files(world: World) -> None:
    assert "*a7" in repository(world, "hostile_files").files["docker-compose.yml"]
    assert "\0" in repository(world, "binary_files").files["Dockerfile"]
    assert len(repository(world, "huge_files").files["README.md"]) > 512 * 1024
    assert max(path.count("/") for path in repository(world, "deep_files").files) > 4


def test_files_of_many_kinds_lie_where_such_work_has_them(world: World) -> None:
    paths = {path for one in world.repositories for path in one.files}
    for path in (
        "docker/Dockerfile", "k8s/inference.yaml", ".github/workflows/train.yml", "terraform/main.tf", "MLproject",
        "dvc.yaml", "pom.xml", "environment.yml", "setup.cfg", "tests/unit/test_features.py", "requirements/base.txt",
        "pipelines/compile.py", "notebooks/01-explore.ipynb", "models/model.onnx",
    ):  # fmt: skip
        assert path in paths
    assert any(path.startswith("dags/retrain_") for path in paths)
    shown = {text for one in world.repositories for text in one.files.values()}
    assert not any("@name@" in text or "@pins@" in text or "@caret@" in text for text in shown)


def test_a_world_with_so_many_repositories_each() -> None:
    world = make_world(7, 120, repositories=10)
    people = [person for person in world.people if person.github is not None and not person.github.is_gone]
    assert len(people) == 120
    assert {len(person.github.repositories) for person in people if person.github} == {10}
    assert {name for name in world.traps if name in ("fork", "archived", "hostile_files")}
    known = {f"github:{one.name_with_owner}" for one in world.repositories}
    assert {key for keys in world.traps.values() for key in keys if "/" in key and "post/" not in key} <= known
    assert sum(person.role == "ml_engineer" for person in people) > 30
    unnoticed = account(world, "reviewed_elsewhere")
    assert not any(one.topics for one in unnoticed.repositories)
    ids = [one.database_id for one in world.repositories]
    assert len(set(ids)) == len(ids)


def test_a_world_with_shares_of_roles() -> None:
    shares = {"ml_engineer": 0.25, "devops": 0.5, "software_engineer": 0.25}
    people = [person for person in make_world(7, 200, repositories=5, roles=shares).people if person.github is not None]
    counted = Counter(person.role for person in people if person.github and not person.github.is_gone)
    assert counted == {"ml_engineer": 50, "devops": 100, "software_engineer": 50}
    topics = {topic for person in people if person.github for one in person.github.repositories for topic in one.topics}
    assert "latex" not in topics  # a researcher's: what nobody is, nobody dabbles in


def test_traps_of_posts(world: World) -> None:
    assert {post.id for post in posts(world, "fabricated")} == {1_000_000_001, 1_000_000_010}
    assert {post.owner.id for post in posts(world, "fabricated") if post.owner} == {-1}
    assert all(post.owner is None for post in posts(world, "deleted_owner"))
    assert posts(world, "negative_score")[0].score < 0
    assert posts(world, "community_wiki")[0].community_at is not None
    ids = {post.id for post in world.posts}
    assert posts(world, "orphan_answer")[0].parent_id not in ids
    assert posts(world, "lost_accepted_answer")[0].accepted_id not in ids
    early = posts(world, "merged_question")[0]
    assert early.parent_id is not None
    assert early.parent_id > early.id


def test_both_profiles_name_each_other_or_one_or_none(world: World) -> None:
    # What each of them says is for tests/demo/test_proofs.py.
    proofs = Counter(person.proof for person in world.people if person.github and person.stackoverflow)
    assert set(proofs) == {"both", "github", "stackoverflow", "none"}


def test_mlops_people_show_production_work_and_others_do_not(world: World) -> None:
    def share(trade: str, path: str) -> float:
        people = [
            person.github for person in world.people if person.trade == trade and person.github and not person.traps
        ]
        showing = [one for one in people if any(path in file for repo in one.repositories for file in repo.files)]
        return len(showing) / len(people)

    assert share("mlops", "k8s/") > 0.6 > share("data_science", "k8s/")
    assert share("data_science", ".ipynb") > 0.6 > share("mlops", ".ipynb")
    assert share("frontend", "MLproject") < 0.2


def test_dates_are_in_order(world: World) -> None:
    for repository in world.repositories:
        assert repository.created_at < TODAY
        assert repository.pushed_at is None or repository.created_at <= repository.pushed_at < TODAY
        for pull in repository.pull_requests:
            assert repository.created_at <= pull.created_at <= (pull.merged_at or TODAY) <= TODAY
            assert (pull.merged_at or pull.created_at) <= pull.updated_at <= TODAY
            assert pull.author is None or pull.author.created_at <= pull.created_at
    for post in world.posts:
        assert post.created_at < TODAY


def test_ids_are_unique_and_beyond_those_given_out(world: World) -> None:
    for ids, least, most in (
        ([one.database_id for one in world.accounts], 1_000_000_000, 2**31),
        ([one.database_id for one in world.repositories], 2_000_000_000, 2**31),
        ([pull.database_id for one in world.repositories for pull in one.pull_requests], 2_100_000_000, 2**31),
        ([one.id for one in world.members if one.id > 0], 80_000_000, 2**31),
        ([one.id for one in world.posts], 800_000_000, 2**31),
    ):
        assert len(set(ids)) == len(ids)
        assert all(least <= number < most for number in ids)


def test_nothing_leads_to_a_real_domain_or_mailbox(world: World) -> None:
    told = [
        str(getattr(one, field.name)).replace("\\n", "\n")
        for kind in (world.accounts, world.members, world.posts, world.repositories)
        for one in kind
        for field in fields(one)
    ]
    text = "\n".join(told)
    hosts = set(re.findall(r"https?://([\w.-]+)", text))
    # Profiles of the sites themselves, in all their spellings.
    own = ("github.com", "github.io", "kaggle.com", "stackoverflow.com", "stackexchange.com")
    strange = {host for host in hosts if not host.lower().endswith((".example", *own))}
    assert strange == {"maven.apache.org"}, "the name of a format, which leads nowhere"
    assert set(re.findall(r"[\w.-]+@[\w-]+(?:\.[\w-]+)+", text)) == {"hello@example.org"}


def test_logins_are_of_the_form_that_github_allows(world: World) -> None:
    for one in world.accounts:
        assert re.fullmatch(r"[a-z0-9](?:-?[a-z0-9]){0,38}", one.login), one.login
    living = [one.login for one in world.accounts if not one.is_deleted]
    assert len(set(living)) == len(living)
