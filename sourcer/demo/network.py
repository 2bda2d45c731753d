"""The second Stack Exchange site of the world: people with accounts on both, and some who are only there."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Final

from sourcer.demo.answers import award, converse
from sourcer.demo.build import Builder, moment
from sourcer.demo.model import TODAY, Community, Person

__all__ = ["SECOND_SITE", "plant_second_site"]

SECOND_SITE: Final = "datascience"
"""What the API calls it."""

_TAGS: Final = ("machine-learning", "deep-learning", "scikit-learn", "pytorch", "tensorflow", "mlops", "mlflow")
_TRADES: Final = ("mlops", "modelling", "data_science", "research", "data_engineering")
_ALSO: Final = 0.4
_ONLY: Final = 0.15
_FIRST_NETWORK: Final = 95_000_001


def plant_second_site(builder: Builder, rng: Random) -> None:
    """Let people of the trades around data join a second site; whoever is on both has one account on the network.

    Members are numbered as those of Stack Overflow are: one number stands for two strangers.
    """
    there = builder.on(Community(SECOND_SITE, "Data Science", "datascience.stackexchange.com"))
    for person in builder.world.people:
        if person.trade in _TRADES and not person.traps:
            _join(there, rng, person)
    # Somebody had two accounts on the network; of the first one only this is left. A small world may have nobody there.
    joined = next((member.network_id for member in there.community.members), None)
    if joined is not None:
        builder.world.merges.append((joined - 5, joined, TODAY - timedelta(days=300)))
    converse(there, rng, _TAGS)
    award(there)


def _join(builder: Builder, rng: Random, person: Person) -> None:
    member = person.stackoverflow
    if rng.random() >= (_ONLY if member is None else _ALSO):
        return
    joined = moment(rng, TODAY - timedelta(days=3000), TODAY - timedelta(days=400))
    if member is not None:
        fields = {"network_id": member.network_id, "location": member.location, "website": member.website}
        person.elsewhere[SECOND_SITE] = builder.member(member.name, joined, about=member.about, **fields)
    elif person.github is not None:
        network_id = _FIRST_NETWORK + 11 * len(builder.community.members)
        person.elsewhere[SECOND_SITE] = builder.member(
            person.name, joined, network_id=network_id, website=person.github.url
        )
