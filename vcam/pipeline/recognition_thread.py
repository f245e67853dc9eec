"""The thread that recognition runs on."""

import logging
import threading
from collections.abc import Callable

from vcam.core.frame import Frame
from vcam.core.texts import _
from vcam.pipeline.latest import Latest
from vcam.pipeline.recognition import RecognitionPath
from vcam.system.clock import Clock

log = logging.getLogger(__name__)

RETRY_S = 1.0
"""How long to wait after recognition failed before it is tried again."""


class RecognitionThread(threading.Thread):
    """Takes the newest frame whenever one is due; a failure is reported, and tried again."""

    def __init__(self, path: RecognitionPath, clock: Clock, alive: Callable[[float], None]) -> None:
        """`alive` is called with the clock's time after every inference that ended."""
        super().__init__(name="recognition", daemon=True)
        self.frames: Latest[Frame] = Latest()
        self.trouble: str | None = None
        self.last_inference = clock.now()
        """The clock's time at which the last inference ended."""
        self._path, self._clock, self._alive = path, clock, alive
        self._stop_asked = threading.Event()
        self._last_time = 0.0

    def run(self) -> None:
        """Look until `stop` is called."""
        while not self._stop_asked.is_set():
            frame = self.frames.wait(0.25)
            if frame is None:
                self._nothing_new()
            elif self._path.is_due(frame):
                self._process(frame)
            else:
                self._rest()
        self._path.finish(self._last_time)

    def stop(self, seconds: float = 1.0) -> None:
        """Ask the thread to end and wait a moment."""
        self._stop_asked.set()
        self.join(seconds)

    def _process(self, frame: Frame) -> None:
        self._last_time = frame.time
        try:
            self._path.process(frame)
        except Exception as error:
            # Whatever went wrong in here, the call continues and the person is informed.
            log.exception("recognition failed")
            self.trouble = _("Recognition failed ({error}); trying again.").format(error=error)
            self._path.finish(frame.time)
            self._stop_asked.wait(RETRY_S)
        else:
            self.trouble = None
        self._rest()

    def _nothing_new(self) -> None:
        """No frame for a while: what was seen last is no longer known to be so."""
        if self._path.view.hands:
            self._path.finish(self._last_time)
        self._rest()

    def _rest(self) -> None:
        self.last_inference = self._clock.now()
        self._alive(self.last_inference)
