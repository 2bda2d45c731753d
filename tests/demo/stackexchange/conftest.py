from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sourcer.demo.loopback import Asked
from sourcer.demo.model import World
from sourcer.demo.stackexchange.api import Api

Ask = Callable[..., Any]


@pytest.fixture(scope="session")
def api(world: World) -> Api:
    """The copy without its server; tests make filters, but change nothing else."""
    return Api(world)


@pytest.fixture
def ask(api: Api) -> Ask:
    """Asks for a path with parameters, and gives the wrapper object back."""

    def ask(path: str, *, has_key: bool = True, **params: Any) -> Any:
        query = "&".join(f"{name}={value}" for name, value in {"site": "stackoverflow", **params}.items())
        asked = Asked("GET", f"/2.3/{path}?{query}", {})
        return api.answer(asked, has_key=has_key, told={"quota_max": 300, "quota_remaining": 299})

    return ask
