from __future__ import annotations

import re

import pytest

from sourcer.connect.addresses import read_profile_url
from sourcer_stackoverflow.policy import POLICY
from sourcer_stackoverflow.sites import answer_url, host_of, profile_url, question_url, site_name, tag_url

SITES = {
    "stackoverflow": "stackoverflow.com",
    "serverfault": "serverfault.com",
    "superuser": "superuser.com",
    "askubuntu": "askubuntu.com",
    "mathoverflow.net": "mathoverflow.net",
    "meta.mathoverflow.net": "meta.mathoverflow.net",
    "stackapps": "stackapps.com",
    "meta": "meta.stackexchange.com",
    "meta.stackoverflow": "meta.stackoverflow.com",
    "es.stackoverflow": "es.stackoverflow.com",
    "ru.meta.stackoverflow": "ru.meta.stackoverflow.com",
    "ai": "ai.stackexchange.com",
    "french.meta": "french.meta.stackexchange.com",
}


@pytest.mark.parametrize(("site", "host"), SITES.items())
def test_name_and_host_lead_to_each_other(site: str, host: str) -> None:
    assert host_of(site) == host
    assert site_name(site) == site_name(host) == site_name(f"https://{host}/questions") == site


@pytest.mark.parametrize("text", ["", "stack overflow", "..", "-@-"])
def test_what_is_no_site_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not the name of a Stack Exchange site"):
        site_name(text)


def test_addresses() -> None:
    assert profile_url("stackoverflow", 12) == "https://stackoverflow.com/users/12"
    assert answer_url("ai", 3) == "https://ai.stackexchange.com/a/3"
    assert question_url("mathoverflow.net", 3) == "https://mathoverflow.net/q/3"
    assert tag_url("ai", 5, "c#") == "https://ai.stackexchange.com/search?q=user%3A5+%5Bc%23%5D+is%3Aanswer"


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("tail", ["", "/invented-name", "?tab=answers", "/invented-name#x"])
def test_every_profile_address_leads_back_to_one_account(site: str, tail: str) -> None:
    url = profile_url(site, 1234) + tail
    found = [(pattern, match) for pattern in POLICY.profile_urls if (match := re.match(pattern.pattern, url))]
    assert found
    pattern, match = found[0]
    assert (match.groupdict().get("site") or pattern.site, match["uid"]) == (site, "1234")


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://stackoverflow.com/users/story/1234", "stackoverflow"),
        ("stackoverflow.com/users/story/1234?view=cv", "stackoverflow"),
        ("https://stackoverflow.com/users/001234/invented-name", "stackoverflow"),
        ("https://ai.stackexchange.com/users/01234", "ai"),
        ("https://stackexchange.com/users/01234", "stackexchange"),
    ],
)
def test_other_spellings_of_one_account_are_one(url: str, site: str) -> None:
    assert read_profile_url(url, POLICY.profile_urls) == (site, None, "1234")


@pytest.mark.parametrize(
    "url",
    [
        "https://stackoverflow.com/users/0",
        "https://stackoverflow.com/users/storytelling/12",
        "https://stackoverflow.com/questions/12",
        "https://evil.example/stackoverflow.com/users/1",
    ],
)
def test_other_addresses_are_nobodys(url: str) -> None:
    assert not any(re.match(pattern.pattern, url) for pattern in POLICY.profile_urls)


def test_the_network_s_address_is_a_registration_and_no_account_of_a_site() -> None:
    found = read_profile_url("https://stackexchange.com/users/12/ada?tab=accounts", POLICY.profile_urls)
    assert found == ("stackexchange", None, "12")
