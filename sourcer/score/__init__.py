"""Scores: evidence seen through a brief becomes contributions that add up, ranks and reasons. No network, no clock."""

from sourcer.score.ageing import seen_ago
from sourcer.score.candidate import Account, Candidate
from sourcer.score.explanation import Explanation, explain, explain_people
from sourcer.score.ranking import check_brief, rank, score_and_store
from sourcer.score.rules import Rules, load_rules, rules_markdown
from sourcer.score.scoring import Contribution, Score, Scorer
from sourcer.score.version import SCORER_VERSION, scorer_version
from sourcer.score.whom import whom, whose

__all__ = [
    "SCORER_VERSION",
    "Account",
    "Candidate",
    "Contribution",
    "Explanation",
    "Rules",
    "Score",
    "Scorer",
    "check_brief",
    "explain",
    "explain_people",
    "load_rules",
    "rank",
    "rules_markdown",
    "score_and_store",
    "scorer_version",
    "seen_ago",
    "whom",
    "whose",
]
