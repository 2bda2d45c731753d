"""From claims to decisions: which pairs are proven to be one human, and which are for a human to decide.

Proof is what somebody with access to a profile has put there: two accounts that name each other, one that names the
other, or a site that says which of its own accounts belong together. What only one of them says can be doubted, which
turns it into a proposal: several accounts of a site name the page, or it says itself that another one is its own; the
profile names several accounts of a site; names do not agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from sourcer.link.claims import BY_LOGIN, CERTAIN, STATED, Claim
from sourcer.link.names import clash, clash_in_text
from sourcer.store.sql import Key

__all__ = ["Decision", "Pair", "Reason", "Status", "decide", "pair_of"]

Status: TypeAlias = Literal["confirmed", "proposed", "rejected"]
Pair: TypeAlias = tuple[Key, Key]
"""Two accounts, the smaller key first."""

_CONFIDENCE: Final = {"certain": 1.0, "mutual": 0.99, "stated": 0.95, "text": 0.9, "doubt": 0.5}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a pair was decided so: the kind, what stands there, and the page that anybody can look at."""

    kind: str
    detail: str
    url: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What is thought of a pair of accounts."""

    pair: Pair
    status: Status
    confidence: float
    reasons: tuple[Reason, ...]

    def doubted(self, kind: str, detail: str) -> Decision:
        """The same as a proposal, with what speaks against it."""
        reasons = (*self.reasons, Reason(kind, detail, ""))
        return replace(self, status="proposed", confidence=_CONFIDENCE["doubt"], reasons=reasons)


def pair_of(one: Key, other: Key) -> Pair:
    """Two accounts in the order in which they are stored."""
    return (one, other) if one <= other else (other, one)


def decide(
    claims: Iterable[Claim], names: Mapping[Key, str | None], logins: Mapping[Key, str] = MappingProxyType({})
) -> list[Decision]:
    """Decide every pair that a claim speaks of, in the order of the pairs; the order of claims makes no difference.

    Args:
        claims: Who names whom.
        names: What accounts show as the name of their owner.
        logins: What they are called themselves.
    """
    by_pair: dict[Pair, list[Claim]] = {}
    made = sorted(set(claims), key=lambda one: (one.by, one.of, one.where, one.said))
    for claim in made:
        # Two accounts of one site are two accounts for a reason, unless the site itself says otherwise.
        if claim.is_stored and (claim.by[0] != claim.of[0] or claim.where == CERTAIN):
            by_pair.setdefault(pair_of(claim.by, claim.of), []).append(claim)
    crowd = _Crowd(made)
    decided = (_decided(pair, found, crowd) for pair, found in sorted(by_pair.items()))
    return [_named(one, names, logins) for one in decided]


class _Crowd:
    """Who else names, and is named."""

    def __init__(self, claims: Iterable[Claim]) -> None:
        self._naming: dict[tuple[Key, str], set[Key]] = {}
        self._named: dict[tuple[Key, str], set[Key]] = {}
        self._stated: dict[tuple[Key, str], set[Key]] = {}
        for claim in claims:
            if claim.where == CERTAIN or claim.by[0] == claim.of[0]:
                continue
            self._naming.setdefault((claim.of, claim.by[0]), set()).add(claim.by)
            if claim.where in STATED:
                self._stated.setdefault((claim.by, claim.of[0]), set()).add(claim.of)
            # In free text people name projects and others, of whom nothing is stored.
            if claim.is_stored or claim.where in STATED:
                self._named.setdefault((claim.by, claim.of[0]), set()).add(claim.of)

    def doubt(self, claim: Claim) -> str:
        """What speaks against a claim that the other side does not return, or nothing."""
        naming = self._naming[claim.of, claim.by[0]]
        if len(naming) > 1:
            return f"{len(naming)} accounts of {claim.by[0]} name this one"
        named = self._named[claim.by, claim.of[0]]
        if len(named) > 1:
            return f"it names {len(named)} accounts of {claim.of[0]}"
        says_otherwise = (claim.of, claim.by[0]) in self._stated
        return f"the other one names another account of {claim.by[0]} as its own" if says_otherwise else ""


def _decided(pair: Pair, found: list[Claim], crowd: _Crowd) -> Decision:
    reasons = tuple(Reason(claim.where, claim.said, claim.page) for claim in found)
    if any(claim.where == CERTAIN for claim in found):
        return Decision(pair, "confirmed", _CONFIDENCE["certain"], reasons)
    if len({claim.by for claim in found}) > 1:
        return Decision(pair, "confirmed", _CONFIDENCE["mutual"], reasons)
    stated = any(claim.where in STATED for claim in found)
    decision = Decision(pair, "confirmed", _CONFIDENCE["stated" if stated else "text"], reasons)
    doubt = crowd.doubt(found[0])
    return decision.doubted("shared", doubt) if doubt else decision


def _named(decision: Decision, names: Mapping[Key, str | None], logins: Mapping[Key, str]) -> Decision:
    """The decision in the light of the names: what one account alone says may name somebody else.

    In a field for own accounts full names that have not a word in common, in a name or a login, raise doubt; in a text,
    where people name others all the time, more has to agree than a given name. A missing name says nothing.
    """
    if decision.status != "confirmed" or decision.confidence > _CONFIDENCE["stated"]:
        return decision
    one, other = ((names.get(key), logins.get(key)) for key in decision.pair)
    if decision.confidence == _CONFIDENCE["text"]:
        is_doubtful = clash_in_text(one, other)
    else:
        is_doubtful = clash(one, other, by_login=all(reason.kind in BY_LOGIN for reason in decision.reasons))
    if is_doubtful:
        return decision.doubted("names", f"{one[0]} and {other[0]}: it may be somebody else whom it names")
    return decision
