from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcer.link.names import contradict


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ada Beispiel", "Bruno Quendel"),
        ("Zoë Marrowick", "Ana Thistlecroft"),
        ("Олександра Лозовунчак", "Ірина Кравчунська"),
    ],
)
def test_full_names_without_a_common_word_contradict(one: str, other: str) -> None:
    assert contradict(one, other)
    assert contradict(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ada Beispiel", "ADA B. BEISPIEL"),
        ("Zoë Marrowick", "zoe marrowick"),
        ("Alex Quendel", "Alexander Quendelsson"),
        ("Ada Beispiel", "mlwizard42"),
        ("Ada Beispiel", None),
        ("Ada Beispiel", ""),
        ("Лозовунчак Олександра", "Oleksandra Lozovunchak"),
        ("🦊 🦊", "Ada Beispiel"),
    ],
)
def test_what_may_be_one_person_does_not(one: str | None, other: str | None) -> None:
    assert not contradict(one, other)
    assert not contradict(other, one)


@given(st.text(max_size=40), st.text(max_size=40))
def test_it_takes_any_text_and_both_sides_alike(one: str, other: str) -> None:
    assert contradict(one, other) == contradict(other, one)
    assert not contradict(one, one)
