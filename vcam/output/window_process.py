"""The preview window, in a process of its own: what ends the window does not end the call.

The libraries behind OpenCV's windows end their process when the display goes away, or when they
are told to use a platform that they lack. So `python -m vcam.output.window_process` shows what the
program writes to shared memory. Each byte on its standard input is the number of a slot there that
holds a new image; the end of the input is the end of the window.
"""

import contextlib
import os
import sys
import threading
from collections.abc import Callable
from typing import Final

import cv2
import numpy as np

from vcam.core.frame import Image
from vcam.output.shared_memory import open_memory
from vcam.system.display_scale import declare_dpi_awareness

SLOTS: Final = 3
"""One is shown, one is announced, one is written."""
CLOSED_BY_PERSON, NO_WINDOWS = 73, 74
"""Exit codes, which no crash has: Windows ends an aborted process with 3."""
TITLE: Final = "Gesture Cam preview"
KEYS_THAT_CLOSE: Final = (ord("q"), 27)
"""q and Escape."""
POLL_MS: Final = 15
"""How often the window looks for a new image; keys and mouse wake it before that."""


class PreviewWindow:
    """OpenCV's window, on the main thread as macOS wants it. `cv2.error`: it has no windows."""

    def __init__(self, size: tuple[int, int]) -> None:
        """Open it; `size` is width and height in pixels, of a display that is not scaled."""
        scale = declare_dpi_awareness()
        # Without the last flag, Qt adds a toolbar that is for debugging.
        plain = cv2.WINDOW_NORMAL | cv2.WINDOW_KEEPRATIO | cv2.WINDOW_GUI_NORMAL
        cv2.namedWindow(TITLE, plain)
        cv2.resizeWindow(TITLE, *(round(side * scale) for side in size))

    def show(self, image: Image | None) -> bool:
        """Show an image, or go on with the last one; False once the person has closed it."""
        if image is not None:
            cv2.imshow(TITLE, image)
        if cv2.waitKey(POLL_MS) & 0xFF in KEYS_THAT_CLOSE:
            return False
        try:
            return bool(cv2.getWindowProperty(TITLE, cv2.WND_PROP_VISIBLE) >= 1)
        except cv2.error:
            return False

    def close(self) -> None:
        """Take it away."""
        with contextlib.suppress(cv2.error):  # it may be gone already
            cv2.destroyWindow(TITLE)
            cv2.waitKey(1)


class Announced:
    """The newest slot that the program has announced, read on a thread of its own."""

    def __init__(self, read: Callable[[], bytes]) -> None:
        """`read` waits for announced slots and returns them, nothing at the end."""
        self.ended = False
        self._read_some, self._slot = read, -1
        threading.Thread(target=self._read, name="announced", daemon=True).start()

    def take(self) -> int | None:
        """Return the newest slot once; None when there is none since the last time."""
        slot, self._slot = self._slot, -1
        return None if slot < 0 else slot

    def _read(self) -> None:
        while numbers := self._read_some():
            self._slot = numbers[-1]
        self.ended = True


def show_until_closed(
    slots: "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]", announced: Announced
) -> int:
    """Show what is announced, uint8 (SLOTS, H, W, 3) BGR; return the exit code."""
    height, width = slots.shape[1:3]
    try:
        window = PreviewWindow((width, height))
    except cv2.error:
        return NO_WINDOWS
    while not announced.ended:
        slot = announced.take()
        if not window.show(None if slot is None else slots[slot % SLOTS]):
            return CLOSED_BY_PERSON
    window.close()
    return 0


def main() -> int:
    """Show the images of the program at the other end of standard input."""
    address, width, height = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    shape = (SLOTS, height, width, 3)
    slots = np.ndarray(shape, np.uint8, open_memory(address, int(np.prod(shape))))
    return show_until_closed(slots, Announced(lambda: os.read(0, 64)))


if __name__ == "__main__":
    sys.exit(main())
