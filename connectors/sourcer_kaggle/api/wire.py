"""The shapes of the API's answers: JSON as protocol buffers write it.

Defaults are left out (a missing tier is NOVICE, a missing count 0, a missing list empty), 64-bit numbers may come as
texts, enums as names or numbers. Each document of a list is read by itself: a broken one costs itself alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from sourcer.connect import parse_time
from sourcer_kaggle.tiers import read_tier

__all__ = [
    "Blob",
    "Dataset",
    "Document",
    "Kernel",
    "KernelAnswer",
    "Model",
    "Owner",
    "UserDocument",
    "Wire",
    "items_of",
    "read",
    "total_of",
]

_Model = TypeVar("_Model", bound=BaseModel)


def read(model: type[_Model], value: Any) -> _Model | None:
    """A value in the shape of ``model``, or ``None`` where it has another."""
    try:
        return model.model_validate(value)
    except ValidationError:
        return None


def items_of(model: type[_Model], answer: Mapping[str, Any], name: str) -> Iterator[_Model | None]:
    """The elements of a list, ``None`` for each that has another shape; a missing list is empty."""
    values = answer.get(name)
    return (read(model, value) for value in (values if isinstance(values, list) else ()))


def total_of(answer: Mapping[str, Any]) -> int | None:
    """How many documents a search finds in all; ``None`` where it does not say."""
    total = _count(answer.get("totalDocuments"))
    return total if total is not None and total >= 0 else None


def _time(value: Any) -> datetime | None:
    # Seven and nine digits after the second occur.
    return parse_time(value) if isinstance(value, str) else None


def _number(value: Any) -> int | None:
    """A number that may be absent; what is none costs no more than itself."""
    if isinstance(value, str) and value.removeprefix("-").isdecimal() and value.isascii() and len(value) < 20:  # noqa: PLR2004  # digits of 64 bits
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _count(value: Any) -> int | None:
    return 0 if value is None else _number(value)


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()


Time = Annotated[datetime | None, BeforeValidator(_time)]
Number = Annotated[int | None, BeforeValidator(_number)]
"""Optional on the wire: absent is unknown."""
Count = Annotated[int | None, BeforeValidator(_count)]
"""Not optional on the wire: absent is 0."""
Text = Annotated[str | None, BeforeValidator(_text)]
Texts = Annotated[tuple[str, ...], BeforeValidator(_texts)]


class Wire(BaseModel):
    """The base: camelCase outside, unknown keys ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_camel, populate_by_name=True)


class Owner(Wire):
    """Who owns a document. ``tier`` is today's number; ``None`` where it is none that is known."""

    id: Number = None
    user_name: Text = None
    display_name: Text = None
    tier: Annotated[int | None, BeforeValidator(read_tier)] = 0
    progression_opt_out: Annotated[bool, BeforeValidator(bool)] = False


class UserDocument(Wire):
    """What a search tells about a person. The place is given by consent only."""

    user_location: Text = None
    occupation_organization_name: Text = None
    competition_ranking: Number = None
    competition_points: Number = None
    kernel_ranking: Number = None
    kernel_points: Number = None
    dataset_ranking: Number = None
    dataset_points: Number = None


class Document(Wire):
    """One result of a search."""

    id: Number = None
    title: Text = None
    slug: Text = None
    votes: Number = None
    is_private: Annotated[bool, BeforeValidator(bool)] = False
    create_time: Time = None
    update_time: Time = None
    owner_user: Owner | None = None
    user_document: UserDocument | None = None


class Kernel(Wire):
    """A notebook in a list."""

    id: Count = 0
    ref: Text = None
    title: Text = None
    language: Text = None
    is_private: Annotated[bool, BeforeValidator(bool)] = False
    last_run_time: Time = None
    total_votes: Count = 0
    category_ids: Texts = ()


class Tag(Wire):
    """A tag of a data set or model."""

    ref: Text = None
    name: Text = None

    @property
    def spelled(self) -> str | None:
        """Its name."""
        return self.name or self.ref


def _tags(value: Any) -> tuple[Tag, ...]:
    return tuple(tag for one in (value if isinstance(value, list) else ()) if (tag := read(Tag, one)) is not None)


Tags = Annotated[tuple[Tag, ...], BeforeValidator(_tags)]


class Dataset(Wire):
    """A data set in a list."""

    id: Count = 0
    ref: Text = None
    title: Text = None
    is_private: Annotated[bool, BeforeValidator(bool)] = False
    last_updated: Time = None
    vote_count: Count = 0
    download_count: Count = 0
    tags: Tags = ()


class Instance(Wire):
    """A variation of a model: ``framework`` as the enum's name or number."""

    framework: Any = None


def _instances(value: Any) -> tuple[Instance, ...]:
    found = (read(Instance, one) for one in (value if isinstance(value, list) else ()))
    return tuple(one for one in found if one is not None)


class Model(Wire):
    """A model in a list."""

    id: Count = 0
    ref: Text = None
    title: Text = None
    is_private: Annotated[bool, BeforeValidator(bool)] = False
    publish_time: Time = None
    update_time: Time = None
    vote_count: Number = None
    instances: Annotated[tuple[Instance, ...], BeforeValidator(_instances)] = ()
    tags: Tags = ()


class Blob(Wire):
    """The source of a notebook."""

    source: Text = None
    language: Text = None


class KernelAnswer(Wire):
    """A notebook with its source."""

    blob: Blob | None = None
