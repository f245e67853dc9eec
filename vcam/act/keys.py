"""Chords go down in order, come up in reverse, and nothing stays down."""

import logging
import threading
from collections.abc import Sequence
from typing import Final, TypeAlias

from vcam.act.chord import Chord
from vcam.act.keyboard import Keyboard
from vcam.clock import Clock, SystemClock
from vcam.errors import ActionError

PRESS_SECONDS: Final = 0.04
"""How long a chord stays down: apps that poll the keyboard miss shorter presses."""

LOCK_SECONDS: Final = 0.3
"""How long a release waits for another thread that is busy with the keyboard."""

Owner: TypeAlias = tuple[int, str]
"""Who holds keys: the track and the gesture of an event."""

log = logging.getLogger(__name__)


def press_chord(keyboard: Keyboard, chord: Chord, clock: Clock | None = None) -> None:
    """Press the keys of `chord` in order, wait, and release them in reverse, whatever happens.

    Raises `ActionError` before anything is pressed when one of the keys is missing here.
    """
    _press_all(keyboard, chord.keys)
    try:
        (clock or SystemClock()).sleep(PRESS_SECONDS)
    finally:
        _release_all(keyboard, chord.keys)


class HeldKeys:
    """The keys that are down now, and for whom. May be called from any thread.

    A key that two gestures hold is pressed once, and released when the last of them lets go.
    """

    def __init__(self, keyboard: Keyboard) -> None:
        self._keyboard = keyboard
        self._held: dict[Owner, Sequence[str]] = {}
        self._lock = threading.Lock()

    def __bool__(self) -> bool:
        return bool(self._held)

    def hold(self, owner: Owner, chord: Chord) -> None:
        """Press what is not down yet; raises `ActionError` and presses nothing when it cannot."""
        with self._lock:
            if owner in self._held:
                return
            down = {key for keys in self._held.values() for key in keys}
            _press_all(self._keyboard, [key for key in chord.keys if key not in down])
            self._held[owner] = chord.keys

    def let_go(self, owner: Owner) -> None:
        """Release what nobody else holds; does nothing for an owner that holds nothing."""
        with self._lock:
            keys = self._held.pop(owner, ())
            down = {key for others in self._held.values() for key in others}
            _release_all(self._keyboard, [key for key in keys if key not in down])

    def release_all(self) -> None:
        """Release everything, even when another thread is stuck with the keyboard."""
        locked = self._lock.acquire(timeout=LOCK_SECONDS)
        try:
            keys = dict.fromkeys(key for held in self._held.values() for key in held)
            self._held.clear()
            _release_all(self._keyboard, list(keys))
        finally:
            if locked:
                self._lock.release()


def _press_all(keyboard: Keyboard, keys: Sequence[str]) -> None:
    """Press in order; when one fails, let up those before it, and raise."""
    for key in keys:
        keyboard.check(key)
    for place, key in enumerate(keys):
        try:
            keyboard.press(key)
        except BaseException:
            _release_all(keyboard, keys[: place + 1])
            raise


def _release_all(keyboard: Keyboard, keys: Sequence[str]) -> None:
    """Release in reverse order, each whatever happened to the others."""
    for key in reversed(keys):
        try:
            keyboard.release(key)
        except ActionError as error:
            log.warning("the key %s could not be released: %s", key, error)
