"""The sections ``[connectors.NAME]`` of the configuration: each read by its connector's own model."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from pydantic import BaseModel

from sourcer.config import Config, is_near, nearest, parse_settings
from sourcer.connect.contract import Connector
from sourcer.connect.plugins import Installed, installed
from sourcer.errors import UsageError
from sourcer.fetch import Fetcher

__all__ = ["build", "check_sections", "connector_config", "needs_privacy"]

_PATH_ENDINGS: Final = ("_dir", "_file")


def check_sections(config: Config) -> None:
    """See that no section is a misspelt one. One of a connector that is not installed is left alone.

    Raises:
        UsageError: One is near the name of a connector; the message names it.
    """
    known = {found.name for found in installed()}
    for name in config.connectors:
        if name not in known and is_near(name, sorted(known)):
            hint = nearest(name, sorted(known))
            raise UsageError(f"{config.file} [connectors.{name}]: no such connector is installed{hint}")


def connector_config(config: Config, found: Installed) -> BaseModel:
    """Read a connector's section; where there is none, its model's defaults.

    Paths, that is texts in fields whose names end in ``_dir`` or ``_file``, start at the configuration's folder.

    Raises:
        UsageError: The section cannot be used, or there is a misspelt one.
    """
    check_sections(config)
    model = found.usable.config_model
    section = _with_paths(config, model, config.connectors.get(found.name, {}))
    return parse_settings(model, section, f"{config.file} [connectors.{found.name}]")


def _with_paths(config: Config, model: type[BaseModel], section: Mapping[str, Any]) -> dict[str, Any]:
    defaults = {name: field.default for name, field in model.model_fields.items()}
    paths = {
        name: str(config.path(value))
        for name, value in {**defaults, **section}.items()
        if name.endswith(_PATH_ENDINGS) and isinstance(value, str) and value.strip()
    }
    return {**section, **paths}


def build(config: Config, name: str, fetcher: Fetcher) -> Connector:
    """Build a connector by its name.

    Raises:
        UsageError: It is not installed, it is broken, or its section cannot be used.
    """
    known = {found.name: found for found in installed()}
    if name not in known:
        raise UsageError(f"{name}: no such connector is installed{nearest(name, sorted(known))}")
    found = known[name]
    if found.fault:
        raise UsageError(f"{name}: the connector of {found.package} is broken: {found.fault}")
    return found.build(connector_config(config, found), fetcher)


def needs_privacy(settings: BaseModel) -> bool:
    """Whether a crawl with this section touches real people, so that it needs the privacy block.

    It does not where ``api_url`` is a server on this very machine and no ``*_dir`` names files to read instead.
    """
    values = dict(settings)
    if any(name.endswith("_dir") and value for name, value in values.items()):
        return True
    return not _is_loopback(str(values.get("api_url", "")))


def _is_loopback(url: str) -> bool:
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
