"""The lexicon as Markdown, for the generated page of the documentation."""

from __future__ import annotations

from sourcer.domain import DIMENSIONS
from sourcer.skills.lexicon import SCHEMES, Lexicon, Skill

__all__ = ["lexicon_markdown"]


def lexicon_markdown(lexicon: Lexicon) -> str:
    """What each scheme proves, and each dimension's skills with their names and terms."""
    strengths = [f"| `{scheme}` | {value:g} |" for scheme, value in lexicon.strength.items()]
    lines = ["| scheme | strength of proof |", "| --- | --- |", *strengths]
    for dimension in DIMENSIONS:
        skills = [skill for skill in lexicon.skills.values() if skill.dimension == dimension]
        lines += ["", f"## {dimension}", "", "| skill | name | relevance | also called | shown by |"]
        lines += ["| --- | --- | --- | --- | --- |", *(_row(skill) for skill in skills)]
    return "\n".join(lines) + "\n"


def _row(skill: Skill) -> str:
    terms = "; ".join(
        f"{scheme}: " + ", ".join(f"`{term}`" for term in skill.terms[scheme])
        for scheme in SCHEMES
        if scheme in skill.terms
    )
    cells = (f"`{skill.id}`", skill.name, f"{skill.relevance:g}", ", ".join(skill.aliases), terms)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
