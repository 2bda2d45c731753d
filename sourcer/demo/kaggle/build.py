"""Puts accounts and their work into the invented Kaggle, and gives them ids that the site has not given out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sourcer.demo.build import numbered
from sourcer.demo.kaggle.model import Contest, Dataset, Kaggle, Kaggler, Model, Notebook, Team
from sourcer.demo.kaggle.works import slug_of

__all__ = ["KaggleBuilder"]

# Numbers of 32 bits end at 2,147,483,647; Kaggle had given out about 30 million user ids by the world's day.
_FIRST: Final = {
    Kaggler: 2_000_000_000,
    Contest: 2_020_000_000,
    Team: 2_030_000_000,
    Notebook: 2_040_000_000,
    Dataset: 2_060_000_000,
    Model: 2_080_000_000,
}
_APART: Final = 19
_LONGEST_LOGIN: Final = 32


class KaggleBuilder:
    """The site under construction."""

    def __init__(self, site: Kaggle) -> None:
        self.site = site
        self._logins = {one.login.lower() for one in site.people}

    def _number(self, kind: type, there: Sequence[object]) -> int:
        return _FIRST[kind] + _APART * (len(there) + 1)

    def account(self, login: str, joined_at: datetime, **fields: Any) -> Kaggler:
        """Open an account; a user name that is taken gets a number. Further fields are those of :class:`Kaggler`."""
        free = next(name for name in numbered(login[:_LONGEST_LOGIN]) if name.lower() not in self._logins)
        self._logins.add(free.lower())
        blank: dict[str, Any] = {"name": None}
        person = Kaggler(self._number(Kaggler, self.site.people), free, joined_at=joined_at, **(blank | fields))
        self.site.people.append(person)
        return person

    def contest(self, title: str, deadline: datetime, tags: tuple[str, ...], teams: int, **fields: Any) -> Contest:
        """Hold a competition."""
        taken = {one.slug for one in self.site.contests}
        slug = next(slug for slug in numbered(slug_of(title)) if slug not in taken)
        number = self._number(Contest, self.site.contests)
        contest = Contest(number, slug, title, deadline, tags, teams, **fields)
        self.site.contests.append(contest)
        return contest

    def team(self, contest: Contest, members: Sequence[Kaggler], rank: int, **fields: Any) -> Team:
        """Let people take part. Further fields are those of :class:`Team`."""
        blank: dict[str, Any] = {"name": f'The "{members[0].login}" team', "public_rank": rank}
        team = Team(self._number(Team, self.site.teams), contest, members=tuple(members), rank=rank, **(blank | fields))
        self.site.teams.append(team)
        for member in members:
            member.teams.append(team)
        return team

    def notebook(self, author: Kaggler, title: str, **fields: Any) -> Notebook:
        """Publish a notebook. Further fields are those of :class:`Notebook`."""
        slug = _free_slug(title, author.notebooks)
        notebook = Notebook(self._number(Notebook, self.site.notebooks), author, slug, title, **fields)
        self.site.notebooks.append(notebook)
        author.notebooks.append(notebook)
        return notebook

    def dataset(self, owner: Kaggler, title: str, **fields: Any) -> Dataset:
        """Publish a data set. Further fields are those of :class:`Dataset`."""
        slug = _free_slug(title, owner.datasets)
        dataset = Dataset(self._number(Dataset, self.site.datasets), owner, slug, title, **fields)
        self.site.datasets.append(dataset)
        owner.datasets.append(dataset)
        return dataset

    def model(self, owner: Kaggler, title: str, **fields: Any) -> Model:
        """Publish a model. Further fields are those of :class:`Model`."""
        slug = _free_slug(title, owner.models)
        model = Model(self._number(Model, self.site.models), owner, slug, title, **fields)
        self.site.models.append(model)
        owner.models.append(model)
        return model


def _free_slug(title: str, there: Sequence[Notebook] | Sequence[Dataset] | Sequence[Model]) -> str:
    taken = {one.slug for one in there}
    return next(slug for slug in numbered(slug_of(title)) if slug not in taken)
