"""The sounds, made from sine waves: WAV files as bytes."""

import io
import wave
from collections.abc import Mapping
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

RATE: Final = 44_100
FADE_S: Final = 0.006
"""How long a tone rises and falls, so that it does not click."""

NOTES: Final[Mapping[str, tuple[tuple[float, float], ...]]] = {
    "hold": ((1_320.0, 0.035),),
    "fire": ((880.0, 0.09), (1_318.5, 0.14)),
    "failed": ((392.0, 0.14), (294.0, 0.2)),
}
"""Frequency and seconds of each note."""


def tone(name: str, volume: float) -> bytes:
    """Return one of `NOTES` as a WAV file, 16 bit, mono; `volume` is 0 to 1."""
    notes = map(partial(_note, volume=volume), NOTES[name])
    samples = np.concatenate(list(notes))
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(samples.astype("<i2").tobytes())
    return file.getvalue()


def _note(note: tuple[float, float], volume: float) -> NDArray[np.float64]:
    frequency, seconds = note
    time = np.arange(round(seconds * RATE)) / RATE
    fade = np.minimum(1.0, np.minimum(time, time[::-1]) / FADE_S)
    decay = np.exp(-4.0 * time / seconds)
    wave: NDArray[np.float64] = np.sin(2 * np.pi * frequency * time) * fade * decay
    return wave * volume * 32_000
