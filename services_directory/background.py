"""Work that a running console does beside answering requests, again and again."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

import redis
from django.db import Error as DatabaseError
from django.db import close_old_connections

logger = logging.getLogger(__name__)

INTERVAL_S = 2.0


class Repeated:
    """Calls `action` in a thread of its own, with a pause after each call, until stopped."""

    def __init__(self, name: str, action: Callable[[], None], interval_s: float = INTERVAL_S) -> None:
        self._name = name
        self._action = action
        self._interval_s = interval_s
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._warned = False

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End the loop and wait for it."""
        self._stopped.set()
        self._thread.join()

    def step(self) -> None:
        """Act once. A missing Redis or database is logged once, until it is back."""
        try:
            self._action()
            self._warned = False
        except (redis.RedisError, DatabaseError) as error:
            if not self._warned:
                logger.warning("%s failed, trying again: %s", self._name, type(error).__name__)
            self._warned = True

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self.step()
            except Exception:
                # A defect here must not end the loop: what it does would silently no longer be done.
                logger.exception("%s failed", self._name)
            close_old_connections()
            self._stopped.wait(self._interval_s)
        close_old_connections()
