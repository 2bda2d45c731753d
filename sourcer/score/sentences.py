"""An explanation in sentences: one for each thing that somebody did, the strongest first."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any, Final
from urllib.parse import urlsplit

from sourcer.score.ageing import seen_ago
from sourcer.score.rules import read_data
from sourcer.score.scoring import Contribution, Score, Scorer
from sourcer.score.wording import by_points, one_line, shorten, subjects_of
from sourcer.store.reads import StoredEvidence

__all__ = ["ATTRIBUTED", "Sentence", "sentences_of", "why", "wording"]

# Of no locale: the same text on every machine.
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_SKILLS_EACH: Final = 5
"""Skills that a sentence names for one kind of evidence."""

_TITLE: Final = 80
"""Characters of a title: a sentence names a thing, and its address shows it whole."""

_WIDTH: Final = 320
"""Characters of sentences in the one line beside a rank: two sentences of usual length."""

_SENTENCES: Final = 3
"""No more of them there, however short."""

ATTRIBUTED: Final = 5
"""Strongest pieces of evidence that a row of a ranking names, and an export says whose they are."""

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


@dataclass(frozen=True, slots=True)
class _Thing:
    """One thing that somebody did, by its pieces of evidence: each with what it earns, the strongest first."""

    points: float
    pieces: Sequence[Sequence[Contribution]]

    @property
    def evidence(self) -> list[StoredEvidence]:
        """The pieces themselves."""
        return [piece[0].evidence for piece in self.pieces]

    @property
    def group(self) -> Mapping[str, Any] | None:
        """How its kinds read where several make one sentence; ``None`` where each makes its own."""
        return _group_of(self.pieces[0][0].evidence)


def sentences_of(scorer: Scorer, contributions: Iterable[Contribution]) -> list[Sentence]:
    """Everything that earns points, in sentences, the most points first.

    Args:
        scorer: What gave the points.
        contributions: The strongest first.
    """
    return [_sentence(scorer, thing) for thing in _things_of(contributions)]


def why(scorer: Scorer, score: Score) -> str:
    """One line: the strongest sentences, as many as it has room for, and how many more there are.

    Of what many pieces tell about one repository each gives what it begins with: what earns most.
    """
    things, attributed = _things_of(score.strongest()), score.strongest_evidence(ATTRIBUTED)
    told: list[str] = []
    for thing in things[:_SENTENCES]:
        text = _text_of(scorer, thing, parts=1)
        if told and len(" ".join([*told, text])) > _WIDTH:
            break
        # A text under a licence is only quoted where an export says whose it is.
        if all(item.id in attributed for item in thing.evidence[:1] if item.licence):
            told.append(text)
    more = f" And {len(things) - len(told)} more." if len(things) > len(told) else ""
    return shorten(" ".join(told), _WIDTH) + more


def _things_of(contributions: Iterable[Contribution]) -> list[_Thing]:
    found: dict[tuple[str, str], list[Contribution]] = {}
    for item in contributions:
        found.setdefault(_key_of(item.evidence), []).append(item)
    things = [_Thing(_points(items), _pieces_of(items)) for items in found.values()]
    return sorted(things, key=lambda thing: (-thing.points, thing.evidence[0].id))


def _pieces_of(items: Iterable[Contribution]) -> list[list[Contribution]]:
    pieces: dict[int, list[Contribution]] = {}
    for item in items:
        pieces.setdefault(item.evidence.id, []).append(item)
    return sorted(pieces.values(), key=lambda piece: (-_points(piece), piece[0].evidence.id))


def _group_of(evidence: StoredEvidence) -> Mapping[str, Any] | None:
    group: Mapping[str, Any] | None = wording()["groups"].get(evidence.kind.partition(".")[0])
    return group


def _key_of(evidence: StoredEvidence) -> tuple[str, str]:
    """What a piece of evidence is about: its repository or notebook, for all kinds that say so, else itself."""
    group = _group_of(evidence)
    if group is not None and evidence.title:
        return f"{evidence.site} {group['says']}", evidence.url if group["whole"] else _owner_and_name(evidence)
    if "many" in _of(evidence.kind):
        return f"{evidence.site} {evidence.kind}", _place(evidence.url)
    return "", str(evidence.id)


def _sentence(scorer: Scorer, thing: _Thing) -> Sentence:
    evidence = thing.evidence
    return Sentence(
        points=thing.points,
        text=_text_of(scorer, thing),
        url=_shortest(evidence) if thing.group else evidence[0].url,
        evidence=tuple(item.id for item in evidence),
        seen=seen_ago(min(item.seen_at for item in evidence), scorer.as_of),
    )


def _text_of(scorer: Scorer, thing: _Thing, parts: int | None = None) -> str:
    return one_line(f"{_says(scorer, thing, parts)} ({_aside(thing.evidence)}).")


def _says(scorer: Scorer, thing: _Thing, parts: int | None) -> str:
    first, group = thing.evidence[0], thing.group
    title = first.title if group is None or group["whole"] else _owner_and_name(first)
    words = {
        "title": f"“{shorten(title, _TITLE)}”" if title else "it",
        "place": _place(first.url),
        "n": len(thing.pieces),
    }
    if group is not None:
        return str(group["says"]).format(**words, parts=_listed(list(islice(_parts(scorer, thing.pieces), parts))))
    items = [item for piece in thing.pieces for item in piece]
    form = "says" if len(thing.pieces) == 1 else "many"
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
    # "KServe & Seldon": a name that holds an "and" must not read as two of the list.
    return _listed([scorer.lexicon.skills[skill].name.replace(" and ", " & ") for skill in skills[:_SKILLS_EACH]])


def _of(kind: str) -> Mapping[str, Any]:
    kinds: Mapping[str, Mapping[str, Any]] = wording()["kinds"]
    return kinds.get(kind) or {**kinds["default"], "says": f"{kind}: {kinds['default']['says']}"}


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _owner_and_name(evidence: StoredEvidence) -> str:
    """Of ``owner/name: path``."""
    return evidence.title.partition(":")[0]


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
        for tell in _of(item.kind).get("tells", ()):
            if words := " of ".join(_measured(item, tell.split(" of "))):
                told.setdefault(tell, words)
    licences = dict.fromkeys(item.licence for item in evidence if item.licence and item.title)
    return ", ".join([*parts, *told.values(), *licences]) or "no date known"


def _measured(evidence: StoredEvidence, names: Iterable[str]) -> Iterator[str]:
    """The site's own numbers in words; of ``stars:theirs`` the measure is ``stars``."""
    for name in names:
        if (value := evidence.measure.get(name.partition(":")[0], 0)) > 0:
            yield _number(wording()["measures"][name], value)


def _number(words: Sequence[str], value: float) -> str:
    place = int(value != 1) if len(words) == 2 else min(int(value), len(words)) - 1  # noqa: PLR2004  # one, many
    return words[place].format(n=f"{value:,.6g}")


def _shortest(evidence: Sequence[StoredEvidence]) -> str:
    """The address of the thing itself: that of one of its files is longer."""
    return min((item.url for item in evidence), key=lambda url: (len(url), url))


def _points(items: Iterable[Contribution]) -> float:
    return math.fsum(item.points for item in items)
