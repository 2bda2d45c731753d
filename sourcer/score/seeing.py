"""What was looked at, what is unknown, and what a profile warns of: shown beside a score, never part of it."""

from __future__ import annotations

from sourcer.domain import covers
from sourcer.score.ageing import has_stale_data
from sourcer.score.earning import years_between
from sourcer.score.scoring import Score, Scorer
from sourcer.store.reads import PersonFacts

__all__ = ["coverage_of", "flags_of", "unknown_of"]


def coverage_of(facts: PersonFacts) -> float:
    """The share of looks that brought an answer: answered / (answered + unknown), 0 to 1.

    A look is one kind of evidence (or group of kinds) of one account. Where nobody has looked yet it is 0.
    """
    unknown = {(item.site, item.uid, item.what) for item in facts.unknowns}
    looked = {(look.site, look.uid, kind) for look in facts.looks for kind in look.scope}
    answered = [
        look
        for look in looked
        if not any(look[:2] == item[:2] and (covers(item[2], look[2]) or covers(look[2], item[2])) for item in unknown)
    ]
    whole = len(answered) + len(unknown)
    return round(len(answered) / whole, 4) if whole else 0.0


def unknown_of(facts: PersonFacts) -> list[str]:
    """What sites did not answer: ``repo.dependency on github: the site did not answer in time``."""
    whats = {"*": "everything"}
    lines = (f"{whats.get(item.what, item.what)} on {item.site}: {item.reason}" for item in facts.unknowns)
    return sorted(dict.fromkeys(lines))


def flags_of(scorer: Scorer, facts: PersonFacts, score: Score) -> list[str]:
    """Words a reader should see beside the score, in a fixed order; ``docs/scoring.md`` says what each means."""
    rules = scorer.rules
    flags = {
        "opted_out": _opted_out(scorer, facts),
        "open_to_work": any(profile.open_to_work for profile in facts.profiles),
        "quiet": len(facts.evidence) < rules.quiet_evidence,
        "stale": _is_stale(scorer, facts),
        "stale_data": has_stale_data(facts, scorer.as_of, scorer.brief.freshness.stale_after_days),
        "partial": coverage_of(facts) < rules.partial_coverage,
        "claims_only": bool(score.earnings) and all(item.evidence.kind == "profile.text" for item in score.earnings),
    }
    return [name for name, holds in flags.items() if holds]


def _opted_out(scorer: Scorer, facts: PersonFacts) -> bool:
    """Whether a profile says that recruiters should leave it alone."""
    said = [text for profile in facts.profiles for text in (profile.bio, profile.name, profile.company) if text]
    said += [term for item in facts.evidence if item.kind == "profile.text" for term in (item.title, *item.terms)]
    rules = scorer.rules
    return any(rules.opt_out.search(rules.of_others.sub(" . ", text)) for text in said)


def _is_stale(scorer: Scorer, facts: PersonFacts) -> bool:
    end = scorer.earner.end
    dates = [item.happened_at for item in facts.evidence if item.happened_at is not None and item.happened_at < end]
    return bool(dates) and years_between(max(dates), end) > scorer.rules.stale_years
