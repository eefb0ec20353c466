"""Whether the server is about to stop.

A server that is told to stop waits for its open answers first, and a stream of replies is an answer
that stays open: it has to know. ASGI tells an application only after the wait.
"""

from __future__ import annotations

import signal
import threading
from functools import cache, partial
from types import FrameType
from typing import Any

_stopping = threading.Event()


def stopping() -> bool:
    """True from the moment the server was told to stop."""
    _watch()
    return _stopping.is_set()


@cache
def _watch() -> None:
    """Listen in on the signals, where a server handles them; it goes on handling them itself."""
    in_main_thread = threading.current_thread() is threading.main_thread()
    if not in_main_thread or not callable(signal.getsignal(signal.SIGTERM)):
        return
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, partial(_note, signal.getsignal(number)))


def _note(handler: Any, number: int, frame: FrameType | None) -> None:
    _stopping.set()
    if callable(handler):
        handler(number, frame)
