"""What a person reads on a terminal."""

from __future__ import annotations

from datetime import date

from sourcer.score import Scorer, load_rules
from sourcer.score.candidate import build_candidate
from sourcer.show import ranking_text
from sourcer.skills import load_lexicon
from support.facts import a_brief, a_person, evidence


def test_names_with_hyphens_are_not_torn() -> None:
    brief = a_brief()
    scorer = Scorer(brief, load_lexicon(), load_rules(), date(2026, 6, 1))
    names = [f"ada/{'a-' * length}model-of-wind" for length in range(1, 30)]
    for name in names:
        # The second name comes wherever a line may end.
        facts = a_person(*(evidence(n, terms=["topic:mlflow"], title=title) for n, title in enumerate(("x/y", name))))
        text = ranking_text(brief, [build_candidate(scorer, facts, scorer.score(facts), 1)], scorer.as_of)
        assert f"“{name}”" in text
        assert all(len(line) <= 100 for line in text.splitlines())
