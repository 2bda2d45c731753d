"""Universities that a person names are shown, and nothing else is taken for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcer.score.affiliation import affiliations_of, institutions_in
from support.facts import a_person, a_profile


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("PhD student at the University of Warsaw. Working on MLOps", ["University of Warsaw"]),
        ("MSc, University of Texas at Austin, CS", ["University of Texas at Austin"]),
        ("Ex-ETH Zürich, now at a bank", ["ETH Zürich"]),
        ("Politechnika Wrocławska", ["Politechnika Wrocławska"]),
        (
            "Graduate of Missouri University of Science and Technology",
            ["Missouri University of Science and Technology"],
        ),
        ("Universidade Federal de Minas Gerais / IIT Bombay", ["Universidade Federal de Minas Gerais", "IIT Bombay"]),
        ("New Jersey Institute of Technology", ["New Jersey Institute of Technology"]),
        ("TU Delft → MIT", ["TU Delft", "MIT"]),
        ("ETH and BTC", []),
        ("Long ETH, short everything else", []),
        ("USC fan", []),
        ("USC fan. Student of life", []),
        ("MSc. ETH, robotics", ["ETH"]),
        ("CS @ USC", ["USC"]),
        ("Machine learning at ETH", ["ETH"]),
        ("ETH", ["ETH"]),
        ("ETHZ", ["ETHZ"]),
        ("Engineer, Cambridge, UK", []),
        ("Postdoc in Cambridge", ["Cambridge"]),
        ("our USP: speed", []),
        ("Mestrando em IA, USP", ["USP"]),
        ("HSE manager", []),
        ("HSE alumna", ["HSE"]),
        ("Stanford '24", ["Stanford"]),
        ("I contribute to Stanford CoreNLP", []),
        ("Harvard Business Review reader", []),
        ("Harvard, then Google", ["Harvard"]),
        ("IITB '19", ["IITB"]),
        ("Tec de Monterrey", ["Tec de Monterrey"]),
        ("МФТИ, выпуск 2019", ["МФТИ"]),
        ("Казанский федеральный университет", ["Казанский федеральный университет"]),
        ("毕业于清华大学计算机系", ["清华大学"]),
        ("東京大学大学院", ["東京大学"]),
        ("everything here is under the MIT license", []),
        ("MIT licensed tools", []),
        ("the University", []),
        ("a university student", []),
        ("University of Life", []),
        ("permit, emit, ETHEREUM", []),
        ("see mit.example/MIT-LICENSE", []),
        ("", []),
    ],
)
def test_names(text: str, names: list[str]) -> None:
    assert list(institutions_in(text)) == names


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    assert all(name in " ".join(text.split()) for name in institutions_in(text))


def test_each_is_named_once_across_profiles() -> None:
    person = a_person(
        profiles=[
            a_profile("github", "1", bio="University of Tartu"),
            a_profile("stackoverflow", "2", bio="Studied at University of Tartu and EPFL"),
        ]
    )
    assert affiliations_of(person) == ["University of Tartu", "EPFL"]
