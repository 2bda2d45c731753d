"""What ``sourcer init`` writes: the configuration from the models themselves, a first brief, the database."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel

from sourcer.config import CONFIG_NAME, Config, SecretRef, load_config
from sourcer.connect.registry import installed
from sourcer.errors import UsageError
from sourcer.store.database import Database

__all__ = ["initialise", "render_config"]

Ask = Callable[[str, str], str]

_QUESTIONS: Final = {
    "controller": "Who decides about the personal data (your company)?",
    "contact": "Where can people ask about their data (an address that is read)?",
    "lawful_basis": "Why may you hold it (lawful basis)?",
    "purpose": "What do you hold it for (purpose)?",
}
_SUGGESTED: Final = {"lawful_basis": "legitimate interest", "purpose": "hiring for our own machine learning teams"}

_HEAD: Final = """\
# Sourcer's configuration. Every option is here with its default; what is left out has it too.
# Relative paths start at this file's folder. A secret is named, not written down: { env = "NAME" }.
"""
_PRIVACY_NOTE: Final = "# A live crawl refuses to start without the first four.\n"
_CONNECTORS_NOTE: Final = (
    "\n# A connector is enabled when its section is here; `sourcer connectors` says what else it needs.\n"
)


def initialise(folder: Path, given: Mapping[str, Any], ask: Ask | None) -> list[str]:
    """Write ``sourcer.toml`` and ``briefs/`` and make the database. What exists is kept as it is.

    Args:
        folder: Where; made if it is not there.
        given: The privacy block as far as it was given by flags.
        ask: Called with a question and a suggestion for what was not given; ``None`` asks nothing.

    Returns:
        Lines that say what was done and what to do next.

    Raises:
        UsageError: The folder or a file cannot be written.
        DatabaseError: The database cannot be made.
    """
    said: list[str] = []
    path = folder / CONFIG_NAME
    if path.exists():
        said.append(f"{path} is there already and stays as it is")
        if any(value is not None for value in given.values()):
            said.append(f"what was given for [privacy] was not written: change it in {path}")
    else:
        privacy = {name: value for name, value in given.items() if value is not None}
        for name, question in _QUESTIONS.items() if ask else ():
            if name not in privacy and ask:
                privacy[name] = ask(question, _SUGGESTED.get(name, ""))
        _write(path, render_config(privacy))
        said.append(f"{path} written")
    config = load_config(path)
    said += _write_briefs(config.path(config.briefs_dir))
    with Database(config.database_url) as database:
        database.upgrade()
        said.append(f"database ready: {database.status().shown_url}")
    return said + list(_next_steps(config, folder))


def _write_briefs(folder: Path) -> Iterator[str]:
    for template in sorted(resources.files("sourcer").joinpath("briefs").iterdir(), key=lambda found: found.name):
        path = folder / template.name
        if path.exists():
            yield f"{path} is there already and stays as it is"
        else:
            _write(path, template.read_text(encoding="utf-8"))
            yield f"{path} written"


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as fault:
        raise UsageError(f"{path}: cannot be written ({fault.strerror})") from None


def _next_steps(config: Config, folder: Path) -> Iterator[str]:
    if folder.resolve() != Path.cwd():
        yield f"next: cd {folder}"
    if missing := config.privacy.missing():
        yield f"next: fill in [privacy] {', '.join(missing)} in {config.home / CONFIG_NAME}; a live crawl needs them"
    yield "next: `sourcer connectors` says what each site still needs, `sourcer crawl ml-engineer` starts"


def render_config(privacy: Mapping[str, Any]) -> str:
    """``sourcer.toml`` with every option, its default and what it means, from the models.

    Args:
        privacy: Values of the privacy block; what is missing stays empty.
    """
    filled = Config().model_copy(update={"privacy": Config().privacy.model_copy(update=dict(privacy))})
    parts = [_HEAD, *(f"{line}\n" for line in _options(filled, skip=("connectors",)))]
    for name, field in Config.model_fields.items():
        table = getattr(filled, name)
        if isinstance(table, BaseModel) and field.annotation is not None:
            note = _PRIVACY_NOTE if name == "privacy" else ""
            parts.append(f"\n[{name}]\n{note}" + "".join(f"{line}\n" for line in _options(table)))
    parts.append(_CONNECTORS_NOTE)
    for found in installed():
        if found.connector is not None and found.builtin:
            lines = "".join(f"{line}\n" for line in _options(found.connector.config_model()))
            parts.append(f"[connectors.{found.name}]\n{lines}")
    return "".join(parts)


def _options(model: BaseModel, skip: tuple[str, ...] = ()) -> Iterator[str]:
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        if name in skip or (isinstance(value, BaseModel) and not isinstance(value, SecretRef)):
            continue
        comment = f"  # {field.description}" if field.description else ""
        yield f"{name} = {_toml(value)}{comment}"


def _toml(value: Any) -> str:
    """A value as TOML writes it; JSON and TOML agree on strings, numbers, booleans and lists of them."""
    if isinstance(value, SecretRef):
        return f'{{ env = "{value.env}" }}'
    if isinstance(value, tuple | list):
        return f"[{', '.join(_toml(part) for part in value)}]"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return json.dumps(value, ensure_ascii=False)
