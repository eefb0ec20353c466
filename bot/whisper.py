"""Speech to text by Whisper, in this process. Only imported where voice messages are switched on."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import av
import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.vad import VadOptions, get_speech_timestamps
from numpy.typing import NDArray

from bot.channels.base import MAX_TEXT
from bot.types import LANGUAGES, Language
from bot.voice import MAX_S, NothingHeard, Transcript, VoiceUnavailable

Audio = NDArray[np.float32]

_RATE = 16_000
"""Samples a second, as Whisper wants them."""
_SPEECH = VadOptions(threshold=0.35)
"""Lower than usual: who whispers must be heard."""
_CURRENT_WEIGHS, _CURRENT_ADDS = 2.0, 0.05
"""How much likelier the language spoken so far is than the sound alone tells: Ukrainian is easily taken for
Russian. What is added decides where the sound tells next to nothing."""
_SURELY_FOREIGN = 0.8
"""From this probability on it is another language. Below, an accent is likelier than a guess right."""
_THREADS = max(1, (os.cpu_count() or 2) // 2)
"""Half of the machine: the other conversations go on."""


class Whisper:
    """A Whisper model in CTranslate2 form. Not safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        """Load it. Raises VoiceUnavailable, and whatever the libraries say to files they cannot read."""
        self._model = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=_THREADS)
        if not self._model.model.is_multilingual:
            raise VoiceUnavailable(f"the model in {folder} knows English only; take one without “.en”")
        if self._model.model.n_mels != self._model.feature_extractor.mel_filters.shape[0]:
            raise VoiceUnavailable(f"{folder} has no preprocessor_config.json, which this model needs")

    def listen(self, sound: bytes, current: Language | None, wanted: Callable[[], bool]) -> Transcript:
        """What is said in a sound file of any usual format. Raises NothingHeard."""
        speech = _speech(_decoded(sound))
        language = self._language(speech, current)
        segments, _ = self._model.transcribe(
            speech,
            language=language,
            beam_size=2,
            # Warmer only once: the text is read back, more attempts are not worth the wait.
            temperature=(0.0, 0.4),
            condition_on_previous_text=False,
        )
        text = " ".join(_texts(segments, wanted))[:MAX_TEXT]
        if not any(letter.isalnum() for letter in text):
            raise NothingHeard("silent")
        return Transcript(text, language)

    def _language(self, speech: Audio, current: Language | None) -> Language:
        likeliest, probability, probabilities = self._model.detect_language(speech)
        if likeliest not in LANGUAGES and probability >= _SURELY_FOREIGN:
            raise NothingHeard("foreign")
        chances = {language: float(dict(probabilities).get(language, 0.0)) for language in LANGUAGES}
        if current:
            chances[current] = chances[current] * _CURRENT_WEIGHS + _CURRENT_ADDS
        return max(LANGUAGES, key=lambda language: chances[language])


def _texts(segments: Any, wanted: Callable[[], bool]) -> Iterator[str]:
    for segment in segments:
        # Each is recognised only when it is asked for.
        if not wanted():
            raise NothingHeard("failed")
        if text := segment.text.strip():
            yield text


def _speech(audio: Audio) -> Audio:
    """From the first word to the last; raises NothingHeard where there is none (silence, music)."""
    parts = get_speech_timestamps(audio, _SPEECH)
    if not parts:
        raise NothingHeard("silent")
    return audio[parts[0]["start"] : parts[-1]["end"]]


def _decoded(sound: bytes) -> Audio:
    """The samples of a sound file, no more than `MAX_S` seconds whatever it says about itself."""
    resampler = av.AudioResampler(format="flt", layout="mono", rate=_RATE)
    parts: list[Audio] = []
    room = MAX_S * _RATE
    try:
        with av.open(BytesIO(sound), "r", metadata_errors="ignore") as container:
            for frame in container.decode(audio=0):
                for part in resampler.resample(frame):
                    parts.append(part.to_ndarray()[0])
                    room -= parts[-1].size
                if room <= 0:
                    break
    except (av.FFmpegError, IndexError):
        raise NothingHeard("failed") from None
    if not parts:
        raise NothingHeard("silent")
    return np.concatenate(parts)[: MAX_S * _RATE]
