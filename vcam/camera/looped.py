"""A file that begins again when it ends, so that it can stand in for a camera."""

from collections.abc import Callable
from dataclasses import replace

from vcam.camera.camera import Camera
from vcam.core.frame import Frame


class LoopedCamera:
    """Plays a file round and round; its times keep rising."""

    live = False

    def __init__(self, camera: Camera, again: Callable[[], Camera]) -> None:
        """`again` opens the same file from its beginning."""
        self._camera, self._again = camera, again
        self.size, self.fps = camera.size, camera.fps
        self._shift, self._last, self._given = 0.0, 0.0, 0

    def read(self) -> Frame | None:
        """Return the next frame; None only when the file gives nothing from its beginning on."""
        frame = self._camera.read()
        if frame is None:
            self._camera.close()
            self._camera = self._again()
            self._shift = self._last + 1 / self.fps
            frame = self._camera.read()
        if frame is None:
            return None
        self._last, self._given = self._shift + frame.time, self._given + 1
        return replace(frame, time=self._last, index=self._given - 1)

    def close(self) -> None:
        """Close the file."""
        self._camera.close()
