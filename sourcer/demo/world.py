"""The invented population as a whole: some hundred people of all roles, and among them the traps of real life."""

from __future__ import annotations

from sourcer.demo.answers import award, converse
from sourcer.demo.build import Builder
from sourcer.demo.model import World, dice
from sourcer.demo.people import Settler
from sourcer.demo.pulls import plant_pull_requests
from sourcer.demo.traps import plant_posts, plant_profiles

__all__ = ["make_world"]


def make_world(seed: int = 7, people: int = 300) -> World:
    """Make a world: the same for the same arguments, in any process and on any machine.

    Args:
        seed: Names the world.
        people: How many humans it holds, trap-bearers included; there are never fewer than the traps need.
    """
    builder = Builder(seed)
    plant_profiles(Settler(builder, dice(seed, "traps"), dabbling=0.0))
    settler = Settler(builder, dice(seed, "people"))
    while len(builder.world.people) < people:
        settler.settle()
    plant_pull_requests(builder, dice(seed, "pull requests"))
    converse(builder, dice(seed, "posts"))
    plant_posts(builder, dice(seed, "odd posts"))
    award(builder)
    return builder.world
