"""``sourcer.toml`` as frozen models: read, checked, and complained about in words a user can act on.

Relative paths in the file are relative to the file's own folder, wherever the command is run.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import os
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar
from urllib.parse import quote, unquote, urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    SecretStr,
    ValidationError,
    field_validator,
)

from sourcer.errors import UsageError

__all__ = [
    "CONFIG_NAME",
    "Config",
    "CrawlConfig",
    "DatabaseConfig",
    "DutiesConfig",
    "FetchConfig",
    "HttpAddress",
    "NotifyConfig",
    "PrivacyConfig",
    "Secret",
    "Settings",
    "find_config",
    "is_near",
    "load_config",
    "named_secrets",
    "nearest",
    "parse_settings",
    "read_toml",
    "secrets_of",
]

CONFIG_NAME: Final = "sourcer.toml"
PRIVACY_MUSTS: Final = ("controller", "contact", "lawful_basis", "purpose")

# What pydantic says in words of its own, in those of TOML.
_PLAIN: Final = {
    "model_type": "must be a table",
    "dict_type": "must be a table",
    "tuple_type": "must be a list",
    "list_type": "must be a list",
    "too_short": "must not be empty",
    "string_type": "must be a text",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "finite_number": "must be a finite number",
}

_Model = TypeVar("_Model", bound=BaseModel)


class Settings(BaseModel):
    """The base of every configuration model: frozen, strict about names."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class SecretRef(BaseModel):
    """A secret that is named, not written down: ``{ env = "GITHUB_TOKEN" }``; its value is read when it is used."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    env: str = ""
    literal: SecretStr | None = None

    def reveal(self) -> str | None:
        """The secret itself, or ``None`` where the environment does not hold it."""
        if self.literal is not None:
            return self.literal.get_secret_value() or None
        return os.environ.get(self.env) or None

    @field_validator("env")
    @classmethod
    def _is_name(cls, value: str) -> str:
        if not value.strip():
            raise ValueError('write it as { env = "NAME" }')
        return value.strip()

    @property
    def source(self) -> str:
        """Where the value comes from, in words."""
        return f"the environment variable {self.env}" if self.env else "the configuration file"


def _secret_ref(value: Any) -> Any:
    return {"literal": value} if isinstance(value, str) else value


Secret = Annotated[SecretRef, BeforeValidator(_secret_ref)]
"""A field of a configuration model that holds a :class:`SecretRef`."""


def _http_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{value!r} is not an http(s) address")
    return value.rstrip("/")


HttpAddress = Annotated[str, AfterValidator(_http_address)]
"""A field of a configuration model that holds an http(s) address, such as that of an API; without a final slash."""


class DatabaseConfig(Settings):
    """Where everything is kept."""

    url: str = Field("sqlite:///sourcer.db", description="or postgresql+psycopg://user@host/db")


class PrivacyConfig(Settings):
    """Who answers for the personal data, and why it is held. A live crawl refuses to start without the first four."""

    controller: str = Field("", description="who decides about the data")
    contact: str = Field("", description="where people can ask about theirs")
    lawful_basis: str = Field("", description="for example: legitimate interest")
    purpose: str = Field("", description="for example: hiring for our own machine learning teams")
    retention_days: int = Field(180, ge=1, description="data that was not seen again for so long is deleted at night")
    store_contacts: bool = Field(False, description="keep contact details that people publish")
    cross_brief: bool = Field(False, description="may a person found for one brief show up in another")

    def missing(self) -> tuple[str, ...]:
        """The names of the four duties that are not filled in."""
        return tuple(name for name in PRIVACY_MUSTS if not getattr(self, name))


class FetchConfig(Settings):
    """How requests are made and kept."""

    archive_dir: str = Field("archive", description='raw answers, secrets stripped; "" keeps none')
    reserve: float = Field(0.05, ge=0, lt=1, description="share of every quota that is never spent")
    max_wait_minutes: float = Field(60, ge=0, description="then the run ends incomplete and the next one goes on")
    max_bytes: int = Field(20_000_000, ge=1, description="of one answer")


class CrawlConfig(Settings):
    """How far a crawl looks."""

    deep_share: float = Field(0.5, ge=0, le=1, description="at most this share of people gets the deep look")
    deep_bar: float = Field(
        0.15, ge=0, le=1, description="who is less relevant to the brief than this, after the cheap look, never gets it"
    )


class DutiesConfig(Settings):
    """When the scheduler does the daily duties: what is too old is deleted, notices are counted, people seen again."""

    cron: str = Field("15 2 * * *", description="retention, notices and refresh, under `sourcer schedule`")
    timezone: str = Field("UTC", description="of this cron line")


class NotifyConfig(Settings):
    """Who is told when a run ends."""

    webhook: str = Field("", description="told when a run ends: an http(s) URL that takes JSON")

    @field_validator("webhook")
    @classmethod
    def _is_url(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("must be an address that starts with https:// or http://")
        return value


class Config(Settings):
    """The whole of ``sourcer.toml``. Connector sections stay raw here: each connector's own model reads its section."""

    briefs_dir: str = Field("briefs", description="where briefs lie")
    lexicon: str = Field("", description="a file of yours with more skills and terms, see docs/sourcers.md")
    database: DatabaseConfig = DatabaseConfig()
    privacy: PrivacyConfig = PrivacyConfig()
    fetch: FetchConfig = FetchConfig()
    crawl: CrawlConfig = CrawlConfig()
    duties: DutiesConfig = DutiesConfig()
    notify: NotifyConfig = NotifyConfig()
    connectors: dict[str, dict[str, Any]] = Field(default_factory=dict)

    _home: Path = PrivateAttr(default_factory=Path.cwd)
    _name: str = PrivateAttr(CONFIG_NAME)

    @property
    def home(self) -> Path:
        """The folder of the configuration file; relative paths in it start here."""
        return self._home

    @property
    def file(self) -> Path:
        """The configuration file itself, for messages."""
        return self._home / self._name

    def path(self, text: str) -> Path:
        """A path of the configuration, made absolute."""
        return (self._home / Path(text).expanduser()).resolve()

    @property
    def database_url(self) -> str:
        """``SOURCER_DATABASE_URL``, else the file's; a relative SQLite file of the configuration lies beside it."""
        from_env = os.environ.get("SOURCER_DATABASE_URL")
        if from_env:
            return from_env
        scheme, slashes, rest = self.database.url.partition(":///")
        if scheme.startswith("sqlite") and slashes and rest not in ("", ":memory:"):
            return f"{scheme}:///{quote(str(self.path(unquote(rest))))}"
        return self.database.url

    @property
    def archive_dir(self) -> Path | None:
        """Where raw answers are kept, or ``None``."""
        return self.path(self.fetch.archive_dir) if self.fetch.archive_dir else None

    def digest(self) -> str:
        """A short hash of everything but secrets, stored with each run."""
        plain = self.model_dump(mode="json", exclude={"connectors": True})
        plain["connectors"] = {
            name: {key: value for key, value in section.items() if not _looks_secret(key)}
            for name, section in self.connectors.items()
        }
        return hashlib.sha256(json.dumps(plain, sort_keys=True, default=str).encode()).hexdigest()[:16]

    def at(self, home: Path, name: str = CONFIG_NAME) -> Config:
        """The same configuration as if read from the file ``name`` in ``home``, where its relative paths start."""
        copy = self.model_copy()
        copy._home, copy._name = home.resolve(), name  # noqa: SLF001  # private attributes of this very class
        return copy


