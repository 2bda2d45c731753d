from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from sourcer.config import Config, Settings
from sourcer.connect.registry import (
    Installed,
    build,
    check_offline,
    check_sections,
    connector_config,
    installed,
    needs_privacy,
    site_of_url,
    statuses,
)
from sourcer.connect.testing import open_fetcher
from sourcer.errors import NotConfigured, UsageError
from sourcer.show import connectors_table
from support.plugins import install, tiny_source

Install = Callable[..., None]


@pytest.fixture
def add(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Installs distributions for this test alone; module names must not repeat."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    before = set(sys.modules)

    def put(package: str, modules: Mapping[str, str], entry_points: Mapping[str, str]) -> None:
        install(folder, package, modules, entry_points)

    yield put
    for name in set(sys.modules) - before:
        del sys.modules[name]


def found(name: str) -> Installed:
    return {one.name: one for one in installed()}[name]


def test_the_built_in_connectors_are_found_by_entry_point() -> None:
    by_name = {one.name: one for one in installed()}
    assert {"github", "stackoverflow"} <= set(by_name)
    for name in ("github", "stackoverflow"):
        one = by_name[name]
        assert (one.package, one.fault, one.builtin) == ("sourcer-crawler", "", True)
        assert one.version


def test_a_third_partys_connector_is_found(add: Install) -> None:
    add("sourcer-tiny", {"tiny_mod": tiny_source("tiny")}, {"tiny": "tiny_mod:Tiny"})
    one = found("tiny")
    assert (one.package, one.version, one.fault, one.builtin) == ("sourcer-tiny", "1.5", "", False)
    assert one.connector is not None
    assert one.policy.buckets[0].name == "requests"


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ("import no_such_module_anywhere", "ModuleNotFoundError"),
        ("raise SystemExit('bye')", "SystemExit: bye"),
        ("class Odd(BaseException): pass\nraise Odd('two\\nlines')", "Odd: two lines"),
        ("Tiny.name = 'other'", "'other', but its entry point is called 'bad'"),
        ("Tiny.name = 7", "its name 7"),
        ("Tiny.contract = 2", "contract 2, this Sourcer speaks contract 1"),
        ("del Tiny.config_model", "lacks config_model"),
        ("del Tiny.fetch", "lacks fetch"),
        ("Tiny.config_model = dict", "config_model is not a pydantic model"),
        ("Tiny.discover_model = Config()", "discover_model is not a pydantic model"),
        ("Tiny.policy = {}", "policy is not a SitePolicy"),
        ("Tiny.policy = SitePolicy(())", "no bucket"),
        ("Tiny.batch_size = 0", "batch_size is 0"),
        ("Tiny.batch_size = True", "batch_size is True"),
        ("Tiny.fetch = 3", "fetch is not a method"),
        ("def check(self): pass\nTiny.check = check", "check is not a coroutine"),
        ("async def discover(self, d, a): return []\nTiny.discover = discover", "discover is a coroutine"),
        ("Tiny = Tiny(None, None)", "not to a class"),
        ("del Tiny", "AttributeError"),
        (
            "Tiny.policy = SitePolicy((Bucket('a'),), profile_urls=(ProfileUrl('bad', '('),))",
            "no regular expression",
        ),
        ("Tiny.policy = SitePolicy((Bucket('a'),), profile_urls=(ProfileUrl('bad', 'x'),))", "no group login or uid"),
        (
            "Tiny.policy = SitePolicy((Bucket('a'),), profile_urls=(ProfileUrl('', '(?P<uid>x)'),))",
            "names no site",
        ),
    ],
)
async def test_a_broken_one_is_named_and_the_others_go_on(add: Install, changes: str, fault: str) -> None:
    add("sourcer-bad", {"bad_mod": tiny_source("bad", changes)}, {"bad": "bad_mod:Tiny"})
    one = found("bad")
    assert one.connector is None
    assert fault in one.fault
    assert "\n" not in one.fault
    assert not found("github").fault
    status = {each.name: each for each in await statuses(None)}["bad"].as_json()
    assert status == {
        "name": "bad",
        "sites": [],
        "package": "sourcer-bad",
        "version": "1.5",
        "status": "broken",
        "reason": one.fault,
        "findings": [],
    }
    with pytest.raises(UsageError, match="sourcer-bad is broken"):
        build(Config(connectors={"bad": {}}), "bad", None)  # type: ignore[arg-type]  # never reached
    with pytest.raises(ValueError, match="is broken"):
        _ = one.policy


