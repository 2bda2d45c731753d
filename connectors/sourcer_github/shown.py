"""The README that GitHub shows on a person's profile: that of the repository which is called like its owner.

It is free text about oneself, such as the bio. What it leads to is remembered: a look that is not told of it, such as
one without a token, leaves what was known, instead of saying that there are no links.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from sourcer_github.account import Account
from sourcer_github.client import Outcome
from sourcer_github.reading.links import read_links
from sourcer_github.wire.base import read
from sourcer_github.wire.files import ShownNode
from sourcer_github.wire.people import RepositoryNode

__all__ = ["await_readme", "leave_readme", "split", "take_readme"]

_README: Final = "readme"
"""What it is called in questions."""


def await_readme(account: Account) -> RepositoryNode | None:
    """The repository whose README is to be asked for, once the listing was read.

    Without such a repository there is no README, unless it is among those that were not listed.
    """
    if account.shown is None and "repo.owned" in account.unknown:
        account.leave("profile", "profile README: not all repositories were listed")
    elif account.shown is None:
        account.readme = ()
    return account.shown


def leave_readme(account: Account, reason: str) -> None:
    """Note that a README is not asked for, where there may be one."""
    if await_readme(account) is not None:
        account.leave("profile", f"profile README: {reason}")


def split(outcome: Outcome) -> tuple[Outcome, Outcome]:
    """An answer as one about all else, and as one about the README: a fault in one says nothing of the other."""
    within = tuple(fault for fault in outcome.faults if fault.path[:1] == (_README,))
    anywhere = tuple(fault for fault in outcome.faults if not fault.path)
    others = tuple(fault for fault in outcome.faults if fault not in within)
    return replace(outcome, faults=others), replace(outcome, faults=(*within, *anywhere))


def take_readme(account: Account, outcome: Outcome) -> None:
    """Read where the README leads; what was known of it stays where the answer does not tell."""
    node = read(ShownNode, outcome.value)
    if outcome.missing:
        account.readme = ()
    elif node is None or outcome.faults:
        account.miss("profile", f"profile README: {outcome.reason}")
    else:
        account.readme = read_links(node.readme.text) if node.readme is not None and node.readme.text else ()
