"""Log lines for whoever asks for them: structured, on stderr, never with a secret."""

from __future__ import annotations

import logging
from collections.abc import Iterable, MutableMapping
from typing import Any, Final, Literal

__all__ = ["LogFormat", "configure_logs", "hide", "is_structured", "log_line"]

LogFormat = Literal["text", "logfmt", "json"]

_ours: Final = logging.getLogger("sourcer")
_MASK: Final = "***"
_LEAST_SECRET: Final = 4
"""Characters: what is shorter would be found in half of all words."""

_hidden: Final[set[str]] = set()


def configure_logs(*, verbose: bool, form: LogFormat = "text") -> None:
    """Say what is logged, and how.

    structlog is imported only then: it costs more to import than most commands take.

    Args:
        verbose: Everything of ours is logged in text form too, beside what is said to the user.
        form: ``text`` is for people. In the others each line on stderr is a record, and messages to the user are
            records of the logger ``sourcer.say``.
    """
    _drop_handlers()
    if not verbose and form == "text":
        # Faults are counted in the run and shown as progress; a library's own log lines would only repeat them.
        logging.getLogger().addHandler(logging.NullHandler())
        _ours.addHandler(logging.NullHandler())
        return
    handler = logging.StreamHandler()
    handler.setFormatter(_formatter(form))
    handler.set_name("text" if form == "text" else "structured")
    _ours.addHandler(handler)
    _ours.setLevel(logging.INFO)
    _ours.propagate = False


def _drop_handlers() -> None:
    for handler in list(_ours.handlers):
        _ours.removeHandler(handler)


def _formatter(form: LogFormat) -> logging.Formatter:
    import structlog  # noqa: PLC0415

    order = ["timestamp", "level", "logger", "event"]
    as_json = structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ExtraAdder(),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            _mask,
            as_json if form == "json" else structlog.processors.LogfmtRenderer(key_order=order),
        ],
    )


def hide(secrets: Iterable[str]) -> None:
    """Keep these out of every line, wherever they may come from: the last net below all others."""
    _hidden.update(secret for secret in secrets if len(secret) >= _LEAST_SECRET)


def _mask(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {name: _masked(value) for name, value in event.items()}


def _masked(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    text = str(value)
    for secret in sorted(_hidden, key=len, reverse=True):
        text = text.replace(secret, _MASK)
    return text


def is_structured() -> bool:
    """Whether stderr is read by machines: whatever is said must then be a record."""
    return any(handler.get_name() == "structured" for handler in _ours.handlers)


def log_line(message: str, level: int = logging.INFO) -> bool:
    """Log what would be said to the user, where stderr is read by machines; whether it was."""
    if not is_structured():
        return False
    logging.getLogger("sourcer.say").log(level, "%s", message)
    return True