@pytest.mark.parametrize("name", ["limit", "Tiny", "ti-ny", "1tiny"])
def test_names_that_a_brief_could_not_hold_are_refused(add: Install, name: str) -> None:
    add("sourcer-odd", {"odd_mod": tiny_source(name)}, {name: "odd_mod:Tiny"})
    assert name in found(name).fault


def test_a_name_claimed_twice_is_used_by_nobody(add: Install) -> None:
    for package in ("sourcer-one", "sourcer-two"):
        module = package.replace("-", "_")
        add(package, {module: tiny_source("twin")}, {"twin": f"{module}:Tiny"})
    twins = [one for one in installed() if one.name == "twin"]
    assert [one.connector for one in twins] == [None, None]
    assert [one.fault for one in twins] == [
        "its name is also claimed by sourcer-two: uninstall one of them",
        "its name is also claimed by sourcer-one: uninstall one of them",
    ]


def test_nobody_takes_the_name_of_a_built_in_one(add: Install) -> None:
    add("a-github", {"impostor": tiny_source("github")}, {"github": "impostor:Tiny"})
    both = [one for one in installed() if one.name == "github"]
    assert [(one.package, bool(one.fault)) for one in both] == [("a-github", True), ("sourcer-crawler", False)]
    assert found("github").builtin


def test_what_a_module_prints_at_import_stays_out_of_stdout(add: Install, capsys: pytest.CaptureFixture[str]) -> None:
    add("sourcer-loud", {"loud_mod": tiny_source("loud", "print('hello')")}, {"loud": "loud_mod:Tiny"})
    assert not found("loud").fault
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "hello" in captured.err


def test_ctrl_c_at_import_is_no_fault_of_the_connector(add: Install) -> None:
    add("sourcer-slow", {"slow_mod": tiny_source("slow", "raise KeyboardInterrupt")}, {"slow": "slow_mod:Tiny"})
    with pytest.raises(KeyboardInterrupt):
        installed()


REFUSING = """
from sourcer.connect import NotConfigured
async def check(self):
    raise NotConfigured('no token: set X')
Tiny.check = check
"""
CRASHING = """
async def check(self):
    return 1 / 0
Tiny.check = check
"""


async def test_enabled_disabled_and_what_to_set(add: Install) -> None:
    add("p1", {"p1_mod": tiny_source("able")}, {"able": "p1_mod:Tiny"})
    add("p2", {"p2_mod": tiny_source("needy", REFUSING)}, {"needy": "p2_mod:Tiny"})
    add("p3", {"p3_mod": tiny_source("crash", CRASHING)}, {"crash": "p3_mod:Tiny"})
    add("p4", {"p4_mod": tiny_source("absent")}, {"absent": "p4_mod:Tiny"})
    add("p5", {"p5_mod": tiny_source("typo")}, {"typo": "p5_mod:Tiny"})
    sections: dict[str, dict[str, object]] = {"able": {}, "needy": {}, "crash": {}, "typo": {"api_urll": "x"}}
    by_name = {one.name: one for one in await statuses(Config(connectors=sections))}
    shown = {
        name: (by_name[name].status, by_name[name].reason) for name in ("able", "needy", "crash", "absent", "typo")
    }
    assert shown == {
        "able": ("enabled", ""),
        "needy": ("disabled", "no token: set X"),
        "crash": ("disabled", "crash failed: ZeroDivisionError: division by zero"),
        "absent": ("disabled", "no section [connectors.absent] in sourcer.toml: add it"),
        "typo": ("disabled", f"{Config().file} [connectors.typo]: api_urll: unknown key; did you mean api_url?"),
    }
    assert [by_name[name].sites for name in ("able", "needy", "absent", "typo")] == [
        ("able",),
        ("needy",),
        ("absent",),
        (),
    ]


