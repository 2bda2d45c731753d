"""What tests of discovery have in common."""

from __future__ import annotations

from sourcer.connect import Checkpoint, Evidence, Item, Ref
from sourcer.connect.items import check_item
from sourcer_github import GitHub
from sourcer_github.settings import GitHubDiscover
from support.github_world import FakeGitHub

__all__ = ["discovered", "evidence", "goes_on_from_each_checkpoint", "logins", "texts"]


async def discovered(github: GitHub, discover: GitHubDiscover, after: Checkpoint | None = None) -> list[Item]:
    """Everything that discovery yields; each item keeps the contract."""
    items = [item async for item in github.discover(discover, after)]
    assert [check_item(item, github.sites()) for item in items] == [None] * len(items)
    return items


def logins(items: list[Item]) -> list[str]:
    """Who was found, in order."""
    return [item.login for item in items if isinstance(item, Ref)]


def evidence(items: list[Item], kind: str = "") -> list[Evidence]:
    """The evidence, maybe of one kind only."""
    return [item for item in items if isinstance(item, Evidence) and kind in ("", item.kind)]


def texts(world: FakeGitHub) -> list[str]:
    """Every search that was asked for, in order."""
    return [text for asked in world.asked for name, text in asked.variables.items() if name.startswith("q")]


async def goes_on_from_each_checkpoint(github: GitHub, world: FakeGitHub, discover: GitHubDiscover) -> int:
    """Hold a discovery that goes on from each of its checkpoints against an unbroken one. Gives their number."""
    whole = await discovered(github, discover)
    asked = [(one.query, one.variables) for one in world.asked]
    ends = [position for position, item in enumerate(whole) if isinstance(item, Checkpoint)]
    for end in ends:
        world.asked.clear()
        checkpoint = whole[end]
        assert isinstance(checkpoint, Checkpoint)
        assert await discovered(github, discover, checkpoint) == whole[end + 1 :]
        rest = [(one.query, one.variables) for one in world.asked]
        assert rest == asked[len(asked) - len(rest) :]
    return len(ends)
