"""The layouts of a Wayland desktop: its compositor hands them to every program that asks.

What is said here is the little of Wayland's protocol that is needed to ask once. Which of several
layouts is active, a compositor tells only the program that has the focus.
"""

import array
import contextlib
import mmap
import os
import socket
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from vcam.actions.keyboard.keymap import Keymap
from vcam.actions.keyboard.xkbcommon import compile_keymap, default_keymap
from vcam.errors import ActionError

TIMEOUT_S: Final = 1.0
_DISPLAY, _REGISTRY, _SEAT, _KEYBOARD = 1, 2, 3, 4
"""The numbers that we give to Wayland's objects."""
_GET_REGISTRY, _BIND, _GET_KEYBOARD = 1, 0, 1
_ERROR, _GLOBAL, _KEYMAP = 0, 0, 0
_HEADER: Final = 8


def desktop_keymap() -> Keymap:
    """Return the compositor's keymap, or on a console that of the system's settings.

    Raises `ActionError` when neither is to be had.
    """
    if sys.platform == "win32":  # for the type checker: it has no sockets of this kind
        raise ActionError("this is not Linux")
    if not os.environ.get("WAYLAND_DISPLAY"):
        return default_keymap()
    try:
        with socket.socket(socket.AF_UNIX) as compositor:
            compositor.settimeout(TIMEOUT_S)
            compositor.connect(str(_socket()))
            return compile_keymap(_Conversation(compositor).keymap())
    except (OSError, ValueError, struct.error) as error:
        raise ActionError(
            f"the keyboard layout of this Wayland desktop is not known ({error}), and a key of "
            "another layout might be pressed; mic.* actions work without keys"
        ) from None


def _socket() -> Path:
    """Return where the compositor listens; an absolute name stands for itself."""
    return Path(os.environ.get("XDG_RUNTIME_DIR", "")) / os.environ["WAYLAND_DISPLAY"]


class _Conversation:
    """Asks for the first keyboard's keymap; raises OSError or ValueError."""

    def __init__(self, compositor: socket.socket) -> None:
        self._socket = compositor
        self._files: list[int] = []

    def keymap(self) -> bytes:
        """Return it as text, as libxkbcommon reads it."""
        self._say(_DISPLAY, _GET_REGISTRY, struct.pack("=I", _REGISTRY))
        try:
            for sender, event, body in self._events():
                if (sender, event) == (_DISPLAY, _ERROR):
                    raise ValueError("the compositor refuses")
                if (sender, event) == (_REGISTRY, _GLOBAL):
                    self._global(body)
                if (sender, event) == (_KEYBOARD, _KEYMAP):
                    return self._read(struct.unpack_from("=II", body)[1])
        finally:
            for file in self._files:
                os.close(file)
        raise ValueError("the compositor has hung up")

    def _global(self, body: bytes) -> None:
        """Bind the first seat that is announced, and ask for its keyboard."""
        number, length = struct.unpack_from("=II", body)
        if body[8 : 8 + length].rstrip(b"\0") != b"wl_seat":
            return
        name = body[4 : 8 + (length + 3) // 4 * 4]
        self._say(_REGISTRY, _BIND, struct.pack("=I", number) + name + struct.pack("=II", 1, _SEAT))
        self._say(_SEAT, _GET_KEYBOARD, struct.pack("=I", _KEYBOARD))

    def _say(self, target: int, request: int, body: bytes) -> None:
        size = _HEADER + len(body)
        self._socket.sendall(struct.pack("=II", target, size << 16 | request) + body)

    def _events(self) -> Iterator[tuple[int, int, bytes]]:
        waiting = b""
        while True:
            while len(waiting) >= _HEADER:
                sender, word = struct.unpack_from("=II", waiting)
                size = max(word >> 16, _HEADER)
                if len(waiting) < size:
                    break
                body, waiting = waiting[_HEADER:size], waiting[size:]
                yield sender, word & 0xFFFF, body
            more = self._receive()
            if not more:
                return
            waiting += more

    def _receive(self) -> bytes:
        if sys.platform == "win32":
            return b""
        data, extra, _, _ = self._socket.recvmsg(65536, socket.CMSG_SPACE(16))
        for level, kind, files in extra:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                self._files += array.array("i", files[: len(files) // 4 * 4])
        return data

    def _read(self, size: int) -> bytes:
        """Read the file that came with the event; it must not be changed, and is not."""
        if not self._files or sys.platform == "win32":
            raise ValueError("the compositor sent no keymap")
        with contextlib.closing(
            mmap.mmap(self._files[0], size, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ)
        ) as text:
            return text[:size].rstrip(b"\0")
