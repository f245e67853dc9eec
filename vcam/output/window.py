"""A preview window that only the person at the machine sees."""

import contextlib

import cv2

from vcam.core.frame import Image
from vcam.errors import OutputError
from vcam.output.display import why_no_display
from vcam.output.output import OutputClosed

_TITLE = "Gesture Cam preview"
_KEYS_THAT_CLOSE = (ord("q"), 27)
"""q and Escape."""


class WindowOutput:
    """Shows pictures as they are; whoever wants a mirror image mirrors before drawing.

    Closing the window, q or Escape end it: the next `send` raises `OutputClosed`. On macOS windows
    live on the main thread, so everything here must be called from there.
    """

    name, private = "window", True

    def __init__(self, size: tuple[int, int], title: str = _TITLE) -> None:
        """Raise `OutputError` when there is no screen."""
        reason = why_no_display()
        if reason is not None:
            raise OutputError(
                f"There is no screen for a window: {reason}; use `--output virtual` or a .mp4 path."
            )
        self._title = title
        self._open = True
        try:
            # Without the last flag, Qt adds a toolbar that is for debugging.
            plain = cv2.WINDOW_NORMAL | cv2.WINDOW_KEEPRATIO | cv2.WINDOW_GUI_NORMAL
            cv2.namedWindow(title, plain)
            cv2.resizeWindow(title, *size)
        except cv2.error:
            raise OutputError(
                "This OpenCV shows no windows: install opencv-python in place of its headless kind."
            ) from None

    def send(self, image: Image, time: float) -> None:
        """Show `image` and look at the keyboard. Raises `OutputClosed` once the window is gone."""
        if not self._open or self._was_closed():
            self._open = False
            raise OutputClosed("The preview window was closed.")
        cv2.imshow(self._title, image)
        if cv2.waitKey(1) & 0xFF in _KEYS_THAT_CLOSE:
            self.close()

    def _was_closed(self) -> bool:
        try:
            return cv2.getWindowProperty(self._title, cv2.WND_PROP_VISIBLE) < 1
        except cv2.error:
            return True

    def close(self) -> None:
        """Take the window away."""
        if not self._open:
            return
        self._open = False
        with contextlib.suppress(cv2.error):  # it may be gone already
            cv2.destroyWindow(self._title)
            cv2.waitKey(1)
