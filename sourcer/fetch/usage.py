"""What one connector spent in a run."""

from __future__ import annotations

from dataclasses import dataclass, field

from sourcer.errors import AnswerError

__all__ = ["Usage"]


@dataclass(slots=True)
class Usage:
    """Counts of one fetcher.

    Args:
        spent: Units of quota by bucket: what the site said an answer cost, else 1 a request and 0 for a 304. A replay
            spends nothing.
        requests: Requests sent, those that failed or were refused included; in a replay, those that were looked up.
        answers: What was handed to the connector, of whatever status.
        not_modified: Answers with status 304.
        errors: By kind of :class:`AnswerError`: how many requests ended so, and the first one's message.
    """

    spent: dict[str, float] = field(default_factory=dict)
    requests: int = 0
    answers: int = 0
    not_modified: int = 0
    errors: dict[str, tuple[int, str]] = field(default_factory=dict)

    def add_cost(self, bucket: str, units: float) -> None:
        """Count units of quota; ``bucket`` appears in :attr:`spent` from its first request on."""
        self.spent[bucket] = self.spent.get(bucket, 0.0) + units

    def add_error(self, error: AnswerError) -> None:
        """Count a request that came to nothing."""
        count, example = self.errors.get(error.kind, (0, str(error)))
        self.errors[error.kind] = (count + 1, example)