ASKING = """
async def check(self):
    await self.fetcher.get(self.config.api_url + "/status")
Tiny.check = check
"""


async def test_a_plain_listing_sends_no_request_and_check_does(add: Install) -> None:
    add("p6", {"p6_mod": tiny_source("asker", ASKING)}, {"asker": "p6_mod:Tiny"})
    config = Config(connectors={"asker": {"api_url": "http://127.0.0.1:9/"}})  # nobody listens there

    async def status(*, check: bool) -> tuple[str, str]:
        one = {each.name: each for each in await statuses(config, check=check)}["asker"]
        return one.status, one.reason

    assert await status(check=False) == ("enabled", "not asked; --check asks the site")
    await check_offline(found("asker"), connector_config(config, found("asker")))


async def test_check_asks_the_site(add: Install) -> None:
    from sourcer.connect.testing import Reply, serve

    add("p7", {"p7_mod": tiny_source("asked", ASKING)}, {"asked": "p7_mod:Tiny"})
    for answer, expected in (({"ok": True}, "enabled"), (Reply({}, status=401), "disabled")):
        with serve({"/status": answer}) as url:
            config = Config(connectors={"asked": {"api_url": url}})
            one = {each.name: each for each in await statuses(config, check=True)}["asked"]
            assert one.status == expected
            assert ("refused the credentials" in one.reason) is (expected == "disabled")


TELLING = """
async def findings(self):
    return ["asked\\nwith a key", 3]
Tiny.findings = findings
"""
STUMBLING = """
async def findings(self):
    return 1 / 0
Tiny.findings = findings
"""


async def test_check_also_tells_what_there_is_to_know(add: Install) -> None:
    add("p10", {"p10_mod": tiny_source("telling", TELLING)}, {"telling": "p10_mod:Tiny"})
    add("p11", {"p11_mod": tiny_source("stumbling", STUMBLING)}, {"stumbling": "p11_mod:Tiny"})
    add("p12", {"p12_mod": tiny_source("silent")}, {"silent": "p12_mod:Tiny"})
    config = Config(connectors={"telling": {}, "stumbling": {}, "silent": {}})
    asked = {one.name: one for one in await statuses(config, check=True)}
    assert {asked[name].status for name in config.connectors} == {"enabled"}
    assert asked["telling"].as_json()["findings"] == ["asked with a key", "3"]
    (complaint,) = asked["stumbling"].findings
    assert complaint == "there may be more to know: stumbling failed: ZeroDivisionError: division by zero"
    assert asked["silent"].findings == ()
    table = connectors_table([asked["telling"], asked["silent"]])
    assert table.splitlines()[-2:] == ["telling: asked with a key", "telling: 3"]
    assert connectors_table([asked["silent"]]).count("\n") == 1
    listed = {one.name: one for one in await statuses(config)}
    assert all(not listed[name].findings for name in config.connectors)


async def test_check_offline_says_what_to_set(add: Install) -> None:
    add(
        "p8",
        {"p8_mod": tiny_source("tests", CRASHING)},
        {"tests": "p8_mod:Tiny"},
    )
    with pytest.raises(NotConfigured, match="ZeroDivisionError"):
        await check_offline(found("tests"), connector_config(Config(connectors={"tests": {}}), found("tests")))


async def test_an_unknown_section_names_the_nearest_connector() -> None:
    config = Config(connectors={"githup": {}})
    with pytest.raises(UsageError, match=r"\[connectors.githup\]: no such connector .*; did you mean github\?"):
        check_sections(config)
    with pytest.raises(UsageError, match="githup"):
        await statuses(config)
    with pytest.raises(UsageError, match=r"githup: no such connector is installed; did you mean github\?"):
        build(Config(), "githup", None)  # type: ignore[arg-type]  # never reached


