"""Focus tells where a deep look pays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcer.errors import UsageError
from sourcer.skills import focus, load_lexicon
from support.facts import a_brief

TERMS = ("language:python", "topic:mlops", "pypi:mlflow", "topic:react", "tag:pytorch", "file:Dockerfile")


def test_a_language_alone_says_little() -> None:
    relevance = focus(load_lexicon(), a_brief(must=["mlflow"]))
    assert 0 < relevance(["language:python"]) <= 0.15
    assert relevance(["language:javascript", "topic:react"]) == 0
    assert relevance(["topic:mlops"]) > 0.7
    assert relevance([]) == 0


def test_a_named_skill_counts_in_full() -> None:
    plain, named = (focus(load_lexicon(), a_brief(nice=nice)) for nice in ([], ["terraform"]))
    assert named(["topic:terraform"]) > plain(["topic:terraform"])


def test_a_dimension_without_weight_gives_nothing() -> None:
    relevance = focus(load_lexicon(), a_brief(weights={"cloud": 0}))
    assert relevance(["topic:kubernetes"]) == 0


def test_an_unknown_skill_is_refused() -> None:
    with pytest.raises(UsageError, match="did you mean mlflow"):
        focus(load_lexicon(), a_brief(must=["mlfow"]))


@given(st.lists(st.sampled_from(TERMS)), st.sampled_from(TERMS))
def test_more_terms_never_lower_it(terms: list[str], more: str) -> None:
    relevance = focus(load_lexicon(), a_brief())
    assert 0 <= relevance(terms) <= relevance([*terms, more]) + 1e-12 <= 1 + 1e-12
