"""Asking GraphQL: one question, its answer, and what was wrong with it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sourcer.connect import Answer, AnswerError, Denied, Fetcher, Json, SiteError
from sourcer_github.auth import Auth
from sourcer_github.policy import BUCKET
from sourcer_github.queries.common import LIMITS
from sourcer_github.settings import GitHubConfig, graphql_url

__all__ = ["UNTYPED", "Client", "Fault", "Outcome", "Reply", "unknown_to"]

NOT_FOUND: Final = "NOT_FOUND"
FORBIDDEN: Final = "FORBIDDEN"

UNTYPED: Final = "an error"
"""Stands for the type of an error that says none."""

_OF_SCHEMA: Final = ("undefinedField", "undefinedType", "argumentNotAccepted")
"""Types of errors about the question's text: what it asks for is unknown to an older GitHub Enterprise Server."""

_OF_TOKEN: Final = ("accessible", "permission", "saml", "sso", "scope", "suspended", "token")
"""Words of a 403 that is about the credentials."""

_TIMED_OUT: Final = (502, 504)
"""How GitHub ends a question that takes longer than its ten seconds."""


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
    def settled(self) -> bool:
        """Whether asking the same again, even alone, would tell the same."""
        return self.whole or (bool(self.faults) and all(fault.type in (NOT_FOUND, FORBIDDEN) for fault in self.faults))

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
        # A path that leads nowhere in this answer says no more than none at all.
        lost = [Fault(fault.type) for fault in self.faults if fault.path and fault.path[0] not in self.data]
        missing = value is None and any(fault.type == NOT_FOUND and fault.path == path for fault in inside)
        return Outcome(value, (*(Fault(fault.type, fault.path[depth:]) for fault in inside), *lost), missing)


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
        self.auth = Auth(config, fetcher)

    def note(self, fault: AnswerError) -> None:
        """Let the run show a fault among its errors, where the crawl goes on without what was asked for."""
        self.fetcher.usage.add_error(fault)

    async def is_alive(self) -> bool:
        """Whether GitHub answers the cheapest question there is; without credentials it is not asked."""
        if self.auth.anonymous:
            return False
        try:
            await self.ask(LIMITS)
        except AnswerError:
            return False
        return True

    async def ask(self, query: str, variables: Mapping[str, Json] | None = None, *, many: bool = False) -> Reply:
        """Send one question.

        Args:
            query: Its text.
            variables: What it is given.
            many: It asks about several things, and its caller will ask about fewer: a question that takes too long for
                GitHub comes back at once, instead of being sent again as it is.

        Raises:
            Denied: The token is missing or refused, may not ask this, or the address is no GitHub, or too old a one.
            SiteError: GitHub refuses, and does not say that it is for the token's sake.
            AnswerError: The answer holds no data at all; ``kind`` is the type of the first error in lower case;
                with ``many`` it is ``http_502`` or ``http_504`` where GitHub ran out of time.
        """
        answer = await self.send(query, variables, accept=_TIMED_OUT if many else ())
        body = answer.json() if answer.status == 200 else _refused(self.url, answer)  # noqa: PLR2004  # HTTP OK
        if not isinstance(body, dict):
            raise AnswerError(f"{self.url}: the answer is not an object", kind="bad_body", status=answer.status)
        faults = tuple(_faults(body.get("errors")))
        data = body.get("data")
        if not isinstance(data, dict):
            kind = faults[0].type if faults else "no data"
            if not_known := unknown_to(body):
                raise Denied(
                    f"{self.url} does not know what Sourcer asks for ({not_known}): it is a GitHub Enterprise Server "
                    "too old for this version"
                )
            raise AnswerError(f"{self.url}: no data ({kind})", kind=kind.lower(), status=answer.status)
        return Reply(data, faults)

    async def send(
        self, query: str, variables: Mapping[str, Json] | None = None, *, accept: Collection[int] = ()
    ) -> Answer:
        """Send one question and give its answer, unread.

        Raises:
            Denied: GitHub refuses the credentials.
            AnswerError: There is none; see :meth:`sourcer.connect.Fetcher.post`.
        """
        body = {"query": query, "variables": dict(variables or {})}
        renewable = (401,) if self.auth.kind == "app" else ()
        headers = await self.auth.headers()
        answer = await self.fetcher.post(
            self.url, json=body, headers=headers, bucket=BUCKET, accept=(*accept, *renewable)
        )
        if answer.status == 401:  # noqa: PLR2004  # HTTP Unauthorized
            # The token ended while the question waited for its turn.
            self.auth.forget()
            headers = await self.auth.headers()
            answer = await self.fetcher.post(self.url, json=body, headers=headers, bucket=BUCKET, accept=accept)
        return answer


def _refused(url: str, answer: Answer) -> Json:
    """What is left when the fetcher's own refusals are through: nothing that asking again would mend, or our bug."""
    status = answer.status
    if status == 403:  # noqa: PLR2004  # HTTP Forbidden
        said = _message(answer.json() if answer.is_json else None)
        if any(word in said.lower() for word in _OF_TOKEN):
            raise Denied(
                f"{url} answered 403: the token may not read this ({said}); a classic token without scopes may"
            )
        raise SiteError(f"{url} answered 403 ({said}); run it again later to go on from here")
    if status in (301, 302, 307, 308, 404, 405, 410):
        raise Denied(f"{url} answered {status}: is [connectors.github] api_url right?")
    raise AnswerError(f"{url} answered {status}", kind=f"http_{status}", status=status)


def unknown_to(body: Json) -> str:
    """What of a question an older GitHub does not know, by its own word; empty where that is not what it says."""
    errors = body.get("errors") if isinstance(body, dict) else None
    told = [_message(error) for error in errors if _is_of_schema(error)] if isinstance(errors, list) else []
    return "; ".join(dict.fromkeys(told))


def _is_of_schema(error: Json) -> bool:
    return any(fault.type in _OF_SCHEMA for fault in _faults([error]))


def _message(told: Json) -> str:
    """What GitHub says, in one short line."""
    message = told.get("message") if isinstance(told, dict) else None
    return " ".join(str(message or "without a word").split())[:200]


def _faults(errors: Json) -> list[Fault]:
    found = []
    for error in errors if isinstance(errors, list) else []:
        if not isinstance(error, dict):
            continue
        extensions = error.get("extensions")
        code = extensions.get("code") if isinstance(extensions, dict) else None
        kind = error.get("type") or code or UNTYPED
        path = error.get("path")
        steps = tuple(step for step in path if isinstance(step, str | int)) if isinstance(path, list) else ()
        found.append(Fault(str(kind), steps))
    return found
