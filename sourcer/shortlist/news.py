"""A digest: who is new, who changed and how, who is gone, and who is back from a snooze."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from sourcer.domain import Json, iso_time
from sourcer.score.candidate import Candidate
from sourcer.store.decisions import Decision, Standing
from sourcer.store.faces import Face
from sourcer.store.seen import Look, Seen

__all__ = ["Change", "Digest", "Told"]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is other than the user was told.

    Args:
        what: A field of a profile, ``score``, ``rank``, ``contributions``, ``evidence`` (a new piece), ``accounts``
            (which ones are the person's), or ``status`` (``ranked``, ``left`` or ``gone``).
        before: What it was; ``None`` where there was nothing, and where ``is_known`` says that nobody knows any more.
        now: What it is.
        account: Of which account, as ``site:#uid``; empty where it is about the person.
        is_known: Whether ``before`` is known.
    """

    what: str
    before: Json
    now: Json
    account: str = ""
    is_known: bool = True

    def as_json(self) -> dict[str, Json]:
        """What, of which account, from, to."""
        return {
            "what": self.what,
            "account": self.account or None,
            "from": self.before,
            "to": self.now,
            "from_known": self.is_known,
        }


@dataclass(frozen=True, slots=True)
class Told:
    """A person in a digest; ``place`` is the last known rank, by which the list is ordered."""

    person: int
    name: str
    profiles: tuple[Mapping[str, str], ...]
    state: str
    tags: tuple[str, ...]
    place: int | None = None
    score: float | None = None
    why: str = ""
    top_skills: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    snooze: Decision | None = None
    gone_at: datetime | None = None
    erased: bool = False

    @classmethod
    def ranked(cls, candidate: Candidate, changes: Iterable[Change] = (), snooze: Decision | None = None) -> Told:
        """Somebody who is in the ranking."""
        return cls(
            person=candidate.person,
            name=candidate.name,
            profiles=tuple(asdict(account) for account in candidate.profiles),
            state=candidate.state,
            tags=candidate.tags,
            place=candidate.rank,
            score=candidate.score,
            why=candidate.why,
            top_skills=candidate.top_skills,
            flags=candidate.flags,
            changes=tuple(changes),
            snooze=snooze,
        )

    @classmethod
    def unranked(cls, face: Face, standing: Standing, place: int | None = None, changes: Iterable[Change] = ()) -> Told:
        """Somebody who is not, or no longer; the name of an erased one is not known any more."""
        gone = [account.gone_at for account in face.accounts if account.gone_at is not None]
        return cls(
            person=face.person,
            name=face.name,
            profiles=tuple(account.as_json() for account in face.accounts),
            state=standing.state,
            tags=standing.tags,
            place=place,
            changes=tuple(changes),
            gone_at=max(gone, default=None) if not face.living else None,
            erased=face.is_erased,
        )

    def as_json(self) -> dict[str, Any]:
        """The person, then what is other; keys that say nothing here are left out."""
        said: dict[str, Any] = {
            "person": self.person,
            "name": self.name,
            "rank": self.place if self.score is not None else None,
            "score": self.score,
            "profiles": [dict(profile) for profile in self.profiles],
            "state": self.state,
            "tags": list(self.tags),
            "flags": list(self.flags),
        }
        if self.score is not None:
            said |= {"why": self.why, "top_skills": list(self.top_skills)}
        if self.changes:
            said["changes"] = [change.as_json() for change in self.changes]
        if self.snooze is not None:
            until = self.snooze.until.isoformat() if self.snooze.until else None
            said |= {"until": until, "reason": self.snooze.reason, "snoozed_by": self.snooze.by}
        if self.gone_at is not None:
            said |= {"gone_at": iso_time(self.gone_at), "erased": self.erased}
        return said


@dataclass(slots=True)
class Digest:
    """What is new of a brief for a user.

    Args:
        brief: The brief's name, and
        title: what it calls itself.
        user: For whom.
        as_of: The day as on which was scored.
        since: The last look, or the day that was asked for; ``None`` at the first look.
        is_first: Whether the user never looked before: then everybody is new.
        is_rescored: Whether brief, rules or lexicon are others than at the last look: then nothing is said about
            scores, ranks, and who left the ranking.
        after: The look that this one follows, and
        look: this one, to be kept once it was told; ``None``: nothing is kept.
        seen: People as they are told now, and
        dropped: those that need not be remembered.
    """

    brief: str
    title: str
    user: str
    as_of: date
    since: datetime | None = None
    is_first: bool = False
    is_rescored: bool = False
    new: list[Told] = field(default_factory=list)
    changed: list[Told] = field(default_factory=list)
    gone: list[Told] = field(default_factory=list)
    back: list[Told] = field(default_factory=list)
    after: Look | None = None
    look: Look | None = None
    seen: list[Seen] = field(default_factory=list)
    dropped: list[int] = field(default_factory=list)

    def put_in_order(self) -> Digest:
        """The best first, by the last known rank; those without one last."""
        for people in self.sections().values():
            people.sort(key=lambda told: (told.place is None, told.place or 0, told.person))
        return self

    def sections(self) -> dict[str, list[Told]]:
        """The lists by their names."""
        return {"new": self.new, "changed": self.changed, "gone": self.gone, "back": self.back}

    def as_json(self, top: int | None = None) -> dict[str, Any]:
        """The object that ``digest --json`` prints; ``top`` cuts the lists, never the counts."""
        return {
            "brief": self.brief,
            "title": self.title,
            "user": self.user,
            "as_of": self.as_of.isoformat(),
            "since": iso_time(self.since) if self.since else None,
            "first": self.is_first,
            "rescored": self.is_rescored,
            "counts": {name: len(people) for name, people in self.sections().items()},
            **{name: [told.as_json() for told in people[:top]] for name, people in self.sections().items()},
        }
