"""The traps of real life, each planted under a name: what a crawler and a scorer must not fall for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final

from sourcer.demo.build import Builder
from sourcer.demo.files import Subject, write_files
from sourcer.demo.model import TODAY, Account, Member, Person, Post, Repository
from sourcer.demo.names import Identity
from sourcer.demo.people import Presence, Settler, add_project, prove
from sourcer.demo.trades import read_trades

__all__ = ["COMMUNITY", "FABRICATED", "plant_posts", "plant_profiles"]

COMMUNITY: Final = -1
"""The id of the site's own background process."""
FABRICATED: Final = (1_000_000_001, 1_000_000_010)
"""Post ids that the dumps of 2025-06 hold and the site does not (facts/bulk.md section 2)."""

_LONG_AGO: Final = datetime(2015, 3, 9, 8, 30, tzinfo=UTC)
_LATELY: Final = TODAY - timedelta(days=12, hours=3)

_ODD_NAMES: Final = {
    "html_entities": Identity("Seán O'Merrowick & Töchter", "sean", "omerrowick", "Galway, Ireland", "IE"),
    "emoji": Identity("Imogen 🦊 Thistlecroft", "imogen", "thistlecroft", "Bristol, UK", "GB"),
    "rtl": Identity("ليلى البرقشاوي", "layla", "albarqchaoui", "القاهرة، مصر", "EG"),
    "non_latin_name": Identity("Олександра Лозовунчак", "oleksandra", "lozovunchak", "Київ, Україна", "UA"),
    "newline_in_bio": Identity("Malte Quendingloh", "malte", "quendingloh", "Wien, Österreich", "AT"),
    "formula_name": Identity("=1+1 Wadolbrejo", "inigo", "wadolbrejo", "Lisboa, Portugal", "PT"),
    "zero_width": Identity("Kavya\u200b Suruvelkar", "kavya", "suruvelkar", "Pune, India", "IN"),
}
_NAMESAKES: Final = {
    "mlops": Identity("Rowan Pemberstowe", "rowan", "pemberstowe", "Toronto, Canada", "CA"),
    "frontend": Identity("Rowan Pemberstowe", "rowan", "pemberstowe-web", "Leeds, UK", "GB"),
}


def plant_profiles(settler: Settler) -> None:
    """Plant the people, organisations, bots and repositories that are not what they seem."""
    _plant_names(settler)
    _plant_people(settler)
    _plant_vanished(settler)
    _plant_celebrities(settler)
    _plant_strangers(settler)
    _plant_repositories(settler)
    for person in settler.builder.world.people:
        if person.traps and person.github is not None and person.role == "ml_engineer":
            _make_topical(person.github.repositories[0])
    _plant_unnoticed(settler)


def _plant_names(settler: Settler) -> None:
    builder = settler.builder
    for trap, who in _ODD_NAMES.items():
        builder.mark(trap, settler.settle("mlops", 2, "both", who=who, proof="github"))
    unnamed: tuple[tuple[str, str | None], ...] = (("missing_name", None), ("empty_name", ""))
    for trap, blank in unnamed:
        person = settler.settle("modelling", 3, "github")
        _github(person).name = blank
        builder.mark(trap, person)
    nameless = settler.settle("mlops", 2, "stackoverflow")
    _member(nameless).name = None
    builder.mark("no_display_name", nameless)
    newline = next(person for person in builder.world.people if "newline_in_bio" in person.traps)
    _github(newline).bio = "ML engineer\r\n\r\n- pipelines\n- coffee\t☕\n"
    _member(newline).about = "<p>ML engineer</p>\n\n<ul>\n<li>pipelines &amp; coffee &lt;3</li>\n</ul>\n"


def _plant_people(settler: Settler) -> None:
    builder = settler.builder
    for trade, who in _NAMESAKES.items():
        presence: Presence = "github" if trade == "mlops" else "stackoverflow"
        builder.mark("namesake", settler.settle(trade, 3, presence, who=who))
    opted_out = settler.settle("mlops", 3, "both", proof="none")
    _github(opted_out).bio = "MLOps. No recruiters, please."
    _member(opted_out).about = "<p>MLOps. <b>No recruiters please!</b></p>\n"
    builder.mark("opt_out", opted_out)
    prove(opted_out, "github")
    builder.mark("unlinked", settler.settle("mlops", 3, "both", proof="none"))
    victim, claimant = settler.settle("mlops", 3, "github"), settler.settle("frontend", 1, "stackoverflow")
    _member(claimant).about = f'<p>See <a href="{_github(victim).url}">my code</a></p>\n'
    builder.mark("false_claim", claimant)
    shows_email = settler.settle("modelling", 2, "github")
    _github(shows_email).email = "hello@example.org"
    builder.mark("shows_email", shows_email)
    schemeless = settler.settle("mlops", 2, "github")
    _github(schemeless).website = "http://schemeless.example/?a=1&b=2"
    builder.mark("odd_website", schemeless)


