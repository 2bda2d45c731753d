"""A user's own lexicon file, laid over the built-in one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sourcer.config import nearest
from sourcer.errors import UsageError

__all__ = ["merge_own", "refuse_unknown"]

_TABLES: Final = ("skills", "strength", "contexts", "mistaken")
_OFF: Final = "!"


def merge_own(data: dict[str, Any], own: Mapping[str, Any], where: str) -> None:
    """Lay a user's tables over the built-in ones: lists grow, other keys are replaced.

    In a list, ``"!term"`` takes a built-in term out, and a term that is there already is replaced: ``"ray"`` makes
    ``"ray?"`` count without context.

    Args:
        data: The built-in lexicon's tables; changed in place.
        own: The user's tables.
        where: The user's file, for messages.

    Raises:
        UsageError: A name is not known, or a table is none.
    """
    refuse_unknown(own, _TABLES, where)
    for name in _TABLES:
        if not isinstance(own.get(name, {}), dict):
            raise UsageError(f"{where}: [{name}] must be a table")
    refuse_unknown(own.get("strength", {}), tuple(data["strength"]), f"{where}: [strength]")
    data["strength"] |= own.get("strength", {})
    refuse_unknown(own.get("mistaken", {}), tuple(data["mistaken"]), f"{where}: [mistaken]")
    for name in ("contexts", "mistaken"):
        _extend(data[name], own.get(name, {}), f"{where}: [{name}]")
    for skill_id, table in own.get("skills", {}).items():
        place = f"{where}: [skills.{skill_id}]"
        if not isinstance(table, dict):
            raise UsageError(f"{place} must be a table")
        if skill_id not in data["skills"] and "name" not in table:
            hint = nearest(skill_id, list(data["skills"]))
            raise UsageError(f"{place}: name is missing: a new skill needs name and dimension{_if_near(hint)}")
        _extend(data["skills"].setdefault(skill_id, {}), table, place)


def refuse_unknown(table: Mapping[str, Any], known: tuple[str, ...], where: str) -> None:
    """Raise a UsageError that names an unknown key and the nearest known one."""
    for key in table:
        if key not in known:
            raise UsageError(f"{where} {key}: unknown key{nearest(key, known)}")


def _extend(known: dict[str, Any], table: Mapping[str, Any], where: str) -> None:
    for key, value in table.items():
        known[key] = _joined(known.get(key, []), value, f"{where} {key}") if isinstance(value, list) else value


def _joined(known: Sequence[str], own: Sequence[Any], where: str) -> list[Any]:
    joined: dict[str, Any] = {_bare(term): term for term in known}
    for term in own:
        if not isinstance(term, str) or not term.startswith(_OFF):
            joined[_bare(term)] = term
        elif joined.pop(_bare(term[len(_OFF) :]), None) is None:
            raise UsageError(f"{where}: {term!r} takes out what is not there{_if_near(nearest(term, list(joined)))}")
    return list(joined.values())


def _bare(term: object) -> str:
    return str(term).removesuffix("?").lower()


def _if_near(hint: str) -> str:
    """The nearest known spelling; a list of all would be no help."""
    return hint if "did you mean" in hint else "; docs/lexicon.md lists them"
