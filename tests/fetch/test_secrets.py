from __future__ import annotations

import base64
import html
import json
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcer.fetch.policy import SitePolicy
from sourcer.fetch.secrets import MARK, Secrets

TOKEN = "ghp_0123456789abcdef"
POLICY = SitePolicy(buckets=(), secret_params=("Seckey",), secret_headers=("X-Site-Pass",))

SECRET_TEXT = st.text(min_size=8, max_size=40).filter(lambda text: len(text.strip()) >= 8 and "secret" not in text)

SPELLINGS: dict[str, Any] = {
    "plain": str,
    "percent": lambda text: quote(text, safe=""),
    "percent, lower case": lambda text: (
        quote(text, safe="").lower() if text.isascii() and text == text.lower() else text
    ),
    "percent twice": lambda text: quote(quote(text, safe=""), safe=""),
    "form": quote_plus,
    "JSON": lambda text: json.dumps(text)[1:-1],
    "JSON, not ASCII": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "JSON in JSON": lambda text: json.dumps(json.dumps(text))[1:-1],
    "HTML": html.escape,
}


@given(SECRET_TEXT, st.sampled_from(sorted(SPELLINGS)), st.text(alphabet="xyz \n{}", max_size=5))
def test_a_secret_is_found_in_every_spelling(secret: str, spelling: str, around: str) -> None:
    secrets = Secrets((secret,), POLICY)
    spelled = SPELLINGS[spelling](secret)
    text = f"{around}{spelled}{around}"
    assert secrets.text(text).count(MARK) >= 1
    assert spelled not in secrets.text(text)
    data = secrets.data(text.encode())
    assert MARK.encode() in data
    assert spelled.encode() not in data


@given(st.text(max_size=50))
def test_what_holds_no_secret_stays_as_it_is(text: str) -> None:
    secrets = Secrets((TOKEN,), POLICY)
    assert secrets.text(text) == text
    assert secrets.data(text.encode("utf-8", "surrogatepass")) == text.encode("utf-8", "surrogatepass")


def test_a_short_value_is_not_searched_for_in_texts() -> None:
    secrets = Secrets(("test", ""), POLICY)
    assert secrets.text("pytest") == "pytest"
    assert secrets.url("https://h.example/x?key=test") == f"https://h.example/x?key={MARK}"


def test_parameters_are_stripped_by_name() -> None:
    secrets = Secrets((), POLICY)
    url = "https://user:pass@h.example:8080/2.3/x?site=ai&KEY=a%28b&seckey=1&access_token=2&page=3&x#top"
    assert secrets.url(url) == (
        f"https://h.example:8080/2.3/x?site=ai&KEY={MARK}&seckey={MARK}&access_token={MARK}&page=3&x"
    )
    assert secrets.url_identity(url) == "https://h.example:8080/2.3/x?site=ai&page=3&x"
    assert secrets.url("http://[broken") == "[unreadable address]"


def test_headers_are_stripped_by_name_and_by_value() -> None:
    secrets = Secrets((TOKEN,), POLICY)
    headers = {"Authorization": "x", "Set-Cookie": "a=b", "X-SITE-PASS": "y", "X-Echo": f"<{TOKEN}>", "ETag": '"1"'}
    assert secrets.headers(headers) == {
        "authorization": MARK,
        "set-cookie": MARK,
        "x-site-pass": MARK,
        "x-echo": f"<{MARK}>",
        "etag": '"1"',
    }


def test_json_is_stripped_by_name_and_by_value_keys_too() -> None:
    secrets = Secrets((TOKEN,), POLICY)
    value = {"query": f"q {TOKEN}", "variables": [{"seckey": 1, "key": "kept", TOKEN: None}], "password": "p", "n": 1.5}
    assert secrets.json(value) == {
        "query": f"q {MARK}",
        "variables": [{"seckey": MARK, "key": "kept", MARK: None}],
        "password": MARK,
        "n": 1.5,
    }


@pytest.mark.parametrize(
    ("url", "headers", "learned"),
    [
        ("https://h.example/", {"authorization": f"Bearer {TOKEN}"}, TOKEN),
        ("https://h.example/", {"X-Site-Pass": TOKEN}, TOKEN),
        (
            "https://h.example/",
            {"Authorization": "Basic " + base64.b64encode(f"me:{TOKEN}".encode()).decode()},
            TOKEN,
        ),
        ("https://h.example/?seckey=abc%28defgh", {}, "abc(defgh"),
        (f"https://me:{TOKEN}@h.example/", {}, TOKEN),
    ],
)
def test_credentials_of_a_request_are_secrets_from_then_on(url: str, headers: dict[str, str], learned: str) -> None:
    secrets = Secrets((), POLICY)
    assert secrets.text(f"it says {learned}") == f"it says {learned}"
    secrets.learn_from_request(url, headers)
    assert secrets.text(f"it says {learned}") == f"it says {MARK}"


def test_a_granted_token_is_a_secret_from_then_on() -> None:
    secrets = Secrets((), POLICY)
    secrets.learn_from_answer({"token": TOKEN, "items": [{"token": "an ordinary word"}]})
    secrets.learn_from_answer(["token"])
    assert secrets.text(f"{TOKEN} an ordinary word") == f"{MARK} an ordinary word"


def test_learned_values_do_not_pile_up_and_configured_ones_stay() -> None:
    secrets = Secrets((TOKEN,), POLICY)
    for number in range(500):
        secrets.learn(f"granted-{number:06}")
    assert len(secrets._searched) < 200
    assert secrets.text(f"{TOKEN} granted-000499 granted-000000") == f"{MARK} {MARK} granted-000000"


@pytest.mark.parametrize(
    ("torn", "left"),
    [
        ('{"token": "ghs_0123456789abcdef", "expi', '{"token": "[secret]", "expi'),
        ('{"access_token":"abc', '{"access_token":"[secret]'),
        ("{'Token': 'abc'", "{'Token': '[secret]'"),
        ('{"tokens": "three"}', '{"tokens": "three"}'),
    ],
)
def test_a_token_that_a_torn_answer_grants_is_not_shown(torn: str, left: str) -> None:
    assert Secrets((), SitePolicy(())).without_grants(torn) == left