def _looks_secret(key: str) -> bool:
    return any(word in key.lower() for word in ("token", "key", "secret", "password"))


def is_near(word: str, known: list[str] | tuple[str, ...]) -> bool:
    """Whether a word is so near to a known one that it is probably a slip of the pen."""
    return bool(difflib.get_close_matches(word.lower(), known, n=1, cutoff=0.6))


def nearest(word: str, known: list[str] | tuple[str, ...]) -> str:
    """``; did you mean …?`` with the nearest known word, or the list of known words where none is near."""
    close = difflib.get_close_matches(word.lower(), known, n=1, cutoff=0.6)
    if close:
        return f"; did you mean {close[0]}?"
    return f"; known: {', '.join(sorted(known))}" if known else ""


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file.

    Raises:
        UsageError: It is missing, unreadable, or not TOML; the message says where.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UsageError(f"{path}: no such file") from None
    except (OSError, UnicodeDecodeError) as fault:
        raise UsageError(f"{path}: cannot be read ({fault})") from None
    except tomllib.TOMLDecodeError as fault:
        raise UsageError(f"{path}: not valid TOML: {fault}") from None


def parse_settings(model: type[_Model], data: Mapping[str, Any], where: str) -> _Model:
    """Check ``data`` against a model.

    Args:
        model: What it must look like.
        data: As read from TOML.
        where: Put before each complaint: the file, or file and section.

    Raises:
        UsageError: One line that names each wrong key, what is wrong with it, and the nearest known key.
    """
    try:
        return model.model_validate(data)
    except ValidationError as fault:
        raise UsageError("; ".join(f"{where}: {line}" for line in _complaints(model, fault))) from None
    except Exception as fault:  # a connector's own validator is other people's code
        raise UsageError(f"{where}: cannot be read ({type(fault).__name__}: {fault})") from fault


