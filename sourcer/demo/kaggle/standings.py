"""Who stands where on Kaggle: tiers, points, medals and ranks by category, from the work that is there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sourcer.demo.kaggle.model import CATEGORIES, TIERS, Category, Kaggle, Kaggler, Standing

__all__ = ["rank_people"]

_POINTS: Final = {1: 900, 2: 300, 3: 100}
"""By medal."""


def rank_people(site: Kaggle) -> None:
    """Give everybody their standings; whoever takes no part, and is nobody's person, has none."""
    taking_part = [one for one in site.people if not one.has_opted_out and TIERS[one.tier] < TIERS["STAFF"]]
    for person in taking_part:
        person.standings = {category: _standing(person, category) for category in CATEGORIES}
    for category in CATEGORIES:
        ranked = [one for one in taking_part if one.standings[category].points]
        # The number breaks ties, so that a rank is one person's.
        for rank, person in enumerate(sorted(ranked, key=lambda one: (-one.standings[category].points, one.id)), 1):
            person.standings[category].rank = rank
            person.standings[category].highest = max(1, rank - person.id % 7)


def _standing(person: Kaggler, category: Category) -> Standing:
    medals = list(_medals(person, category))
    tier = TIERS[person.tier]
    # Nobody has a tier by nothing: it is the best of the four.
    best: Category = "competitions" if person.teams else "notebooks"
    points = sum(_POINTS[medal] for medal in medals) + (40 * tier if category == best and tier else 0)
    return Standing(
        tier=tier if category == best else min(tier, len(medals)),
        points=points,
        gold=medals.count(1),
        silver=medals.count(2),
        bronze=medals.count(3),
    )


def _medals(person: Kaggler, category: Category) -> Iterator[int]:
    if category == "competitions":
        yield from (team.medal for team in person.teams if team.medal)
    elif category == "notebooks":
        yield from (notebook.medal for notebook in person.notebooks if notebook.medal)
