"""Coverage, what is unknown, and the flags beside a score."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from sourcer.brief import Freshness
from sourcer.score import Scorer, load_rules, seen_ago
from sourcer.score.seeing import coverage_of, flags_of, unknown_of
from sourcer.skills import load_lexicon
from sourcer.store.reads import PersonFacts
from support.facts import a_brief, a_look, a_person, a_profile, an_unknown, evidence

SCORER = Scorer(a_brief(), load_lexicon(), load_rules(), date(2026, 6, 1))


def flags(facts: PersonFacts) -> list[str]:
    return flags_of(SCORER, facts, SCORER.score(facts))


def busy(**said: object) -> PersonFacts:
    """Somebody about whom there is enough to see, everything looked at."""
    return a_person(
        *(evidence(number) for number in range(1, 6)),
        looks=[a_look("repo.owned", "profile.text")],
        profiles=[a_profile(**said)],  # type: ignore[arg-type]
    )


def test_coverage_is_the_share_of_looks_that_brought_an_answer() -> None:
    assert coverage_of(a_person()) == 0
    assert coverage_of(a_person(looks=[a_look("repo.owned", "repo.file")])) == 1
    facts = a_person(looks=[a_look("repo.owned")], unknowns=[an_unknown("repo.file")])
    assert coverage_of(facts) == 0.5
    covered = a_person(looks=[a_look("repo.owned", "repo.file")], unknowns=[an_unknown("repo.file")])
    assert coverage_of(covered) == 0.5
    other_account = a_person(looks=[a_look("repo.owned", uid="2")], unknowns=[an_unknown("repo.*")])
    assert coverage_of(other_account) == 0.5
    nothing = a_person(looks=[a_look("repo.owned")], unknowns=[an_unknown("*")])
    assert coverage_of(nothing) == 0


def test_unknown_is_told_in_words() -> None:
    facts = a_person(unknowns=[an_unknown("repo.file", "too long"), an_unknown("*", "no answer", uid="2")])
    assert unknown_of(facts) == ["everything on github: no answer", "repo.file on github: too long"]


def test_nothing_is_flagged_without_cause() -> None:
    assert flags(busy()) == []


@pytest.mark.parametrize(
    "bio",
    [
        "No recruiters please",
        "ML engineer. NO HEADHUNTERS!",
        "Recruiters: please do not email",
        "Dear recruiters, stay away.",
        "I am not looking for a job",
        "not currently looking for new opportunities",
        "Not actively looking for work at the moment",
        "Happy at my job, not looking.",
        "not open to new roles",
        "Not interested in job offers",
        "please don't contact me about jobs",
        "Do not contact",
        "We don't hire contractors. No recruiters!",
        "don't email me spam, don't email me jobs",
        "Don't hire, don't ask",
        "don’t message me",
        "no unsolicited offers",
        "Keine Headhunter, keine Recruiter",
        "Bin nicht auf Jobsuche",
        "Nie szukam pracy",
        "rekruterom dziękuję",
        "No busco trabajo",
        "sin reclutadores",
        "Não procuro emprego",
        "Pas de recruteurs, merci",
        "Не ищу работу",
        "Не шукаю роботу",
    ],
)
def test_a_no_to_recruiters_is_heard(bio: str) -> None:
    assert flags(busy(bio=bio)) == ["opted_out"]
    told = busy()
    told.evidence.append(evidence(9, "profile.text", [f"text:{bio}"]))
    assert "opted_out" in flags(told)


@pytest.mark.parametrize(
    "bio",
    [
        "Looking for a new job",
        "I am looking for recruiters",
        "Recruiter at Example Ltd",
        "Not looking back",
        "I do not like noise",
        "Do not contact me if it is about crypto",
        "We recruit engineers",
        "We don't hire contractors",
        "I do not recruit",
        "Don't email me spam",
        "Please never message me with your newsletters",
        "Busco trabajo",
        "Szukam pracy",
        "Ищу работу",
        "I work on not-so-open models",
        "Building contact tracing; don't panic",
    ],
)
def test_other_words_are_no_opt_out(bio: str) -> None:
    assert flags(busy(bio=bio)) == []


def test_quiet_is_little_public_evidence() -> None:
    assert "quiet" in flags(a_person(evidence(1), looks=[a_look("repo.owned")]))
    assert "quiet" not in flags(busy())


def test_stale_is_nothing_dated_within_two_years() -> None:
    old = [evidence(number, happened_at=datetime(2023, 1, 1, tzinfo=UTC)) for number in range(1, 6)]
    assert flags(a_person(*old, looks=[a_look("repo.owned")])) == ["stale"]
    later = evidence(9, happened_at=datetime(2026, 7, 1, tzinfo=UTC))
    assert "stale" in flags(a_person(*old, later))
    undated = [evidence(number, happened_at=None) for number in range(1, 6)]
    assert flags(a_person(*undated, looks=[a_look("repo.owned")])) == []


def test_partial_is_less_than_half_seen() -> None:
    facts = busy()
    facts.unknowns += [an_unknown("repo.file"), an_unknown("repo.dependency"), an_unknown("repo.tree")]
    assert flags(facts) == ["partial"]


def test_open_to_work_is_only_what_a_site_says() -> None:
    assert flags(busy(open_to_work=True)) == ["open_to_work"]
    assert flags(busy(open_to_work=False)) == []


def test_claims_only_is_a_score_of_words() -> None:
    told = a_person(evidence(1, "profile.text", ["text:PyTorch"]), looks=[a_look("profile.text")])
    assert flags(told) == ["quiet", "claims_only"]


@pytest.mark.parametrize(("day", "stale"), [(30, False), (31, True)])
def test_data_is_stale_after_the_days_that_the_brief_says(day: int, *, stale: bool) -> None:
    brief = a_brief().model_copy(update={"freshness": Freshness(stale_after_days=30)})
    seen = datetime(2026, 6, 1, 23, tzinfo=UTC)
    scorer = Scorer(brief, load_lexicon(), load_rules(), seen.date() + timedelta(days=day))
    facts = busy()
    facts.profiles[0] = replace(facts.profiles[0], seen_at=seen)
    assert ("stale_data" in flags_of(scorer, facts, scorer.score(facts))) is stale
    assert seen_ago(seen, scorer.as_of) == f"seen {day} days ago"
    assert seen_ago(seen, date(2026, 6, 1)) == seen_ago(seen, date(2026, 1, 1)) == "seen today"
    assert seen_ago(seen, date(2026, 6, 2)) == "seen 1 day ago"
