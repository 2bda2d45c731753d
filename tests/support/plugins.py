"""Distributions with connectors in them, made on the spot: what ``pip install`` leaves behind, and no more."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

__all__ = ["install", "tiny_source"]

_TINY = """
from collections.abc import AsyncIterator

from sourcer.connect import CONTRACT, Bucket, Done, Plan, ProfileUrl, Ref, Settings, SitePlan, SitePolicy


class Config(Settings):
    api_url: str = "http://127.0.0.1:1"


class Wanted(Settings):
    pass


class Tiny:
    name = "{name}"
    contract = CONTRACT
    config_model = Config
    discover_model = Wanted
    policy = SitePolicy(
        (Bucket("requests"),),
        profile_urls=(ProfileUrl("{name}", r"https://{name}\\.example/people/(?P<login>[^/]+)"),),
    )
    batch_size = 10

    def __init__(self, config, fetcher):
        self.config = config
        self.fetcher = fetcher

    def sites(self):
        return ("{name}",)

    async def check(self):
        pass

    async def plan(self, discover):
        return Plan({{"{name}": SitePlan()}})

    async def discover(self, discover, after):
        yield Ref("{name}", "1")

    async def fetch(self, visits, depth, focus):
        for visit in visits:
            yield Done(visit.ref)
"""


def tiny_source(name: str, changes: str = "") -> str:
    """The source of a connector that does next to nothing; ``changes`` are lines after the class."""
    return f"{_TINY.format(name=name)}\n{changes}\n"


def install(folder: Path, package: str, modules: Mapping[str, str], entry_points: Mapping[str, str]) -> None:
    """Put a distribution into a folder of ``sys.path``.

    Args:
        folder: Where.
        package: The distribution's name.
        modules: Source by module name.
        entry_points: Object references by connector name.
    """
    info = folder / f"{package.replace('-', '_')}-1.5.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.5\n", encoding="utf-8")
    lines = "".join(f"{name} = {target}\n" for name, target in entry_points.items())
    (info / "entry_points.txt").write_text(f"[sourcer.connectors]\n{lines}", encoding="utf-8")
    for module, source in modules.items():
        (folder / f"{module}.py").write_text(source, encoding="utf-8")
