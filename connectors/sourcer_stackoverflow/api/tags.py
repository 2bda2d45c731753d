"""Which of the brief's tags a site has, by what it says about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sourcer_stackoverflow.api.wire import TagInfo

__all__ = ["missing_of", "tags_there"]


def tags_there(asked: Sequence[str], answer: Iterable[TagInfo]) -> dict[str, int]:
    """The tags of an answer and how many questions each has, in the order in which they were asked for.

    A tag that was not asked for is the master of one that was, which is a synonym; it comes after the others.
    """
    counts = {one.name.lower(): one.count for one in answer}
    return {tag: counts[tag] for tag in [*(tag for tag in asked if tag in counts), *sorted(set(counts) - set(asked))]}


def missing_of(asked: Sequence[str], there: Mapping[str, int]) -> list[str]:
    """The tags that the site neither has nor answered under the names of their masters."""
    missing = [tag for tag in asked if tag not in there]
    masters = len(there) - (len(asked) - len(missing))
    # Which of them stands for which is not said: only where each has one it is certain that none is missing.
    return missing if masters < len(missing) else []
