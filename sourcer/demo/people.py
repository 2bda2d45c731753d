"""Settles one invented person: who they are, their accounts, and the work that their trade and level show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape
from random import Random
from typing import Final, Literal, TypeAlias

from sourcer.demo.build import Builder, moment, skewed
from sourcer.demo.files import Subject, write_files
from sourcer.demo.model import SITE_GITHUB, TODAY, Account, Member, Person, Repository, dice
from sourcer.demo.names import Identity, company, draw_identity, vague_place
from sourcer.demo.trades import Project, Trade, draw_trade, fill, read_trades

__all__ = ["Presence", "Proof", "Settler", "add_project", "prove"]

Presence: TypeAlias = Literal["github", "stackoverflow", "both"]
Proof: TypeAlias = Literal["both", "github", "stackoverflow", "none"]

_LICENCES: Final = ("MIT", "Apache-2.0", "MIT", "GPL-3.0", "BSD-3-Clause", "NOASSERTION", None, None)
_REPOSITORIES: Final = {1: (2, 4), 2: (3, 7), 3: (5, 10)}
_JUNIOR: Final = 1
_SENIOR: Final = 3
_FOUNDED: Final = datetime(2011, 1, 1, tzinfo=UTC)
_YEAR: Final = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Settler:
    """Settles people into a world, all by one source of chance.

    ``dabbling`` is the share of their repositories that people make outside their trade, as beginners do; the first one
    is never such. ``roles`` is the share of each role in what they make there, in place of the trades' own.
    """

    builder: Builder
    rng: Random
    dabbling: float = 0.15
    roles: Mapping[str, float] | None = None

    def settle(
        self,
        trade: str = "",
        level: int = 0,
        presence: Presence | None = None,
        *,
        who: Identity | None = None,
        proof: Proof | None = None,
    ) -> Person:
        """Invent somebody with accounts and repositories; what is not given is drawn.

        Args:
            trade: A name in ``trades.toml``.
            level: 1 junior, 2 experienced, 3 senior.
            presence: On which sites they are.
            who: Their name and place; both profiles give the same one.
            proof: Which of two profiles names the other.
        """
        rng = self.rng
        kind = read_trades()[trade] if trade else draw_trade(rng)
        level = level or rng.choices((1, 2, 3), (5, 4, 3))[0]
        presence = presence or rng.choices(("github", "stackoverflow", "both"), kind.presence)[0]
        who = who or draw_identity(rng)
        person = Person(who.name, kind.role, kind.name, level, who.country)
        if presence != "stackoverflow":
            person.github = self._open_github(person, who, kind)
        if presence != "github":
            person.stackoverflow = self._join_stackoverflow(person, who, kind)
        if presence == "both":
            drawn: Proof = rng.choices(("both", "github", "stackoverflow", "none"), (3, 3, 3, 1))[0]
            prove(person, proof or drawn)
        return self.builder.person(person)

    def _open_github(self, person: Person, who: Identity, trade: Trade) -> Account:
        rng = self.rng
        login = rng.choice(
            (who.slug, f"{who.given}-{who.family}", f"{who.family}{who.given}", f"{who.slug}{rng.randint(10, 99)}")
        )
        account = self.builder.account(
            login,
            moment(rng, _FOUNDED, TODAY - 2 * _YEAR),
            name=person.name,
            bio=rng.choice((None, fill(rng, rng.choice(trade.bios)), rng.choice(trade.titles))),
            company=rng.choice((None, company(rng), f"@{company(rng).lower().replace(' ', '-')}")),
            location=_place(rng, who),
            website=rng.choice((None, None, f"https://{who.slug}.example")),
            is_hireable=rng.random() < 0.2,  # noqa: PLR2004  # a share, as everywhere in this module
            followers=skewed(rng, trade.followers, 3),
            following=skewed(rng, (0, 200)),
        )
        for number in range(rng.randint(*_REPOSITORIES[person.level])):
            source = draw_trade(rng, self.roles) if number and rng.random() < self.dabbling else trade
            level = person.level if source is trade else _JUNIOR
            add_project(self.builder, rng, account, rng.choice(source.project), level)
        return account

    def _join_stackoverflow(self, person: Person, who: Identity, trade: Trade) -> Member:
        rng = self.rng
        about = f"<p>{escape(fill(rng, rng.choice(trade.bios)), quote=False)}</p>\n"
        return self.builder.member(
            person.name,
            moment(rng, _FOUNDED, TODAY - _YEAR),
            location=_place(rng, who),
            website=rng.choice((None, None, f"https://{who.slug}.example")),
            about=rng.choice((None, about)),
        )


def _place(rng: Random, who: Identity) -> str | None:
    return rng.choices((who.place, vague_place(rng), None), (7, 1, 2))[0]


def prove(person: Person, proof: Proof) -> None:
    """Let one profile of a person name the other, or each, or neither: as website if there is none, else elsewhere."""
    account, member = person.github, person.stackoverflow
    if account is None or member is None:
        return
    person.proof = proof
    if proof in ("both", "github"):
        if account.website is None:
            account.website = f"{member.url}/{account.login}"
        else:
            account.socials = (("GENERIC", f"users/{member.id}", member.url),)
    if proof in ("both", "stackoverflow"):
        if member.website is None:
            member.website = account.url
        else:
            link = f'<a href="{account.url}" rel="nofollow noreferrer">{SITE_GITHUB}/{account.login}</a>'
            member.about = f"{member.about or ''}<p>Code: {link}</p>\n"


def add_project(builder: Builder, rng: Random, owner: Account, project: Project, level: int) -> Repository:
    """Open one repository of a kind; the more senior its author, the more recent, complete and seen it is."""
    name = rng.choice(project.names)
    thing = fill(rng, "{thing}")
    name, text = fill(rng, name, thing), fill(rng, rng.choice(project.descriptions), thing.replace("-", " "))
    created = moment(rng, owner.created_at, TODAY - timedelta(days=30))
    pushed = moment(rng, max(created, TODAY - (5 - level) * _YEAR), TODAY - timedelta(hours=5))
    subject = Subject(name, text, project.packages, f"{builder.world.seed}/{owner.login}/{name}")
    repository = builder.repository(
        owner,
        name,
        created,
        pushed,
        description=rng.choices((text, None), (8, 1))[0],
        topics=_some(rng, project.topics, level),
        languages={name: int(size * 1000 * rng.uniform(0.3, 1.6)) for name, size in project.languages.items()},
        stars=skewed(rng, project.stars, 5 - level),
        forks=skewed(rng, (0, 1 + project.stars[1] // 5)),
        license=rng.choice(_LICENCES),
        homepage=rng.choice((None, None, "", f"https://{name}.example")),
        files=write_files(
            subject, ("readme", *_some(rng, project.evidence, level + 1), *_extras(subject, project, level))
        ),
    )
    if level == _SENIOR and rng.random() < 0.5:  # noqa: PLR2004
        tag = f"v{rng.randint(0, 3)}.{rng.randint(0, 9)}.0{rng.choice(('', '', 'rc1'))}"
        builder.release(repository, tag, moment(rng, created, pushed))
    return repository


def _extras(subject: Subject, project: Project, level: int) -> tuple[str, ...]:
    """Drawn by the repository's own chance, which leaves that of the rest of the world as it is."""
    return _some(dice(subject.seed, "extras"), project.extras, level)


def _some(rng: Random, words: tuple[str, ...], level: int) -> tuple[str, ...]:
    """Juniors leave things out: topics, tests, deployment; seniors seldom."""
    return tuple(word for word in words if rng.random() < 0.2 + 0.25 * level)
