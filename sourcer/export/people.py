"""Who leaves: the people of a ranking who may be exported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from sourcer.export.against import Known
from sourcer.export.fields import View
from sourcer.score import Candidate, rank
from sourcer.store.decisions import Standing, read_standings
from sourcer.store.reads import read_person

__all__ = ["HINT", "Chosen", "choose"]

HINT: Final = "maybe_known"
"""The flag of somebody whose name and employer stand in the other system, but no address of theirs."""


@dataclass(slots=True)
class Chosen:
    """The people who leave, and how many were left out, by reason.

    Args:
        people: In their order.
        left_out: How many stay, by reason.
        hinted: Those who may be in the other system.
        listed: How many are on the shortlist, whether they leave or not.
    """

    people: list[Candidate] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)
    hinted: list[Candidate] = field(default_factory=list)
    listed: int = 0

    def leave_out(self, reason: str, count: int = 1) -> None:
        """Count people who stay."""
        if count:
            self.left_out[reason] = self.left_out.get(reason, 0) + count


def choose(view: View, *, top: int | None = None, shortlisted: bool = False, known: Known | None = None) -> Chosen:
    """The people who may leave: best first, or in the order of the shortlist.

    Args:
        view: Through what they are seen. Whom a human has rejected, hired or snoozed is not among them.
        top: Only the first so many of those who may leave.
        shortlisted: Only who is on the shortlist.
        known: Leave out whom another system has; who may be in it is flagged.
    """
    standings = read_standings(view.connection, view.brief.name)
    reach = None if shortlisted else top
    while True:
        ranked = rank(
            view.connection, view.brief, view.lexicon, as_of=view.as_of, cross_brief=view.cross_brief, top=reach
        )
        chosen = Chosen(listed=sum(standing.listed is not None for standing in standings.values()))
        people = _listed(view, ranked, standings, chosen) if shortlisted else ranked
        _take(view, people, top, known, chosen)
        if top is None or reach is None or len(chosen.people) >= top or len(ranked) < reach:
            chosen.leave_out(
                "whom decisions put aside (rejected, hired or snoozed)",
                sum(standing.is_hidden(view.as_of) for standing in standings.values()),
            )
            return chosen
        reach *= 2


def _listed(
    view: View, ranked: Sequence[Candidate], standings: Mapping[int, Standing], chosen: Chosen
) -> list[Candidate]:
    """Those of the ranking who are on the shortlist, in its order."""
    by_id = {person.person: person for person in ranked}
    wanted = [person for person, standing in standings.items() if standing.is_shortlisted(view.as_of)]
    chosen.leave_out(
        "who are on the shortlist and no longer in the ranking", sum(person not in by_id for person in wanted)
    )
    return [by_id[person] for person in wanted if person in by_id]


def _take(view: View, people: Sequence[Candidate], top: int | None, known: Known | None, chosen: Chosen) -> None:
    for person in people:
        if top is not None and len(chosen.people) == top:
            return
        if "opted_out" in person.flags:
            chosen.leave_out("who say no to recruiters")
        elif known is not None and any(known.has(one.site, one.uid, one.login) for one in person.profiles):
            chosen.leave_out("who are in the other system already")
        elif known is not None and known.people and _may_be_known(view, person, known):
            flagged = replace(person, flags=(*person.flags, HINT))
            chosen.people.append(flagged)
            chosen.hinted.append(flagged)
        else:
            chosen.people.append(person)


def _may_be_known(view: View, person: Candidate, known: Known) -> bool:
    facts = read_person(view.connection, person.person)
    return facts is not None and any(known.hints_at(one.name or "", one.company) for one in facts.profiles)
