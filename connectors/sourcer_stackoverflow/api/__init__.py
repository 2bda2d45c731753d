"""The sites' API 2.3: who answers in a tag, what they say of themselves, and their answers, at the least price."""

from sourcer_stackoverflow.api.way import ApiWay

__all__ = ["ApiWay"]
