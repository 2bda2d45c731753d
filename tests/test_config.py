from __future__ import annotations

from pathlib import Path

import pytest

from sourcer.config import Config, Secret, SecretRef, Settings, find_config, load_config, parse_settings, secrets_of
from sourcer.errors import UsageError
from sourcer.store.database import Database


def written(folder: Path, text: str) -> Path:
    path = folder / "sourcer.toml"
    path.write_text(text, encoding="utf-8")
    return path


class Example(Settings):
    token: Secret = SecretRef(env="EXAMPLE_TOKEN")
    api_url: str = "https://api.example.org"


def test_an_empty_file_has_every_default(tmp_path: Path) -> None:
    config = load_config(written(tmp_path, ""))
    assert config.fetch.reserve == 0.05
    assert config.crawl.deep_share == 0.5
    assert config.privacy.missing() == ("controller", "contact", "lawful_basis", "purpose")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[fetch]\nreserv = 0.1", "[fetch] reserv: unknown key; did you mean reserve?"),
        ("[fetsh]\nreserve = 0.1", "fetsh: unknown key; did you mean fetch?"),
        ("[privacy]\nzzz = 1", "[privacy] zzz: unknown key; known: contact, controller, cross_brief"),
        ("[fetch]\nreserve = 1.5", "[fetch] reserve: must be less than 1"),
        ("[fetch]\nreserve = 'much'", "[fetch] reserve: must be a number"),
        ("reserve = = 1", "not valid TOML"),
    ],
)
def test_what_cannot_be_used_is_named_with_what_to_do(tmp_path: Path, text: str, says: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(UsageError) as caught:
        load_config(path)
    assert says in str(caught.value)
    assert str(path) in str(caught.value)


def test_relative_paths_start_at_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCER_DATABASE_URL", raising=False)
    config = load_config(written(tmp_path, '[database]\nurl = "sqlite:///people.db"\n'))
    assert config.database_url == f"sqlite:///{tmp_path.resolve() / 'people.db'}"
    assert config.archive_dir == tmp_path.resolve() / "archive"


def test_a_folder_may_have_any_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCER_DATABASE_URL", raising=False)
    folder = tmp_path / "späce #?%41"
    folder.mkdir()
    with Database(load_config(written(folder, "")).database_url) as database:
        database.upgrade()
    assert (folder / "sourcer.db").is_file()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[notify]\nwebhook = 'hooks.example.org'", "must be an address that starts with https://"),
        ("privacy = 3", "privacy: must be a table"),
    ],
)
def test_complaints_are_in_words_of_the_file(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(UsageError) as caught:
        load_config(written(tmp_path, text))
    assert says in str(caught.value)


def test_a_secret_needs_a_name() -> None:
    with pytest.raises(UsageError, match="write it as"):
        parse_settings(Example, {"token": {"env": ""}}, "here")


def test_the_environment_wins_over_the_database_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCER_DATABASE_URL", "sqlite:///elsewhere.db")
    assert load_config(written(tmp_path, "")).database_url == "sqlite:///elsewhere.db"


def test_no_archive_where_the_folder_is_empty(tmp_path: Path) -> None:
    assert load_config(written(tmp_path, '[fetch]\narchive_dir = ""')).archive_dir is None


def test_a_secret_is_named_and_read_when_used(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = parse_settings(Example, {"token": {"env": "OTHER_TOKEN"}}, "here")
    monkeypatch.delenv("OTHER_TOKEN", raising=False)
    assert settings.token.reveal() is None
    monkeypatch.setenv("OTHER_TOKEN", "hidden")
    assert settings.token.reveal() == "hidden"
    assert settings.token.source == "the environment variable OTHER_TOKEN"
    assert secrets_of(settings) == ("hidden",)


def test_a_literal_secret_is_never_shown() -> None:
    settings = parse_settings(Example, {"token": "hidden"}, "here")
    assert settings.token.reveal() == "hidden"
    assert "hidden" not in repr(settings)
    assert "hidden" not in str(settings.model_dump())


def test_the_digest_leaves_secrets_out(tmp_path: Path) -> None:
    one = load_config(written(tmp_path, '[connectors.github]\ntoken = "a"\napi_url = "x"'))
    two = load_config(written(tmp_path, '[connectors.github]\ntoken = "b"\napi_url = "x"'))
    three = load_config(written(tmp_path, '[connectors.github]\ntoken = "b"\napi_url = "y"'))
    assert one.digest() == two.digest() != three.digest()


def test_a_missing_configuration_says_how_to_make_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SOURCER_CONFIG", raising=False)
    with pytest.raises(UsageError, match="sourcer init"):
        find_config(None)
    path = written(tmp_path, "")
    assert find_config(None) == Path("sourcer.toml")
    assert find_config(str(tmp_path)) == path
    monkeypatch.setenv("SOURCER_CONFIG", str(path))
    assert find_config(None) == path


def test_configuration_is_frozen() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Config().briefs_dir = "elsewhere"  # type: ignore[misc]
