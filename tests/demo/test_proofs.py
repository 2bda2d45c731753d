from __future__ import annotations

import re

import pytest

from sourcer.connect.addresses import address_reader
from sourcer.demo.model import World
from sourcer.demo.world import make_world


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(7, 300)


def said(world: World, key: tuple[str, str]) -> list[str]:
    """Every address that an account shows."""
    site, uid = key
    if site == "github":
        account = next(one for one in world.accounts if str(one.database_id) == uid)
        readme = next((one.files["README.md"] for one in account.repositories if one.name == account.login), "")
        urls = [*filter(None, [account.website]), *(url for *_, url in account.socials), *(account.bio or "").split()]
        return [*urls, *re.split(r"[\s<>()\[\],'\"]+", readme)]
    if site == "kaggle":
        shown = next(one for one in world.kaggle.people if str(one.id) == uid).shown
        return [f"https://github.com/{shown.get('gitHubUserName', '')}", shown.get("websiteUrl", "")]
    member = next(one for one in world.communities[site].members if str(one.id) == uid)
    return [
        member.website or "",
        *(member.about or "").split('"'),
        f"https://stackexchange.com/users/{member.network_id}",
    ]


def test_every_proof_is_really_written_in_the_profile(world: World) -> None:
    read = address_reader()
    networks = {str(one.network_id): one for one in world.members}
    logins = {("github", one.login.lower()): str(one.database_id) for one in world.accounts if not one.is_gone}
    logins |= {("kaggle", one.login.lower()): str(one.id) for one in world.kaggle.people}
    assert {proof.where for proof in world.proofs} >= {
        "profile",
        "website",
        "bio",
        "socials",
        "about",
        "saved page",
        "readme",
    }
    for proof in world.proofs:
        found = [address for url in said(world, proof.by) if url and (address := read(url)) is not None]
        uids = {(site, uid or logins.get((site, (login or "").lower()))) for site, login, uid in found}
        registered = {uid for site, uid in uids if site == "stackexchange"}
        uids |= {("stackoverflow", str(networks[uid].id)) for uid in registered if uid in networks}
        deleted = any(str(one.database_id) == proof.of[1] and one.is_gone for one in world.accounts)
        assert proof.of in uids or deleted, proof


def test_false_friends_are_planted_where_nothing_true_could_be_said(world: World) -> None:
    planted = {"names_an_idol", "names_a_friend", "shares_a_page", "same_idol", "names_an_organization", "dead_link"}
    planted |= {"names_a_competition", "names_a_project", "old_login", "names_a_team"}
    assert planted <= world.traps.keys()
    speaking = {proof.by for proof in world.proofs}
    for trap in planted - {"names_a_team"}:
        for key in world.traps[trap]:
            site, _, uid = key.partition(":#")
            assert (site, uid) not in speaking
            person = world.person_of(key)
            assert person is not None
            assert person.github is None


def test_readmes_of_profiles_mislead_who_takes_pictures_examples_and_friends_for_statements(world: World) -> None:
    traps = {trap: keys for trap, keys in world.traps.items() if trap.startswith("readme_")}
    assert len(traps) == 7
    speaking = {proof.by for proof in world.proofs}
    named = {one.login for one in world.kaggle.people}
    for (key,) in traps.values():
        person = world.person_of(key)
        assert person is not None
        assert person.github is not None
        assert ("github", str(person.github.database_id)) not in speaking
        readme = person.github.repositories[-1].files["README.md"]
        assert any(f"/{login}" in readme for login in named) or "/competitions/" in readme
    (forked,) = traps["readme_fork"]
    assert world.person_of(forked).github.repositories[-1].parent is not None  # type: ignore[union-attr]


def test_who_is_given_ten_repositories_has_ten_with_the_readme_among_them() -> None:
    even = make_world(3, 60, repositories=10)
    people = [one.github for one in even.people if one.github is not None]
    assert {len(one.repositories) for one in people} == {10}
    assert any(one.name == account.login for account in people for one in account.repositories)
