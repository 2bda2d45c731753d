"""An explanation in sentences: one for each thing that somebody did, the strongest first."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from urllib.parse import urlsplit

from sourcer.score.ageing import seen_ago
from sourcer.score.rules import read_data
from sourcer.score.scoring import Contribution, Scorer
from sourcer.score.wording import by_points, one_line, subjects_of
from sourcer.store.reads import StoredEvidence

__all__ = ["Sentence", "sentences_of", "wording"]

# Of no locale: the same text on every machine.
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_SKILLS_EACH: Final = 5
"""Skills that a sentence names for one kind of evidence."""

_PULL: Final = re.compile(r"^/(?P<place>[^/]+/[^/]+)/(?:pull|pulls|merge_requests)/")


@dataclass(frozen=True, slots=True)
class Sentence:
    """What one thing that a person did earns, in words.

    Args:
        points: All that it earns.
        text: The sentence, with its dates and numbers.
        url: Where anybody can see it.
        evidence: The ids of the pieces that it speaks of, the strongest first.
        seen: How long ago the piece that was not seen for longest was seen.
    """

    points: float
    text: str
    url: str
    evidence: tuple[int, ...]
    seen: str

    def __str__(self) -> str:
        return f"{self.points:.2f} points: {self.text} {self.url} ({self.seen})"

    def as_json(self) -> dict[str, Any]:
        """The object in ``explain --json``."""
        return {
            "points": self.points,
            "text": self.text,
            "url": self.url,
            "evidence": list(self.evidence),
            "seen": self.seen,
        }


@cache
def wording() -> Mapping[str, Any]:
    """``wording.toml``: how evidence reads."""
    return tomllib.loads(read_data("wording.toml"))


def sentences_of(scorer: Scorer, contributions: Iterable[Contribution]) -> list[Sentence]:
    """Everything that earns points, in sentences, the most points first.

    Args:
        scorer: What gave the points.
        contributions: The strongest first.
    """
    things: dict[tuple[str, str], list[Contribution]] = {}
    for item in contributions:
        things.setdefault(_thing_of(item.evidence), []).append(item)
    found = [_sentence(scorer, items) for items in things.values()]
    return sorted(found, key=lambda sentence: (-sentence.points, sentence.evidence[0]))


def _thing_of(evidence: StoredEvidence) -> tuple[str, str]:
    """What a piece of evidence is about: its repository, for all kinds that say so, else itself."""
    group = evidence.kind.partition(".")[0]
    if group in wording()["groups"] and evidence.title:
        return f"{evidence.site} {group}", evidence.title.partition(":")[0]
    if "many" in _of(evidence.kind):
        return f"{evidence.site} {evidence.kind}", _place(evidence.url)
    return "", str(evidence.id)


def _sentence(scorer: Scorer, items: Sequence[Contribution]) -> Sentence:
    pieces: dict[int, list[Contribution]] = {}
    for item in items:
        pieces.setdefault(item.evidence.id, []).append(item)
    ordered = sorted(pieces.values(), key=lambda piece: (-_points(piece), piece[0].evidence.id))
    evidence = [piece[0].evidence for piece in ordered]
    first = evidence[0]
    return Sentence(
        points=_points(items),
        text=one_line(f"{_says(scorer, ordered)} ({_aside(evidence)})."),
        url=_shortest(evidence) if first.kind.partition(".")[0] in wording()["groups"] else first.url,
        evidence=tuple(item.id for item in evidence),
        seen=seen_ago(min(item.seen_at for item in evidence), scorer.as_of),
    )


def _says(scorer: Scorer, pieces: Sequence[Sequence[Contribution]]) -> str:
    first = pieces[0][0].evidence
    group = wording()["groups"].get(first.kind.partition(".")[0])
    words = {"title": _quoted(first, whole=group is None), "place": _place(first.url), "n": len(pieces)}
    if group is not None:
        return str(group["says"]).format(**words, parts=_listed(list(_parts(scorer, pieces))))
    items = [item for piece in pieces for item in piece]
    form = "says" if len(pieces) == 1 else "many"
    return str(_of(first.kind)[form]).format(**words, skills=_skills(scorer, _named(items)))


def _parts(scorer: Scorer, pieces: Sequence[Sequence[Contribution]]) -> Iterator[str]:
    """What each kind of piece tells about the same thing, once a kind; a skill is named where it earns most."""
    kinds: dict[str, list[Contribution]] = {}
    for piece in pieces:
        kinds.setdefault(piece[0].evidence.kind, []).extend(piece)
    told: set[str] = set()
    for kind, items in kinds.items():
        if new := [skill for skill in _named(items) if skill not in told]:
            told.update(new)
            yield str(_of(kind).get("part", "shows {skills}")).format(skills=_skills(scorer, new))


def _named(items: Sequence[Contribution]) -> list[str]:
    return by_points(subjects_of(items))


def _skills(scorer: Scorer, skills: Sequence[str]) -> str:
    return _listed([scorer.lexicon.skills[skill].name for skill in skills[:_SKILLS_EACH]])


def _of(kind: str) -> Mapping[str, Any]:
    kinds: Mapping[str, Mapping[str, Any]] = wording()["kinds"]
    return kinds.get(kind) or {**kinds["default"], "says": f"{kind}: {kinds['default']['says']}"}


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _quoted(evidence: StoredEvidence, *, whole: bool) -> str:
    title = evidence.title if whole else evidence.title.partition(":")[0]
    return f"“{title}”" if title else "it"


def _place(url: str) -> str:
    found = _PULL.match(urlsplit(url).path)
    return found["place"] if found else urlsplit(url).netloc


def _aside(evidence: Sequence[StoredEvidence]) -> str:
    """The newest date, the site's own numbers, and the licence of a title that is somebody's text."""
    parts = []
    dated = [item for item in evidence if item.happened_at is not None]
    if dated:
        newest = max(dated, key=lambda item: (item.happened_at, item.id))
        assert newest.happened_at is not None  # noqa: S101  # chosen so
        month = f"{_MONTHS[newest.happened_at.month - 1]} {newest.happened_at.year}"
        parts.append(f"{_of(newest.kind)['dated']} {month}")
    told: dict[str, str] = {}
    for item in evidence:
        for measure in _of(item.kind).get("tells", ()):
            if (value := item.measure.get(measure, 0)) > 0:
                told.setdefault(measure, _number(wording()["measures"][measure], value))
    licences = dict.fromkeys(item.licence for item in evidence if item.licence and item.title)
    return ", ".join([*parts, *told.values(), *licences]) or "no date known"


def _number(words: Sequence[str], value: float) -> str:
    place = int(value != 1) if len(words) == 2 else min(int(value), len(words)) - 1  # noqa: PLR2004  # one, many
    return words[place].format(n=f"{value:,.6g}")


def _shortest(evidence: Sequence[StoredEvidence]) -> str:
    """The address of the thing itself: that of one of its files is longer."""
    return min((item.url for item in evidence), key=lambda url: (len(url), url))


def _points(items: Iterable[Contribution]) -> float:
    return math.fsum(item.points for item in items)
