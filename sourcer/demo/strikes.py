"""When something goes wrong at a copy of a site: by request number, the same each time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Generic, TypeVar

from sourcer.demo.model import dice

__all__ = ["Strikes"]

_Fault = TypeVar("_Fault", bound=StrEnum)


class Strikes(Generic[_Fault]):
    """A schedule of faults by request number, the first being 1.

    Args:
        at: Which fault strikes at which request.
        share: The share of all further requests that fail.
        kinds: What those fail with.
        seed: Names the choice.
        retry_after: Seconds for which a refusal asks to wait.
    """

    def __init__(
        self,
        at: Mapping[int, _Fault] | None = None,
        *,
        share: float = 0.0,
        kinds: Sequence[_Fault] = (),
        seed: int = 0,
        retry_after: int = 1,
    ) -> None:
        self.at = dict(at or {})
        self.share = share
        self.kinds = tuple(kinds)
        self.seed = seed
        self.retry_after = retry_after

    def of(self, number: int) -> _Fault | None:
        """What happens to a request, ``None`` for nothing."""
        if number in self.at:
            return self.at[number]
        rng = dice(self.seed, "fault", number)
        return rng.choice(self.kinds) if self.kinds and rng.random() < self.share else None
