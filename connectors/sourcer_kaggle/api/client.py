"""Asking the API: one method, its answer, and what was wrong with it."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from sourcer.connect import AnswerError, Denied, Fetcher, Json, NotConfigured
from sourcer_kaggle.policy import BUCKET
from sourcer_kaggle.settings import KaggleConfig

__all__ = ["Client"]

_OK: Final = 200
_FORBIDDEN: Final = 403
_FIRST_ERROR: Final = 400
_MISSING: Final = (404, 410)
_NO_METHOD: Final = 405
_MOST_DIGITS: Final = 9


class Client:
    """Kaggle's API for one configuration. Keeps what a plan was told until discovery asks the same."""

    def __init__(self, config: KaggleConfig, fetcher: Fetcher) -> None:
        self.config = config
        self.fetcher = fetcher
        self._remembers = False
        self._told: dict[str, Mapping[str, Any]] = {}

    @contextmanager
    def remembering(self) -> Iterator[None]:
        """Keep what is asked in here for whoever asks the same next."""
        self._remembers = True
        try:
            yield
        finally:
            self._remembers = False

    def require_token(self) -> None:
        """See that there is a token. Some methods answer without one; none promises to.

        Raises:
            NotConfigured: There is none.
        """
        if self.config.token.reveal() is None:
            raise NotConfigured(
                f"no token: set {self.config.token.source} (kaggle.com/settings makes one), or meta_kaggle_dir in "
                "[connectors.kaggle] to read the official Meta Kaggle files without any request"
            )

    async def call(self, method: str, body: Mapping[str, Json], holds: str) -> Mapping[str, Any]:
        """Call a method, ``service.Service/Method``.

        Args:
            method: Its path.
            body: What it is asked.
            holds: What a good answer holds, unless that is empty.

        Raises:
            Denied: The token is refused, or the address is not Kaggle's.
            AnswerError: The API answers with an error, also one within HTTP 200; ``kind`` is ``not_found`` where it
                says that there is no such thing. The run shows it among its errors.
        """
        question = json.dumps([method, body], sort_keys=True)
        told = self._told.pop(question, None)
        if told is None:
            told = await self._asked(method, body, holds)
        if self._remembers:
            self._told[question] = told
        return told

    async def _asked(self, method: str, body: Mapping[str, Json], holds: str) -> Mapping[str, Any]:
        url = f"{self.config.api_url}/{method}"
        # A replay from the archive works without a token; Kaggle itself answers 401 then.
        token = self.config.token.reveal()
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        answer = await self.fetcher.post(url, json=dict(body), headers=headers, bucket=BUCKET)
        found = answer.json() if answer.is_json else None
        try:
            return _checked(url, found, answer.status, holds)
        except AnswerError as fault:
            # The fetcher counts those alone that it raises itself.
            self.note(fault)
            raise

    def note(self, fault: AnswerError) -> None:
        """Let the run show a fault among its errors, where the crawl goes on without what was asked for."""
        self.fetcher.usage.add_error(fault)


def _checked(url: str, found: Any, status: int, holds: str) -> Mapping[str, Any]:
    """The answer, where nothing is wrong with it; raises as :meth:`Client.call` does."""
    code = _code(found, status)
    if code in (*_MISSING, _NO_METHOD) and not isinstance(found, dict):
        raise Denied(f"{url} answered {status} with a page: is [connectors.kaggle] api_url right?")
    if code in _MISSING:
        raise AnswerError(f"{url}: there is no such thing", kind="not_found", status=code)
    if code == _FORBIDDEN:
        raise AnswerError(f"{url}: not allowed", kind="forbidden", status=code)
    if code >= _FIRST_ERROR or status != _OK:
        raise AnswerError(f"{url} answered {code}", kind=f"http_{code}", status=code)
    if not isinstance(found, dict):
        raise AnswerError(f"{url}: the answer is not an object", kind="bad_body", status=status)
    if holds not in found and (found.get("code") or found.get("error")):
        raise AnswerError(f"{url}: the answer tells of an error and holds no {holds}", kind="error_told")
    return found


def _code(found: Any, status: int) -> int:
    """The status that an answer means: an error may come within HTTP 200, in one of two shapes."""
    if status != _OK or not isinstance(found, dict):
        return status
    error = found.get("error")
    codes = (_number(found.get("code")), _number(error.get("code")) if isinstance(error, dict) else 0)
    return next((code for code in codes if code >= _FIRST_ERROR), status)


def _number(value: Any) -> int:
    """A code that came as a number or in digits; 0 where it is none."""
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= _MOST_DIGITS:
        return int(value)
    return int(value) if isinstance(value, int | float) and math.isfinite(value) else 0
