"""A digest in words: for a terminal, as a Markdown page, and as the message of a chat."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator
from typing import Any, Final
from urllib.parse import urlsplit

from sourcer.domain import Json
from sourcer.shortlist.news import Change, Digest, Told

__all__ = ["digest_markdown", "digest_text", "hook_body"]

_WIDTH: Final = 100
_INDENT: Final = "      "
_FIRST: Final = 10
"""People who are shown at a first look, where everybody is new."""
_CHAT: Final = 10
"""People of each kind in the message of a chat: it is read on a telephone."""
_LONG: Final = 80
_SLACK: Final = ("hooks.slack.com", "hooks.slack-gov.com")

_SECTIONS: Final = {"new": "new", "changed": "changed", "gone": "gone", "back": "back from snooze"}

_Plain = Callable[[str], str]


def headline(digest: Digest) -> str:
    """What there is, in one sentence."""
    counts = [f"{len(people)} {_SECTIONS[name]}" for name, people in digest.sections().items() if people]
    if digest.is_first:
        return f"{digest.title}: {digest.user}'s first look, so everybody is new: {', '.join(counts) or 'nobody yet'}"
    since = f"{digest.since:%Y-%m-%d %H:%M} UTC" if digest.since else "the beginning"
    return f"{digest.title}: {', '.join(counts) or 'nothing new'} since {since}"


def _notices(digest: Digest) -> Iterator[str]:
    if digest.is_rescored:
        yield "The brief or the scoring is another one than at the last look: scores and ranks are not compared."


def _rest(digest: Digest, left_out: int) -> str:
    return f"and {left_out} more: `sourcer rank {digest.brief}` lists everybody"


def digest_text(digest: Digest, top: int | None = None) -> str:
    """For a terminal: ``top`` of each kind, else all, but at a first look the first ten."""
    top = top or (_FIRST if digest.is_first else None)
    lines = [headline(digest), *_notices(digest)]
    for name, people in digest.sections().items():
        if people:
            lines += ["", f"{_SECTIONS[name].capitalize()}:"]
            lines += [line for told in people[:top] for line in _text_lines(told)]
            lines += [_INDENT + _rest(digest, len(people) - top)] if top and len(people) > top else []
    return "\n".join(lines)


def _text_lines(told: Told) -> Iterator[str]:
    place = f"{told.place:4}." if told.place is not None and told.score is not None else "    –"
    yield f"{place} {_who(told)}{_marks(told)}"
    about = [*_sentences(told, str), *([told.why] if not told.changes and told.why else [])]
    for sentence in about:
        yield from textwrap.wrap(sentence, _WIDTH, initial_indent=_INDENT, subsequent_indent=_INDENT + "  ")
    urls = [profile["url"] for profile in told.profiles if profile["url"]]
    if urls:
        yield _INDENT + "  ".join(urls)


def _who(told: Told) -> str:
    points = f"   {told.score:.1f} points" if told.score is not None else ""
    return f"{told.name}{points}   (person {told.person})"


def _marks(told: Told) -> str:
    marks = [*([told.state] if told.state != "new" else []), *told.tags, *told.flags]
    return f"   [{', '.join(marks)}]" if marks else ""


def _sentences(told: Told, plain: _Plain) -> Iterator[str]:
    """What there is to say of a person beside who it is; ``plain`` makes text of strangers harmless."""
    if told.snooze is not None:
        why = f": {plain(told.snooze.reason)}" if told.snooze.reason else ""
        yield f"snoozed until {told.snooze.until} by {plain(told.snooze.by)}{why}"
    if told.gone_at is not None:
        erased = ", and erased on a second day" if told.erased else ""
        yield f"the site says since {told.gone_at:%Y-%m-%d} that there is no such account{erased}"
    for change in told.changes:
        yield _sentence(change, plain)


def _sentence(change: Change, plain: _Plain) -> str:
    account = f" ({change.account})" if change.account else ""
    if change.what == "evidence":
        return f"new evidence: {plain(change.now['title'] or change.now['kind'])} {change.now['url']}"
    if change.what == "status":
        return _STATUS[change.before, change.now]
    before = plain(_short(change.before)) if change.is_known else "something else"
    return f"{change.what.replace('_', ' ')}: {before} → {plain(_short(change.now))}{account}"


_STATUS: Final[dict[Any, str]] = {
    ("ranked", "left"): "is no longer in the ranking",
    ("gone", "left"): "was gone and is there again, but not in the ranking",
    ("left", "ranked"): "is in the ranking again",
    ("gone", "ranked"): "was gone and is there again",
}


def _short(value: Json) -> str:
    """A value in a few words."""
    if value is None or value == "":
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(str(one) for one in value) or "nothing"
    text = " ".join(str(value).split())
    return text if len(text) <= _LONG else text[: _LONG - 1] + "…"


def digest_markdown(digest: Digest, top: int | None = None) -> str:
    """As a Markdown page, everything in it unless ``top`` cuts the lists."""
    lines = [f"# {_markdown(headline(digest))}", "", f"As of {digest.as_of}, for {_markdown(digest.user)}."]
    lines += ["", *_notices(digest)] if digest.is_rescored else []
    for name, people in digest.sections().items():
        if people:
            lines += ["", f"## {_SECTIONS[name].capitalize()}", ""]
            lines += [line for told in people[:top] for line in _markdown_lines(told)]
            lines += ["", _rest(digest, len(people) - top)] if top and len(people) > top else []
    return "\n".join([*lines, ""])


def _markdown_lines(told: Told) -> Iterator[str]:
    place = f"{told.place}\\. " if told.place is not None and told.score is not None else ""
    yield f"- {place}**{_markdown(told.name)}**{_markdown(_who(told).removeprefix(told.name))}{_markdown(_marks(told))}"
    about = [*_sentences(told, _markdown), *([_markdown(told.why)] if not told.changes and told.why else [])]
    links = [f"<{profile['url']}>" for profile in told.profiles if profile["url"]]
    for line in (*about, *([" ".join(links)] if links else [])):
        yield f"  - {line}"


def _markdown(text: str) -> str:
    """Text that Markdown and HTML leave as it is."""
    return re.sub(r"([\\`*_{}\[\]<>()#+!|&~])", r"\\\1", " ".join(text.split()))


def hook_body(digest: Digest, hook: str = "") -> dict[str, Any]:
    """What a web hook gets: ``text`` as chats such as Slack show it, and the whole ``digest`` for programs.

    Slack itself gets the text alone: it says of nothing else that it takes it, and has no use for it.
    """
    text = _chat_text(digest)
    return {"text": text} if urlsplit(hook).hostname in _SLACK else {"text": text, "digest": digest.as_json()}


def _chat_text(digest: Digest) -> str:
    lines = [_slack(headline(digest)), *_notices(digest)]
    for name, people in digest.sections().items():
        if people:
            lines += ["", f"*{_SECTIONS[name].capitalize()}*"]
            lines += [line for told in people[:_CHAT] for line in _slack_lines(told)]
            lines += [_rest(digest, len(people) - _CHAT)] if len(people) > _CHAT else []
    return "\n".join(lines)


def _slack_lines(told: Told) -> Iterator[str]:
    url = next((profile["url"] for profile in told.profiles if profile["url"]), "")
    points = f", {told.score:.1f} points" if told.score is not None else ""
    link = f" {_slack(url)}" if url else ""
    yield f"• {_slack(told.name)}{points}{_slack(_marks(told))}{link}"
    for sentence in _sentences(told, _slack):
        yield f"    {sentence}"


def _slack(text: str) -> str:
    """Slack's three signs are escaped, so that no name can mention a channel or hide a link."""
    return " ".join(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").split())
