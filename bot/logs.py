"""Logging: structured, and never with a person's words.

Exceptions are logged by type and place only: their messages and local variables may quote what a
person wrote.
"""

from __future__ import annotations

import logging
import sys
import traceback
import warnings

import structlog
from telegram.warnings import PTBUserWarning


def configure(log_format: str) -> None:
    """Send all logs to standard output, as lines for people ("console") or as JSON ("json")."""
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stdout.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stdout, format="%(levelname)s %(name)s")
    # Advice to developers about the plain requests we make on purpose.
    warnings.filterwarnings("ignore", category=PTBUserWarning)
    # These name the bot's token (in addresses) or a person's words (in payloads) at lower levels.
    for name in ("httpx", "httpcore", "telegram"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def where(error: BaseException) -> str:
    """The places in our code an exception passed through, innermost last, without its message."""
    frames = traceback.extract_tb(error.__traceback__)
    return " > ".join(f"{frame.name}:{frame.lineno}" for frame in frames[-6:])
