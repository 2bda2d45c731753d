"""READMEs as plain words."""

from __future__ import annotations

import html
import re
from typing import Final

from sourcer_github.reading.shape import Reading

__all__ = ["MOST_EXCERPT", "read_readme"]

MOST_EXCERPT: Final = 1_500
"""Characters of the beginning that are kept, up to a whole word."""

_MOST_READ: Final = 20_000
"""Characters that are looked at for them: badges and pictures stand first."""

_HEADING: Final = re.compile(r"^(?: {0,3}#{1,6}[ \t]+\S|[ \t]*<h[1-6]\b|(?:={3,}|-{4,}|~{4,})[ \t]*$)", re.MULTILINE)

_FRONT: Final = re.compile(r"\A---[ \t]*\n.{0,4000}?\n---[ \t]*\n", re.DOTALL)
_FENCE: Final = re.compile(r"[ \t]*(?P<fence>```|~~~)")
_GONE: Final = tuple(
    re.compile(pattern, re.MULTILINE)
    for pattern in (
        r"!\[[^\]\n]{0,500}\](?:\([^()\n]{0,2000}\)|\[[^\]\n]{0,200}\])",  # pictures and badges
        r"^[ \t]*\[[^\]\n]{1,200}\]:[^\n]*$",  # where links lead
        r"^\.\. [^\n]*$",  # directives of reStructuredText
        r"</?[A-Za-z][^<>]{0,2000}>",
        r"^[ \t]*[-=~*_^|:+ \t]{3,}$",  # rules and the lines of tables
    )
)
_LINK: Final = re.compile(r"\[(?P<text>[^\[\]]{0,500})\](?:\([^()\n]{0,2000}\)|\[[^\]\n]{0,200}\])")
_URL: Final = re.compile(r"(?:https?://|www\.)[^\s<>()\[\]]{1,2000}")
_EMPHASIS: Final = re.compile(r"[*`]+|(?<!\w)_+|_+(?!\w)")
_MARKS: Final = re.compile(r"[|\\]|^[ \t]*(?:(?:#{1,6}|>+|[-+])[ \t]+)+|#+[ \t]*$|\[[ xX]?\]|\([ \t]*\)", re.MULTILINE)


def read_readme(text: str) -> Reading:
    """The beginning in plain words on one line, without code; how long the whole is, and how many headings it has."""
    prose = _prose(_FRONT.sub("", text.replace("\r\n", "\n")))
    words = _words(prose[:_MOST_READ])
    excerpt = words if len(words) <= MOST_EXCERPT else words[:MOST_EXCERPT].rpartition(" ")[0] or words[:MOST_EXCERPT]
    measure = {"length": len(text), "headings": len(_HEADING.findall(prose))}
    return Reading("repo.readme", (f"text:{excerpt}",) if excerpt else (), measure)


def _prose(text: str) -> str:
    """The text without the blocks of code between fences."""
    kept: list[str] = []
    fence = ""
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if mark and (not fence or mark["fence"] == fence):
            fence = "" if fence else mark["fence"]
        elif not fence:
            kept.append(line)
    return "\n".join(kept)


def _words(text: str) -> str:
    first, *others = text.split("<!--")
    text = first + "".join(other.partition("-->")[2] for other in others)
    for pattern in _GONE:
        text = pattern.sub(" ", text)
    # A badge that is a link has lost its picture by now.
    text = _URL.sub(" ", _LINK.sub(lambda link: link["text"], text))
    text = html.unescape(_MARKS.sub(" ", _EMPHASIS.sub("", text)))
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
