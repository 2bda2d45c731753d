"""Lets people of the world open accounts on Kaggle, and publish and compete as their trade and level let expect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final

from sourcer.demo.build import moment, skewed
from sourcer.demo.kaggle.build import KaggleBuilder
from sourcer.demo.kaggle.model import TIERS, Contest, Kaggler
from sourcer.demo.kaggle.works import entitled, read_works, source_of
from sourcer.demo.model import TODAY, Person
from sourcer.demo.names import company, place_in
from sourcer.demo.trades import fill

__all__ = ["KaggleSettler", "hold_contests"]

_FOUNDED: Final = datetime(2011, 1, 1, tzinfo=UTC)
_YEAR: Final = timedelta(days=365)
_TIER_WEIGHTS: Final = {1: (3, 4, 1, 0, 0), 2: (1, 3, 3, 1, 0), 3: (0, 2, 3, 3, 2)}
"""By level: how often NOVICE, CONTRIBUTOR and so on."""
_CONTESTS: Final = 40
_PSEUDONYMS: Final = 0.06
_NAMES: Final = tuple(TIERS)
_GRANDMASTER: Final = TIERS["GRANDMASTER"]


def hold_contests(builder: KaggleBuilder, rng: Random) -> list[Contest]:
    """The competitions of all years; the official files have lost one of them."""
    kinds = read_works().contest
    for _ in range(_CONTESTS):
        kind = rng.choice(kinds)
        title, deadline = entitled(rng, kind.titles), moment(rng, _FOUNDED + _YEAR, TODAY)
        builder.contest(title, deadline, kind.tags, rng.randint(60, 4_000), counts=not kind.practice)
    builder.site.contests[0].is_hidden = True
    return builder.site.contests


@dataclass(frozen=True, slots=True)
class KaggleSettler:
    """Settles people on Kaggle, all by one source of chance."""

    builder: KaggleBuilder
    rng: Random
    contests: Sequence[Contest]

    def settle(self, person: Person, *, tier: str = "", works: bool = True) -> Kaggler:
        """Open an account for somebody.

        Args:
            person: Whose it is; their trade and level say what they show.
            tier: A tier of people; drawn where none is given.
            works: Whether they show anything.
        """
        account = self.open(person, tier or _NAMES[self.rng.choices(range(5), _TIER_WEIGHTS[person.level])[0]])
        person.kaggle = account
        if works:
            for _ in range(self.rng.randint(0, 1 + 2 * person.level)):
                self.write_notebook(account, person.trade)
            self._publish(account, person.level)
            self._compete(account, person.level)
        return account

    def open(self, person: Person, tier: str) -> Kaggler:
        """An account without any work."""
        rng = self.rng
        country = read_works().countries.get(person.country)
        city = (place_in(rng, person.country) or "").partition(",")[0].partition(" /")[0]
        return self.builder.account(
            self._login(person),
            moment(rng, _FOUNDED, TODAY - _YEAR),
            name=self._pseudonym() if rng.random() < _PSEUDONYMS else person.name,
            tier=tier,
            grandmaster_level=rng.randint(1, 3) if tier == "GRANDMASTER" else 0,
            place=rng.choice((f"{city}, {country}", country, None)) if city and country else None,
            country=country,
            organization=rng.choice((None, company(rng))),
        )

    def _pseudonym(self) -> str:
        """What some go by who do not show their name; it looks like one, which makes a rule of names doubt."""
        thing = fill(self.rng, "{thing}").partition("-")[0]
        return f"{thing.title()} {self.rng.choice(('Wanderer', 'Tinkerer', 'Whisperer'))}"

    def _login(self, person: Person) -> str:
        """Often the one that somebody has on GitHub, which proves nothing."""
        if person.github is None:
            return fill(self.rng, "{thing}").replace("-", "") + str(self.rng.randint(10, 999))
        login = person.github.login.lower()
        return self.rng.choice((login, login, login.replace("-", ""), f"{login}{self.rng.randint(10, 99)}"))

    def write_notebook(self, author: Kaggler, trade: str, *, kind: int | None = None, votes: int | None = None) -> None:
        """Publish a notebook of a trade: any of its kinds, or the one of that number."""
        rng = self.rng
        kinds = read_works().notebooks_of(trade)
        chosen = rng.choice(kinds) if kind is None else kinds[kind]
        title = entitled(rng, chosen.titles)
        created = moment(rng, author.joined_at, TODAY - timedelta(days=2))
        is_notebook = rng.random() < 0.7  # noqa: PLR2004  # a share
        votes = skewed(rng, (0, 40 * (1 + TIERS[author.tier] % 5)), 3) if votes is None else votes
        self.builder.notebook(
            author,
            title,
            created_at=created,
            ran_at=moment(rng, created, TODAY),
            source=source_of(chosen, title, as_notebook=is_notebook),
            tags=tuple(tag for tag in chosen.tags if rng.random() < 0.8),  # noqa: PLR2004
            language=chosen.language,
            kind="notebook" if is_notebook else "script",
            votes=votes,
            medal=_by_votes(votes),
            forked_from=rng.choice((None, None, None, 9_999)),
        )

    def _publish(self, owner: Kaggler, level: int) -> None:
        rng = self.rng
        for _ in range(rng.choices((0, 1, 2), (5, 2, level))[0]):
            kind = rng.choice(read_works().dataset)
            created = moment(rng, owner.joined_at, TODAY - timedelta(days=2))
            self.builder.dataset(
                owner,
                entitled(rng, kind.titles),
                created_at=created,
                updated_at=moment(rng, created, TODAY),
                tags=kind.tags,
                votes=skewed(rng, (0, 90)),
                downloads=skewed(rng, (0, 5_000)),
            )
        if level > 1 and rng.random() < 0.2:  # noqa: PLR2004
            shape = rng.choice(read_works().model)
            published = moment(rng, max(owner.joined_at, TODAY - 3 * _YEAR), TODAY - timedelta(days=2))
            self.builder.model(
                owner,
                entitled(rng, shape.titles),
                published_at=published,
                updated_at=moment(rng, published, TODAY),
                framework=rng.choice(shape.frameworks),
                tags=shape.tags,
                votes=skewed(rng, (0, 60)),
            )

    def _compete(self, account: Kaggler, level: int) -> None:
        rng = self.rng
        entered = {team.contest.id for team in account.teams}
        open_ones = [one for one in self.contests if one.id not in entered]
        for contest in rng.sample(open_ones, min(len(open_ones), rng.randint(0, 2 * level))):
            able = [one for one in self.builder.site.people if one is not account and self._is_free(one, contest)]
            mates = rng.sample(able, min(len(able), rng.choices((0, 1, 2), (6, 2, 1))[0]))
            share = rng.random() ** (1 + TIERS[account.tier] % 5)
            rank = max(1, int(share * contest.teams))
            public = max(1, min(contest.teams, rank + rng.randint(-20, 20)))
            medal = _by_rank(rank, contest) if contest.counts else None
            self.builder.team(contest, (account, *mates), rank, public_rank=public, medal=medal)

    def _is_free(self, person: Kaggler, contest: Contest) -> bool:
        return person.tier in _NAMES[:5] and all(team.contest is not contest for team in person.teams)


def _by_votes(votes: int) -> int | None:
    """The medal of a notebook."""
    return next((medal for medal, least in ((1, 50), (2, 20), (3, 5)) if votes >= least), None)


def _by_rank(rank: int, contest: Contest) -> int | None:
    """The medal of a team: a tenth of all get one."""
    return next((medal for medal, share in ((1, 0.01), (2, 0.05), (3, 0.1)) if rank <= share * contest.teams), None)
