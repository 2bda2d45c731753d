"""Reads a digest: what a user was told last is held against how a brief's people stand now.

No clock and no log decides what is new: whatever killed, resumed or replayed crawls did, each change is told once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from sourcer.score.candidate import Candidate
from sourcer.score.version import scoring_digest
from sourcer.shortlist.comparing import Known, Past, known_people, moves_of, past_of, profile_changes, seen_as
from sourcer.shortlist.news import Change, Digest, Told
from sourcer.shortlist.ranked import Ranked, View, evidence_news, read_ranked
from sourcer.store.database import Database
from sourcer.store.faces import Face, read_faces, roots_of
from sourcer.store.seen import Look, Seen, read_look, read_seen, save_look
from sourcer.store.sql import chunks

__all__ = ["keep_look", "read_digest"]


def read_digest(connection: Connection, view: View, now: datetime) -> Digest:
    """What is new for a user since their last look; :func:`keep_look` makes this one the last.

    Nothing is told of who is rejected, hired or snoozed, and nothing forgotten meanwhile: when they are shown again,
    what changed since the user last heard of them is told then.

    Args:
        connection: A read transaction.
        view: Who looks, and how.
        now: The time of this look.
    """
    name, ranked = view.brief.name, read_ranked(connection, view)
    scoring = scoring_digest(view.brief, view.lexicon, cross_brief=view.cross_brief)
    last, look = read_look(connection, view.user, name), Look(now, scoring)
    digest = Digest(
        brief=name,
        title=view.brief.title,
        user=view.user,
        as_of=view.as_of,
        since=last.at if last else None,
        is_first=last is None,
        is_rescored=last is not None and last.scoring != look.scoring,
        after=last,
        look=look,
    )
    seen = read_seen(connection, view.user, name)
    teller = _Teller(digest, ranked, known_people(seen, roots_of(connection, seen)))
    for people in chunks(ranked.people):
        teller.tell_ranked(connection, people)
    for missing in chunks(teller.missing()):
        teller.tell_missing(read_faces(connection, missing), missing)
    teller.name_evidence(connection)
    return digest.put_in_order()


@dataclass(frozen=True, slots=True)
class _Teller:
    """Fills a digest: who is ranked and who is missing, against who is known."""

    digest: Digest
    ranked: Ranked
    known: Mapping[int, Known]

    def tell_ranked(self, connection: Connection, people: Sequence[Candidate]) -> None:
        faces = read_faces(connection, [candidate.person for candidate in people])
        past = past_of(
            connection, ((face, self.known[person]) for person, face in faces.items() if person in self.known)
        )
        for candidate in people:
            face, known = faces[candidate.person], self.known.get(candidate.person)
            changes = self._changes(candidate, face, known, past) if known else []
            self._tell(candidate, face, known, changes)

    def _changes(self, candidate: Candidate, face: Face, known: Known, past: Past) -> list[Change]:
        moves = moves_of(candidate, face, known, is_rescored=self.digest.is_rescored)
        return moves + profile_changes(face, known, past)

    def _tell(self, candidate: Candidate, face: Face, known: Known | None, changes: Sequence[Change]) -> None:
        snooze = self.ranked.ended_snooze(candidate.person)
        back = known.seen.back if known else None
        if snooze is not None and snooze.id != back:
            back = snooze.id
            self.digest.back.append(Told.ranked(candidate, changes, snooze))
        elif known is None:
            self.digest.new.append(Told.ranked(candidate))
        elif changes:
            self.digest.changed.append(Told.ranked(candidate, changes))
        elif not self.digest.is_rescored and not known.others:
            # Not a word: what was told stays what the next look is held against.
            return
        self.digest.seen.append(seen_as(candidate, face, back))
        self.digest.dropped += known.others if known else ()

    def missing(self) -> list[int]:
        """Who is known and neither ranked nor put aside."""
        ranked = {candidate.person for candidate in self.ranked.people}
        return sorted(person for person in self.known if person not in ranked and person not in self.ranked.hidden)

    def tell_missing(self, faces: Mapping[int, Face], people: Iterable[int]) -> None:
        """Tell who is gone, and who is there and no longer ranked."""
        for person in people:
            face, known = faces.get(person, Face(person)), self.known[person]
            status = "left" if face.living else "gone"
            if known.seen.status != status:
                self._tell_missing(face, known.seen, status)
                self.digest.dropped += known.others
            if face.is_erased:
                self.digest.dropped.append(person)

    def _tell_missing(self, face: Face, seen: Seen, status: str) -> None:
        standing = self.ranked.standing(face.person)
        if status == "gone":
            self.digest.gone.append(Told.unranked(face, standing, seen.rank))
            self.digest.seen += [] if face.is_erased else [replace(seen, person=face.person, status="gone")]
            return
        if not self.digest.is_rescored or seen.status == "gone":
            change = Change("status", seen.status, "left")
            self.digest.changed.append(Told.unranked(face, standing, seen.rank, [change]))
        self.digest.seen.append(replace(seen, person=face.person, status="left"))

    def name_evidence(self, connection: Connection) -> None:
        """Name the evidence that is behind scores that moved."""
        digest = self.digest
        earned = {told.person for told in digest.changed if any(one.what == "contributions" for one in told.changes)}
        if digest.since is not None and earned:
            news = evidence_news(connection, digest.brief, earned, digest.since)
            digest.changed = [
                replace(told, changes=(*told.changes, *news.get(told.person, ()))) for told in digest.changed
            ]


def keep_look(database: Database, digest: Digest) -> bool:
    """Make a digest the user's last look, once it was told.

    Returns:
        Whether it is now; ``False`` where the same user looked elsewhere meanwhile, or it is none to keep.
    """
    if digest.look is None:
        return False
    with database.write() as connection:
        return save_look(
            connection,
            digest.user,
            digest.brief,
            after=digest.after,
            look=digest.look,
            told=digest.seen,
            dropped=digest.dropped,
        )
