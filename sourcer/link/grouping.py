"""From decided pairs to people: who belongs together, with what humans decided going first."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Collection, Iterable, Sequence
from itertools import groupby
from typing import Literal

from sourcer.link.claims import CERTAIN
from sourcer.link.deciding import Decision, Pair
from sourcer.store.sql import Key

__all__ = ["group", "standing_against"]


def group(
    decisions: Iterable[Decision], confirmed: Iterable[Pair], rejected: Iterable[Pair]
) -> tuple[list[frozenset[Key]], list[Decision]]:
    """Join accounts, the surest pairs first; pairs that are equally sure are joined together or not at all.

    Pairs that would put two accounts of one site into one person, or two that a human has told apart, are proposals:
    one of them must be wrong, and no rule can tell which. Only a site itself or a human may join two accounts of one
    site. Where humans confirmed what together would join what they told apart, it stays apart, too.

    Args:
        decisions: What the rules say.
        confirmed: Pairs that humans confirmed.
        rejected: Pairs that humans told apart.

    Returns:
        Groups of two accounts and more, and the decisions as they turned out.
    """
    groups = _Groups(frozenset(rejected))
    human = frozenset(confirmed)
    groups.join(groups.sound(human))
    settled: dict[Pair, Decision] = {}
    ranked = sorted(decisions, key=lambda one: (-one.confidence, one.pair))
    for _, level in groupby(ranked, key=lambda one: one.confidence):
        alike = list(level)
        settled |= {decision.pair: decision for decision in alike}
        joining = [one for one in alike if one.status == "confirmed" and one.pair not in human | groups.apart]
        wrong = groups.conflicts(joining)
        groups.join(decision.pair for decision in joining if decision not in wrong)
        for decision in wrong:
            settled[decision.pair] = decision.doubted("conflict", "it would join accounts that are known to be apart")
    return groups.several(), [settled[pair] for pair in sorted(settled)]


def standing_against(
    pair: Pair, status: Literal["confirmed", "rejected"], confirmed: Iterable[Pair], rejected: Iterable[Pair]
) -> list[Pair]:
    """What humans decided that does not go together with another decision: not all of it can be right.

    Args:
        pair: The accounts in question.
        status: What shall hold of them.
        confirmed: The other pairs that humans confirmed.
        rejected: The other pairs that humans told apart.
    """
    before = [one for one in confirmed if one != pair]
    if status == "rejected":
        return _chain(before, pair)
    for apart in rejected:
        chain = _chain([*before, pair], apart)
        if apart != pair and pair in chain and not _chain(before, apart):
            return [apart, *(one for one in chain if one != pair)]
    return []


def _chain(pairs: Iterable[Pair], ends: Pair) -> list[Pair]:
    """The fewest pairs that lead from one account to the other."""
    steps: defaultdict[Key, list[tuple[Key, Pair]]] = defaultdict(list)
    for pair in sorted(pairs):
        for here, there in (pair, pair[::-1]):
            steps[here].append((there, pair))
    ways: dict[Key, list[Pair]] = {ends[0]: []}
    queue = deque(ways)
    while queue and ends[1] not in ways:
        here = queue.popleft()
        for there, pair in steps[here]:
            if there not in ways:
                ways[there] = [*ways[here], pair]
                queue.append(there)
    return ways.get(ends[1], [])


class _Groups:
    """Accounts that were joined so far."""

    def __init__(self, apart: frozenset[Pair]) -> None:
        self.apart = apart
        self._of: dict[Key, frozenset[Key]] = {}

    def _group(self, key: Key) -> frozenset[Key]:
        return self._of.get(key, frozenset((key,)))

    def join(self, pairs: Iterable[Pair]) -> None:
        """Join the groups of both accounts of each pair."""
        for one, other in pairs:
            whole = self._group(one) | self._group(other)
            self._of |= dict.fromkeys(whole, whole)

    def sound(self, pairs: Collection[Pair]) -> list[Pair]:
        """The pairs that, taken together, join nothing that is apart."""
        tried = _Groups(self.apart)
        tried.join(pairs)
        return [pair for pair in pairs if not self._is_apart(tried._group(pair[0]))]

    def conflicts(self, decisions: Sequence[Decision]) -> list[Decision]:
        """Those that cannot all be right, taken together on top of what was joined so far."""
        tried = _Groups(self.apart)
        tried._of = dict(self._of)
        tried.join(decision.pair for decision in decisions)
        return [decision for decision in decisions if self._is_torn(tried._group(decision.pair[0]), decision)]

    def _is_apart(self, whole: frozenset[Key]) -> bool:
        return any(one in whole and other in whole for one, other in self.apart)

    def _is_torn(self, whole: frozenset[Key], decision: Decision) -> bool:
        if self._is_apart(whole):
            return True
        if any(reason.kind == CERTAIN for reason in decision.reasons):
            return False
        parts = {self._group(key) for key in whole}
        sites = Counter(site for part in parts for site in {site for site, _ in part})
        return max(sites.values()) > 1

    def several(self) -> list[frozenset[Key]]:
        """The groups, in the order of their smallest accounts."""
        return sorted(set(self._of.values()), key=min)
