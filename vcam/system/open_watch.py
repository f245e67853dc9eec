"""Hear when a file or device is opened and closed, on Linux; costs nothing while nobody does."""

import contextlib
import ctypes
import os
import select
import struct
import sys
from typing import Final

_OPEN, _CLOSE_WRITE, _CLOSE_READ, _OVERFLOW = 0x20, 0x08, 0x10, 0x4000
_CLOSE = _CLOSE_WRITE | _CLOSE_READ
_HEAD: Final = struct.Struct("iIII")
"""Watch, what happened, cookie, and the length of the name that follows."""
_READ: Final = 65536
_CLOEXEC, _NONBLOCK = 0x80000, 0x800
"""Linux's numbers; other systems' `os` has not both names."""
_LINUX: Final = bool(sys.platform == "linux")  # a variable: all of this is checked everywhere


class OpenWatch:
    """Counts who opens and closes one path from now on. One thread waits, any may wake it.

    It needs no rights on the processes of others. The kernel joins like events that nobody has
    taken yet, so the count is right only for whoever waits without a break.
    """

    def __init__(self, path: str) -> None:
        """Begin to listen. Raises OSError where the system cannot tell."""
        if not _LINUX:
            raise OSError("only Linux tells who opens a device")
        self.balance: int | None = 0
        """How many more have opened it than closed it; None: some of that was missed."""
        self._inotify = _inotify(path)
        self._woken, self._wakes = os.pipe()

    def wait(self, seconds: float) -> bool:
        """Wait until it is opened or closed, or until `wake`; False when nothing came."""
        ready, _, _ = select.select([self._inotify, self._woken], [], [], seconds)
        if self._woken in ready:
            os.read(self._woken, 64)
        if self._inotify in ready:
            self._count(os.read(self._inotify, _READ))
        return bool(ready)

    def wake(self) -> None:
        """End a `wait` early, from any thread."""
        with contextlib.suppress(OSError):  # it is closed: nobody waits any more
            os.write(self._wakes, b"!")

    def close(self) -> None:
        """Stop listening; nobody may be waiting."""
        for end in (self._inotify, self._woken, self._wakes):
            with contextlib.suppress(OSError):
                os.close(end)

    def _count(self, data: bytes) -> None:
        at = 0
        while at < len(data):
            _, mask, _, length = _HEAD.unpack_from(data, at)
            at += _HEAD.size + length
            if mask & _OVERFLOW:
                self.balance = None
            if self.balance is not None:
                self.balance += bool(mask & _OPEN) - bool(mask & _CLOSE)


def _inotify(path: str) -> int:
    """Return the descriptor of an inotify that watches one path; Python has no name for it."""
    libc = ctypes.CDLL(None, use_errno=True)
    handle = int(libc.inotify_init1(_CLOEXEC | _NONBLOCK))
    if handle < 0:
        raise OSError(ctypes.get_errno(), "inotify cannot be had")
    if libc.inotify_add_watch(handle, os.fsencode(path), _OPEN | _CLOSE) < 0:
        code = ctypes.get_errno()
        os.close(handle)
        raise OSError(code, os.strerror(code), path)
    return handle
