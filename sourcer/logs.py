"""Log lines for whoever asks for them: structured, on stderr, never with a secret."""

from __future__ import annotations

import logging

__all__ = ["configure_logs"]


def configure_logs(*, verbose: bool) -> None:
    """Show warnings and worse, or everything of ours when ``verbose``.

    structlog is imported only then: it costs more to import than most commands take.
    """
    ours = logging.getLogger("sourcer")
    if not verbose:
        # Faults are counted in the run and shown as progress; a library's own log lines would only repeat them.
        logging.getLogger().addHandler(logging.NullHandler())
        ours.addHandler(logging.NullHandler())
        return
    import structlog  # noqa: PLC0415

    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "logger", "event"]),
        ],
    )
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    ours.addHandler(handler)
    ours.setLevel(logging.INFO)
    ours.propagate = False
