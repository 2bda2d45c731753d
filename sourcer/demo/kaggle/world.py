"""The invented Kaggle as a whole: people of the world, some who are nowhere else, and the traps among them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Final

from sourcer.demo.kaggle.build import KaggleBuilder
from sourcer.demo.kaggle.model import Kaggle, Kaggler
from sourcer.demo.kaggle.settle import KaggleSettler, hold_contests
from sourcer.demo.kaggle.standings import rank_people
from sourcer.demo.kaggle.works import read_works
from sourcer.demo.model import TODAY, Person, World, dice
from sourcer.demo.names import draw_identity

__all__ = ["PROLIFIC", "join_kaggle"]

PROLIFIC: Final = 130
"""Notebooks of one person: more than a page of a list holds."""

_ELSEWHERE_NOT: Final = 12
"""One human in so many is on Kaggle alone, beside all others."""


def join_kaggle(world: World) -> None:
    """Let people join. It draws from chance of its own, which leaves the rest of the world as it is."""
    rng = dice(world.seed, "kaggle")
    builder = KaggleBuilder(world.kaggle)
    settler = KaggleSettler(builder, rng, hold_contests(builder, rng))
    shares = read_works().shares
    for person in tuple(world.people):
        # Who stands for a trap elsewhere stays as they are.
        if not person.traps and rng.random() < shares.get(person.trade, 0.0):
            settler.settle(person)
    for _ in range(2 + len(world.people) // _ELSEWHERE_NOT):
        settler.settle(_newcomer(world, rng, rng.choice(("data_science", "data_science", "research", "modelling"))))
    _plant(world, settler)
    rank_people(world.kaggle)


def _newcomer(world: World, rng: Random, trade: str = "data_science", name: str = "") -> Person:
    """Somebody who is on no other site."""
    who = draw_identity(rng)
    role = {"research": "researcher", "modelling": "ml_engineer"}.get(trade, "data_scientist")
    person = Person(name or who.name, role, trade, rng.choice((1, 2, 3)), who.country)
    world.people.append(person)
    return person


def _plant(world: World, settler: KaggleSettler) -> None:
    """Accounts that are not what they seem; most wrote about MLflow, so that a search finds them."""
    traps: dict[str, Callable[[Kaggler], None]] = {
        "kaggle_opted_out": _opt_out,
        "kaggle_nameless": _unname,
        "kaggle_recounted": lambda one: setattr(one, "tier", "RECALC"),
        "kaggle_deleted": lambda one: setattr(one, "is_gone", True),
        "kaggle_no_source": _withhold,
    }
    for trap, change in traps.items():
        account = settler.settle(_newcomer(world, settler.rng), tier="EXPERT")
        settler.write_notebook(account, "mlops", kind=0)
        change(account)
        _mark(world, trap, account)
    for tier in ("STAFF", "ORGANIZATION"):
        stranger = settler.builder.account(f"example-{tier.lower()}", TODAY - timedelta(days=3_000), tier=tier)
        stranger.name = f"Example {tier.title()}"
        settler.write_notebook(stranger, "mlops", kind=0)
        _mark(world, f"kaggle_{tier.lower()}", stranger)
    prolific = settler.settle(_newcomer(world, settler.rng), tier="MASTER", works=False)
    for number in range(PROLIFIC):
        settler.write_notebook(prolific, "data_science", votes=number)
    _mark(world, "kaggle_prolific", prolific)
    _plant_doubles(world, settler)
    _leave_teams(world.kaggle)


def _leave_teams(site: Kaggle) -> None:
    """Who opted out is named in no team any more; a team without anybody is none."""
    for team in site.teams:
        team.members = tuple(one for one in team.members if not one.has_opted_out)
    site.teams = [team for team in site.teams if team.members]


def _plant_doubles(world: World, settler: KaggleSettler) -> None:
    """Strangers who share a name or a handle with somebody on GitHub."""
    known = [one for one in world.people if one.github is not None and not one.traps and one.kaggle is None]
    for trap, victim in zip(("kaggle_namesake", "kaggle_same_handle"), known, strict=False):
        shared = trap == "kaggle_namesake"
        double = settler.settle(_newcomer(world, settler.rng, name=victim.name if shared else ""), tier="CONTRIBUTOR")
        if shared:
            double.name = victim.name
        elif victim.github is not None:
            double.login = victim.github.login
        _mark(world, trap, double)


def _opt_out(account: Kaggler) -> None:
    """Who opts out has no tier and no place among others any more: the official files tell as little."""
    account.has_opted_out, account.tier = True, "NOVICE"
    account.teams.clear()


def _unname(account: Kaggler) -> None:
    account.name = None


def _withhold(account: Kaggler) -> None:
    for notebook in account.notebooks:
        notebook.source = ""


def _mark(world: World, trap: str, account: Kaggler) -> None:
    world.traps.setdefault(trap, []).append(f"kaggle:#{account.id}")
    for person in world.people:
        if person.kaggle is account:
            person.traps = (*person.traps, trap)
