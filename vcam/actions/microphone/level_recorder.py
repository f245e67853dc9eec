"""Loudness by a program that records: PipeWire's or PulseAudio's own, where it is installed."""

import logging
import shutil
import subprocess
import threading
from collections.abc import Callable
from typing import Final

from vcam.actions.microphone.level import CHUNK_S, is_talk
from vcam.core.texts import _
from vcam.errors import ActionError

log = logging.getLogger(__name__)

RATE: Final = 8000
RECORDERS: Final = (
    ("pw-record", "--raw", "--format=s16", f"--rate={RATE}", "--channels=1", "-"),
    ("parec", "--raw", "--format=s16le", f"--rate={RATE}", "--channels=1", "--latency-msec=100"),
)
"""Programs that write the default microphone's samples to their output, the first that is there."""


def recorder() -> tuple[str, ...] | None:
    """Return the command of a recorder that is installed, or None."""
    return next((command for command in RECORDERS if shutil.which(command[0])), None)


class RecorderMeter:
    """Calls `talks` whenever the microphone is loud, from a thread of its own, until closed."""

    def __init__(self, command: tuple[str, ...], talks: Callable[[], None]) -> None:
        """Start the recorder; raises `ActionError` when it cannot be started."""
        try:
            self._recorder = subprocess.Popen(  # noqa: S603  # one of RECORDERS
                command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL
            )
        except OSError as error:
            raise ActionError(
                _("{command} cannot be started ({error})").format(command=command[0], error=error)
            ) from None
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
                if is_talk(chunk):
                    self._talks()
        self._recorder.wait()
        if not self._closed:
            log.warning("the microphone is not heard any more; talking is not noticed")
