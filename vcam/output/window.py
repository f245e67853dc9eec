"""A preview window that only the person at the machine sees."""

import contextlib
import subprocess
import sys
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from vcam.core.frame import Image
from vcam.core.texts import _
from vcam.errors import OutputError
from vcam.output.display import why_no_display
from vcam.output.output import OutputClosed
from vcam.output.shared_memory import SharedMemory
from vcam.output.window_process import CLOSED_BY_PERSON, NO_WINDOWS, SLOTS
from vcam.system.child_process import child_command, child_environment
from vcam.system.nonblocking import set_nonblocking

_END_S: Final = 2.0
"""How long the window may take to go."""


class WindowOutput:
    """Shows pictures as they are; whoever wants a mirror image mirrors before drawing.

    The window is a process of its own (see `window_process`), which is never waited for: a display
    that hangs or goes away costs the preview and nothing else. Closing the window, q or Escape end
    it: a `send` after that raises `OutputClosed`.
    """

    name, private = "window", True

    def __init__(self, size: tuple[int, int]) -> None:
        """Raise `OutputError` when there is no screen."""
        reason = why_no_display()
        if reason is not None:
            raise OutputError(
                _(
                    "There is no screen for a window: {reason}; use `--output virtual` or a "
                    ".mp4 path."
                ).format(reason=reason)
            )
        width, height = size
        shape = (SLOTS, height, width, 3)
        self._shared = SharedMemory(int(np.prod(shape)))
        self._slots: Any = np.ndarray(shape, np.uint8, self._shared.memory)
        self._next = 0
        self._closed = False
        try:
            self._process = _start([self._shared.address, str(width), str(height)], self._shared)
        except OSError as error:
            raise OutputError(
                _("The preview window cannot be opened ({error}).").format(error=error)
            ) from None
        assert self._process.stdin is not None  # noqa: S101  # asked for
        self._pipe = self._process.stdin
        with contextlib.suppress(OSError):
            set_nonblocking(self._pipe.fileno())

    def send(self, image: Image, time: float) -> None:
        """Show `image`. Raises `OutputClosed` once the person has closed the window."""
        if self._closed:
            raise OutputClosed(_("The preview window was closed."))
        ended = self._process.poll()
        if ended is not None:
            raise _why(ended)
        np.copyto(self._slots[self._next], image)
        with contextlib.suppress(OSError):  # it has ended, which the next send says, or hangs
            if self._pipe.write(bytes([self._next])):
                self._next = (self._next + 1) % SLOTS

    def close(self) -> None:
        """Take the window away."""
        if self._closed:
            return
        self._closed = True
        with contextlib.suppress(OSError):
            self._pipe.close()
        try:
            self._process.wait(_END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        del self._slots
        self._shared.close()


def _why(code: int) -> OutputError:
    """Return what an exit code of the window's process means."""
    if code == CLOSED_BY_PERSON:
        return OutputClosed(_("The preview window was closed."))
    if code == NO_WINDOWS:
        return OutputError(
            _("This OpenCV shows no windows: install opencv-python in place of its headless kind.")
        )
    return OutputError(
        _(
            "The preview window is gone, as when the display ends: start the program "
            "again to see it."
        )
    )


def _start(arguments: Sequence[str], shared: SharedMemory) -> "subprocess.Popen[bytes]":
    """Start the window out of reach of the terminal's Ctrl-C: it ends when we do."""
    return subprocess.Popen(  # noqa: S603  # ourselves
        child_command("window", *arguments),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        pass_fds=shared.files,
        env=_environment(),
        **_apart(),
    )


def _environment() -> dict[str, str]:
    """Let the window find this package, and the one platform that OpenCV brings for Linux.

    Many Wayland desktops ask every program for a platform that OpenCV does not have.
    """
    environment = child_environment()
    if sys.platform == "linux":
        environment["QT_QPA_PLATFORM"] = "xcb"
    return environment


def _apart() -> dict[str, Any]:
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
        return {"creationflags": flags}
    return {"start_new_session": True}
