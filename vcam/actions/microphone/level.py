"""How loud the microphone is, so that nothing fires while the person talks.

Nothing listens unless the person asks for it (`guards.talking`). The sound is measured and dropped
at once. Only Linux has a way to it in the packages that we use; elsewhere this says so.
"""

import logging
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Final

import numpy as np

from vcam.errors import ActionError

log = logging.getLogger(__name__)

RATE: Final = 8000
CHUNK_S: Final = 0.1
"""A level is told this often."""
TALK_RMS: Final = 0.02
"""Root mean square of the samples (full scale: 1) above which somebody talks: -34 dB."""
RECORDERS: Final = (
    ("pw-record", "--raw", "--format=s16", f"--rate={RATE}", "--channels=1", "-"),
    ("parec", "--raw", "--format=s16le", f"--rate={RATE}", "--channels=1", "--latency-msec=100"),
)
"""Programs that write the default microphone's samples to their output, the first that is there."""


class Meter:
    """Calls `talks` whenever the microphone is loud, from a thread of its own, until closed."""

    def __init__(self, command: tuple[str, ...], talks: Callable[[], None]) -> None:
        """Start the recorder; raises `ActionError` when it cannot be started."""
        try:
            self._recorder = subprocess.Popen(  # noqa: S603  # one of RECORDERS
                command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL
            )
        except OSError as error:
            raise ActionError(f"{command[0]} cannot be started ({error})") from None
        self._talks, self._closed = talks, False
        self._thread = threading.Thread(target=self._listen, name="microphone level", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the recorder; may be called more than once."""
        self._closed = True
        self._recorder.terminate()
        self._thread.join(1.0)

    def _listen(self) -> None:
        assert self._recorder.stdout is not None  # noqa: S101  # it was asked for
        with self._recorder.stdout as stream:
            while chunk := stream.read(2 * round(RATE * CHUNK_S)):
                if loudness(chunk) >= TALK_RMS:
                    self._talks()
        self._recorder.wait()
        if not self._closed:
            log.warning("the microphone is not heard any more; talking is not noticed")


def loudness(chunk: bytes) -> float:
    """Return the root mean square of signed 16-bit samples, 0..1."""
    samples = np.frombuffer(chunk[: len(chunk) // 2 * 2], "<i2").astype(np.float32) / 32768
    return float(np.sqrt(np.mean(samples * samples))) if samples.size else 0.0


def open_meter(talks: Callable[[], None]) -> Meter:
    """Return a meter that listens already; raises `ActionError` where there is none."""
    if sys.platform != "linux":
        raise ActionError("talking is noticed on Linux only: leave talking = true out")
    for command in RECORDERS:
        if shutil.which(command[0]):
            return Meter(command, talks)
    raise ActionError(
        "talking cannot be noticed without pw-record or parec: sudo apt install pipewire-bin"
    )
