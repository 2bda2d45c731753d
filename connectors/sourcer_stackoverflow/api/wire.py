"""The shapes of the API's answers, as far as they are read. Source: api.stackexchange.com/docs, the type pages.

Texts of a safe filter are HTML-escaped and unescaped here, exactly once; ``about_me`` and addresses are not escaped.
"""

from __future__ import annotations

import html
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

__all__ = [
    "AnswerPost",
    "Filter",
    "Holder",
    "NetworkUser",
    "QuestionPost",
    "Shallow",
    "SiteName",
    "TagBadge",
    "TagInfo",
    "TagScore",
    "TopTag",
    "User",
    "Wire",
    "read",
]


def _plain(value: Any) -> Any:
    return html.unescape(value) if isinstance(value, str) else value


def _moment(value: Any) -> datetime | None:
    """Seconds since 1970; what is no time is unknown."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return datetime.fromtimestamp(int(value), UTC)
    except (OverflowError, OSError, ValueError):
        return None


Plain = Annotated[str, BeforeValidator(_plain)]
Moment = Annotated[datetime | None, BeforeValidator(_moment)]


class Wire(BaseModel):
    """The base: unknown keys are ignored, since the API adds some."""

    model_config = ConfigDict(frozen=True, extra="ignore")


_Model = TypeVar("_Model", bound=Wire)


def read(model: type[_Model], value: Any) -> _Model | None:
    """A value in the shape of ``model``, or ``None`` where it has another."""
    try:
        return model.model_validate(value)
    except ValidationError:
        return None


class Shallow(Wire):
    """Somebody as posts and lists name them. Of a deleted user only a name is left."""

    user_id: int | None = None
    user_type: str = ""

    @property
    def person(self) -> int | None:
        """The id, where it can be a person's: -1 is the Community user."""
        if self.user_id is None or self.user_id <= 0 or self.user_type == "does_not_exist":
            return None
        return self.user_id


class User(Wire):
    """A profile."""

    user_id: int
    account_id: int | None = None
    user_type: str = ""
    display_name: Plain | None = None
    location: Plain | None = None
    website_url: str | None = None
    about_me: str | None = None
    reputation: int | None = None
    view_count: int | None = None
    up_vote_count: int | None = None
    down_vote_count: int | None = None
    answer_count: int | None = None
    question_count: int | None = None
    badge_counts: dict[str, int] | None = None
    creation_date: Moment = None


class TagScore(Wire):
    """A line of a tag's top answerers."""

    user: Shallow
    score: int
    post_count: int


class TopTag(Wire):
    """What one person's answers add up to in one tag."""

    tag_name: Plain
    answer_score: int
    answer_count: int


class TagInfo(Wire):
    """A tag and the number of its questions."""

    name: Plain
    count: int


class TagBadge(Wire):
    """A badge and how many have it."""

    badge_id: int
    name: Plain
    rank: str = ""
    badge_type: str = "tag_based"
    award_count: int = 0


class Holder(Wire):
    """A badge that somebody holds."""

    name: Plain
    rank: str = ""
    badge_type: str = ""
    user: Shallow


class AnswerPost(Wire):
    """An answer; tags, title and bounty only come where the filter asks for them."""

    answer_id: int
    question_id: int | None = None
    owner: Shallow | None = None
    score: int | None = None
    is_accepted: bool | None = None
    creation_date: Moment = None
    community_owned_date: int | None = None
    content_license: str | None = None
    awarded_bounty_amount: int | None = None
    tags: tuple[Plain, ...] = ()
    title: Plain | None = None

    @property
    def id(self) -> int:
        """Its post id."""
        return self.answer_id


class QuestionPost(Wire):
    """A question."""

    question_id: int
    owner: Shallow | None = None
    score: int | None = None
    view_count: int | None = None
    answer_count: int | None = None
    creation_date: Moment = None
    community_owned_date: int | None = None
    content_license: str | None = None
    tags: tuple[Plain, ...] = ()
    title: Plain | None = None

    @property
    def id(self) -> int:
        """Its post id."""
        return self.question_id


class NetworkUser(Wire):
    """One of a person's accounts on the whole network."""

    account_id: int
    user_id: int
    site_url: str


class Filter(Wire):
    """A filter that was made."""

    filter: str = Field(min_length=1)


class SiteName(Wire):
    """A site."""

    api_site_parameter: str
