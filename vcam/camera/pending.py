"""A camera that is not there yet, so that the program can start and say so."""

from vcam.core.frame import Frame
from vcam.errors import CameraError


class PendingCamera:
    """Stands in until a real camera can be opened: every read says why there is none."""

    live = True

    def __init__(self, size: tuple[int, int], fps: float, reason: CameraError) -> None:
        """`size` is width and height in pixels, which the real camera will be fitted to."""
        self.size, self.fps = size, fps
        self._reason = str(reason)

    def read(self) -> Frame | None:
        """Raise `CameraError`: it must be opened again."""
        raise CameraError(self._reason)

    def close(self) -> None:
        """Nothing to give back."""
