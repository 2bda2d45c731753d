"""One invented population that both ways can show, and what each of them says about it."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sourcer.connect import (
    AnswerError,
    Depth,
    Done,
    Evidence,
    Focus,
    Gone,
    Item,
    Json,
    Profile,
    Ref,
    Unknown,
    Visit,
    covers,
)
from sourcer_stackoverflow import StackOverflow
from sourcer_stackoverflow.settings import StackOverflowDiscover
from support.dumps import Row, answer, badge, question, user
from support.stackexchange_world import Site

__all__ = ["ME", "Said", "everything", "population", "said_by", "telling", "visits_of"]

ME = 2_000_000_000
"""The first id of the invented people: no real one is so high."""

_TAGS = ("pytorch", "mlflow", "c++", "airflow", "docker")


def everything(_terms: Iterable[str]) -> float:
    return 1.0


def telling(*tags: str) -> Focus:
    wanted = {f"tag:{tag}" for tag in tags}
    return lambda terms: float(not wanted.isdisjoint(terms))


def population(seed: int = 7, people: int = 40, prolific: int = 0) -> Site:
    """People, questions and answers with the traps of both ways; ``prolific`` answers of the first person."""
    dice = random.Random(seed)
    uids = [ME + number for number in range(1, people + 1)]
    asked = [_question(post, dice, uids) for post in range(1, 3 * people)]
    answers: list[Row] = []
    for number in range(4 * people + prolific):
        owner = uids[0] if number < prolific else dice.choice([*uids[1:], None])
        answers.append(_answer(10_000 + number, dice, dice.choice(asked), owner))
    for row in asked:
        mine = [one["Id"] for one in answers if one["ParentId"] == row["Id"]]
        row["AnswerCount"] = len(mine)
        if mine and dice.random() < 0.5:
            row["AcceptedAnswerId"] = dice.choice(mine)
    badges = [badge(uid, dice.choice(_TAGS), dice.randint(1, 3)) for uid in uids if dice.random() < 0.5]
    badges += [badge(uid, "Nice Answer", 3, TagBased="False") for uid in uids[::3]]
    votes = [
        {"Id": number, "PostId": row["Id"], "VoteTypeId": 9, "BountyAmount": 50 * number}
        for number, row in enumerate(answers[::11], start=1)
    ]
    votes.append({"Id": 900, "PostId": answers[1]["Id"], "VoteTypeId": 2, "BountyAmount": None})
    return Site([_user(uid, dice) for uid in uids], [*asked, *answers], badges, votes)


def _user(uid: int, dice: random.Random) -> Row:
    number = uid - ME
    about = f'<p>I keep <b>models</b> alive &amp; well.</p><a href="https://code.invented.example/{number}">code</a>'
    return user(
        uid,
        DisplayName=dice.choice((f"Ана {number}", f"C&A <{number}>", f'Jos&#233; "{number}"')),
        Location=dice.choice((None, "Łódź", "A & B")),
        WebsiteUrl=dice.choice((None, "https://invented.example/?a=1&b=2", "n/a")),
        AboutMe=dice.choice((None, about)),
        AccountId=700 + number,
        Reputation=dice.randint(1, 9_000),
        Views=number,
        UpVotes=0,
        DownVotes=1,
    )


def _question(post: int, dice: random.Random, uids: Sequence[int]) -> dict[str, object]:
    tags = dice.sample(_TAGS, dice.randint(1, 3))
    spelled = f"|{'|'.join(tags)}|" if dice.random() < 0.5 else "".join(f"<{tag}>" for tag in tags)
    return dict(
        question(
            post,
            spelled,
            OwnerUserId=dice.choice([*uids, None]),
            Title=f'Why is {post} < 5 & "more"?',
            Score=dice.randint(-3, 30),
            ViewCount=post * 10,
            CreationDate=f"20{dice.randint(10, 25)}-03-04T05:06:07.{dice.randint(0, 999):03}",
            ContentLicense=dice.choice((None, "CC BY-SA 4.0")),
        )
    )


def _answer(post: int, dice: random.Random, asked: Row, owner: int | None) -> Row:
    wiki = "2020-01-01T00:00:00.000" if dice.random() < 0.1 else None
    return answer(
        post,
        int(str(asked["Id"])),
        owner,
        Score=dice.randint(-4, 40),
        CommunityOwnedDate=wiki,
        CreationDate=f"20{dice.randint(10, 25)}-06-07T08:09:10.{dice.randint(0, 999):03}",
        ContentLicense=dice.choice((None, "CC BY-SA 3.0")),
    )


@dataclass
class Said:
    """What one way said: of what was said twice, the last."""

    people: dict[str, None] = field(default_factory=dict)
    profiles: dict[str, Profile] = field(default_factory=dict)
    evidence: dict[tuple[str, str, str], Evidence] = field(default_factory=dict)
    unknown: set[tuple[str, str]] = field(default_factory=set)
    gone: dict[str, str] = field(default_factory=dict)

    def take(self, items: Iterable[Item]) -> None:
        for item in items:
            match item:
                case Ref():
                    self.people[item.uid] = None
                case Profile():
                    self.profiles[item.ref.uid] = item
                case Evidence():
                    self.evidence[item.ref.uid, item.kind, item.key] = item
                case Unknown():
                    self.unknown.add((item.ref.uid, item.what))
                case Gone():
                    self.gone[item.ref.uid] = item.reason
                case _:
                    pass

    def is_unknown(self, uid: str, kind: str) -> bool:
        return any(who == uid and covers(what, kind) for who, what in self.unknown)


def visits_of(said: Said, site: str, states: Mapping[str, Mapping[str, Json]]) -> list[Visit]:
    """What the engine would ask for next: it tells what discovery told."""
    visits = []
    for uid in said.people:
        told: dict[str, tuple[str, ...]] = {}
        for who, kind, key in said.evidence:
            if who == uid and kind in StackOverflow.told_kinds:
                told[kind] = (*told.get(kind, ()), key)
        visits.append(Visit(Ref(site, uid, uid), None, states.get(uid), told))
    return visits


async def said_by(
    connector: StackOverflow, wish: StackOverflowDiscover, focus: Focus = everything, *, deep: bool = True
) -> Said:
    """A crawl without its engine: discovery, the cheap look at everybody, the deep look at everybody."""
    said = Said()
    found: list[Item] = []
    try:
        async for item in connector.discover(wish, None):
            found.append(item)  # noqa: PERF401  # what came before the complaint counts
    except AnswerError as fault:
        if fault.kind != "no_such_tag":
            raise
    said.take(found)
    (site,) = connector.sites()
    if any(isinstance(item, Done) for item in found):  # a dump tells all at once
        return said
    states: dict[str, Mapping[str, Json]] = {}
    depths: tuple[Depth, ...] = ("cheap", "deep") if deep else ("cheap",)
    for depth in depths:
        visits = [visit for visit in visits_of(said, site, states) if visit.ref.uid not in said.gone]
        for start in range(0, len(visits), connector.batch_size):
            batch = visits[start : start + connector.batch_size]
            items = [item async for item in connector.fetch(batch, depth, focus)]
            said.take(items)
            states |= {item.ref.uid: item.state for item in items if isinstance(item, Done) and item.state}
    return said
