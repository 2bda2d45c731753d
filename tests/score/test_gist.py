"""The gist of evidence as text: whatever titles and terms hold, every piece comes back as what it shows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sourcer.score.gist import Gister, columns_of, shared_of
from sourcer.score.rules import load_rules
from sourcer.skills import load_lexicon
from sourcer.store.columns import to_json

GISTER = Gister(load_lexicon(), load_rules())
TITLES = st.text(alphabet="ab/\\\n\t\r\x1c\u2028 :", max_size=8)


def a_row(title: str, *terms: str, kind: str = "repo.owned", **measure: float) -> tuple[str, str, str, str, str | None]:
    return kind, title, to_json(list(terms)), to_json(measure), "2026-03-01"


@given(st.lists(TITLES, max_size=4))
def test_odd_titles_neither_end_a_line_nor_become_another(titles: list[str]) -> None:
    pieces = list(columns_of(GISTER.text([a_row(title) for title in titles])))
    assert len(pieces) == len(titles)
    kept = [repository for _, _, _, repository in pieces]
    assert len(set(kept)) == len({GISTER.gist("repo.owned", title, ()).repository for title in titles})


def test_nothing_has_no_pieces() -> None:
    assert list(columns_of(GISTER.text([]))) == []


def test_skills_discounts_and_measures_come_back() -> None:
    text = GISTER.text([a_row("ada/titanic", "pypi:mlflow", "language:python", stars=0, fork=1)])
    ((shared, size, day, repository),) = columns_of(text)
    told = shared_of(shared)
    assert (told.kind, told.language, day, repository) == ("repo.owned", "on", "2026-03-01", "ada/titanic")
    assert (told.matches["mlflow"].scheme, told.matches["mlflow"].strength) == ("pypi", 1.0)
    rules = load_rules()
    owned = rules.of("repo.owned").size
    assert owned is not None
    assert float(size) == owned.factor(0)
    by_name = {item.name: item.factor for item in rules.discounts_of("repo.owned")}
    assert by_name["fork"] in told.discounts


def test_what_shows_the_same_is_written_the_same() -> None:
    one, other = (next(iter(columns_of(GISTER.text([a_row(title, "topic:mlflow")])))) for title in ("a/x", "b/y"))
    assert one[0] == other[0]
    assert one[3] != other[3]
