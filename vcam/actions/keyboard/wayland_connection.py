"""A program's line to a Wayland compositor: the little of the protocol that keys need.

It needs no library, so that the guardian stays small. Messages are numbers and texts with a header;
see "Wire Format" in Wayland's documentation.
"""

import array
import contextlib
import os
import socket
import struct
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from vcam.core.texts import _

TIMEOUT_S: Final = 1.0
"""A compositor that takes longer to answer hangs."""
_DISPLAY, _REGISTRY, _FIRST_FREE = 1, 2, 3
"""The numbers that we give to Wayland's objects."""
_SYNC, _GET_REGISTRY, _BIND = 0, 1, 0
_ERROR, _DELETE_ID, _GLOBAL, _DONE = 0, 1, 0, 0
_HEADER: Final = 8


class WaylandError(OSError):
    """The compositor refuses, hangs, or is not there."""


class WaylandEvent(NamedTuple):
    """What the compositor says."""

    sender: int
    """The number of the object that says it."""
    number: int
    """Which of the events of such an object it is, from 0."""
    body: bytes


class WaylandConnection:
    """Knows what the compositor offers and speaks to it; every method raises OSError.

    Used by one thread at a time.
    """

    def __init__(self) -> None:
        """Connect to the compositor that WAYLAND_DISPLAY names, and ask what it offers."""
        self._socket = _connect()
        self._waiting = b""
        self._files: list[int] = []
        self._free: list[int] = []
        self._next = _FIRST_FREE
        self._offers: dict[str, list[tuple[int, int]]] = {}
        try:
            self.say(_DISPLAY, _GET_REGISTRY, struct.pack("=I", _REGISTRY))
            self.settle()
        except BaseException:
            self.close()
            raise

    @property
    def socket(self) -> socket.socket:
        """The open connection, for whoever sends requests besides."""
        return self._socket

    def offers(self, interface: str) -> bool:
        """Return whether the compositor has such an object for us."""
        return interface in self._offers

    def bind(self, interface: str) -> int:
        """Return the number of the first object of a kind, in the kind's first version."""
        if interface not in self._offers:
            raise WaylandError(_("it offers no {interface}").format(interface=interface))
        name, _version = self._offers[interface][0]
        number = self.new_number()
        words = struct.pack("=I", name) + text(interface) + struct.pack("=II", 1, number)
        self.say(_REGISTRY, _BIND, words)
        return number

    def new_number(self) -> int:
        """Return a number for an object that the next request makes."""
        if self._free:
            return self._free.pop()
        self._next += 1
        return self._next - 1

    def say(self, target: int, request: int, body: bytes = b"", files: Sequence[int] = ()) -> None:
        """Send a request, with open files for the compositor if need be."""
        send_request(self._socket, target, request, body, files)

    def settle(self) -> list[WaylandEvent]:
        """Wait until all that was said has been done; return what the compositor said meanwhile."""
        sign = self.new_number()
        self.say(_DISPLAY, _SYNC, struct.pack("=I", sign))
        heard: list[WaylandEvent] = []
        end = time.perf_counter() + TIMEOUT_S
        while True:
            event = self._event(end)
            if event.sender == sign:
                return heard
            heard.append(event)

    def take_file(self) -> int:
        """Return the next file that came with an event; it is the caller's to close."""
        if not self._files:
            raise WaylandError(_("the compositor sent no file"))
        return self._files.pop(0)

    def close(self) -> None:
        """Hang up: the compositor lets go of every key that is down."""
        self._socket.close()
        for file in self._files:
            os.close(file)
        self._files = []

    def _event(self, end: float) -> WaylandEvent:
        """Return the next event, having heard it ourselves if it is about our own affairs."""
        while True:
            if len(self._waiting) >= _HEADER:
                sender, word = struct.unpack_from("=II", self._waiting)
                size = max(word >> 16, _HEADER)
                if len(self._waiting) >= size:
                    event = WaylandEvent(sender, word & 0xFFFF, self._waiting[_HEADER:size])
                    self._waiting = self._waiting[size:]
                    self._hear(event)
                    return event
            self._receive(end)

    def _hear(self, event: WaylandEvent) -> None:
        try:
            if (event.sender, event.number) == (_DISPLAY, _ERROR):
                raise WaylandError(
                    _("the compositor refuses: {reason}").format(reason=read_text(event.body, 8))
                )
            if (event.sender, event.number) == (_DISPLAY, _DELETE_ID):
                self._free += struct.unpack_from("=I", event.body)
            if (event.sender, event.number) == (_REGISTRY, _GLOBAL):
                (name,) = struct.unpack_from("=I", event.body)
                (version,) = struct.unpack_from("=I", event.body, len(event.body) - 4)
                self._offers.setdefault(read_text(event.body, 4), []).append((name, version))
        except struct.error:
            raise WaylandError(_("the compositor says what makes no sense")) from None

    def _receive(self, end: float) -> None:
        if sys.platform == "win32":
            return
        left = end - time.perf_counter()
        if left <= 0:
            raise WaylandError(_("the compositor does not answer"))
        self._socket.settimeout(left)
        try:
            data, extra, _flags, _sender = self._socket.recvmsg(65536, socket.CMSG_SPACE(28 * 4))
        except TimeoutError:
            raise WaylandError(_("the compositor does not answer")) from None
        for level, kind, files in extra:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                self._files += array.array("i", files[: len(files) // 4 * 4])
        if not data:
            raise WaylandError(_("the compositor has hung up"))
        self._waiting += data


def send_request(
    connection: socket.socket, target: int, request: int, body: bytes, files: Sequence[int] = ()
) -> None:
    """Send one request whole: what others send over the same connection comes before or after."""
    size = _HEADER + len(body)
    message = struct.pack("=II", target, size << 16 | request) + body
    if sys.platform == "win32" or not files:
        connection.sendall(message)
    else:
        socket.send_fds(connection, [message], list(files))


def text(words: str) -> bytes:
    """Return a text as Wayland sends it: its length, itself, and zeros up to four bytes."""
    content = words.encode() + b"\0"
    return struct.pack("=I", len(content)) + content.ljust((len(content) + 3) // 4 * 4, b"\0")


def read_text(body: bytes, start: int) -> str:
    """Return the text that begins at a place of an event."""
    (length,) = struct.unpack_from("=I", body, start)
    return body[start + 4 : start + 4 + length].rstrip(b"\0").decode("utf-8", "replace")


def _connect() -> socket.socket:
    if sys.platform == "win32":  # for the type checker: it has no sockets of this kind
        raise WaylandError(_("this is not Linux"))
    name = os.environ.get("WAYLAND_DISPLAY")
    if not name:
        raise WaylandError(_("no compositor is named by WAYLAND_DISPLAY"))
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(TIMEOUT_S)
    try:
        # An absolute name stands for itself.
        connection.connect(str(Path(os.environ.get("XDG_RUNTIME_DIR", "")) / name))
    except BaseException:
        with contextlib.suppress(OSError):
            connection.close()
        raise
    return connection
