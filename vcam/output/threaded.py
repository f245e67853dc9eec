"""An output that may be slow, such as a disk, given its pictures on a thread of its own."""

import logging
import queue
import threading
from dataclasses import dataclass

import numpy as np

from vcam.core.frame import Image
from vcam.core.texts import _
from vcam.errors import OutputError
from vcam.output.output import Output

log = logging.getLogger(__name__)

QUEUE_SIZE = 10
"""Pictures kept for an output that is late: 28 MB at 720p, a third of a second."""
FINISH_S = 10.0
"""How long `close` waits for what is still to be written."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A picture that has not been passed on yet."""

    image: Image
    time: float


class ThreadedOutput:
    """Passes pictures on from its own thread; `send` copies one and never waits for the output.

    When the output is so late that `QUEUE_SIZE` images wait for it, the next ones are left out;
    a file shows the picture before them for longer, so its time stays right. An error of the output
    is raised by the `send` after it. The output is closed on that thread too.
    """

    def __init__(self, output: Output) -> None:
        self._output = output
        self.left_out = 0
        """Pictures for which the output was too late."""
        self._waiting: queue.Queue[Waiting | None] = queue.Queue()
        self._used: list[Image] = []  # arrays to fill again: fresh memory costs more than the copy
        self._error: OutputError | None = None
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="recording", daemon=True)
        self._thread.start()

    @property
    def name(self) -> str:
        """As the output behind it."""
        return self._output.name

    @property
    def private(self) -> bool:
        """As the output behind it."""
        return self._output.private

    def send(self, image: Image, time: float) -> None:
        """Keep a copy for the output. Raises what the output raised for an earlier picture."""
        if self._error is not None:
            raise self._error
        if self._closed:
            raise OutputError(_("The recording is closed: start it again."))
        if self._waiting.qsize() >= QUEUE_SIZE:
            self._leave_out()
            return
        kept = self._array_like(image)
        np.copyto(kept, image)
        self._waiting.put(Waiting(kept, time))

    def close(self) -> None:
        """Let the output finish, for `FINISH_S` at most."""
        if not self._closed:
            self._closed = True
            self._waiting.put(None)
        self._thread.join(FINISH_S)
        if self._thread.is_alive():
            log.error("the recording could not be finished in time: is the disk hanging?")

    def _leave_out(self) -> None:
        if self.left_out == 0:
            log.warning("the recording is late: some pictures are left out of it")
        self.left_out += 1

    def _array_like(self, image: Image) -> Image:
        used = self._used.pop() if self._used else None
        return used if used is not None and used.shape == image.shape else np.empty_like(image)

    def _work(self) -> None:
        try:
            while (next_one := self._waiting.get()) is not None:
                self._output.send(next_one.image, next_one.time)
                self._used.append(next_one.image)
        except OutputError as error:
            self._error = error
        except Exception as error:
            log.exception("the recording failed")
            self._error = OutputError(
                _("The recording failed ({error}): start it again.").format(error=error)
            )
        finally:
            self._output.close()
            self._used.clear()
