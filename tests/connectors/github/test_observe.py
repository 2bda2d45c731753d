from __future__ import annotations

from urllib.parse import urlsplit

from hypothesis import given
from hypothesis import strategies as st

from sourcer.connect import Ref
from sourcer.connect.items import check_item
from sourcer_github.observe import profile_of
from sourcer_github.wire.people import UserNode

ADA = Ref("github", "1", "ada")
TYPED = st.one_of(
    st.text(),
    st.from_regex(r"(https?://)?[a-z@:/.\[\]?#%-]{0,30}", fullmatch=True),
    st.from_regex(r".{0,9}https?://[^ ]{0,30}.{0,9}", fullmatch=True),
)


@given(bio=TYPED, website=TYPED, twitter=TYPED)
def test_whatever_people_type_gives_a_profile_that_can_be_stored(bio: str, website: str, twitter: str) -> None:
    user = UserNode(
        id="U_1", login="ada", url="https://github.com/ada", bio=bio, website_url=website, twitter_username=twitter
    )
    profile = profile_of(ADA, user)
    assert check_item(profile, ("github",)) is None
    for link in profile.links:
        parts = urlsplit(link.url)
        assert parts.scheme in ("http", "https")
        assert parts.hostname
        assert "@" not in parts.netloc


def test_addresses_in_a_bio_lose_the_marks_around_them() -> None:
    bio = "Docs (https://ada.example.org/docs), code <https://example.org/a_(b)>. Mail: ada@example.org"
    user = UserNode(id="U_1", login="ada", url="https://github.com/ada", bio=bio)
    assert [link.url for link in profile_of(ADA, user).links] == [
        "https://ada.example.org/docs",
        "https://example.org/a_",
    ]
