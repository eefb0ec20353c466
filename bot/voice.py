"""Voice messages, where the operator switched them on: written down on this machine and kept nowhere."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import structlog

from bot.logs import where
from bot.types import Language, Unheard

log = structlog.get_logger(__name__)

MAX_S = 120
"""Seconds of speech the bot listens to."""
MAX_BYTES = 5 * 1024 * 1024
_WAITING = 8
"""Messages in hand at most; the next one is told at once that there is no time for it."""
_PATIENCE_S = 100.0
"""Whoever waited so long for what they said to be read back gets an answer without it."""
_MODEL_FILES = ("model.bin", "config.json", "tokenizer.json")


class NothingHeard(Exception):
    """No words came of a voice message."""

    def __init__(self, reason: Unheard) -> None:
        super().__init__(reason)
        self.reason: Unheard = reason


class VoiceUnavailable(Exception):
    """Voice messages cannot be listened to here; the message tells the operator what to do."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was said in a voice message, and in which language."""

    text: str
    """Never empty; at most as long as a message can be."""
    language: Language


Recogniser = Callable[[bytes, Language | None, Callable[[], bool]], Transcript]
"""Writes down a sound file, given the language spoken so far. Takes its time in its own thread, and asks
now and then whether it is still wanted. Raises NothingHeard."""


def recogniser(folder: Path) -> Recogniser:
    """Load the speech model in a folder; takes seconds. Raises VoiceUnavailable."""
    missing = [name for name in _MODEL_FILES if not (folder / name).is_file()]
    if missing:
        # Looked for here, because the library would try to download what it does not find.
        raise VoiceUnavailable(
            f"VOICE_MODEL has to be the folder of a Whisper model in CTranslate2 form; "
            f"{folder} has no {', '.join(missing)}"
        )
    try:
        from bot.whisper import Whisper
    except (ImportError, OSError) as error:
        raise VoiceUnavailable(
            f"VOICE_MODEL needs the packages of requirements-voice.txt ({type(error).__name__})"
        ) from None
    try:
        return Whisper(folder).listen
    except VoiceUnavailable:
        raise
    except Exception as error:
        raise VoiceUnavailable(
            f"the model in {folder} cannot be loaded ({type(error).__name__}): fetch it anew"
        ) from None


class Transcriber:
    """Writes down one voice message at a time, in a thread of its own. A context manager."""

    def __init__(self, listen: Recogniser) -> None:
        self._listen = listen
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="voice")
        self._in_hand = 0
        self._ends = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ends = True
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def transcribe(self, sound: bytes, current: Language | None) -> Transcript:
        """What is said in a sound file. Raises NothingHeard."""
        if self._in_hand >= _WAITING:
            raise NothingHeard("failed")
        until = time.monotonic() + _PATIENCE_S
        self._in_hand += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._thread, self._transcribe, sound, current, until)
        finally:
            self._in_hand -= 1

    def _transcribe(self, sound: bytes, current: Language | None, until: float) -> Transcript:
        def wanted() -> bool:
            return not self._ends and time.monotonic() < until

        if not wanted():
            raise NothingHeard("failed")
        try:
            return self._listen(sound, current, wanted)
        except NothingHeard:
            raise
        except Exception as error:
            # Whatever a file can do to a decoder or a model: its message may quote what it holds.
            log.error("voice_failed", error=type(error).__name__, where=where(error))
            raise NothingHeard("failed") from None
