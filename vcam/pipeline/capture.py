"""Read a camera on its own thread, and get it back when it goes away."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from vcam.camera.camera import Camera
from vcam.camera.pending import PendingCamera
from vcam.camera.pixels import fit
from vcam.core.frame import Frame
from vcam.core.texts import _
from vcam.errors import CameraError
from vcam.pipeline.latest import Latest
from vcam.system.clock import Clock

log = logging.getLogger(__name__)

RETRY_S = 1.0
"""How long to wait before a lost camera is looked for again."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A frame and when it came, on the program's own clock."""

    frame: Frame
    at: float


class CaptureThread(threading.Thread):
    """Puts every frame into `newest`; a file is read at its recorded times.

    A camera that breaks is closed and opened again for as long as it takes; `trouble` says so
    meanwhile. When a file ends, `ended` is set.
    """

    def __init__(self, camera: Camera, reopen: Callable[[], Camera], clock: Clock) -> None:
        super().__init__(name="capture", daemon=True)
        self.newest: Latest[Arrival] = Latest()
        self.ended = threading.Event()
        self.trouble: str | None = None
        self._camera, self._reopen, self._clock = camera, reopen, clock
        self._stop_asked = threading.Event()
        self._change_asked = threading.Event()
        self._awake = threading.Event()
        self._awake.set()
        self._size = camera.size
        self._zero: float | None = None

    def run(self) -> None:
        """Read until the file ends or `stop` is called."""
        try:
            while not self._stop_asked.is_set() and self._read_one():
                pass
        finally:
            self._close_camera()
            self.ended.set()

    def stop(self, seconds: float = 1.0) -> None:
        """Ask the thread to end and wait a moment; a camera that hangs is left behind."""
        self._stop_asked.set()
        self._awake.set()
        self.join(seconds)

    @property
    def live(self) -> bool:
        """Whether it reads a camera, which never ends."""
        return self._camera.live

    @property
    def resting(self) -> bool:
        """Whether the camera is closed, or about to be, because nobody looks."""
        return not self._awake.is_set()

    def rest(self, *, resting: bool) -> None:
        """Close the camera, or open it again; callable from anywhere, returns at once."""
        if resting:
            self._awake.clear()
        else:
            self._awake.set()

    def change(self) -> None:
        """Close the camera and open it again, maybe another by now; callable from anywhere."""
        self._change_asked.set()

    def _read_one(self) -> bool:
        if self.resting:
            return self._rest()
        if self._change_asked.is_set():
            self._change_asked.clear()
            self._change()
        try:
            frame = self._camera.read()
            if frame is None:
                return False
            frame = self._fitted(frame)
        except CameraError as error:
            return self._lost(error)
        except Exception as error:
            # Drivers and decoders fail in ways of their own; none of them may end the call.
            log.exception("reading the camera failed")
            return self._lost(
                CameraError(
                    _("The camera failed ({error}): it is opened again.").format(error=error)
                )
            )
        self.trouble = None
        if not self._camera.live:
            self._keep_time(frame)
        self.newest.put(Arrival(frame, self._clock.now()))
        return True

    def _rest(self) -> bool:
        """Wait with the camera closed until somebody looks, and open it then."""
        self._close_camera()
        self.trouble = None
        self._awake.wait()
        if self._stop_asked.is_set():
            return False
        self._change_asked.clear()
        failed = self._try_reopening()
        if failed is not None:
            self._camera = PendingCamera(self._size, self._camera.fps, failed)
        return True

    def _fitted(self, frame: Frame) -> Frame:
        """A camera that came back may have another size; the call keeps the one it began with."""
        return replace(frame, image=fit(frame.image, self._size))

    def _keep_time(self, frame: Frame) -> None:
        """Wait until a file's frame is due."""
        if self._zero is None:
            self._zero = self._clock.now() - frame.time
        self._stop_asked.wait(max(0.0, self._zero + frame.time - self._clock.now()))

    def _lost(self, error: CameraError) -> bool:
        if not self._camera.live:
            self.trouble = str(error)
            return False
        if self.trouble is None:
            log.warning("camera lost: %s", error)
        self.trouble = str(error)
        self._close_camera()
        if self._stop_asked.wait(RETRY_S):
            return False
        still = self._try_reopening()
        if still is None:
            log.warning("camera is back")
        else:
            self.trouble = str(still)
        return True

    def _change(self) -> None:
        self._close_camera()
        self._zero = None
        failed = self._try_reopening()
        if failed is not None:
            self._camera = PendingCamera(self._size, self._camera.fps, failed)

    def _try_reopening(self) -> CameraError | None:
        """Open the camera again, and return why that failed."""
        try:
            self._camera = self._reopen()
        except CameraError as error:
            return error
        except Exception as error:
            log.exception("opening the camera failed")
            return CameraError(
                _("The camera cannot be opened ({error}); trying again.").format(error=error)
            )
        return None

    def _close_camera(self) -> None:
        try:
            self._camera.close()
        except Exception:  # a device that went away under its driver
            log.exception("closing the camera failed")
