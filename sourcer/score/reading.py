"""What one piece of evidence says by its words alone: skills, discounts, and what its repository is about."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, Literal, TypeAlias

from sourcer.score.gist import OWNED, Gister, Language
from sourcer.score.rules import KindRule, Rules
from sourcer.skills import Lexicon, Match

__all__ = ["COPIES", "Place", "Reader", "Reading", "Shown"]

Place: TypeAlias = Literal["ml", "on", "web", "other", "aside"]
"""Where a repository stands: shows machine learning, is in its languages, is web or other work, or tells nothing."""

COPIES: Final = "copies"
"""What stands for a day where work of others counts together, whenever it came."""

_REMEMBERED: Final = 50_000


@dataclass(frozen=True, slots=True)
class Shown:
    """A skill that a piece of evidence shows, the scheme of its best proof, and how strong that is, 0 to 1.

    ``apart`` is a skill of software in general: it counts less where nothing else in the repository is on the subject.
    ``match`` is what matched, and where; ``None`` where the kind or another skill shows it.
    """

    skill: str
    scheme: str
    strength: float
    apart: bool = False
    match: Match | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a piece of evidence says, whenever it happened and however large it is.

    Args:
        rule: Of its kind.
        shown: Skills, by id; what the kind itself shows comes last.
        worth: Raw points before size, age and discounts.
        place: Where it puts its repository.
        signs: Of work that runs, as the rules name them.
        discounts: The names of those that hold for its words and terms.
        repository: Which one it is about; empty for other evidence.
    """

    rule: KindRule
    shown: tuple[Shown, ...]
    worth: float
    place: Place
    signs: tuple[str, ...]
    discounts: tuple[str, ...] = ()
    repository: str = ""


class Reader:
    """Reads evidence; remembers what it read last, since people share topics, tags and packages.

    Args:
        lexicon: What terms mean.
        rules: What evidence is worth.
        relevance: How specific each skill is to what is sought, by skill id.
        musts: The ids of the skills that are the very subject, however general they are; who would be glad of Docker
            does not look for people who work on nothing else.
    """

    def __init__(
        self, lexicon: Lexicon, rules: Rules, relevance: Mapping[str, float], musts: Collection[str] = ()
    ) -> None:
        self.gister = Gister(lexicon, rules)
        self._rules = rules
        self._relevance = relevance
        self._own = {skill.id: 1.0 if skill.id in musts else skill.relevance for skill in lexicon.skills.values()}
        self._general = {
            skill.id
            for skill in lexicon.skills.values()
            if self._own[skill.id] < rules.focus.relevance and skill.dimension != "coding"
        }
        self.read = lru_cache(_REMEMBERED)(self._read)

    def _read(self, kind: str, title: str, terms: tuple[str, ...]) -> Reading:
        gist = self.gister.gist(kind, title, terms)
        reading = self.understand(kind, gist.matches, gist.language)
        return replace(reading, discounts=gist.discounts, repository=gist.repository)

    def understand(self, kind: str, matches: Mapping[str, Match], language: Language) -> Reading:
        """What the skills that a piece of evidence shows, and its language, mean for what is sought."""
        rules = self._rules
        rule = rules.of(kind)
        owned = kind.startswith("repo.")
        shown = [
            Shown(skill, match.scheme, match.strength, owned and skill in self._general, match)
            for skill, match in sorted(matches.items())
        ]
        shown += [*self._platforms(matches), *self._communication(rule, matches)]
        earning = sum(self._relevance[skill] > 0 for skill in matches)
        return Reading(
            rule=rule,
            shown=tuple(shown),
            worth=rule.base * max(1, earning) ** -rule.spread,
            place=self._place(kind, language, shown),
            signs=rules.production.signs_of((item.skill, item.scheme) for item in shown),
        )

    def _platforms(self, matches: Mapping[str, Match]) -> Iterator[Shown]:
        """Proven work on a managed platform for machine learning is work on its life cycle, too."""
        platforms = self._rules.platforms
        found = [matches[skill].strength for skill in platforms.skills if skill in matches]
        if found and max(found) >= self._rules.focus.proof and platforms.shows not in matches:
            yield Shown(platforms.shows, "platform", max(found) * platforms.strength)

    def _communication(self, rule: KindRule, matches: Mapping[str, Match]) -> list[Shown]:
        """An answer or a review shows communication too, as far as its subject is what is sought."""
        if not rule.shows or rule.shows in matches:
            return []
        subject = max((match.strength * self._own[skill] for skill, match in matches.items()), default=0.0)
        return [Shown(rule.shows, "kind", subject)] if subject >= self._rules.communication_relevance else []

    def _place(self, kind: str, language: Language, shown: list[Shown]) -> Place:
        """Where it puts its repository. What earns points is never web or other work: that keeps the score monotone."""
        focus = self._rules.focus
        least = 0.0 if kind == OWNED else focus.proof
        earning = [item for item in shown if self._relevance[item.skill] > 0]
        if any(self._own[item.skill] >= focus.relevance and item.strength >= least for item in earning):
            return "ml"
        if language == "on":
            return "on"
        return "aside" if earning or language == "none" else language
