from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sourcer.connect import Evidence, LinkClaim, Profile, Ref
from sourcer.crawl.contacts import REMOVED, without_contacts

REF = Ref("invented", "1")


def test_addresses_are_taken_out_of_a_profile() -> None:
    profile = Profile(
        REF,
        "https://invented.example/1",
        name="Ada",
        bio="ML. Write to ada.b+jobs@example.org, please",
        website="ada@example.org",
        links=(LinkClaim("mailto:ada@example.org", "website"), LinkClaim("https://ada.example", "website")),
    )
    cleaned = without_contacts(profile)
    assert isinstance(cleaned, Profile)
    assert cleaned.bio == f"ML. Write to {REMOVED}, please"
    assert cleaned.website is None
    assert cleaned.links == (LinkClaim("https://ada.example", "website"),)
    assert cleaned.name == "Ada"


def test_handles_are_no_addresses() -> None:
    evidence = Evidence(
        REF, "profile.text", "https://invented.example/1", ("text:works @kubeflow, pip @ git",), title="a@b"
    )
    assert without_contacts(evidence) == evidence


@given(st.text())
def test_what_has_no_sign_stays_as_it_is(text: str) -> None:
    evidence = Evidence(REF, "profile.text", "https://invented.example/1", (f"text:{text.replace('@', '')}",))
    assert without_contacts(evidence) == evidence
