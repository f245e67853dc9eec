"""How loud the microphone is, so that nothing fires while the person talks.

Nothing listens unless the person asks for it (`guards.talking`). The sound is measured and dropped
at once.
"""

from typing import Final, Protocol

import numpy as np

CHUNK_S: Final = 0.1
"""A level is measured this often."""
TALK_RMS: Final = 0.02
"""Root mean square of the samples (full scale: 1) above which somebody talks: -34 dB."""


class Meter(Protocol):
    """Calls a function whenever the microphone is loud, from a thread of its own, until closed."""

    def close(self) -> None:
        """Stop listening; may be called more than once."""


def loudness(chunk: bytes) -> float:
    """Return the root mean square of signed 16-bit samples, 0..1."""
    samples = np.frombuffer(chunk[: len(chunk) // 2 * 2], "<i2").astype(np.float32) / 32768
    return float(np.sqrt(np.mean(samples * samples))) if samples.size else 0.0


def is_talk(chunk: bytes) -> bool:
    """Tell whether somebody talks in signed 16-bit samples."""
    return loudness(chunk) >= TALK_RMS
