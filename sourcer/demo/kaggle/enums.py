"""Enums of requests: by name, as the API documents them, or by number, as it takes them too."""

from __future__ import annotations

from typing import Any, Final

from sourcer.demo.kaggle.paging import BadRequest

__all__ = ["ACHIEVEMENTS", "CONTENT_ORDERS", "DOCUMENTS", "KERNEL_SORTS", "USER_ORDERS", "enum_name"]

DOCUMENTS: Final = {"COMPETITION": 2, "DATASET": 3, "KERNEL": 5, "USER": 9, "MODEL": 12}
"""Those that the copy holds."""
USER_ORDERS: Final = {
    f"SEARCH_USERS_ORDER_BY_{name}": number
    for number, name in enumerate(
        (
            "UNSPECIFIED",
            "COMPETITION_RANKING",
            "KERNEL_RANKING",
            "DATASET_RANKING",
            "DISPLAY_NAME",
            "TIER_AND_LEVEL",
            "OLDEST_JOIN_DATE",
            "NEWEST_JOIN_DATE",
        )
    )
}
CONTENT_ORDERS: Final = {
    f"LIST_SEARCH_CONTENT_ORDER_BY_{name}": number
    for number, name in enumerate(
        ("UNSPECIFIED", "DATE_CREATED", "DATE_UPDATED", "HOTNESS", "LAST_VIEWED", "TOTAL_COMMENTS", "VOTES")
    )
}
KERNEL_SORTS: Final = {
    name: number
    for number, name in enumerate(
        (
            "HOTNESS",
            "COMMENT_COUNT",
            "DATE_CREATED",
            "DATE_RUN",
            "RELEVANCE",
            "SCORE_ASCENDING",
            "SCORE_DESCENDING",
            "VIEW_COUNT",
            "VOTE_COUNT",
        )
    )
}
ACHIEVEMENTS: Final = {
    f"USER_ACHIEVEMENT_TYPE_{name}": number
    for number, name in enumerate(("UNSPECIFIED", "COMPETITIONS", "NOTEBOOKS", "DISCUSSION", "DATASETS"))
}


def enum_name(value: Any, names: dict[str, int]) -> str:
    """The name of a value of an enum; one that is not given is the default, which has the number 0.

    Raises:
        BadRequest: There is no such value.
    """
    if value is None:
        value = 0
    if isinstance(value, str) and value in names:
        return value
    found = next((name for name, number in names.items() if number == value and not isinstance(value, bool)), None)
    if found is None:
        raise BadRequest(f"Invalid enum value {value!r}")
    return found
