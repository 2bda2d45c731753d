"""Whether a class has the shape that the contract asks for, told without building it."""

from __future__ import annotations

import inspect
import re
from typing import Any, Final

from pydantic import BaseModel

from sourcer.connect.contract import CONTRACT
from sourcer.fetch.policy import ProfileUrl, SitePolicy

__all__ = ["class_fault"]

_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
_RESERVED: Final = ("limit",)
"""Keys of a brief's ``[discover]`` that are no connector's."""
_ATTRIBUTES: Final = ("name", "contract", "config_model", "discover_model", "policy", "batch_size")
_METHODS: Final = ("sites", "check", "plan", "discover", "fetch")
_COROUTINES: Final = ("check", "plan")
_ITERATORS: Final = ("discover", "fetch")


def class_fault(connector: Any, entry_point: str) -> str:
    """What keeps a class from being a connector, in one line, or an empty text.

    Args:
        connector: What the entry point leads to.
        entry_point: The name it is registered under.
    """
    if not inspect.isclass(connector):
        return f"its entry point leads to a {type(connector).__name__}, not to a class"
    missing = [name for name in (*_ATTRIBUTES, *_METHODS) if not hasattr(connector, name)]
    if missing:
        return f"{connector.__name__} lacks {', '.join(missing)}"
    faults = (_name_fault(connector, entry_point), _contract_fault(connector), *_attribute_faults(connector))
    return next((fault for fault in (*faults, *_method_faults(connector)) if fault), "")


def _name_fault(connector: Any, entry_point: str) -> str:
    name = connector.name
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        return f"its name {name!r} is not made of a-z, 0-9 and _"
    if name in _RESERVED:
        return f"its name {name!r} is a key of [discover] itself"
    if name != entry_point:
        return f"its name is {name!r}, but its entry point is called {entry_point!r}"
    return ""


def _contract_fault(connector: Any) -> str:
    if connector.contract == CONTRACT:
        return ""
    return f"it was written for contract {connector.contract!r}, this Sourcer speaks contract {CONTRACT}: upgrade it"


def _attribute_faults(connector: Any) -> list[str]:
    faults = [
        f"{attribute} is not a pydantic model"
        for attribute in ("config_model", "discover_model")
        if not _is_model(getattr(connector, attribute))
    ]
    if not isinstance(connector.policy, SitePolicy):
        return [*faults, "policy is not a SitePolicy"]
    if not connector.policy.buckets:
        faults.append("its policy has no bucket")
    faults += [fault for one in connector.policy.profile_urls if (fault := _pattern_fault(one))]
    size = connector.batch_size
    if not isinstance(size, int) or isinstance(size, bool) or size < 1:
        faults.append(f"batch_size is {size!r}, not a whole number above 0")
    return faults


def _is_model(value: Any) -> bool:
    return inspect.isclass(value) and issubclass(value, BaseModel)


def _pattern_fault(profile_url: ProfileUrl) -> str:
    try:
        groups = re.compile(profile_url.pattern).groupindex
    except re.error as fault:
        return f"the profile_urls pattern {profile_url.pattern!r} is no regular expression ({fault})"
    if not {"login", "uid"} & set(groups):
        return f"the profile_urls pattern {profile_url.pattern!r} has no group login or uid"
    if not profile_url.site and "site" not in groups:
        return f"the profile_urls pattern {profile_url.pattern!r} names no site"
    return ""


def _method_faults(connector: Any) -> list[str]:
    found = {name: getattr(connector, name) for name in _METHODS}
    faults = [f"{name} is not a method" for name, method in found.items() if not callable(method)]
    faults += [
        f"{name} is not a coroutine (async def)" for name in _COROUTINES if not inspect.iscoroutinefunction(found[name])
    ]
    faults += [
        f"{name} is a coroutine without any yield, not an async generator"
        for name in _ITERATORS
        if inspect.iscoroutinefunction(found[name])
    ]
    return faults
