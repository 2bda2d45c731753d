"""The rules' data: complete, sane, and part of the scorer's version."""

from __future__ import annotations

import re
from pathlib import Path

from sourcer.domain import DIMENSIONS
from sourcer.score import SCORER_VERSION, load_rules, rules_markdown, scorer_version
from sourcer.skills import load_lexicon

KINDS = (
    "repo.owned", "repo.dependency", "repo.file", "repo.tree", "repo.readme", "repo.languages", "pr.merged",
    "pr.reviewed", "answer.given", "answer.accepted", "question.asked", "tag.score", "badge.tag", "competition.result",
    "notebook.published", "dataset.published", "model.published", "profile.text",
)  # fmt: skip


def test_every_kind_of_the_contract_has_its_rule() -> None:
    rules = load_rules()
    assert set(KINDS) <= rules.kinds.keys()
    assert rules.of("talk.given") == rules.kinds["default"]


def test_rules_name_known_skills_and_dimensions() -> None:
    rules, lexicon = load_rules(), load_lexicon()
    assert set(rules.dimension_saturation) == set(DIMENSIONS)
    shown = {rule.shows for rule in rules.kinds.values() if rule.shows}
    assert {lexicon.skills[skill].dimension for skill in shown} == {"communication"}


def test_every_size_rises_and_saturates() -> None:
    for kind, rule in load_rules().kinds.items():
        if rule.size is None or rule.size.values:
            continue
        factors = [rule.size.factor(value) for value in (0, 1, 10, 100, 10**9)]
        assert factors == sorted(factors), kind
        assert factors[-1] <= rule.size.high
        assert rule.size.factor(-1) == 0


def test_a_gold_badge_is_worth_more_than_bronze() -> None:
    size = load_rules().of("badge.tag").size
    assert size is not None
    assert size.factor(1) > size.factor(2) > size.factor(3) > 0
    assert size.factor(9) == 1


def test_the_tables_hold_every_rule() -> None:
    rules = load_rules()
    table = rules_markdown(rules)
    assert all(f"| `{kind}` |" in table for kind in rules.kinds)
    assert all(f"| {discount.name} |" in table for discount in rules.discounts)
    assert all(re.fullmatch(r"\|.*\|", line) for line in table.splitlines() if line)


def test_the_version_follows_the_data(tmp_path: Path) -> None:
    assert re.fullmatch(r"\d+-[0-9a-f]{8}", SCORER_VERSION)
    assert scorer_version(load_lexicon()) == SCORER_VERSION
    own = tmp_path / "own.toml"
    own.write_text('[skills.mlflow]\npypi = ["acme-flow"]\n', encoding="utf-8")
    assert scorer_version(load_lexicon(own)) != SCORER_VERSION
