"""Gestures that fired on a hand which then got lost, and may still be shown.

A track can break while the hand stays: the same gesture comes back under a new number. It has not
been released, so it must not fire again; it is spent until nobody has shown it for a while.
"""

from vcam.core.labels import HandChoice


class RefireLock:
    """Remembers when spent gestures were last shown."""

    def __init__(self) -> None:
        self._last: dict[tuple[str, HandChoice], float] = {}

    def mark(self, gesture: str, side: HandChoice, time: float) -> None:
        """Call a gesture of this hand spent, as shown at `time` in seconds."""
        self._last[gesture, side] = time

    def blocks(self, gesture: str, side: HandChoice, time: float, release_s: float) -> bool:
        """Tell whether a gesture shown at `time` is still the spent one; it then stays spent."""
        for (name, other), last in list(self._last.items()):
            if time - last > release_s:
                del self._last[name, other]
            elif name == gesture and (side == other or "any" in (side, other)):
                self._last[name, other] = time
                return True
        return False

    def clear(self) -> None:
        """Forget everything."""
        self._last.clear()
