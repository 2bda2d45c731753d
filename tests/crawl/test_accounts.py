"""Crawling the accounts of a file instead of what a brief asks for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import ClassVar, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from sourcer.brief import Brief, Discover
from sourcer.config import Config
from sourcer.connect import Checkpoint, Depth, Item, Plan, ProfileUrl, Ref, Settings, SitePlan, SitePolicy, Spent
from sourcer.connect.plugins import Installed
from sourcer.crawl import CrawlRequest, crawl
from sourcer.crawl.accounts import Account, read_accounts
from sourcer.crawl.choice import choose
from sourcer.crawl.progress import Progress
from sourcer.errors import RunError, UsageError
from sourcer.store.database import Database
from support.fake_connector import FakeConnector, ref


def written(folder: Path, text: str) -> Path:
    path = folder / "people.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_spelling_is_read(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "\ufeff# people to look at\n\ngithub:ada\nGitHub:#12 # by number\n  https://github.com/ben?tab=repositories\n"
        "github.com/cleo/\t# without its scheme\nhttps://www.github.com/dora\nkaggle:finn\n   # nobody\n",
    )
    assert read_accounts(path) == (
        Account(3, "github:ada", "github", "ada"),
        Account(4, "GitHub:#12", "github", "#12"),
        Account(5, "https://github.com/ben?tab=repositories", "github", "ben"),
        Account(6, "github.com/cleo/", "github", "cleo"),
        Account(7, "https://www.github.com/dora", "github", "dora"),
        Account(8, "kaggle:finn", "kaggle", "finn"),
    )


def test_an_address_with_a_number_is_read_as_the_number(tmp_path: Path) -> None:
    (account,) = read_accounts(written(tmp_path, "https://stackoverflow.com/users/2000000007/some-name\n"))
    assert (account.site, account.name) == ("stackoverflow", "#2000000007")


@pytest.mark.parametrize(
    "line",
    [
        "ada",
        "17",
        "github:",
        "github:#",
        ":ada",
        "github: ada",
        "github:a b",
        "https://example.org/ada",
        "https://github.com/ada/work",
        "github:ada:x",
        "ada@example.org",
        "github:##1",
        "two words",
    ],
)
def test_a_line_that_is_no_account_is_named(tmp_path: Path, line: str) -> None:
    path = written(tmp_path, f"github:ada\n{line}\n")
    with pytest.raises(UsageError) as raised:
        read_accounts(path)
    assert str(raised.value).startswith(f"{path}: line 2: {line}: is no account; write site:login, site:#uid")


@pytest.mark.parametrize("text", ["", "\n\n", "# nobody\n   # here\n"])
def test_a_file_that_names_nobody_is_an_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError, match="names nobody"):
        read_accounts(written(tmp_path, text))


def test_a_file_that_is_no_text_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "people.xlsx"
    path.write_bytes(b"PK\x03\x04\xff\xfe")
    with pytest.raises(UsageError, match="is no text in UTF-8"):
        read_accounts(path)
    with pytest.raises(UsageError, match="cannot be read"):
        read_accounts(tmp_path)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "anything.txt"
    path.write_bytes(text.encode("utf-8", "replace"))
    try:
        accounts = read_accounts(path)
    except UsageError:
        return
    assert all(one.site and one.name and one.line for one in accounts)


# ---------------------------------------------------------------- the crawl


class NamedDiscover(Settings):
    topics: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()


class NamedConnector(FakeConnector):
    """The invented site, whose people can be named."""

    discover_model: ClassVar[type[BaseModel]] = NamedDiscover
    policy: ClassVar[SitePolicy] = SitePolicy(
        FakeConnector.policy.buckets, profile_urls=(ProfileUrl("invented", r"https://invented\.example/(?P<uid>\d+)"),)
    )

    async def plan(self, discover: BaseModel) -> Plan:
        assert isinstance(discover, NamedDiscover)
        people = len(discover.accounts)
        return Plan({"invented": SitePlan(cheap={"calls": people}, deep={"calls": people}, people=people)})

    async def discover(self, discover: BaseModel, after: Checkpoint | None) -> AsyncIterator[Item]:
        assert isinstance(discover, NamedDiscover)
        assert discover.topics == ()
        for name in discover.accounts:
            yield ref(int(name.removeprefix("#").removeprefix("person")))
        yield Checkpoint({"next": "end"})


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch) -> list[Installed]:
    """What is installed: a connector that takes accounts; a test may add more."""
    found = [Installed("invented", "sourcer-invented", "1.0", NamedConnector)]
    for module in ("sourcer.crawl.choice", "sourcer.connect.sections", "sourcer.connect.addresses"):
        monkeypatch.setattr(f"{module}.installed", lambda: found)
    return found


class Told(Progress):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def message(self, text: str) -> None:
        self.lines.append(text)


def accounts_of(folder: Path, *lines: str) -> tuple[Account, ...]:
    return read_accounts(written(folder, "\n".join(lines)))


@pytest.mark.usefixtures("named")
async def test_exactly_these_people_are_looked_at(config: Config, own_database: Database, tmp_path: Path) -> None:
    discover = Discover.model_validate({"limit": 2, "invented": {"topics": ["mlops"]}, "elsewhere": {"x": 1}})
    brief = Brief(title="Invented", discover=discover).named("invented")
    lines = ["invented:person3", "invented:#7", "https://invented.example/12", "invented:#3"]
    told = Told()
    request = CrawlRequest(brief, accounts=accounts_of(tmp_path, *lines))
    outcome = await crawl(config, request, own_database, progress=told)
    assert outcome.exit_code == 0
    with own_database.read() as connection:
        uids = set(connection.exec_driver_sql("select uid from profile").scalars())
    assert uids == {"3", "7", "12"}
    assert not any(line.startswith("warning") for line in told.lines)


@pytest.mark.usefixtures("named")
@pytest.mark.parametrize(("kind", "deep"), [("crawl", {"1", "2", "3", "4", "5"}), ("refresh", set())])
async def test_everybody_named_is_looked_at_deep(
    config: Config,
    brief: Brief,
    own_database: Database,
    tmp_path: Path,
    *,
    kind: Literal["crawl", "refresh"],
    deep: set[str],
) -> None:
    # Of these one is of the brief's kind, and a bar of 1 keeps everybody away; nor is there such a person as 10.
    crawling = config.crawl.model_copy(update={"deep_share": 0.2, "deep_bar": 1.0})
    strict = config.model_copy(update={"crawl": crawling}).at(config.home)
    wanted = accounts_of(tmp_path, *(f"invented:#{number}" for number in (1, 2, 3, 4, 5, 10)))
    outcome = await crawl(strict, CrawlRequest(brief, accounts=wanted, kind=kind), own_database)
    with own_database.read() as connection:
        looked = set(connection.exec_driver_sql("select uid from look where depth = 'deep'").scalars())
    assert looked == deep
    # What a refresh would have spent by its share, and what a list spends: everybody's deep look.
    planned = outcome.run.as_json()["sites"]["invented"]["planned"]
    assert planned["deep"] == {"calls": 6 if kind == "crawl" else 2}


@pytest.mark.usefixtures("named")
async def test_a_brief_without_discover_will_do(config: Config, own_database: Database, tmp_path: Path) -> None:
    request = CrawlRequest(Brief(title="Bare").named("bare"), accounts=accounts_of(tmp_path, "invented:#4"))
    outcome = await crawl(config, request, own_database)
    assert (outcome.exit_code, outcome.run.as_json()["sites"]["invented"]["profiles"]) == (0, 1)


@pytest.mark.usefixtures("named")
def test_accounts_of_sites_that_nobody_serves_are_told_by_line(config: Config, brief: Brief, tmp_path: Path) -> None:
    accounts = accounts_of(tmp_path, "invented:#4", "", "nowhere:ada", "invented:#5", "kaggle:#3")
    choice = choose(config, brief, (), accounts)
    assert choice.warnings == [
        "line 3: nowhere:ada left out: no enabled connector serves nowhere",
        "line 5: kaggle:#3 left out: no enabled connector serves kaggle",
    ]
    (part,) = choice.parts
    assert part.discover.model_dump() == {"topics": (), "accounts": ("#4", "#5")}
    assert part.limit == 2


@pytest.mark.usefixtures("named")
def test_nobody_left_is_an_error(config: Config, brief: Brief, tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"^no usable site: line 1: nowhere:ada left out"):
        choose(config, brief, (), accounts_of(tmp_path, "nowhere:ada"))


def test_a_connector_that_takes_none_is_left_out(
    config: Config, brief: Brief, tmp_path: Path, named: list[Installed]
) -> None:
    class Other(FakeConnector):
        name: ClassVar[str] = "other"

        def sites(self) -> tuple[str, ...]:
            return ("other",)

    named.append(Installed("other", "sourcer-other", "1.0", Other))
    both = Config.model_validate({"connectors": {"invented": {}, "other": {}}}).at(tmp_path)
    choice = choose(both, brief, (), accounts_of(tmp_path, "other:#1", "invented:#4", "other:ada"))
    assert choice.warnings == ["other cannot look at named accounts: line 1: other:#1, line 3: other:ada left out"]
    assert [part.name for part in choice.parts] == ["invented"]
    disabled = choose(config, brief, (), accounts_of(tmp_path, "other:#1", "invented:#4"))
    assert disabled.warnings == ["line 1: other:#1 left out: no enabled connector serves other"]


def test_a_connector_of_several_sites_hears_of_which(
    config: Config, brief: Brief, tmp_path: Path, named: list[Installed]
) -> None:
    class Family(NamedConnector):
        def sites(self) -> tuple[str, ...]:
            return ("invented", "sister")

    named[:] = [Installed("invented", "sourcer-invented", "1.0", Family)]
    choice = choose(config, brief, (), accounts_of(tmp_path, "sister:#4", "invented:#4", "sister:ada", "other:x"))
    assert choice.parts[0].discover.model_dump()["accounts"] == ("sister:#4", "#4", "sister:ada")
    assert choice.warnings == ["line 4: other:x left out: no enabled connector serves other"]


def test_a_connector_that_cannot_be_built_is_told(
    config: Config, brief: Brief, tmp_path: Path, named: list[Installed]
) -> None:
    class Crashing(NamedConnector):
        def sites(self) -> tuple[str, ...]:
            raise ValueError("no")

    named[:] = [Installed("invented", "sourcer-invented", "1.0", Crashing)]
    with pytest.raises(RunError, match="invented is disabled: invented failed: ValueError: no; line 1: invented:#4"):
        choose(config, brief, (), accounts_of(tmp_path, "invented:#4"))


def test_a_broken_connector_is_told(brief: Brief, config: Config, tmp_path: Path, named: list[Installed]) -> None:
    named.append(Installed("other", "sourcer-other", "1.0", None, fault="cannot be imported"))
    both = Config.model_validate({"connectors": {"invented": {}, "other": {}}}).at(tmp_path)
    choice = choose(both, brief, (), accounts_of(tmp_path, "invented:#4"))
    assert choice.warnings == ["other is broken (cannot be imported) and is left out"]


def test_what_the_connector_refuses_is_a_usage_error_that_names_the_line(
    config: Config, brief: Brief, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sourcer_github import GitHub

    found = [Installed("github", "sourcer", "1.0", GitHub)]
    for module in ("sourcer.crawl.choice", "sourcer.connect.sections"):
        monkeypatch.setattr(f"{module}.installed", lambda: found)
    ours = Config.model_validate({"connectors": {"github": {"api_url": "http://127.0.0.1:9"}}}).at(tmp_path)
    with pytest.raises(UsageError, match=r"^--accounts: line 2: github:not_a!login: 'not_a!login' is not an account"):
        choose(ours, brief, (), accounts_of(tmp_path, "github:ada", "github:not_a!login"))
    choice = choose(ours, brief, (), accounts_of(tmp_path, "github:ada", "github:#7"))
    assert choice.parts[0].discover.model_dump()["accounts"] == ("ada", "#7")


async def test_an_interrupted_crawl_goes_on_and_other_accounts_start_over(
    config: Config, own_database: Database, brief: Brief, tmp_path: Path, named: list[Installed]
) -> None:
    class Tired(NamedConnector):
        pass

    def spent(someone: Ref, _depth: Depth) -> None:
        if someone.uid == "5":
            raise Spent("no more today")

    named[:] = [Installed("invented", "sourcer-invented", "1.0", Tired)]
    wanted = accounts_of(tmp_path, *(f"invented:#{i}" for i in range(1, 9)))
    Tired.hook = spent
    stopped = await crawl(config, CrawlRequest(brief, accounts=wanted), own_database)
    looked: list[str] = []
    Tired.hook = lambda someone, depth: looked.append(someone.uid) if depth == "cheap" else None
    again = await crawl(config, CrawlRequest(brief, accounts=wanted), own_database)
    assert (stopped.exit_code, again.exit_code) == (3, 0)
    assert looked == ["5", "6", "7", "8"]
    other = await crawl(config, CrawlRequest(brief, accounts=accounts_of(tmp_path, "invented:#11")), own_database)
    assert other.exit_code == 0
    assert looked[4:] == ["11"]
