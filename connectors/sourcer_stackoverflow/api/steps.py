"""What is left of a discovery: steps, each of which is one request, in the order in which they will be taken."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Final

from sourcer.connect import Checkpoint, Json

__all__ = ["FIRST_DAY", "Step", "Worklist"]

FIRST_DAY: Final = 1_199_145_600
"""2008-01-01: no site is older."""


@dataclass(frozen=True, slots=True)
class Step:
    """One request.

    Args:
        kind: What is asked.
        site: Of which site.
        turn: Steps of a lower turn go first, so that a crawl that may take in few people sees something of each tag.
        tag: In which tag; several, with ``;`` between them, are any of them. While tags are looked up: those that no
            site has had so far.
        ids: Badges or questions.
        page: Which page.
        since: From which second on, both ends included; 0 is no slice.
        until: Up to which second.
        place: Where in the brief's lists it stands.
        most: How many items the list has at most, where that is known.
        cuts: How often the list was cut in two to get to this slice.
    """

    kind: str
    site: str
    turn: int = 0
    tag: str = ""
    ids: tuple[int, ...] = ()
    page: int = 1
    since: int = 0
    until: int = 0
    place: int = 0
    most: int = 0
    cuts: int = 0

    def as_json(self) -> dict[str, Json]:
        """As a checkpoint holds it: what is at its default is left out."""
        plain = {**asdict(self), "ids": list(self.ids)}
        default = {**asdict(Step(self.kind, self.site)), "ids": []}
        return {name: value for name, value in plain.items() if name in ("kind", "site") or value != default[name]}

    @classmethod
    def from_json(cls, state: dict[str, Any]) -> Step:
        """What :meth:`as_json` gave."""
        return cls(**{**state, "ids": tuple(state.get("ids", ()))})

    def dates(self) -> dict[str, int]:
        """The parameters of the slice, if it is one."""
        return {"fromdate": self.since, "todate": self.until} if self.until else {}


class Worklist:
    """Steps in the order of their turns; among those of one turn, the first to come is the first to go."""

    def __init__(self, steps: Iterable[Step]) -> None:
        self._steps = list(steps)

    @classmethod
    def resumed(cls, after: Checkpoint) -> Worklist:
        """What was left when a checkpoint was taken."""
        return cls(Step.from_json(step) for step in after.state["steps"])

    def __bool__(self) -> bool:
        return bool(self._steps)

    def take(self) -> Step:
        """The next step, which is no longer in the list then."""
        return self._steps.pop(min(range(len(self._steps)), key=lambda place: (self._steps[place].turn, place)))

    def add(self, steps: Iterable[Step]) -> None:
        """Append steps."""
        self._steps += steps

    def checkpoint(self, **known: Json) -> Checkpoint:
        """The point from which exactly these steps follow; what is known by then goes with it, unless it is nothing."""
        more = {name: value for name, value in known.items() if value}
        return Checkpoint({"steps": [step.as_json() for step in self._steps], **more})
