"""A small process that lets go of keys when the program cannot.

A program that is killed releases nothing, and neither does one that is stopped (Ctrl-Z, a
debugger) or hangs; X11, Windows and macOS keep a key down that nobody releases, and an open
microphone with it. So `python -m vcam.actions.keyboard.guardian` reads from a pipe which keys are
down, and that the program is alive. When it has heard nothing for a while, or the pipe ends, it
releases what is down. It loads nothing of the program but the keyboard.
"""

import contextlib
import os
import queue
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from vcam.actions.keyboard.sender import KeySender
from vcam.errors import ActionError

DOWN: Final = "down"
"""`down CODE`: it is about to go down."""
UP: Final = "up"
"""`up CODE`: it has come up."""
RELEASE: Final = "release"
"""`release CODE`: the program could not let it up itself; do it now."""
BEAT: Final = "beat"
"""The program is alive, and recognition answers. Every line says so; this one says no more."""

SILENCE_S: Final = 0.7
"""A program that says nothing for so long while keys are down is stopped or hangs.

Beats come every 0.1 s; a crowded machine may be late with some of them.
"""
LAST_WORDS_S: Final = 0.05
"""What the program sent to the desktop just before it died may take this long to get there."""
PATIENCE_S: Final = 3.0
"""A desktop that takes longer than this to release keys is left alone."""

X11, PYNPUT, UINPUT, WAYLAND, PORTAL = "x11", "pynput", "uinput", "wayland", "portal"
WAYS: Final = (X11, PYNPUT, UINPUT, WAYLAND, PORTAL)
"""How keys reach the desktop. The last three take the number of the program's open device or
connection besides.
"""


class Silence:
    """Stands in a stream of lines for a time without any."""


def watch(
    lines: Iterable[str | Silence], sender: KeySender, sleep: Callable[[float], None]
) -> None:
    """Follow what the lines say until they end, then release what is still down, last key first.

    A silence releases as well. Its keys count as down until the program says otherwise: it may
    have been stopped just before it pressed one. Lines that make no sense are passed over.
    """
    down: dict[str, None] = {}
    for line in lines:
        if isinstance(line, Silence):
            _release(sender, [*reversed(down)])
            continue
        word, _, code = line.strip().partition(" ")
        if word == DOWN:
            down[code] = None
        elif word in (UP, RELEASE):
            down.pop(code, None)
        if word == RELEASE:
            _release(sender, [code])
    if down:
        sleep(LAST_WORDS_S)
        _release(sender, [*reversed(down)])


def with_silences(lines: Iterable[str], seconds: float = SILENCE_S) -> Iterable[str | Silence]:
    """Pass the lines on as they come, and one `Silence` whenever none came for `seconds`."""
    waiting: queue.Queue[str | None] = queue.Queue()

    def read() -> None:
        for line in lines:
            waiting.put(line)
        waiting.put(None)

    threading.Thread(target=read, name="pipe", daemon=True).start()
    silent = True
    while True:
        try:
            line = waiting.get(timeout=None if silent else seconds)
        except queue.Empty:
            silent = True
            yield Silence()
            continue
        if line is None:
            return
        silent = False
        yield line


def _release(sender: KeySender, codes: Iterable[str]) -> None:
    for code in codes:
        # The keys behind this one have to come up too; a code that makes no sense is no key.
        with contextlib.suppress(ActionError, ValueError):
            sender.send(code, down=False)


def _until_patience_ends(lines: Iterable[str]) -> Iterable[str]:
    """Pass the lines on; once they end, see to it that this process does too."""
    yield from lines
    last = threading.Timer(PATIENCE_S, os._exit, [1])
    last.daemon = True
    last.start()


def _open(way: str, words: Sequence[str]) -> KeySender:
    if way == X11:
        from vcam.actions.keyboard.x11_backend import X11Sender

        return X11Sender()
    if way == UINPUT:
        from vcam.actions.keyboard.uinput_events import UinputEvents

        return UinputEvents(int(words[0]))
    if way == WAYLAND:
        from vcam.actions.keyboard.wayland_events import WaylandEvents

        return WaylandEvents(socket.socket(fileno=int(words[0])))
    if way == PORTAL:
        from vcam.actions.keyboard.portal_events import PortalEvents

        return PortalEvents(socket.socket(fileno=int(words[0])))
    from vcam.actions.keyboard.pynput_backend import PynputSender

    return PynputSender()


def main() -> int:
    """Guard the program at the other end of standard input."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):  # whoever ends the program must not end us first
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    way, *words = sys.argv[1:]
    try:
        sender = _open(way, words)
    except ActionError as error:
        print(error, file=sys.stderr)  # noqa: T201  # a process of its own has no other way
        return 1
    watch(with_silences(_until_patience_ends(sys.stdin)), sender, time.sleep)
    sender.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
