"""Chords go down in order, come up in reverse, and nothing stays down."""

import logging
import threading
from collections.abc import Sequence
from typing import Final, TypeAlias

from vcam.actions.chord import Chord
from vcam.actions.keyboard.keyboard import Keyboard
from vcam.core.texts import _
from vcam.errors import ActionError
from vcam.system.clock import Clock, SystemClock

PRESS_SECONDS: Final = 0.04
"""How long a chord stays down: apps that poll the keyboard miss shorter presses."""

MODIFIER_S: Final = 0.5
"""How long a chord waits for the person to let go of a modifier: who types lets go soon."""
STEP_S: Final = 0.02

LOCK_SECONDS: Final = 0.3
"""How long a release waits for another thread that is busy with the keyboard."""

Owner: TypeAlias = tuple[int, str]
"""Who holds keys: the track and the gesture of an event."""

_TAP: Final[Owner] = (-1, "")
"""Holds the keys of a chord that is pressed once; no track has that number."""

log = logging.getLogger(__name__)


def press_chord(held: "HeldKeys", chord: Chord, clock: Clock | None = None) -> None:
    """Press the keys of `chord` in order, wait, and release them in reverse, whatever happens.

    Keys that a gesture holds stay down. Called from one thread. Raises `ActionError` before
    anything is pressed when one of the keys is missing here, or when the person holds a modifier
    that would make another chord of it.
    """
    clock = clock or SystemClock()
    held.wait_for_modifiers(chord, clock)
    try:
        held.hold(_TAP, chord)
        clock.sleep(PRESS_SECONDS)
    finally:
        held.let_go(_TAP)


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
            down = self._down()
            fresh = [key for key in chord.keys if key not in down]
            for key in fresh:
                self._keyboard.check(key)
            self._keyboard.check_together(chord.keys)
            self._keyboard.prepare()
            # Noted before they go down: a release_all that comes meanwhile must know of them.
            self._held[owner] = chord.keys
            try:
                self._press(owner, fresh)
            except BaseException:
                self._held.pop(owner, None)
                raise

    def wait_for_modifiers(self, chord: Chord, clock: Clock) -> None:
        """Wait until no modifier is down that is neither ours nor the chord's.

        Alt+A (mute) is Alt+Shift+A while the person holds Shift. Raises `ActionError` when one
        stays down.
        """
        end = clock.now() + MODIFIER_S
        while foreign := self._foreign(chord):
            if clock.now() >= end:
                raise ActionError(
                    _(
                        "{key} is held down on the keyboard, which would make another key of "
                        "{chord}: let it go, and show the gesture again"
                    ).format(key=foreign, chord=chord)
                )
            clock.sleep(STEP_S)

    def _foreign(self, chord: Chord) -> str | None:
        with self._lock:
            ours = {*self._down(), *chord.keys}
        same = {each.removeprefix("right_") for each in ours}
        down = self._keyboard.modifiers_down()
        return min((key for key in down if key.removeprefix("right_") not in same), default=None)

    def let_go(self, owner: Owner) -> None:
        """Release what nobody else holds; does nothing for an owner that holds nothing."""
        with self._lock:
            keys = self._held.pop(owner, ())
            down = self._down()
            _release_all(self._keyboard, [key for key in keys if key not in down])

    def beat(self) -> None:
        """Tell the keyboard that the program is alive, if any key is down."""
        if self._held:
            self._keyboard.beat()

    def release_all(self) -> None:
        """Release everything, even when another thread is stuck with the keyboard."""
        locked = self._lock.acquire(timeout=LOCK_SECONDS)
        try:
            down = self._down()
            self._held.clear()
            _release_all(self._keyboard, list(down))
        finally:
            if locked:
                self._lock.release()

    def _down(self) -> dict[str, None]:
        """Return the keys that are down, in order; a stuck thread may change them meanwhile."""
        return dict.fromkeys(key for keys in list(self._held.values()) for key in keys)

    def _press(self, owner: Owner, keys: Sequence[str]) -> None:
        """Press in order; let up what went down when one fails, or when all were released."""
        for place, key in enumerate(keys, 1):
            try:
                self._keyboard.press(key)
                if owner not in self._held:
                    raise ActionError(_("its keys were let go while they went down; show it again"))
            except BaseException:
                _release_all(self._keyboard, keys[:place])
                raise


def _release_all(keyboard: Keyboard, keys: Sequence[str]) -> None:
    """Release in reverse order, each whatever happened to the others."""
    for key in reversed(keys):
        try:
            keyboard.release(key)
        except Exception as error:  # noqa: BLE001  # the keys behind this one have to come up too
            log.warning("the key %s could not be released: %s", key, error)
