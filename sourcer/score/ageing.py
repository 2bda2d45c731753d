"""How old what is stored is: shown beside each fact, never scored."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sourcer.store.reads import PersonFacts

__all__ = ["has_stale_data", "seen_ago"]


def seen_ago(seen_at: datetime, as_of: date) -> str:
    """``seen 3 days ago``, counted from a day."""
    days = _days(seen_at, as_of)
    if days == 0:
        return "seen today"
    return f"seen {days} day{'s' if days > 1 else ''} ago"


def has_stale_data(facts: PersonFacts, as_of: date, stale_after_days: int) -> bool:
    """Whether none of a person's accounts was seen within the days after which a brief calls data old."""
    return bool(facts.profiles) and all(_days(profile.seen_at, as_of) > stale_after_days for profile in facts.profiles)


def _days(seen_at: datetime, as_of: date) -> int:
    return max(0, (as_of - seen_at.astimezone(UTC).date()).days)