def _complaints(model: type[BaseModel], fault: ValidationError) -> Iterator[str]:
    for error in fault.errors(include_input=False, include_url=False):
        *table, key = [str(part) for part in error["loc"]] or [""]
        at = f"[{'.'.join(table)}] {key}" if table else key
        if error["type"] == "extra_forbidden":
            yield f"{at}: unknown key{nearest(key, list(_fields_at(model, table)))}"
        elif error["type"] == "missing":
            yield f"{at}: is missing"
        else:
            told = _PLAIN.get(error["type"], error["msg"]).removeprefix("Value error, ")
            yield f"{at}: {told.replace('Input should be', 'must be')}".removeprefix(": ")


def _fields_at(model: type[BaseModel], table: list[str]) -> tuple[str, ...]:
    for part in table:
        field = model.model_fields.get(part)
        if field is None or not (isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)):
            return ()
        model = field.annotation
    return tuple(model.model_fields)


def secrets_of(model: BaseModel) -> tuple[str, ...]:
    """Every secret value that a model holds, longest first: what must never be written anywhere."""
    found = {
        text
        for value in model.__dict__.values()
        if isinstance(value, SecretRef) and (text := value.reveal()) is not None
    }
    return tuple(sorted(found, key=lambda text: (-len(text), text)))


def named_secrets(config: Config) -> Iterator[str]:
    """Every secret that the configuration names or holds, whatever section it stands in: for hiding them in logs."""
    yield config.notify.webhook
    with suppress(ValueError):  # what it is instead is said where it is used
        yield urlsplit(config.database_url).password or ""
    for section in config.connectors.values():
        for key, value in section.items():
            if isinstance(value, dict) and isinstance(value.get("env"), str):
                yield os.environ.get(value["env"], "")
            elif isinstance(value, str) and _looks_secret(key):
                yield value


def find_config(given: str | None) -> Path:
    """The configuration file: ``--config``, else ``SOURCER_CONFIG``, else ``sourcer.toml`` in this folder.

    Raises:
        UsageError: There is none; the message says how to make one.
    """
    path = Path(given or os.environ.get("SOURCER_CONFIG") or CONFIG_NAME)
    if path.is_dir():
        path /= CONFIG_NAME
    if not path.is_file():
        raise UsageError(f"{path}: no configuration here; `sourcer init` makes one, --config FILE names another")
    return path


def load_config(path: Path) -> Config:
    """Read and check ``sourcer.toml``.

    Raises:
        UsageError: A key is unknown or a value cannot be used.
    """
    return parse_settings(Config, read_toml(path), str(path)).at(path.parent, path.name)
