from __future__ import annotations

import importlib.util
import re
import shlex
import tomllib
from pathlib import Path
from types import ModuleType

import click
import pytest

from sourcer.brief import load_brief
from sourcer.cli import cli
from sourcer.config import Config, parse_settings
from sourcer.score import check_brief
from sourcer.skills import load_lexicon
from sourcer_github.settings import GitHubDiscover

ROOT = Path(__file__).resolve().parents[1]
BENCHMARKS = sorted((ROOT / "benchmarks").glob("*.py"))


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_is_generated_is_up_to_date(generate: ModuleType) -> None:
    stale = [
        str(path.relative_to(ROOT))
        for path, text in generate.rendered().items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]
    assert not stale, "make docs writes them anew"


def test_the_example_configuration_has_every_option_with_its_default() -> None:
    example = tomllib.loads((ROOT / "config.example.toml").read_text(encoding="utf-8"))
    config = parse_settings(Config, example, "config.example.toml")
    left_out = config.model_dump(exclude={"connectors", "privacy"})
    assert left_out == Config().model_dump(exclude={"connectors", "privacy"})
    assert set(example["privacy"]) == set(type(config.privacy).model_fields)
    assert {"github", "stackoverflow"} <= set(config.connectors)


def test_the_readme_opens_with_the_two_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert readme.index("make demo") < readme.index("make test") < readme.index("##")


def test_the_readme_names_every_page() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert not [page.name for page in (ROOT / "docs").glob("*.md") if f"](docs/{page.name})" not in readme]
    assert set(re.findall(r"`(benchmarks/\w+\.py)", readme)) <= {f"benchmarks/{one.name}" for one in BENCHMARKS}


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def _commands(text: str) -> list[str]:
    """Every line of a shell block, and every `sourcer …` within a line."""
    blocks = re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    return lines + re.findall(r"`(sourcer [^`]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))


def _check_command(line: str) -> None:
    """See that a command of ours exists, with all of its options and arguments."""
    words = shlex.split(line)
    if "sourcer" not in words:
        return
    given = words[words.index("sourcer") + 1 :]
    command: click.Command = cli
    context = click.Context(cli, **cli.context_settings)
    while isinstance(command, click.Group):
        _, given, _ = command.make_parser(context).parse_args(given)
        assert given[0] in command.commands, line
        command, given = command.commands[given[0]], given[1:]
        context = click.Context(command, parent=context)
    # Paths need not be there, but whatever stands must be taken.
    command.make_parser(context).parse_args(list(given))


@pytest.mark.parametrize("line", _commands((ROOT / "docs" / "first-live-run.md").read_text(encoding="utf-8")))
def test_the_first_live_run_names_commands_that_exist(line: str) -> None:
    _check_command(line)


@pytest.mark.parametrize("line", ["sourcer forget 1", "sourcer crawl x --no-such-option", "sourcer --loud crawl x"])
def test_a_command_that_does_not_exist_is_noticed(line: str) -> None:
    with pytest.raises((AssertionError, click.UsageError)):
        _check_command(line)


def test_the_brief_of_the_first_live_run_can_be_read(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "first-live-run.md").read_text(encoding="utf-8")
    (text,) = re.findall(r"^```toml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    (tmp_path / "first.toml").write_text(text, encoding="utf-8")
    brief = load_brief(Config(briefs_dir=str(tmp_path)), "first")
    check_brief(brief, load_lexicon())
    assert brief.discover.limit == 10
    assert GitHubDiscover.model_validate(brief.discover.of("github")).topics == ("mlops",)
