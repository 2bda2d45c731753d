"""Which scorer made a score: changes with the formula and with every byte of its data."""

from __future__ import annotations

import hashlib
from typing import Final

from sourcer.brief import Brief
from sourcer.score.roles import ROLE_DATA
from sourcer.score.rules import read_data
from sourcer.skills import Lexicon, load_lexicon

__all__ = ["SCORER_VERSION", "scorer_version", "scoring_digest"]

_FORMULA: Final = "2"
"""Raised by hand when the code of the formula changes."""


def scorer_version(lexicon: Lexicon) -> str:
    """Formula, and the first eight hex digits over lexicon, rules and roles: ``2-0f3a9c2b``."""
    texts = (lexicon.digest, read_data("rules.toml"), *(read_data(name) for name in ROLE_DATA))
    return f"{_FORMULA}-{hashlib.sha256(chr(0).join(texts).encode()).hexdigest()[:8]}"


def scoring_digest(brief: Brief, lexicon: Lexicon, *, cross_brief: bool) -> str:
    """A digest over all that decides about scores and who is ranked, but for the people themselves and the day."""
    said = brief.model_dump_json(include={"role", "weights", "skills", "where"})
    text = "\0".join((said, scorer_version(lexicon), str(cross_brief)))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


SCORER_VERSION: Final = scorer_version(load_lexicon())
"""The version with the built-in lexicon."""
