"""The lexicon as Markdown, for the generated page of the documentation."""

from __future__ import annotations

from typing import Final

from sourcer.domain import DIMENSIONS
from sourcer.skills.lexicon import SCHEMES, Lexicon, Skill

__all__ = ["lexicon_markdown"]

_INTRODUCTION: Final = """\
# The lexicon

What shows which skill. Relevance is how specific a skill is to building and running machine learning; a brief that
names a skill lifts it to 1. Names match in free text by whole words, in any case; `-`, `_` and spaces are alike. A `?`
marks what is ambiguous: it counts only with a word of its context within six words, or in another term of the same
evidence, and with no word after "not" (`^`: where a text about oneself begins); never as a person's name: "I'm Ray",
"Ray Example", "John R. Doe". A [file of your own](sourcers.md#a-lexicon-of-your-own) extends all this.
"""


def lexicon_markdown(lexicon: Lexicon) -> str:
    """How to read it, what each scheme proves, and each dimension's skills with their names, terms and context."""
    strengths = [f"| `{scheme}` | {value:g} |" for scheme, value in lexicon.strength.items()]
    lines = [_INTRODUCTION, "| scheme | strength of proof |", "| --- | --- |", *strengths]
    for dimension in DIMENSIONS:
        skills = [skill for skill in lexicon.skills.values() if skill.dimension == dimension]
        lines += ["", f"## {dimension}", "", "| skill | name | relevance | also called | shown by | context |"]
        lines += ["| --- | --- | --- | --- | --- | --- |", *(_row(skill) for skill in skills)]
    return "\n".join(lines) + "\n"


def _row(skill: Skill) -> str:
    terms = "; ".join(
        f"{scheme}: " + ", ".join(f"`{term}`" for term in skill.terms[scheme])
        for scheme in SCHEMES
        if scheme in skill.terms
    )
    context = ", ".join(sorted(skill.context.near))
    if skill.context.unless:
        context += f"; not {', '.join(sorted(skill.context.unless))}"
    cells = (f"`{skill.id}`", skill.name, f"{skill.relevance:g}", ", ".join(skill.aliases), terms, context)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
