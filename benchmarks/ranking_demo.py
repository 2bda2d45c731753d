"""Where the planted MLOps people of invented worlds come: a simulation, for ``ranking.py``.

Everybody whom the bar for the deep look lets pass gets it (``deep_share`` is 1), so that the order is measured and not
how a crawl's budget is spent. An account is known by site and number, so all of somebody's accounts lead to the planted
truth; who is stored as several people, since nothing proves that their accounts are theirs, stands where the best of
them stands. Planted people of whom nothing stored speaks of their trade (no tag, topic or title that is its own) are
quiet: they are left out of the first figure, and counted in the second.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from links import keys_of  # type: ignore[import-not-found]  # beside this script
from sklearn.metrics import roc_auc_score

from sourcer.brief import load_brief
from sourcer.config import load_config
from sourcer.crawl import CrawlRequest
from sourcer.demo.model import Person, World
from sourcer.demo.run import BRIEF, DemoWorld, prepare
from sourcer.demo.trades import own_words
from sourcer.score import Candidate, rank
from sourcer.service import run_crawl
from sourcer.skills import lexicon_of
from sourcer.store.database import Database
from sourcer.store.reads import PersonFacts, iter_people

AIM: Final = 0.95
"""AUC of the planted people who show their trade."""

_TRADE: Final = "mlops"
_SHOWN: Final = 8
"""How many of the last planted and the first others are listed."""


@dataclass(frozen=True)
class Stood:
    """Where somebody stands who was found."""

    score: float
    person: Person | None
    sites: str
    why: str
    speaks: bool

    @property
    def planted(self) -> bool:
        """Whether they are whom the brief seeks."""
        return self.person is not None and self.person.trade == _TRADE


def judge(seeds: Sequence[int], people: int) -> Iterator[tuple[bool, str]]:
    """Crawl each invented world and see where the planted MLOps people come."""
    # A benchmark beside this one has the name of a package that the connector imports.
    sys.path[:] = [entry for entry in sys.path if Path(entry).resolve() != Path(__file__).resolve().parent]
    for seed in seeds:
        with tempfile.TemporaryDirectory() as folder, prepare(Path(folder), people=people, seed=seed) as demo:
            stood = _best_of_each(_stand(Path(folder), demo))
        yield from _judged(f"simulation, seed {seed}", stood)


def _stand(folder: Path, demo: DemoWorld) -> list[Stood]:
    """Everybody who was found, with what they are in truth."""
    config = load_config(folder / "sourcer.toml")
    config = config.model_copy(update={"crawl": config.crawl.model_copy(update={"deep_share": 1.0})})
    brief, lexicon, human = load_brief(config, BRIEF), lexicon_of(config), humans_of(demo.world)
    with Database(config.database_url) as database:
        database.upgrade()
        run_crawl(config, CrawlRequest(brief), database)
        with database.read() as connection:
            found = list(iter_people(connection, brief.name))
            ranked = rank(connection, brief, lexicon, as_of=demo.today, cross_brief=False, top=None)
    places = {candidate.person: candidate for candidate in ranked}
    return [_stood(facts, places.get(facts.person), human) for facts in found]


def humans_of(world: World) -> dict[tuple[str, str], Person]:
    """Everybody by site and number of each of their accounts."""
    return {key: person for person in world.people for key in keys_of(person)}


def _stood(facts: PersonFacts, candidate: Candidate | None, human: dict[tuple[str, str], Person]) -> Stood:
    keys = [(profile.site, profile.uid) for profile in facts.profiles]
    return Stood(
        candidate.score if candidate else 0.0,
        next((human[key] for key in keys if key in human), None),
        "+".join(sorted(site for site, _ in keys)),
        candidate.why if candidate else "not ranked",
        any(_speaks(piece.title, piece.terms) for piece in facts.evidence if piece.kind != "profile.text"),
    )


def _speaks(title: str, terms: Iterable[str]) -> bool:
    texts = [text.lower() for text in (title, *terms)]
    return any(word in text for word in own_words(_TRADE) for text in texts)


def _best_of_each(stood: Sequence[Stood]) -> list[Stood]:
    """One place for each human: the best; strangers to the truth (bots, organisations) each stand for themselves."""
    best: dict[int, Stood] = {}
    for one in sorted(stood, key=lambda one: (one.score, one.speaks)):
        best[id(one.person or one)] = one
    return list(best.values())


def _judged(name: str, stood: Sequence[Stood]) -> Iterator[tuple[bool, str]]:
    planted = sorted((one for one in stood if one.planted), key=lambda one: one.score)
    others = sorted((one for one in stood if not one.planted), key=lambda one: -one.score)
    quiet = [one for one in planted if not one.speaks]
    sites = ", ".join(f"{count} {where}" for where, count in Counter(one.sites for one in planted).most_common())
    print(f"\n{name}: {len(planted)} planted MLOps people were found, by sites: {sites}")
    print("the last of them:", *(_line(one) for one in planted[:_SHOWN]), sep="\n")
    print("the first others:", *(_line(one) for one in others[:_SHOWN]), sep="\n")
    auc, all_of_them = (
        round(float(roc_auc_score([one.planted for one in some], [one.score for one in some])), 3)
        for some in ([one for one in stood if one not in quiet], stood)
    )
    first = sum(one.planted for one in sorted(stood, key=lambda one: -one.score)[:20]) / 20
    line = (
        f"{name}: AUC {auc:.3f} of {len(planted) - len(quiet)} planted MLOps people who show their trade among "
        f"{len(stood)}, at least {AIM}; {all_of_them:.3f} with {len(quiet)} quiet ones; P@20 {first:.2f}"
    )
    yield auc >= AIM, line


def _line(one: Stood) -> str:
    trade, level = (one.person.trade, one.person.level) if one.person else ("nobody of the world", 0)
    quiet = "" if one.speaks or not one.planted else " quiet,"
    return f"  {one.score:5.1f} {trade}, level {level},{quiet} {one.sites}: {one.why}"
