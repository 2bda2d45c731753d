"""The invented population as a whole: some hundred people of all roles, and among them the traps of real life."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from random import Random

from sourcer.demo.answers import award, converse
from sourcer.demo.build import Builder
from sourcer.demo.introductions import plant_introductions
from sourcer.demo.kaggle.world import join_kaggle
from sourcer.demo.model import Account, Person, World, dice
from sourcer.demo.network import plant_second_site
from sourcer.demo.odd_files import plant_files
from sourcer.demo.people import Settler, add_project
from sourcer.demo.proofs import plant_proofs
from sourcer.demo.pulls import plant_pull_requests
from sourcer.demo.teamwork import plant_members, plant_reviews, plant_teamwork
from sourcer.demo.trades import draw_trade, read_trades
from sourcer.demo.traps import plant_posts, plant_profiles

__all__ = ["make_world"]


def make_world(
    seed: int = 7, people: int = 300, *, repositories: int | None = None, roles: Mapping[str, float] | None = None
) -> World:
    """Make a world: the same for the same arguments, in any process and on any machine.

    Args:
        seed: Names the world.
        people: How many humans it holds, trap-bearers included; there are never fewer than the traps need. Those who
            are on Kaggle alone come on top.
        repositories: Gives everybody an account on GitHub with exactly so many repositories; ``people`` are then those
            who have such an account today. Not less than five, which is what some traps need.
        roles: The share that each role has among these people and in what they dabble in, in place of the trades' own;
            only traps bear a role that is not named.
    """
    builder = Builder(seed)
    plant_profiles(Settler(builder, dice(seed, "traps"), dabbling=0.0))
    settler = Settler(builder, dice(seed, "people"), roles=roles)
    while len(settled := _settled(builder.world, repositories)) < people:
        trade = draw_trade(settler.rng, _short(settled, people, roles)).name if roles else ""
        settler.settle(trade, presence=None if repositories is None else settler.rng.choice(("github", "both")))
    plant_files(builder)
    if repositories is not None:
        _even_out(builder, dice(seed, "even"), repositories)
    _work_together(builder, seed)
    converse(builder, dice(seed, "posts"))
    plant_posts(builder, dice(seed, "odd posts"))
    award(builder)
    plant_second_site(builder, dice(seed, "second site"))
    join_kaggle(builder.world)
    plant_proofs(builder.world)
    plant_introductions(builder, even=repositories is not None)
    return builder.world


def _settled(world: World, repositories: int | None) -> list[Person]:
    """Those who count: everybody, or whoever has an account on GitHub today."""
    if repositories is None:
        return world.people
    return [person for person in world.people if person.github is not None and not person.github.is_gone]


def _short(settled: Sequence[Person], people: int, roles: Mapping[str, float]) -> Mapping[str, float]:
    """How many people each role is short of; the shares themselves where none is."""
    have = Counter(person.role for person in settled)
    short = {role: max(0.0, share * people - have[role]) for role, share in roles.items()}
    return short if any(short.values()) else roles


def _work_together(builder: Builder, seed: int) -> None:
    plant_pull_requests(builder, dice(seed, "pull requests"))
    plant_teamwork(builder, dice(seed, "teamwork"))
    plant_members(builder, dice(seed, "members"))
    plant_reviews(builder, dice(seed, "reviews"))


def _even_out(builder: Builder, rng: Random, number: int) -> None:
    """Give everybody exactly ``number`` repositories: those that stand for a trap stay."""
    marked = {key for keys in builder.world.traps.values() for key in keys}
    for person in builder.world.people:
        account = person.github
        if account is None:
            continue
        plain = [one for one in account.repositories if f"github:{one.name_with_owner}" not in marked]
        for one in plain[: max(0, len(account.repositories) - number)]:
            account.repositories.remove(one)
            builder.world.repositories.remove(one)
        _fill_up(builder, rng, person, account, number)


def _fill_up(builder: Builder, rng: Random, person: Person, account: Account, number: int) -> None:
    trade = read_trades()[person.trade]
    quiet = bool(account.repositories) and not any(one.topics for one in account.repositories)
    while len(account.repositories) < number:
        repository = add_project(builder, rng, account, rng.choice(trade.project), person.level)
        if quiet:
            repository.topics = ()