def _plant_vanished(settler: Settler) -> None:
    """Accounts that a search still names: one was deleted, the login of the other belongs to somebody else today."""
    builder = settler.builder
    deleted = settler.settle("mlops", 3, "github")
    _github(deleted).is_deleted = True
    builder.mark("deleted_account", deleted)
    former = settler.settle("mlops", 3, "github")
    old = _github(former)
    old.is_deleted = True
    builder.release_login(old.login)
    heir = settler.settle("frontend", 1, "github")
    _github(heir).login = old.login
    builder.mark("reused_login", former)
    builder.mark("reused_login", heir)


def _plant_celebrities(settler: Settler) -> None:
    builder, rng = settler.builder, settler.rng
    popular = settler.settle("frontend", 3, "both")
    _github(popular).followers = 61_400
    logo = _listing(builder, _github(popular), "pytorch-logo-in-css", ("css", "pytorch"))
    logo.languages, logo.stars = {"CSS": 3_900, "HTML": 700}, 8_800
    builder.mark("popular_without_ml", popular)
    starred = settler.settle("frontend", 2, "github")
    awesome = _listing(builder, _github(starred), "awesome-mlops-links", ("awesome-list", "mlops", "machine-learning"))
    awesome.stars, awesome.forks, _github(starred).followers = 48_200, 6_100, 9_300
    builder.mark("awesome_list", awesome)
    builder.mark("stars_alone", starred)
    for name, topics in (
        ("titanic", ("kaggle", "machine-learning", "titanic")),
        ("mnist-from-scratch", ("mnist", "pytorch", "deep-learning", "tutorial")),
        ("100-days-of-ml-code", ("100daysofmlcode", "machine-learning", "mlops")),
    ):
        learner = settler.settle(rng.choice(("frontend", "mobile", "backend")), 1, "github")
        builder.mark("tutorial_clone", _listing(builder, _github(learner), name, topics))
        builder.mark("tutorial_clone", learner)


def _listing(builder: Builder, owner: Account, name: str, topics: tuple[str, ...]) -> Repository:
    text = f"My way through {name}"
    files = write_files(Subject(name, text, ("numpy", "torch"), name), ("readme", "notebook"))
    return builder.repository(
        owner, name, owner.created_at, _LATELY, description=text, topics=topics, files=files,
        languages={"Jupyter Notebook": 41_000},
    )  # fmt: skip


def _plant_strangers(settler: Settler) -> None:
    """Accounts that are no people: organisations and bots, the latter also disguised as users."""
    builder, rng = settler.builder, settler.rng
    projects = read_trades()["mlops"].project
    for login, name in (("tarnwater-analytics", "Tarnwater Analytics"), ("northquay-robotics", "Northquay Robotics")):
        organization = builder.account(
            login, _LONG_AGO, "Organization", name=name, bio="Models that ship.", location="Oslo, Norway"
        )
        for project in projects[:3]:
            _make_topical(add_project(builder, rng, organization, project, 3))
        builder.mark("organization", organization)
    builder.mark("bot", builder.account("seedling-updater", _LONG_AGO, "Bot"))
    for login in ("retrain-nightly-bot", "mlops-digest-bot"):
        bot = builder.account(login, _LONG_AGO, name=login, bio="I am a bot: I push every hour.")
        repository = _make_topical(add_project(builder, rng, bot, projects[0], 3))
        repository.pushed_at = TODAY - timedelta(minutes=40)
        builder.mark("bot_as_user", bot)


def _plant_unnoticed(settler: Settler) -> None:
    """MLOps engineers whom no search for a topic finds: one way each leads there.

    The pull requests that others merged, the reviews that they gave, and the organisation that they show.
    """
    for trap in ("merged_elsewhere", "reviewed_elsewhere", "public_member"):
        person = settler.settle("mlops", 3, "github")
        for repository in _github(person).repositories:
            repository.topics = ()
        settler.builder.mark(trap, person)


def _make_topical(repository: Repository) -> Repository:
    repository.topics = tuple(dict.fromkeys(("mlops", *repository.topics)))
    return repository


