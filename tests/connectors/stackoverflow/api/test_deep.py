from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import httpx
import pytest

from sourcer.connect import Done, Focus, Gone, Item, Ref, Visit
from sourcer_stackoverflow import StackOverflow
from sourcer_stackoverflow.api.price import Needs, deep_price
from support.dumps import Row, answer, evidence, of_type, question, unknowns, user
from support.stackexchange_calls import Connect, look, visit
from support.stackexchange_world import Asked, Site, StackExchange, zipped
from support.two_ways import ME, everything, telling


def many(number: int, answers: int | None, questions: int | None = 0, told: Mapping[str, Any] | None = None) -> Visit:
    return visit(ME + number, told=told, answers=answers, questions=questions)


async def look_deep(connector: StackOverflow, visits: Sequence[Visit], focus: Focus = everything) -> list[Item]:
    return await look(connector, visits, "deep", focus)


def answered(**counts: int) -> Site:
    """A site on which ``p7=3`` gave three answers, to questions in turns about pytorch, mlflow and java."""
    posts: list[Row] = [question(1), question(2, "<mlflow>"), question(3, "<java>")]
    for name, count in counts.items():
        number = int(name[1:])
        posts += [answer(number * 1000 + n, 1 + n % 3, ME + number, Score=n) for n in range(count)]
    return Site([user(ME + int(name[1:])) for name in counts], posts)


async def test_people_with_few_answers_are_asked_about_together(connect: Connect) -> None:
    world = StackExchange({"ai": answered(p1=40, p2=30, p3=30, p4=99)})
    items = await look_deep(connect(world), [many(1, 40), many(2, 30), many(3, 30), many(4, 99)])
    assert world.methods() == {"filters/create": 1, "users/{}/answers": 2}
    assert [len(evidence(items, ME + n, "answer.given")) for n in range(1, 5)] == [40, 30, 30, 99]
    assert all(unknowns(items, ME + n) == {} for n in range(1, 5))


async def test_sums_in_tags_are_exact_where_every_answer_was_read(connect: Connect) -> None:
    items = await look_deep(connect(StackExchange({"ai": answered(p1=6)})), [many(1, 6)])
    sums = {
        piece.title: (piece.measure["score"], piece.measure["answers"])
        for piece in evidence(items, ME + 1, "tag.score")
    }
    assert sums == {"pytorch": (3, 2), "mlflow": (5, 2), "java": (7, 2)}


async def test_who_has_no_answers_costs_nothing(connect: Connect) -> None:
    world = StackExchange({"ai": Site([user(ME + 1)])})
    items = await look_deep(connect(world), [many(1, 0)])
    assert world.asked == []
    assert [done.scope for done in of_type(items, Done)] == [("answer.*", "tag.score", "question.asked")]


async def test_of_many_answers_the_best_in_the_tags_that_matter(connect: Connect) -> None:
    world = StackExchange({"ai": answered(p1=150)})
    items = await look_deep(connect(world), [many(1, 150)], telling("mlflow"))
    assert world.methods() == {
        "filters/create": 1,
        "users/{}/top-answer-tags": 1,
        "users/{}/tags/mlflow/top-answers": 1,
    }
    given = evidence(items, ME + 1, "answer.given")
    assert len(given) == 30
    assert {piece.terms for piece in given} == {("tag:mlflow",)}
    assert set(unknowns(items, ME + 1)) == {"answer.*"}
    assert {piece.title for piece in evidence(items, ME + 1, "tag.score")} == {"pytorch", "mlflow", "java"}


async def test_what_discovery_told_is_not_asked_again(connect: Connect) -> None:
    world = StackExchange({"ai": answered(p1=150)})
    told = {"tag.score": ("tag:java", "tag:pytorch"), "badge.tag": ("gold:mlflow", "silver:java")}
    items = await look_deep(connect(world), [many(1, 150, told=told)], telling("mlflow", "pytorch"))
    assert "users/{}/top-answer-tags" not in world.methods()
    assert [asked.path for asked in world.asked][-1] == f"users/{ME + 1}/tags/pytorch;mlflow/top-answers"
    assert set(unknowns(items, ME + 1)) == {"answer.*", "tag.score"}


async def test_a_badge_alone_does_not_tell_the_score(connect: Connect) -> None:
    world = StackExchange({"ai": answered(p1=150)})
    await look_deep(connect(world), [many(1, 150, told={"badge.tag": ("gold:mlflow",)})], telling("mlflow"))
    assert world.methods()["users/{}/top-answer-tags"] == 1


