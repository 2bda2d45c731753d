"""Asking GraphQL: one question, its answer, and what was wrong with it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from sourcer.connect import AnswerError, Denied, Fetcher, Json, NotConfigured
from sourcer_github.policy import BUCKET
from sourcer_github.settings import GitHubConfig, graphql_url

__all__ = ["Client", "Fault", "Outcome", "Reply", "answer_each"]

NOT_FOUND: Final = "NOT_FOUND"
FORBIDDEN: Final = "FORBIDDEN"

_Job = TypeVar("_Job")


@dataclass(frozen=True, slots=True)
class Fault:
    """One entry of ``errors``: its type, and where in ``data`` it happened (empty: anywhere)."""

    type: str
    path: tuple[str | int, ...] = ()

    @property
    def reason(self) -> str:
        """In words, without the message: that holds request ids, which differ from run to run."""
        return f"GitHub answered {self.type}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one of several jobs in one question came to.

    Args:
        value: What was answered, maybe partial.
        faults: What was wrong with it; paths start at the value.
        missing: GitHub says that there is no such thing.
    """

    value: Json
    faults: tuple[Fault, ...] = ()
    missing: bool = False

    @property
    def whole(self) -> bool:
        """Whether asking again would not tell more."""
        return self.missing or (self.value is not None and not self.faults)

    @property
    def absent(self) -> bool:
        """Whether there is no such thing, or none that this token may see."""
        return self.value is None and any(
            fault.type in (NOT_FOUND, FORBIDDEN) and not fault.path for fault in self.faults
        )

    @property
    def reason(self) -> str:
        """Why something is missing."""
        return "; ".join(dict.fromkeys(fault.reason for fault in self.faults)) or "GitHub gave no usable answer"


@dataclass(frozen=True, slots=True)
class Reply:
    """The ``data`` of one answer, maybe partial, and the faults that came with it."""

    data: Mapping[str, Any]
    faults: tuple[Fault, ...]

    def outcome(self, *path: str | int) -> Outcome:
        """What stands at ``path``, with the faults at or below it; a fault without a path may be anybody's."""
        value: Json = self.data
        for step in path:
            value = _step(value, step)
        depth = len(path)
        inside = [fault for fault in self.faults if fault.path[:depth] == path[: len(fault.path)]]
        missing = value is None and any(fault.type == NOT_FOUND and fault.path == path for fault in inside)
        return Outcome(value, tuple(Fault(fault.type, fault.path[depth:]) for fault in inside), missing)


def _step(value: Json, step: str | int) -> Json:
    if isinstance(value, Mapping):
        return value.get(step)
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return value[step]
    return None


class Client:
    """GitHub's GraphQL endpoint for one configuration."""

    def __init__(self, config: GitHubConfig, fetcher: Fetcher) -> None:
        self.config = config
        self.fetcher = fetcher
        self.url = graphql_url(config.api_url)

    def require_token(self) -> None:
        """See that there is a token: GraphQL always needs one.

        Raises:
            NotConfigured: There is none.
        """
        if self.config.token.reveal() is None:
            raise NotConfigured(f"no token: set {self.config.token.source}")

    def _credentials(self) -> dict[str, str]:
        # A replay from the archive works without a token; GitHub itself answers 401 then.
        token = self.config.token.reveal()
        return {} if token is None else {"Authorization": f"Bearer {token}"}

    def note(self, fault: AnswerError) -> None:
        """Let the run show a fault among its errors, where the crawl goes on without what was asked for."""
        self.fetcher.usage.add_error(fault)

    async def ask(self, query: str, variables: Mapping[str, Json] | None = None) -> Reply:
        """Send one question.

        Raises:
            Denied: The token is missing or refused, may not ask this, or the address is no GitHub.
            AnswerError: The answer holds no data at all; ``kind`` is the type of the first error in lower case.
        """
        answer = await self.fetcher.post(
            self.url,
            json={"query": query, "variables": dict(variables or {})},
            headers=self._credentials(),
            bucket=BUCKET,
        )
        body = answer.json() if answer.status == 200 else _refused(self.url, answer.status)  # noqa: PLR2004  # HTTP OK
        if not isinstance(body, dict):
            raise AnswerError(f"{self.url}: the answer is not an object", kind="bad_body", status=answer.status)
        faults = tuple(_faults(body.get("errors")))
        data = body.get("data")
        if not isinstance(data, dict):
            kind = faults[0].type if faults else "no data"
            raise AnswerError(f"{self.url}: no data ({kind})", kind=kind.lower(), status=answer.status)
        return Reply(data, faults)


def _refused(url: str, status: int) -> Json:
    """What is left when the fetcher's own refusals are through: nothing that asking again would mend, or our bug."""
    if status == 403:  # noqa: PLR2004  # HTTP Forbidden
        raise Denied(f"{url} answered 403: the token may not read this; a classic token without scopes may")
    if status in (301, 302, 307, 308, 404, 405, 410):
        raise Denied(f"{url} answered {status}: is [connectors.github] api_url right?")
    raise AnswerError(f"{url} answered {status}", kind=f"http_{status}", status=status)


def _faults(errors: Json) -> list[Fault]:
    found = []
    for error in errors if isinstance(errors, list) else []:
        if not isinstance(error, dict):
            continue
        extensions = error.get("extensions")
        code = extensions.get("code") if isinstance(extensions, dict) else None
        kind = error.get("type") or code or "an error"
        path = error.get("path")
        steps = tuple(step for step in path if isinstance(step, str | int)) if isinstance(path, list) else ()
        found.append(Fault(str(kind), steps))
    return found


async def answer_each(
    ask: Callable[[Sequence[_Job]], Awaitable[Sequence[Outcome]]], jobs: Sequence[_Job]
) -> list[Outcome]:
    """Ask about all jobs in one question; what did not come whole is asked again in smaller ones, down to one job each.

    Gives an outcome for each job, in order: the last one known of it, which may be partial or empty.
    """
    if not jobs:
        return []
    try:
        outcomes = list(await ask(jobs))
    except AnswerError as error:
        outcomes = [Outcome(None, (Fault(error.kind),))] * len(jobs)
    left = [position for position, outcome in enumerate(outcomes) if not outcome.whole]
    if len(jobs) == 1 or not left:
        return outcomes
    middle = len(left) // 2
    for part in (left,) if len(left) < len(jobs) else (left[:middle], left[middle:]):
        for position, outcome in zip(part, await answer_each(ask, [jobs[i] for i in part]), strict=True):
            outcomes[position] = outcome
    return outcomes
