"""Keeps secrets out of everything that is written, logged or shown."""

from __future__ import annotations

import base64
import binascii
import html.entities
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote, unquote_plus, urlsplit, urlunsplit

from sourcer.fetch.policy import SitePolicy

__all__ = ["MARK", "Secrets"]

MARK: Final = "[secret]"
"""What stands where a secret was."""

# Shorter values are stripped where a header or parameter names them, but not searched for in texts: they would hit
# plain words.
_LEAST_LENGTH: Final = 8
# Tokens that are made anew for each request would pile up otherwise.
_MOST_LEARNED: Final = 100
_HEADERS: Final = frozenset(
    (
        "api-key",
        "authorization",
        "cookie",
        "private-token",
        "proxy-authorization",
        "set-cookie",
        "x-api-key",
        "x-auth-token",
    )
)
# "key" and "token" are parameters of addresses only: in bodies they are ordinary words.
_FIELDS: Final = frozenset(
    (
        "access_token",
        "client_secret",
        "id_token",
        "password",
        "private_token",
        "refresh_token",
    )
)
_PARAMS: Final = _FIELDS | {"api_key", "apikey", "key", "token"}
_GRANTED: Final = ("access_token", "client_secret", "id_token", "refresh_token", "token")
_TORN_GRANT: Final = re.compile(rf"""(["'](?:{"|".join(_GRANTED)})["']\s*:\s*["'])[^"']*""", re.IGNORECASE)
_UNESCAPED: Final = re.compile(r"[A-Za-z0-9._-]")
_LETTER_ESCAPES: Final = {"\n": "n", "\r": "r", "\t": "t", "\b": "b", "\f": "f"}


@dataclass(frozen=True, slots=True)
class _Searched:
    """One secret as it is looked for: first its longest plain stretch, which is cheap, then all spellings of it."""

    probe: str
    probe_bytes: bytes
    text: re.Pattern[str]
    data: re.Pattern[bytes]


