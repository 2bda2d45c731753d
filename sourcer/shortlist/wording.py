"""A shortlist and a history as a person reads them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sourcer.shortlist.listing import Entry
from sourcer.store.decisions import Decision

__all__ = ["history_text", "shortlist_text"]

_INDENT = "      "


def shortlist_text(brief: str, entries: Sequence[Entry], day: date) -> str:
    """Who is on the list, in its order, with state, tags, notes, and who said so when."""
    if not entries:
        return f"nobody: `sourcer shortlist add {brief} PERSON` puts somebody on the list"
    return "\n".join(line for entry in entries for line in _entry_lines(entry, day))


def _entry_lines(entry: Entry, day: date) -> list[str]:
    standing = entry.standing
    place = f"{entry.place:4}." if entry.place is not None else "    –"
    tags = f"   #{' #'.join(tag.replace(' ', '-') for tag in standing.tags)}" if standing.tags else ""
    gone = "" if entry.face.living else "   gone from the site"
    lines = [f"{place} {entry.face.name}   {_state(entry, day)}   (person {entry.face.person}){tags}{gone}"]
    lines += [f"{_INDENT}{account.url}" for account in entry.face.accounts if account.url]
    decided = standing.decided or standing.listed
    if decided is not None:
        why = f": {decided.reason}" if decided.reason else ""
        lines.append(f"{_INDENT}{decided.at:%Y-%m-%d} {decided.by}{why}")
    lines += [f"{_INDENT}note {one.at:%Y-%m-%d} {one.by}: {one.value}" for one in standing.notes]
    return lines


def _state(entry: Entry, day: date) -> str:
    standing = entry.standing
    if standing.until is None:
        return standing.state
    return f"snoozed until {standing.until}{' (back)' if standing.is_back(day) else ''}"


def history_text(name: str, decisions: Sequence[Decision]) -> str:
    """One line a decision, the oldest first."""
    if not decisions:
        return f"nobody has decided anything about {name}"
    lines = [f"{name}:"]
    for one in decisions:
        why = f" ({one.reason})" if one.reason else ""
        lines.append(f"  {one.at:%Y-%m-%d %H:%M} {one.brief}, {one.by}: {_deed(one)}{why}")
    return "\n".join(lines)


def _deed(decision: Decision) -> str:
    match decision.action:
        case "add":
            place = f" at place {decision.value}" if decision.value else ""
            return f"added to the shortlist{place}"
        case "remove":
            return "taken off the shortlist"
        case "state":
            until = f" until {decision.until}" if decision.until else ""
            return f"{decision.state_before} → {decision.state}{until}"
        case "note":
            return f"note: {decision.value}"
        case "tag":
            return f"tag {decision.value}"
        case "untag":
            return f"tag {decision.value} taken away"
