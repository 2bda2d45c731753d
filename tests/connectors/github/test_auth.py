"""Who asks GitHub, and that nothing of it is ever written down."""

from __future__ import annotations

import asyncio
import gzip
import logging
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
import respx
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from sourcer.config import FetchConfig, parse_settings
from sourcer.connect import AnswerError, Denied, Fetcher, NotConfigured, SiteError
from sourcer.errors import UsageError
from sourcer.fetch import Archive
from sourcer_github import GitHub
from sourcer_github.auth import LIFETIME, MARGIN, Auth
from sourcer_github.policy import POLICY
from sourcer_github.queries.common import LIMITS
from sourcer_github.settings import GitHubConfig
from support.clock import FakeClock
from support.github_world import FakeGitHub

GRANTS = "https://api.github.com/app/installations/77/access_tokens"
GRAPHQL = "https://api.github.com/graphql"


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def pem(key: rsa.RSAPrivateKey, tmp_path: Path) -> Path:
    path = tmp_path / "app.pem"
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()))
    return path


def app(path: Path) -> GitHubConfig:
    return GitHubConfig.model_validate(
        {"token": "", "app_id": 4242, "installation_id": 77, "private_key_file": str(path)}
    )


class Grants:
    """Grants a new token each time, good for an hour."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.asked: list[httpx.Request] = []
        self.more: dict[str, Any] = {"permissions": {"metadata": "read"}, "repository_selection": "all"}

    @property
    def tokens(self) -> list[str]:
        return [f"ghs_invented{number:028}" for number in range(len(self.asked))]

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        ends = datetime.fromtimestamp(self.clock.now, UTC) + timedelta(hours=1)
        granted = {"token": self.tokens[-1], "expires_at": ends.strftime("%Y-%m-%dT%H:%M:%SZ"), **self.more}
        return httpx.Response(201, json=granted)


@pytest.fixture
def grants(clock: FakeClock) -> Grants:
    return Grants(clock)


@pytest.fixture
def served(world: FakeGitHub, grants: Grants) -> Iterator[respx.MockRouter]:
    with respx.mock(assert_all_called=False) as router:
        router.post(GRANTS).mock(side_effect=grants)
        router.post(GRAPHQL).mock(side_effect=world.handle)
        yield router


def fetcher_for(clock: FakeClock, **more: Any) -> Fetcher:
    return Fetcher("github", POLICY, FetchConfig(), clock=clock, sleep=clock.sleep, **more)


def connect(config: GitHubConfig, fetcher: Fetcher, clock: FakeClock) -> GitHub:
    github = GitHub(config, fetcher)
    github.client.auth = Auth(config, fetcher, clock)
    return github


# Which credentials


async def test_a_token_of_the_environment(monkeypatch: pytest.MonkeyPatch, clock: FakeClock) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "invented-token")
    async with fetcher_for(clock) as fetcher:
        auth = Auth(GitHubConfig(), fetcher)
        assert (auth.kind, auth.anonymous) == ("token", False)
        assert auth.source == "the token in the environment variable GITHUB_TOKEN"
        auth.require()
        assert await auth.headers() == {"Authorization": "Bearer invented-token"}


@pytest.mark.parametrize("anonymous", [True, False])
async def test_without_a_token_it_must_be_said_that_none_is_meant(
    monkeypatch: pytest.MonkeyPatch, clock: FakeClock, anonymous: bool
) -> None:
    monkeypatch.delenv("GITHUB_TOKEN", raising=False)
    async with fetcher_for(clock) as fetcher:
        auth = Auth(GitHubConfig(anonymous=anonymous), fetcher)
        assert (auth.kind, auth.anonymous, auth.source) == ("none", anonymous, "no token")
        assert await auth.headers() == {}
        if anonymous:
            auth.require()
        else:
            with pytest.raises(NotConfigured, match=r"^no token: set the environment variable GITHUB_TOKEN, or app_id"):
                auth.require()


async def test_a_token_goes_before_doing_without(clock: FakeClock) -> None:
    async with fetcher_for(clock) as fetcher:
        auth = Auth(GitHubConfig.model_validate({"token": "invented-token", "anonymous": True}), fetcher)
        assert (auth.kind, auth.anonymous) == ("token", False)


@pytest.mark.parametrize(
    ("section", "complaint"),
    [
        ({"token": "", "app_id": "1"}, "belong together: installation_id, private_key_file is missing"),
        ({"token": "", "private_key_file": "a.pem"}, "belong together: app_id, installation_id is missing"),
        (
            {"token": "invented", "app_id": 1, "installation_id": 2, "private_key_file": "a.pem"},
            "there is also a token in the configuration file: keep the App or the token",
        ),
        ({"token": "", "installation_id": "acme"}, "'acme' is not the number of an installation"),
        ({"app_id": True}, "must be a text"),
    ],
)
def test_half_of_an_app_is_no_app(section: dict[str, Any], complaint: str) -> None:
    with pytest.raises(UsageError, match=complaint):
        parse_settings(GitHubConfig, section, "config")


def test_an_app_beside_a_token_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    section = {"token": {"env": "GITHUB_TOKEN"}, "app_id": "Iv1.x", "installation_id": 2, "private_key_file": "a.pem"}
    monkeypatch.setenv("GITHUB_TOKEN", "invented-token")
    with pytest.raises(UsageError, match="token in the environment variable GITHUB_TOKEN"):
        parse_settings(GitHubConfig, section, "config")
    monkeypatch.delenv("GITHUB_TOKEN")
    assert parse_settings(GitHubConfig, section, "config").installation_id == "2"


# An installation of an App


async def test_an_app_asks_with_the_token_of_its_installation(
    *,
    pem: Path,
    key: rsa.RSAPrivateKey,
    clock: FakeClock,
    grants: Grants,
    world: FakeGitHub,
    served: respx.MockRouter,
) -> None:
    async with fetcher_for(clock) as fetcher:
        github = connect(app(pem), fetcher, clock)
        await github.check()
        await github.check()
    assert github.client.auth.source == "installation 77 of the GitHub App 4242"
    assert github.client.auth.permissions == {"metadata": "read"}
    (asked,) = grants.asked
    scheme, _, word = asked.headers["authorization"].partition(" ")
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    claims = jwt.decode(word, public, algorithms=["RS256"])
    assert scheme == "Bearer"
    assert claims["iss"] == "4242"
    assert 0 < claims["exp"] - claims["iat"] <= 660
    assert asked.headers["accept"] == "application/vnd.github+json"
    assert [one.headers["authorization"] for one in world.asked] == [f"Bearer {grants.tokens[0]}"] * 2
    assert fetcher.usage.spent == {"core": 1, "graphql": 2}


async def test_the_token_is_renewed_before_it_ends(
    pem: Path, clock: FakeClock, grants: Grants, world: FakeGitHub, served: respx.MockRouter
) -> None:
    async with fetcher_for(clock) as fetcher:
        github = connect(app(pem), fetcher, clock)
        for passed, tokens in ((0, 1), (LIFETIME - MARGIN - 1, 1), (1, 2), (LIFETIME, 3)):
            clock.now += passed
            await github.check()
            assert len(grants.asked) == tokens
            assert world.asked[-1].headers["authorization"] == f"Bearer {grants.tokens[-1]}"


async def test_questions_at_the_same_time_share_one_token(
    pem: Path, clock: FakeClock, grants: Grants, served: respx.MockRouter
) -> None:
    async with fetcher_for(clock) as fetcher:
        auth = Auth(app(pem), fetcher, clock)
        found = await asyncio.gather(*(auth.headers() for _ in range(5)))
    assert len(grants.asked) == 1
    assert found == [{"Authorization": f"Bearer {grants.tokens[0]}"}] * 5


@pytest.mark.parametrize("more", [{"expires_at": None}, {"expires_at": "soon"}, {"expires_at": "2020-01-01T00:00:00Z"}])
async def test_a_token_whose_end_is_not_told(
    pem: Path, clock: FakeClock, grants: Grants, served: respx.MockRouter, more: dict[str, Any]
) -> None:
    grants.more = more
    async with fetcher_for(clock) as fetcher:
        auth = Auth(app(pem), fetcher, clock)
        assert await auth.headers() == {"Authorization": f"Bearer {grants.tokens[0]}"}


async def test_a_token_that_ended_while_a_question_waited_is_renewed(
    pem: Path, clock: FakeClock, grants: Grants, world: FakeGitHub, served: respx.MockRouter
) -> None:
    refused = [httpx.Response(401, json={"message": "Bad credentials"})]
    world.fault = lambda _: refused.pop() if refused else None
    async with fetcher_for(clock) as fetcher:
        await connect(app(pem), fetcher, clock).check()
    assert [one.headers["authorization"] for one in world.asked] == [f"Bearer {token}" for token in grants.tokens]
    assert len(grants.tokens) == 2


@pytest.mark.parametrize("config", ["app", "token"])
async def test_credentials_that_are_refused_again_are_refused(
    *, pem: Path, clock: FakeClock, grants: Grants, world: FakeGitHub, served: respx.MockRouter, config: str
) -> None:
    world.fault = lambda _: httpx.Response(401, json={"message": "Bad credentials"})
    settings = app(pem) if config == "app" else GitHubConfig.model_validate({"token": "invented-token"})
    async with fetcher_for(clock) as fetcher:
        with pytest.raises(Denied, match="Bad credentials"):
            await connect(settings, fetcher, clock).check()
    assert len(world.asked) == (2 if config == "app" else 1)


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (
            httpx.Response(404, json={"message": "Not Found"}),
            Denied,
            r"installation 77 of the GitHub App 4242 \(HTTP 404",
        ),
        (httpx.Response(403, json={"message": "This installation has been suspended"}), Denied, "HTTP 403"),
        (
            httpx.Response(401, json={"message": "A JSON web token could not be decoded"}),
            Denied,
            "could not be decoded",
        ),
        (httpx.Response(201, json={"expires_at": "2030-01-01T00:00:00Z"}), SiteError, "no token in the answer"),
        (httpx.Response(418, json={}), SiteError, "answered 418"),
        (httpx.Response(502, text="<html>"), SiteError, "HTTP 502"),
    ],
)
async def test_an_app_that_gets_no_token(
    *, pem: Path, clock: FakeClock, served: respx.MockRouter, answer: httpx.Response, error: type[SiteError], words: str
) -> None:
    served.post(GRANTS).mock(return_value=answer)
    async with fetcher_for(clock) as fetcher:
        with pytest.raises(error, match=words):
            await connect(app(pem), fetcher, clock).check()


@pytest.mark.parametrize("content", [None, "", "no key", "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n", "schlüssel"])
async def test_a_key_that_cannot_be_used(tmp_path: Path, clock: FakeClock, content: str | None) -> None:
    path = tmp_path / "broken.pem"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    async with fetcher_for(clock) as fetcher:
        with pytest.raises(NotConfigured, match=r"^the App's private_key_file .*broken.pem (cannot|holds)") as caught:
            await connect(app(path), fetcher, clock).check()
    assert not content or content not in str(caught.value)
    assert caught.value.__cause__ is None
    assert fetcher.usage.requests == 0


# Secrets and replays


async def test_neither_word_nor_token_nor_key_is_written_or_said(
    *,
    pem: Path,
    tmp_path: Path,
    clock: FakeClock,
    grants: Grants,
    world: FakeGitHub,
    served: respx.MockRouter,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    said = []

    def echo(asked: Any) -> httpx.Response | None:
        if len(world.asked) < 3:
            return None
        return httpx.Response(422, json={"message": f"you sent {asked.headers['authorization']}"})

    world.fault = echo
    archive = Archive(tmp_path / "archive", 1)
    async with fetcher_for(clock, archive=archive) as fetcher:
        github = connect(app(pem), fetcher, clock)
        await github.check()
        clock.now += LIFETIME
        await github.check()
        with pytest.raises(AnswerError) as caught:
            await github.client.ask(LIMITS)
        said += [str(caught.value), repr(github.client.auth), repr(github.client.auth._grant), repr(fetcher.usage)]
    files = [path for path in (tmp_path / "archive").rglob("*") if path.is_file()]
    written = [path.read_bytes() for path in files]
    texts = [gzip.decompress(raw).decode() if raw[:2] == b"\x1f\x8b" else raw.decode() for raw in written]
    assert len([text for text in texts if "access_tokens" in text]) == 2
    assert any("[secret]" in text for text in texts)
    words = [request.headers["authorization"].partition(" ")[2] for request in grants.asked]
    body = pem.read_text(encoding="ascii").splitlines()[1]  # noqa: ASYNC240  # a test may wait for a file
    for secret in (*grants.tokens, *words, *(word.rpartition(".")[2] for word in words), body):
        assert not any(secret in text for text in (*texts, *said, caplog.text))


@pytest.mark.parametrize("torn", ['{"token": "ghs_inventedinventedinvented", "expires', '{"token":"ghs_inventedinvent'])
async def test_a_torn_grant_is_not_quoted(
    pem: Path, tmp_path: Path, clock: FakeClock, served: respx.MockRouter, torn: str
) -> None:
    served.post(GRANTS).mock(return_value=httpx.Response(201, text=torn))
    async with fetcher_for(clock, archive=Archive(tmp_path / "archive", 1)) as fetcher:
        with pytest.raises(SiteError) as caught:
            await connect(app(pem), fetcher, clock).check()
    texts = [gzip.decompress(path.read_bytes()).decode() for path in (tmp_path / "archive").rglob("*.gz")]
    assert len(texts) == 1
    assert not any("ghs_" in text for text in (*texts, str(caught.value), repr(fetcher.usage)))


async def test_a_replay_needs_no_key_and_asks_for_no_token(
    *, pem: Path, tmp_path: Path, clock: FakeClock, grants: Grants, world: FakeGitHub, served: respx.MockRouter
) -> None:
    refused = [httpx.Response(401, json={"message": "Bad credentials"})]
    world.fault = lambda _: refused.pop() if refused else None
    archive = Archive(tmp_path / "archive", 1)
    async with fetcher_for(clock, archive=archive) as fetcher:
        live = await connect(app(pem), fetcher, clock).client.ask(LIMITS)
    pem.unlink()  # noqa: ASYNC240  # a test may wait for a file
    clock.now += 30 * 86_400
    for config in (app(pem), GitHubConfig.model_validate({"token": ""})):
        async with fetcher_for(clock, archive=Archive(tmp_path / "archive", 1), replay=True) as fetcher:
            assert await connect(config, fetcher, clock).client.ask(LIMITS) == live
            assert fetcher.usage.errors == {}
    assert len(grants.asked) == 2


def test_help_and_the_connector_do_without_the_library_that_signs() -> None:
    code = "import sys, sourcer.cli, sourcer_github; print('github' in sys.modules, 'requests' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