def _plant_repositories(settler: Settler) -> None:
    builder = settler.builder
    owner = _github(settler.settle("frontend", 1, "github"))
    source = next(one for one in builder.world.repositories if one.owner.kind == "Organization")
    fork = builder.repository(
        owner, source.name, _LATELY, _LATELY, description=source.description, topics=source.topics, parent=source,
        languages=dict(source.languages), files=dict(source.files), stars=3,
    )  # fmt: skip
    builder.mark("fork", fork)
    builder.mark("empty_repository", builder.repository(owner, "mlops-soon", _LATELY, None, topics=("mlops",)))
    engineer = _github(settler.settle("mlops", 2, "github"))
    for trap, changes in (
        ("archived", {"is_archived": True}),
        ("template", {"is_template": True}),
        ("mirror", {"mirror_url": "https://git.example/mirror.git"}),
        ("withheld", {"is_withheld": True}),
        ("no_assertion_licence", {"license": "NOASSERTION"}),
    ):
        repository = add_project(builder, settler.rng, engineer, read_trades()["mlops"].project[0], 3)
        for name, value in changes.items():
            setattr(repository, name, value)
        builder.mark(trap, _make_topical(repository))


def plant_posts(builder: Builder, rng: Random) -> None:
    """Plant the odd posts of a dump, and its background process."""
    community = Member(
        COMMUNITY, "Community", _LONG_AGO, about="<p>Hi, I'm not really a person.</p>\n", network_id=COMMUNITY
    )
    community.location = "on the server farm"
    builder.world.members.insert(0, community)
    builder.mark("community_user", community)
    expert = _expert(builder)
    asked = builder.question(
        None, _LATELY, 'Is "latest" a stage? <Archived> & co', ("mlflow", "python"), score=4, views=77
    )
    builder.mark("deleted_owner", asked)
    odd = {
        "community_owner": builder.answer(asked, community, _LATELY, score=2),
        "deleted_owner": builder.answer(asked, None, _LATELY, score=8),
        "negative_score": builder.answer(asked, expert, _LATELY, score=-6),
        "community_wiki": builder.answer(asked, expert, _LATELY, score=31, community_at=_LATELY),
        "orphan_answer": Post(900_900_001, _LATELY, expert, "<p>Where did it go?</p>\n", 5, parent_id=899_999_999),
    }
    builder.world.posts.append(odd["orphan_answer"])
    for trap, post in odd.items():
        builder.mark(trap, post)
    for person in builder.world.people:
        if person.traps and person.stackoverflow is not None:
            builder.answer(asked, person.stackoverflow, _LATELY, score=person.level)
    _plant_crossed(builder, expert, rng)
    _plant_fabricated(builder, community)


def _expert(builder: Builder) -> Member:
    able = (person for person in builder.world.people if person.trade == "mlops" and not person.traps)
    return next((_member(person) for person in able if person.stackoverflow is not None), builder.world.members[-1])


def _plant_crossed(builder: Builder, expert: Member, rng: Random) -> None:
    """A merged question (its answer has the lower id), one that its author answers, one without its accepted answer."""
    merged = builder.question(
        expert, _LATELY, "Serve two models from one process?", ("mlops", "docker"), id=900_900_020
    )
    early = builder.answer(merged, rng.choice(builder.world.members[1:]), _LATELY, score=3, id=900_900_010)
    builder.mark("merged_question", early)
    own = builder.question(expert, _LATELY, "Log a figure without a file", ("mlflow",), score=2)
    answer = builder.answer(own, expert, _LATELY, score=1)
    own.accepted_id = answer.id
    builder.mark("self_answer", answer)
    lost = builder.question(
        expert, _LATELY, "Scheduler sees no DAG", ("airflow",), accepted_id=899_999_998, closed_at=_LATELY
    )
    builder.mark("lost_accepted_answer", lost)


def _plant_fabricated(builder: Builder, community: Member) -> None:
    first = builder.question(
        community, _LATELY, "How to train a model?", ("pytorch", "mlflow"), id=FABRICATED[0], score=9
    )
    second = builder.answer(first, community, _LATELY, id=FABRICATED[1], score=90)
    first.accepted_id = second.id
    builder.mark("fabricated", first)
    builder.mark("fabricated", second)


def _github(person: Person) -> Account:
    if person.github is None:
        raise LookupError(f"{person.name} has no GitHub account")
    return person.github


def _member(person: Person) -> Member:
    if person.stackoverflow is None:
        raise LookupError(f"{person.name} has no Stack Overflow account")
    return person.stackoverflow
