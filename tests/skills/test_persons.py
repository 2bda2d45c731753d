"""Words in bios that are names of people and places, told by how they stand there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcer.skills.persons import CUES, HERE, is_abbreviated, is_introduced, is_part_of_name
from sourcer.skills.words import words_of

KNOWN = frozenset({"python", "java", "developer", "senior", "engineer", "and", "data", "scientist", "i"})


def place(text: str) -> tuple[str, int, int]:
    """The text without the brackets that mark a word, and where the word lies."""
    first, after = text.index("["), text.index("]") - 1
    return text.replace("[", "").replace("]", ""), first, after


@pytest.mark.parametrize(
    "text",
    [
        "I'm [Ray].", "I’m [Ray], engineer", "i am [Ray] | engineer", "My name is [Ray] and I code", "Hi, [Ray] here",
        "[Ray] here. Python", "I'm [Ray] and Wife of Ann", "Call me [Ray]", "I lived in [Java]",
        "based in [Java], Python",
        "Name: [Ray]", "I am Dr. [Ray].",
    ],
)  # fmt: skip
def test_a_word_that_is_said_to_be_a_name(text: str) -> None:
    assert is_introduced(*place(text), KNOWN)


@pytest.mark.parametrize(
    "text",
    [
        "I am [Python] developer", "I'm [Python] and Java developer", "I'm [ML]/AI engineer", "this is in [Java]",
        "I work in [Java]", "What I am: [Java]", "Programming in [Java], and more",
    ],
)  # fmt: skip
def test_a_word_that_is_not_said_to_be_a_name(text: str) -> None:
    assert not is_introduced(*place(text), KNOWN)


@pytest.mark.parametrize(
    "text",
    [
        "[Julia] Smith, Python", "Data scientist [Julia] Smith", "Mary [Spark], engineer", "Dr. [Ray], engineer",
        "John [R]. Smith", "John [R] Smith", "[R]. Kumar | Python", "J. [R]. Smith", "Hello. [R]. Kumar",
        "Data engineer [R]. Kumar", "[Ray] O'Hara", "[Ray] Éxample-Müller",
    ],
)  # fmt: skip
def test_a_word_beside_a_name(text: str) -> None:
    assert is_part_of_name(*place(text), KNOWN)


@pytest.mark.parametrize(
    "text",
    [
        "Senior [Java] Developer", "[Java] Engineer", "Knows [R] and Python", "Python and [R]. Kaggle",
        "Python, [R]. Kaggle", "[Java]. Kaggle", "Example [AI] Lab", "the [ray] Example", "[Julia], Python",
        "Example: [Julia]", "[Java] GraphQL",
    ],
)  # fmt: skip
def test_a_word_beside_none(text: str) -> None:
    assert not is_part_of_name(*place(text), KNOWN)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("D.[C].", True),
        ("D. [C].", True),
        ("[C].E.O.", True),
        ("in [C].", False),
        ("Python. [C]", False),
        ("[C]", False),
    ],
)
def test_letters_with_full_stops(text: str, is_one: bool) -> None:
    assert is_abbreviated(*place(text)) is is_one


@given(st.text(max_size=30), st.sampled_from(["Ray", "R", "Go", "É"]), st.text(max_size=30))
def test_any_text_is_read(before: str, word: str, behind: str) -> None:
    text, first, after = before + word + behind, len(before), len(before) + len(word)
    for asked in (is_introduced(text, first, after, KNOWN), is_part_of_name(text, first, after, KNOWN)):
        assert asked in (True, False)
    assert is_abbreviated(text, first, after) in (True, False)


@pytest.mark.parametrize(
    "before", ["I'm", "I am", "my name is", "name's", "Name:", "call me", "this is", "Hi,", "hello", "Hey!"]
)
def test_every_introduction_has_its_cue(before: str) -> None:
    assert is_introduced(f"{before} Ray", len(before) + 1, len(before) + 4, KNOWN)
    assert words_of(before)[-1] in CUES
    assert HERE not in CUES
