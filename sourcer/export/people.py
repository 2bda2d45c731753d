"""Who leaves: the people of a ranking who may be exported."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sourcer.export.fields import View
from sourcer.score import Candidate, rank

__all__ = ["Chosen", "choose"]

Reason = Callable[[Candidate], str | None]
"""Why a person must stay, in the words of a count (``say no to recruiters``), or ``None``."""


@dataclass(slots=True)
class Chosen:
    """The people who leave, best first, and how many of those before them were left out, by reason."""

    people: list[Candidate]
    left_out: dict[str, int] = field(default_factory=dict)


def choose(view: View, *, top: int | None, reasons: tuple[Reason, ...] = ()) -> Chosen:
    """The ``top`` people whom nothing keeps from leaving; somebody who says no to recruiters never leaves."""
    asked = (_opted_out, *reasons)
    reach = top
    while True:
        ranked = rank(
            view.connection, view.brief, view.lexicon, as_of=view.as_of, cross_brief=view.cross_brief, top=reach
        )
        chosen = _chosen(ranked, top, asked)
        if top is None or reach is None or len(chosen.people) >= top or len(ranked) < reach:
            return chosen
        reach *= 2


def _chosen(ranked: list[Candidate], top: int | None, reasons: tuple[Reason, ...]) -> Chosen:
    chosen = Chosen([])
    for person in ranked:
        if top is not None and len(chosen.people) == top:
            break
        why = next((said for reason in reasons if (said := reason(person)) is not None), None)
        if why is None:
            chosen.people.append(person)
        else:
            chosen.left_out[why] = chosen.left_out.get(why, 0) + 1
    return chosen


def _opted_out(person: Candidate) -> str | None:
    return "who say no to recruiters" if "opted_out" in person.flags else None