class Secrets:
    """Strips secrets by the name of the field that holds them, and by value wherever the value turns up.

    Values are found plain, percent-encoded, JSON-escaped, as HTML entities and in a ``repr``.

    Args:
        values: The secrets of the connector's configuration.
        policy: Names the site's own secret headers and parameters.
    """

    def __init__(self, values: Iterable[str], policy: SitePolicy) -> None:
        own_params = {name.lower() for name in policy.secret_params}
        self._headers = _HEADERS | {name.lower() for name in policy.secret_headers}
        self._own_params = own_params
        self._params = _PARAMS | own_params
        self._fields = _FIELDS | own_params
        self._searched: dict[str, _Searched] = {}
        self._learned: deque[str] = deque()
        for value in sorted(values, key=len, reverse=True):
            for form in (value, value.strip()):
                if len(form) >= _LEAST_LENGTH:
                    self._searched[form] = _search_for(form)

    def learn(self, value: str) -> None:
        """Look for this value too, from now on."""
        value = value.strip()
        if len(value) < _LEAST_LENGTH or value in self._searched:
            return
        if len(self._learned) == _MOST_LEARNED:
            del self._searched[self._learned.popleft()]
        self._searched[value] = _search_for(value)
        self._learned.append(value)

    def learn_from_request(self, url: str, headers: Mapping[str, str]) -> None:
        """Learn the credentials that a request carries, such as a token that was granted during the run."""
        for name, value in headers.items():
            if name.lower() in self._headers:
                for part in _credentials(value):
                    self.learn(part)
        for name, _, value in _query_pairs(url):
            if name in self._own_params:
                self.learn(unquote_plus(value))
        user, _, _ = url.partition("://")[2].partition("/")[0].rpartition("@")
        self.learn(unquote(user.partition(":")[2]))

    def learn_from_answer(self, parsed: Any) -> None:
        """Learn a token that an answer grants: it stands at the top of a JSON object under a name every site uses."""
        if isinstance(parsed, dict):
            for name in _GRANTED:
                if isinstance(value := parsed.get(name), str):
                    self.learn(value)

    def without_grants(self, text: str) -> str:
        """A part of a body that is no whole JSON, without the tokens that it grants: those cannot be learnt."""
        return _TORN_GRANT.sub(rf"\g<1>{MARK}", text)

    def text(self, text: str) -> str:
        """The text without secret values."""
        for searched in self._searched.values():
            if searched.probe in text:
                text = searched.text.sub(MARK, text)
        return text

    def data(self, data: bytes) -> bytes:
        """The bytes without secret values."""
        for searched in self._searched.values():
            if searched.probe_bytes in data:
                data = searched.data.sub(MARK.encode(), data)
        return data

    def url(self, url: str) -> str:
        """The address without user, password, secret parameters and secret values; for people to read."""
        return self.text(_rebuilt(url, self._marked_query(url)))

    def url_identity(self, url: str) -> str:
        """The address without a trace of secret parameters: the same whoever asks, with a key or without."""
        kept = "&".join(raw for name, raw, _ in _query_pairs(url) if name not in self._params)
        return self.text(_rebuilt(url, kept))

    def _marked_query(self, url: str) -> str:
        return "&".join(
            f"{raw.partition('=')[0]}={MARK}" if name in self._params else raw for name, raw, _ in _query_pairs(url)
        )

    def headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """The headers, names in lower case, without secret ones and secret values."""
        return {
            name.lower(): MARK if name.lower() in self._headers else self.text(value) for name, value in headers.items()
        }

    def is_secret_header(self, name: str) -> bool:
        """Whether a header of this name is a secret whatever it holds."""
        return name.lower() in self._headers

    def json(self, value: Any) -> Any:
        """A JSON value without secret fields and secret values."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {
                self.text(str(key)): MARK if str(key).lower() in self._fields else self.json(inner)
                for key, inner in value.items()
            }
        if isinstance(value, list | tuple):
            return [self.json(inner) for inner in value]
        return value


def _credentials(header: str) -> Iterator[str]:
    yield header
    scheme, _, rest = header.strip().partition(" ")
    yield rest
    if scheme.lower() == "basic":
        try:
            decoded = base64.b64decode(rest, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return
        yield decoded
        yield decoded.partition(":")[2]


def _query_pairs(url: str) -> Iterator[tuple[str, str, str]]:
    """Name (decoded, lower case), the pair as written, and the value as written, of each parameter."""
    query = url.partition("#")[0].partition("?")[2]
    for raw in query.split("&") if query else ():
        name, _, value = raw.partition("=")
        yield unquote_plus(name).lower(), raw, value


def _rebuilt(url: str, query: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return "[unreadable address]"
    host = parts.netloc.rpartition("@")[2]
    # A fragment never leaves the machine, so nothing is lost without it.
    return urlunsplit((parts.scheme, host, parts.path, query, ""))


def _search_for(value: str) -> _Searched:
    probe = max(re.findall(r"[A-Za-z0-9._-]+", value) or [""], key=len)
    pattern = "".join(_spellings(char) for char in value)
    return _Searched(
        probe, probe.encode(), re.compile(pattern), re.compile(pattern.encode("utf-8", errors="surrogatepass"))
    )


def _spellings(char: str) -> str:
    """A pattern for every way in which one character of a secret may be written."""
    if _UNESCAPED.fullmatch(char):
        return re.escape(char)
    if char == "\\":
        return r"(?:\\+|%(?:25)*5[Cc]|&#0*92;|&#[xX]0*5[cC];|\\+u005[cC])"
    octets = [f"{byte:02x}" for byte in char.encode("utf-8", errors="surrogatepass")]
    units = char.encode("utf-16-be", errors="surrogatepass").hex()
    ways = [
        r"\\*" + re.escape(char),
        "(?i:" + "".join(f"%(?:25)*{octet}" for octet in octets) + ")",
        "(?i:" + "".join(rf"\\+u{units[at : at + 4]}" for at in range(0, len(units), 4)) + ")",
        "(?i:" + "".join(rf"\\+x{octet}" for octet in octets) + ")",
        f"&(?:amp;)*#0*{ord(char)};",
        f"(?i:&(?:amp;)*#x0*{ord(char):x};)",
    ]
    if char == " ":
        ways.append(r"\+")
    if char in _LETTER_ESCAPES:
        ways.append(r"\\+" + _LETTER_ESCAPES[char])
    if name := html.entities.codepoint2name.get(ord(char)):
        ways.append(f"&(?:amp;)*{name};")
    return f"(?:{'|'.join(ways)})"