def test_paths_start_at_the_configurations_folder(tmp_path: Path) -> None:
    config = Config(connectors={"stackoverflow": {"dump_dir": "dumps/so", "sites": ["ai"]}}).at(tmp_path)
    settings = connector_config(config, found("stackoverflow"))
    assert dict(settings)["dump_dir"] == str(tmp_path / "dumps" / "so")
    assert dict(connector_config(Config().at(tmp_path), found("stackoverflow")))["dump_dir"] == ""


def test_default_paths_are_made_absolute_too(add: Install, tmp_path: Path) -> None:
    more = "class More(Config):\n    cache_dir: str = 'here'\n    key_file: str = '/abs/key'\n    count_dir: int = 3\n"
    add("p9", {"p9_mod": tiny_source("paths", f"{more}Tiny.config_model = More")}, {"paths": "p9_mod:Tiny"})
    settings = dict(connector_config(Config().at(tmp_path), found("paths")))
    assert settings["cache_dir"] == str(tmp_path / "here")
    assert settings["key_file"] == "/abs/key"
    assert settings["count_dir"] == 3


async def test_build_gives_the_connector_with_its_section(add: Install) -> None:
    add("p10", {"p10_mod": tiny_source("built")}, {"built": "p10_mod:Tiny"})
    one = found("built")
    config = Config(connectors={"built": {"api_url": "http://localhost:1"}})
    async with open_fetcher(one.usable, connector_config(config, one)) as fetcher:
        connector = build(config, "built", fetcher)
    assert connector.sites() == ("built",)
    with pytest.raises(UsageError, match=r"sourcer.toml \[connectors.built\]: apiurl: unknown key"):
        build(Config(connectors={"built": {"apiurl": ""}}), "built", fetcher)


class _Section(Settings):
    api_url: str = "https://api.example"
    dump_dir: str = ""


class _NoUrl(Settings):
    token: str = ""


@pytest.mark.parametrize(
    ("settings", "live"),
    [
        (_Section(), True),
        (_NoUrl(), True),
        (_Section(api_url="http://127.0.0.1:8000/v1"), False),
        (_Section(api_url="http://127.8.9.1"), False),
        (_Section(api_url="http://localhost:1/"), False),
        (_Section(api_url="http://LOCALHOST/"), False),
        (_Section(api_url="http://[::1]:80/"), False),
        (_Section(api_url="http://127.0.0.1:1", dump_dir="/data"), True),
        (_Section(api_url="http://localhost.evil.example/"), True),
        (_Section(api_url="http://127.0.0.1@evil.example/"), True),
        (_Section(api_url="http://10.0.0.1/"), True),
        (_Section(api_url="http://0.0.0.0/"), True),
        (_Section(api_url="http://[::1"), True),
        (_Section(api_url=""), True),
    ],
)
def test_only_this_machine_needs_no_privacy_block(settings: Settings, live: bool) -> None:
    assert needs_privacy(settings) is live


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://github.com/invented-person", ("github", "invented-person", None)),
        ("github.com/invented-person/", ("github", "invented-person", None)),
        ("https://GitHub.com/Invented?tab=repositories#x", ("github", "Invented", None)),
        ("https://github.com/invented/repository", None),
        ("https://stackoverflow.com/users/17/invented-name?tab=profile", ("stackoverflow", None, "17")),
        ("https://ai.stackexchange.com/users/3", ("ai", None, "3")),
        ("https://tiny.example/people/somebody", ("tiny", "somebody", None)),
        ("https://example.org/people/somebody", None),
        ("", None),
    ],
)
def test_an_address_leads_to_its_account(add: Install, url: str, expected: tuple[object, ...] | None) -> None:
    add("p11", {"p11_mod": tiny_source("tiny")}, {"tiny": "p11_mod:Tiny"})
    add("p12", {"p12_mod": "raise ValueError"}, {"broken": "p12_mod:Tiny"})
    assert site_of_url(url) == expected
