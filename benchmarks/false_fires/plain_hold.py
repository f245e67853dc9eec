"""What other people's models are given to decide with: a gesture held for half a second fires.

It fires once, and again when it has been gone for 0.3 s. There are no rules beside it.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from vcam.core.frame import Box

HOLD_S: Final = 0.5
RELEASE_S: Final = 0.3


@dataclass(frozen=True)
class Seen:
    """A hand that shows a gesture in one frame."""

    gesture: str
    box: Box
    """Pixels."""


@dataclass
class _Shown:
    since: float
    last: float
    fired: bool = False


class PlainHold:
    """Feed it every frame, in order of time."""

    def __init__(self) -> None:
        self._shown: dict[str, _Shown] = {}

    def update(self, hands: Sequence[Seen], time: float) -> Iterator[str]:
        """Yield the event lines of the frame at `time` in seconds."""
        self._shown = {g: s for g, s in self._shown.items() if time - s.last <= RELEASE_S}
        for hand in hands:
            shown = self._shown.setdefault(hand.gesture, _Shown(time, time))
            shown.last = time
            if time - shown.since >= HOLD_S - 1e-6 and not shown.fired:
                shown.fired = True
                box = [round(side, 1) for side in hand.box]
                yield json.dumps(
                    {"t": round(time, 3), "phase": "fire", "gesture": hand.gesture, "box": box}
                )
