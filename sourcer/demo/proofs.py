"""Lets people name their own accounts on other sites as real ones do, and plants what looks like it and is none.

Every true statement is kept in ``World.proofs``: with it a test can tell what public proof allows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape
from random import Random
from typing import Final, TypeAlias

from sourcer.demo.kaggle.model import SITE_KAGGLE, Kaggler
from sourcer.demo.model import SITE_GITHUB, Account, Member, Person, Proof, World, dice

__all__ = ["kaggler_spellings", "key_of", "member_spellings", "plant_proofs"]

Key: TypeAlias = tuple[str, str]

_OLD_PAGES: Final = 2022
"""Pages of accounts that were opened later never showed names of other accounts."""
_SHARING: Final = 2


def plant_proofs(world: World) -> None:
    """Plant true statements, and then false friends among people who are on one site alone."""
    rng = dice(world.seed, "proofs")
    for person in world.people:
        _note_planted(world, person)
        if not person.traps:
            _respell(rng, person)
            _tell(world, rng, person)
    _mislead(world)


def _note_planted(world: World, person: Person) -> None:
    """What the profiles on GitHub and the Stack Exchange network say of each other already."""
    account, member = person.github, person.stackoverflow
    if account is not None and member is not None:
        if person.proof in ("both", "github"):
            world.proofs.append(Proof(key_of(account), key_of(member), "profile"))
        if person.proof in ("both", "stackoverflow"):
            world.proofs.append(Proof(key_of(member), key_of(account), "profile"))
    for site, there in person.elsewhere.items():
        if member is not None:
            world.proofs.append(Proof((site, str(there.id)), key_of(member), "account_id"))
        elif account is not None and there.website == account.url:
            world.proofs.append(Proof((site, str(there.id)), key_of(account), "website"))


def key_of(account: Account | Member | Kaggler) -> Key:
    """Site and id."""
    match account:
        case Account():
            return "github", str(account.database_id)
        case Member():
            return "stackoverflow", str(account.id)
        case Kaggler():
            return "kaggle", str(account.id)


def _respell(rng: Random, person: Person) -> None:
    """Write an address that is there already in another of the ways that people write it."""
    account, member = person.github, person.stackoverflow
    if account is not None and member is not None and (account.website or "").startswith(member.url):
        account.website = rng.choice(member_spellings(member))
    if account is not None and member is not None and member.website == account.url:
        member.website = rng.choice(_account_spellings(account))


def _account_spellings(account: Account) -> tuple[str, ...]:
    login = account.login
    return (
        f"https://github.com/{login}",
        f"http://www.github.com/{login}/",
        f"github.com/{login.upper()}",
        f"https://github.com/{login}?tab=repositories",
        f"https://GitHub.com//{login}#readme",
        f"https://github.com/{login.replace('-', '%2D')}",
        f"https://m.github.com/{login}",
        f"https://{login}.github.io/",
        f"https://gist.github.com/{login}",
    )


def member_spellings(member: Member) -> tuple[str, ...]:
    """The ways in which people write the address of a profile on Stack Overflow."""
    return (
        f"https://stackoverflow.com/users/{member.id}",
        f"http://www.stackoverflow.com/users/{member.id}/some-name/",
        f"stackoverflow.com/users/{member.id}?tab=profile",
        f"https://StackOverflow.com/users/{member.id}/n%C3%A4me#tab-top",
        f"https://stackexchange.com/users/{member.network_id}/name",
    )


def kaggler_spellings(kaggler: Kaggler) -> tuple[str, ...]:
    """The same for Kaggle."""
    login = kaggler.login
    return (
        f"https://www.kaggle.com/{login}",
        f"http://kaggle.com/{login}/",
        f"kaggle.com/{login.upper()}",
        f"https://www.kaggle.com/{login}/competitions",
        f"https://www.kaggle.com/{login}?rvi=1",
        f"https://www.kaggle.com/users/{kaggler.id}/some-name",
        f"https://m.kaggle.com//{login}",
        f"https://www.kaggle.com/{login.replace('-', '%2d')}#about",
    )


def _tell(world: World, rng: Random, person: Person) -> None:
    """Let somebody who is on Kaggle and elsewhere say so, in one profile, in two or in none."""
    kaggler, account, member = person.kaggle, person.github, person.stackoverflow
    if kaggler is None:
        return
    if account is not None:
        who = rng.choices(("github", "kaggle", "both", "none"), (4, 2, 2, 2))[0]
        if who in ("github", "both"):
            where = _say_on_github(rng, account, rng.choice(kaggler_spellings(kaggler)))
            world.proofs.append(Proof(key_of(account), key_of(kaggler), where))
        if who in ("kaggle", "both") and kaggler.joined_at.year < _OLD_PAGES:
            _say_on_kaggle(rng, kaggler, account)
            world.proofs.append(Proof(key_of(kaggler), key_of(account), "saved page"))
    if member is not None and rng.random() < 0.5:  # noqa: PLR2004  # a share, as everywhere in this module
        where = _say_on_stackoverflow(rng, member, rng.choice(kaggler_spellings(kaggler)))
        world.proofs.append(Proof(key_of(member), key_of(kaggler), where))


def _say_on_github(rng: Random, account: Account, url: str) -> str:
    ways: list[str] = ["socials", "bio", *(("website",) if account.website is None else ())]
    where = rng.choice(ways)
    if where == "website":
        account.website = url
    elif where == "socials":
        account.socials = (*account.socials, ("GENERIC", url.rpartition("/")[2], url))
    else:
        account.bio = f"{account.bio or 'Data.'} Kaggle: {url}"
    return where


def _say_on_stackoverflow(rng: Random, member: Member, url: str) -> str:
    if member.website is None and rng.random() < 0.5:  # noqa: PLR2004
        member.website = url
        return "website"
    whole = url if "://" in url else f"https://{url}"
    member.about = f'{member.about or ""}<p>I compete at <a href="{escape(whole)}">Kaggle</a>.</p>\n'
    return "about"


def _say_on_kaggle(rng: Random, kaggler: Kaggler, account: Account) -> None:
    if rng.random() < 0.7:  # noqa: PLR2004
        kaggler.shown["gitHubUserName"] = account.login
    else:
        kaggler.shown["websiteUrl"] = rng.choice(_account_spellings(account))


def _mislead(world: World) -> None:
    """Statements that are no proof: idols, friends, shared pages, organisations, dead ends, pages that are no profiles.

    Most who make them are on Stack Overflow alone, so that any link of theirs is a wrong one.
    """
    speakers = _alone(world)
    for trap, lure in _lures(world):
        member = next(speakers, None)
        if member is None:
            return
        lure(member)
        world.traps.setdefault(trap, []).append(f"stackoverflow:#{member.id}")
    _mislead_on_kaggle(world)


def _alone(world: World) -> Iterator[Member]:
    for person in world.people:
        if person.github is None and person.kaggle is None and not person.traps and person.stackoverflow is not None:
            yield person.stackoverflow


def _lures(world: World) -> Iterator[tuple[str, Callable[[Member], None]]]:
    """What strangers say, by the trap's name; each is said by one more of them."""
    plain = [one for one in world.people if not one.traps and one.github is not None]
    idols = [one.github for one in plain if one.proof in ("both", "github") and one.github is not None]
    friends = [one.github for one in plain if one.stackoverflow is None and one.kaggle is None and one.github]
    if len(idols) < 2 or len(friends) < 3:  # noqa: PLR2004  # a small world
        return
    repository = next((one for one in world.repositories if one.owner is friends[2]), None)
    yield "names_an_idol", _website(idols[0].url)
    yield "names_a_friend", _about(f"Thanks to {friends[0].login} for all the fish", friends[0].url)
    yield from (("shares_a_page", _website(friends[1].url)) for _ in range(_SHARING))
    yield from (("same_idol", _website(idols[1].url)) for _ in range(_SHARING))
    yield "names_an_organization", _website(_organization(world).url)
    yield "dead_link", _website(f"{SITE_GITHUB}/nobody-has-this-name-0")
    yield "names_a_competition", _about("My best place", f"{SITE_KAGGLE}/competitions/{world.kaggle.contests[0].slug}")
    if repository is not None:
        yield "names_a_project", _website(f"{SITE_GITHUB}/{repository.name_with_owner}")


def _organization(world: World) -> Account:
    return next(one for one in world.accounts if one.kind == "Organization")


def _website(url: str) -> Callable[[Member], None]:
    return lambda member: setattr(member, "website", url)


def _about(said: str, url: str) -> Callable[[Member], None]:
    return lambda member: setattr(member, "about", f'<p>{said}: <a href="{url}">here</a></p>\n')


def _mislead_on_kaggle(world: World) -> None:
    """A page that names a login which is somebody else's today, and a profile that names two colleagues."""
    heirs = [one for one in world.people if "reused_login" in one.traps and one.github and not one.github.is_deleted]
    alone = [one.kaggle for one in world.people if one.kaggle and not (one.traps or one.github or one.stackoverflow)]
    if heirs and heirs[0].github is not None and len(alone) > _SHARING:
        alone[0].shown["gitHubUserName"] = heirs[0].github.login
        world.traps["old_login"] = [f"kaggle:#{alone[0].id}"]
        team = next((one.github for one in world.people if not one.traps and one.github and one.kaggle is None), None)
        if team is not None:
            team.bio = f"We are {alone[1].url} and {alone[2].url}"
            world.traps["names_a_team"] = [f"github:{team.login}"]
