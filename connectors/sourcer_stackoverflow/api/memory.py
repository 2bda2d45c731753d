"""What the cheap look remembers of an account, so that the deep look knows its price beforehand."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, ValidationError

from sourcer.connect import Json, Visit
from sourcer_stackoverflow.api.wire import User

__all__ = ["Memory"]


class Memory(BaseModel):
    """How many answers and questions somebody has; ``None`` is unknown."""

    model_config = ConfigDict(frozen=True)

    answers: int | None = None
    questions: int | None = None

    @classmethod
    def of(cls, visit: Visit) -> Memory:
        """The memory in a visit's state; one that knows nothing where there is none that can be read."""
        try:
            return cls.model_validate(dict(visit.state or {}))
        except ValidationError:
            return cls()

    @classmethod
    def from_user(cls, user: User) -> Memory:
        """What a profile tells."""
        return cls(answers=user.answer_count, questions=user.question_count)

    def as_state(self) -> Mapping[str, Json]:
        """As :class:`~sourcer.connect.Done` takes it."""
        return self.model_dump(mode="json")