async def test_at_most_five_tags_are_asked_about(connect: Connect) -> None:
    told = {"tag.score": tuple(f"tag:t{number}" for number in range(9))}
    world = StackExchange({"ai": answered(p1=150)})
    await look_deep(connect(world), [many(1, 150, told=told)])
    assert world.asked[-1].path == f"users/{ME + 1}/tags/t0;t1;t2;t3;t4/top-answers"


async def test_without_a_tag_that_matters_no_answers_are_asked(connect: Connect) -> None:
    world = StackExchange({"ai": answered(p1=150)})
    items = await look_deep(connect(world), [many(1, 150)], telling("cobol"))
    assert "users/{}/tags/{}/top-answers" not in world.methods()
    assert "none known in a tag that matters" in unknowns(items, ME + 1)["answer.*"]


async def test_unknown_counts_are_taken_for_many(connect: Connect) -> None:
    world = StackExchange({"ai": answered(p1=4)})
    items = await look_deep(connect(world), [Visit(Ref("ai", str(ME + 1), "")), Visit(Ref("ai", "name", ""))])
    assert world.methods()["users/{}/top-answer-tags"] == 1
    assert set(unknowns(items, ME + 1)) == {"answer.*", "question.asked"}
    assert [gone.ref.uid for gone in of_type(items, Gone)] == ["name"]


async def test_counts_that_grew_meanwhile_are_no_loss(connect: Connect) -> None:
    items = await look_deep(connect(StackExchange({"ai": answered(p1=130)})), [many(1, 60)])
    assert len(evidence(items, ME + 1, "answer.given")) == 130
    assert unknowns(items, ME + 1) == {}


async def test_counts_that_grew_beyond_all_measure_are_unknown(connect: Connect) -> None:
    items = await look_deep(connect(StackExchange({"ai": answered(p1=230)})), [many(1, 60)])
    assert set(unknowns(items, ME + 1)) == {"answer.*", "tag.score"}
    assert not evidence(items, ME + 1, "tag.score")


async def test_questions_take_what_the_price_leaves(connect: Connect) -> None:
    posts = [question(number, OwnerUserId=ME + 1 + number % 3) for number in range(1, 31)]
    site = Site([user(ME + number) for number in range(1, 4)], posts)
    world = StackExchange({"ai": site})
    items = await look_deep(connect(world), [many(number, 0, 10) for number in range(1, 4)])
    assert world.methods() == {"users/{}/questions": 1}
    assert [len(evidence(items, ME + number, "question.asked")) for number in range(1, 4)] == [10, 10, 10]


async def test_where_the_price_is_spent_questions_are_unknown(connect: Connect) -> None:
    world = StackExchange({"ai": answered(p1=150)})
    items = await look_deep(connect(world), [many(1, 150, 5)])
    assert "users/{}/questions" not in world.methods()
    assert unknowns(items, ME + 1)["question.asked"] == "5 questions were not asked for"


async def test_a_failure_is_of_those_it_touches(connect: Connect) -> None:
    def broken(asked: Asked) -> httpx.Response | None:
        return zipped(b"<html>") if asked.path.startswith(f"users/{ME + 1}/answers") else None

    world = StackExchange({"ai": answered(p1=90, p2=80)}, fault=broken)
    items = await look_deep(connect(world), [many(1, 90), many(2, 80)])
    assert set(unknowns(items, ME + 1)) == {"answer.*", "tag.score"}
    assert unknowns(items, ME + 2) == {}
    assert {done.ref.uid for done in of_type(items, Done)} == {str(ME + 1), str(ME + 2)}


@pytest.mark.parametrize("people", [1, 3, 10, 100])
async def test_the_price_is_known_beforehand(connect: Connect, people: int) -> None:
    counts = {f"p{number}": (number * 37) % 160 for number in range(1, people + 1)}
    world = StackExchange({"ai": answered(**counts)}, quota=10_000)
    told = {"tag.score": ("tag:pytorch",)}
    visits = [
        many(number, count, told=told if number % 2 else None) for number, count in enumerate(counts.values(), start=1)
    ]
    await look_deep(connect(world), visits)
    needs = [Needs(count, 0, told=bool(number % 2)) for number, count in enumerate(counts.values(), start=1)]
    assert sum(world.methods().values()) - 1 == deep_price(needs) <= 2.1 * people
