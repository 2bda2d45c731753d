"""Writes what of the documentation is made from the program itself; a test fails where it is stale.

.venv/bin/python docs/generate.py
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from sourcer.cli import cli
from sourcer.score.rules import load_rules, rules_markdown
from sourcer.setup import render_config
from sourcer.skills import load_lexicon
from sourcer.skills.tables import lexicon_markdown

ROOT = Path(__file__).resolve().parent.parent
NOTE = "<!-- Made by docs/generate.py; change the program, not this file. -->\n\n"


def rendered() -> dict[Path, str]:
    """Every generated file and what it must say."""
    example = render_config(
        {
            "controller": "Example Hiring Ltd",
            "contact": "privacy@example.org",
            "lawful_basis": "legitimate interest",
            "purpose": "hiring for our own machine learning teams",
        }
    )
    return {
        ROOT / "config.example.toml": example,
        ROOT / "docs" / "commands.md": NOTE + _commands(),
        ROOT / "docs" / "configuration.md": f"{NOTE}# Configuration\n\n`sourcer.toml`:\n\n```toml\n{example}```\n",
        ROOT / "docs" / "lexicon.md": NOTE + lexicon_markdown(load_lexicon()),
        ROOT / "docs" / "rules.md": NOTE + rules_markdown(load_rules()),
    }


def _commands() -> str:
    # With the program's own settings: help is -h, too, and click keeps the option that it made for the first context.
    settings = {**cli.context_settings, "max_content_width": 100, "terminal_width": 100}
    context = click.Context(cli, info_name="sourcer", **settings)
    sections = [f"# Commands\n\n```\n{cli.get_help(context)}\n```\n", *_help_of(cli, context)]
    return "\n".join(sections)


def _help_of(group: click.Group, parent: click.Context) -> Iterator[str]:
    for name in group.list_commands(parent):
        command = group.commands[name]
        context = click.Context(command, info_name=name, parent=parent, max_content_width=100, terminal_width=100)
        yield f"## {context.command_path}\n\n```\n{command.get_help(context)}\n```\n"
        if isinstance(command, click.Group):
            yield from _help_of(command, context)


if __name__ == "__main__":
    for path, text in rendered().items():
        path.write_text(text, encoding="utf-8")
        print(path.relative_to(ROOT))
