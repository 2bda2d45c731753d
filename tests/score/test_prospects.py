"""What would change a rank, held against what really changes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sourcer.score import Scorer, load_rules
from sourcer.score.prospects import Prospect, Standing, prospects_of
from sourcer.skills import load_lexicon
from sourcer.store.facts import PersonFacts
from support.facts import a_brief, a_look, a_person, an_unknown, evidence

DAY = date(2026, 6, 1)
BRIEF = a_brief(must=["mlflow", "kubeflow | dvc"])
SCORER = Scorer(BRIEF, load_lexicon(), load_rules(), DAY)
ADA = a_person(*(evidence(n, "repo.owned", ["topic:mlflow"], title=f"ada/r{n}") for n in range(6)))


def of(facts: PersonFacts, standing: Standing | None = None) -> dict[str, list[Prospect]]:
    found: dict[str, list[Prospect]] = {}
    for prospect in prospects_of(SCORER, facts, SCORER.score(facts), standing):
        found.setdefault(prospect.kind, []).append(prospect)
    return found


def test_a_missing_must_is_worth_what_a_repository_with_it_earns() -> None:
    (missing,) = of(ADA)["missing"]
    assert "kubeflow | dvc is a must" in missing.text
    noon = max(item.happened_at for item in ADA.evidence if item.happened_at)
    skills = ("pypi:kfp", "pypi:dvc")
    gains = []
    for term in skills:
        new = evidence(99, "repo.dependency", [term], title="ada/new", happened_at=noon)
        more = replace(ADA, evidence=[*ADA.evidence, new])
        gains.append(SCORER.score(more).score - SCORER.score(ADA).score)
    assert missing.points is not None
    assert missing.points > 0
    assert abs(missing.points - max(gains)) < 0.5  # dated today, not as this evidence


def test_nothing_is_missing_where_every_must_is_shown() -> None:
    whole = replace(ADA, evidence=[*ADA.evidence, evidence(9, "repo.dependency", ["pypi:dvc"])])
    assert "missing" not in of(whole)


def test_neighbours_and_ranks_come_from_the_stored_ranking() -> None:
    score = SCORER.score(ADA).score
    standing = Standing((score + 9, score + 2, score - 1), "2026-06-01")
    up, down = of(ADA, standing)["neighbour"]
    assert (up.text, up.rank) == ("2.0 points more would reach rank 2.", 2)
    assert (down.text, down.rank) == ("1.0 points less would fall behind the next.", 4)
    assert standing.rank_at(score) == 3
    assert standing.rank_at(score + 100) == 1
    assert up.as_of == down.as_of == "2026-06-01"
    assert "neighbour" not in of(ADA, Standing((), "2026-06-01"))


def test_a_ranking_of_another_day_is_dated() -> None:
    score = SCORER.score(ADA).score
    found = of(ADA, Standing((score + 9, score), "2026-05-30"))
    assert [one.text for one in found["neighbour"]] == [
        "9.0 points more would reach rank 1 (of the ranking as of 2026-05-30).",
        "Less than 0.1 points less would fall behind the next (of the ranking as of 2026-05-30).",
    ]
    assert found["missing"][0].text.endswith("(of the ranking as of 2026-05-30).")


def test_a_ranking_of_another_brief_has_no_neighbours_and_no_ranks() -> None:
    score = SCORER.score(ADA).score
    found = of(ADA, Standing((score + 2, score - 1), "2026-06-01", is_same=False))
    (unknown,) = found["neighbour"]
    assert (unknown.points, unknown.rank, unknown.as_of) == (None, None, None)
    assert "not known before the next crawl" in unknown.text
    assert (found["missing"][0].rank, "rank" in found["missing"][0].text) == (None, False)


def test_time_takes_what_it_takes() -> None:
    (faded,) = of(ADA)["time"]
    later = Scorer(BRIEF, load_lexicon(), load_rules(), date(2027, 6, 1))
    assert faded.points is not None
    assert abs(faded.points - (later.score(ADA).score - SCORER.score(ADA).score)) < 1e-6


def test_what_is_unknown_could_only_add() -> None:
    looked = replace(ADA, looks=[a_look("repo.owned", depth="cheap")], unknowns=[an_unknown("repo.file")])
    texts = [prospect.text for prospect in of(looked)["unknown"]]
    assert any("repo.file" in text for text in texts)
    assert any("deep look" in text for text in texts)
    deep = replace(looked, looks=[*looked.looks, a_look("repo.*", depth="deep")], unknowns=[])
    assert "unknown" not in of(deep)
    dumped = replace(deep, looks=[a_look("repo.*", depth="discover")])  # what discovery closes is shown whole
    assert "unknown" not in of(dumped)
