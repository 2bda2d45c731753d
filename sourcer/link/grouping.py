"""From decided pairs to people: who belongs together, with what humans decided going first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby

from sourcer.link.claims import CERTAIN
from sourcer.link.deciding import Decision, Pair
from sourcer.store.sql import Key

__all__ = ["group"]


def group(
    decisions: Iterable[Decision], confirmed: Iterable[Pair], rejected: Iterable[Pair]
) -> tuple[list[frozenset[Key]], list[Decision]]:
    """Join accounts, the surest pairs first; pairs that are equally sure are joined together or not at all.

    Pairs that would put two accounts of one site into one person, or two that a human has told apart, are proposals:
    one of them must be wrong, and no rule can tell which. Only a site itself or a human may join two accounts of one
    site.

    Args:
        decisions: What the rules say.
        confirmed: Pairs that humans confirmed.
        rejected: Pairs that humans told apart.

    Returns:
        Groups of two accounts and more, and the decisions as they turned out.
    """
    groups = _Groups(frozenset(rejected))
    human = frozenset(confirmed)
    groups.join(human)
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

    def conflicts(self, decisions: Sequence[Decision]) -> list[Decision]:
        """Those that cannot all be right, taken together on top of what was joined so far."""
        tried = _Groups(self.apart)
        tried._of = dict(self._of)
        tried.join(decision.pair for decision in decisions)
        return [decision for decision in decisions if self._is_torn(tried._group(decision.pair[0]), decision)]

    def _is_torn(self, whole: frozenset[Key], decision: Decision) -> bool:
        if any(one in whole and other in whole for one, other in self.apart):
            return True
        if any(reason.kind == CERTAIN for reason in decision.reasons):
            return False
        parts = {self._group(key) for key in whole}
        sites = Counter(site for part in parts for site in {site for site, _ in part})
        return max(sites.values()) > 1

    def several(self) -> list[frozenset[Key]]:
        """The groups, in the order of their smallest accounts."""
        return sorted(set(self._of.values()), key=min)
