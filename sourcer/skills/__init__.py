"""The lexicon of skills: from raw terms, as connectors store them, to skills and relevance."""

from sourcer.skills.focus import TermFocus, focus
from sourcer.skills.lexicon import SCHEMES, Lexicon, Skill, lexicon_of, load_lexicon
from sourcer.skills.matcher import Match
from sourcer.skills.tables import lexicon_markdown

__all__ = [
    "SCHEMES",
    "Lexicon",
    "Match",
    "Skill",
    "TermFocus",
    "focus",
    "lexicon_markdown",
    "lexicon_of",
    "load_lexicon",
]
