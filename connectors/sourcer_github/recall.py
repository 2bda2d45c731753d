"""What a deep look remembers, so that nothing is asked again while nobody pushes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from sourcer.connect import Json, parse_time
from sourcer_github.memory import Memory, Remembered

__all__ = ["PARSER", "Recall"]

PARSER: Final = 3
"""The version of what is chosen and how it is read. Raise it with every change that gives other evidence."""


class Recall(BaseModel):
    """A deep look: by node id, the last push of each repository that was read whole, and whose languages were.

    ``scope`` is what it told all about.
    """

    model_config = ConfigDict(frozen=True)

    parser: int = PARSER
    read: Mapping[str, str | None] = {}
    languages: Mapping[str, str | None] = {}
    scope: tuple[str, ...] = ()

    @classmethod
    def of(cls, memory: Memory) -> Recall | None:
        """What an earlier deep look left, or ``None`` where there is nothing that can be read."""
        try:
            return cls.model_validate(memory.deep)
        except ValidationError:
            return None

    def covers(self, telling: Sequence[Remembered], remembered: Sequence[Remembered]) -> bool:
        """Whether reading ``telling`` and the languages of ``remembered`` would give the same evidence again."""
        return self.parser == PARSER and _same(self.read, telling) and _same(self.languages, remembered)

    def as_state(self) -> Mapping[str, Json]:
        """As :class:`~sourcer.connect.Done` takes it."""
        return {"deep": self.model_dump(mode="json")}


def _same(pushes: Mapping[str, str | None], repositories: Sequence[Remembered]) -> bool:
    known = {node_id: parse_time(pushed) for node_id, pushed in pushes.items()}
    return known == {one.id: parse_time(one.pushed_at) for one in repositories}
