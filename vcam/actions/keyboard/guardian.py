"""A small process that lets go of keys when the program dies while it holds some.

A program that is killed with SIGKILL cannot release anything, and X11, Windows and macOS keep a
key down that nobody releases. So `python -m vcam.actions.keyboard.guardian` reads from a pipe
which keys are down. The pipe ends when the program does, however it does; then the guardian
releases what was left, and ends as well. It loads nothing of the program but the keyboard.
"""

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable
from typing import Final

from vcam.actions.keyboard.keyboard import Keyboard
from vcam.errors import ActionError

DOWN: Final = "down"
"""`down KEY`: it is about to go down."""
UP: Final = "up"
"""`up KEY`: it has come up."""
RELEASE: Final = "release"
"""`release KEY`: the program could not let it up itself; do it now."""

LAST_WORDS_S: Final = 0.05
"""What the program sent to the desktop just before it died may take this long to get there."""
PATIENCE_S: Final = 3.0
"""A desktop that takes longer than this to release keys is left alone."""


def watch(lines: Iterable[str], keyboard: Keyboard, sleep: Callable[[float], None]) -> None:
    """Follow what the lines say until they end, then release what is still down, last key first.

    Lines that make no sense are passed over.
    """
    down: dict[str, None] = {}
    for line in lines:
        word, _, key = line.strip().partition(" ")
        if word == DOWN:
            down[key] = None
        elif word in (UP, RELEASE):
            down.pop(key, None)
        if word == RELEASE:
            _release(keyboard, [key])
    if down:
        sleep(LAST_WORDS_S)
        _release(keyboard, [*reversed(down)])


def _release(keyboard: Keyboard, keys: Iterable[str]) -> None:
    for key in keys:
        with contextlib.suppress(ActionError):  # the keys behind this one have to come up too
            keyboard.release(key)


def _until_patience_ends(lines: Iterable[str]) -> Iterable[str]:
    """Pass the lines on; once they end, see to it that this process does too."""
    yield from lines
    last = threading.Timer(PATIENCE_S, os._exit, [1])
    last.daemon = True
    last.start()


def main() -> int:
    """Guard the program at the other end of standard input."""
    from vcam.actions.keyboard.pynput_backend import PynputKeyboard

    for name in ("SIGINT", "SIGTERM", "SIGHUP"):  # whoever ends the program must not end us first
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    try:
        keyboard = PynputKeyboard()
    except ActionError as error:
        print(error, file=sys.stderr)  # noqa: T201  # a process of its own has no other way
        return 1
    watch(_until_patience_ends(sys.stdin), keyboard, time.sleep)
    return 0


if __name__ == "__main__":
    sys.exit(main())
