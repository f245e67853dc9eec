"""Hands that lie sideways or hang down, found by looking at the picture turned.

Detectors and classifiers know upright hands best. What swipes by turning need, hands that point
left, right or down, is upright in a picture that is turned: after each look at the picture as it
is, one more goes at a small copy that is turned, every other time in the way in which a hand was
found last. What is found there serves swipes alone; it never shows, holds or fires a gesture of its
own.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count, cycle
from typing import Final

import cv2
import numpy as np

from vcam.decide.turn import UPRIGHT as SWIPING
from vcam.frame import Box, Image
from vcam.gesture import NO_GESTURE, ORIENTATIONS
from vcam.hand import Hand, TrackedHand
from vcam.recognition_settings import RecognitionSettings
from vcam.track.tracker import Tracker

LONGEST: Final = 640
"""Longer side in pixels of the copy that is turned: turning a large picture is dear."""
SURE: Final = 0.3
"""Least score of a find."""
UPRIGHT: Final = 0.6
"""Least probability that a hand is upright in the turned picture."""
COAST_S: Final = 1.3
"""How long a hand keeps its number: at 5 looks a second a turn comes again after 1.2 s at most."""
FIRST_NUMBER: Final = 1_000_000
"""Tracks of turned pictures count from here, far from all others."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A way to turn a picture, and where the hands point that are upright then."""

    points: str
    code: int
    back: Callable[[float, float, float, float], tuple[float, float]]
    """From x and y in the turned picture, and width and height before, to x and y before."""


TURNS: Final = (
    Turn("left", cv2.ROTATE_90_CLOCKWISE, lambda x, y, _, high: (y, high - x)),
    Turn("right", cv2.ROTATE_90_COUNTERCLOCKWISE, lambda x, y, wide, _: (wide - y, x)),
    Turn("down", cv2.ROTATE_180, lambda x, y, wide, high: (wide - x, high - y)),
)


def open_turned(
    settings: RecognitionSettings, recognize: Callable[[Image], Sequence[Hand]]
) -> "TurnedLooks | None":
    """Return looks at turned pictures, unless they are not wanted, or MediaPipe needs none."""
    wanted = settings.turned_looks and settings.detector == "onnx"
    return TurnedLooks(recognize) if wanted else None


class TurnedLooks:
    """Follows the hands of turned pictures; one for each source of frames."""

    def __init__(self, recognize: Callable[[Image], Sequence[Hand]]) -> None:
        """`recognize` returns the hands in uint8 (H, W, 3) BGR."""
        self._recognize = recognize
        numbers = count(FIRST_NUMBER)
        self._trackers = {turn.points: Tracker(COAST_S, numbers) for turn in TURNS}
        self._seen: dict[str, Sequence[TrackedHand]] = {}
        self._looked: dict[str, float] = {}
        """When the picture was last turned that way."""
        self._turns = cycle(TURNS)
        self._found: Turn | None = None
        """How the picture was turned when a hand was found last."""
        self._is_again = False

    def look(self, image: Image, time: float) -> list[TrackedHand]:
        """Turn the picture in the next way; return all hands of turned pictures, in its pixels.

        A hand that was there when its turn was last looked at, a moment ago, counts as seen until
        that turn comes again: of two hands that rest at once, neither has gone because the other
        was looked at.
        """
        self._is_again = self._found is not None and not self._is_again
        turn = self._found if self._found and self._is_again else next(self._turns)
        hands = [*hands_turned(self._recognize, image, turn)]
        if hands or turn == self._found:
            self._found = turn if hands else None
        self._seen[turn.points] = self._trackers[turn.points].update(hands, time)
        self._looked[turn.points] = time
        return [
            replace(tracked, seen=time) if tracked.seen == self._looked[points] else tracked
            for points, seen in self._seen.items()
            if 0 <= time - self._looked[points] <= COAST_S
            for tracked in seen
        ]


def hands_turned(
    recognize: Callable[[Image], Sequence[Hand]], image: Image, turn: Turn
) -> Iterator[Hand]:
    """Yield the hands that swipe and are upright in the turned picture, in the image's pixels."""
    high, wide = image.shape[:2]
    scale = min(1.0, LONGEST / max(wide, high))
    size = max(1, round(wide * scale)), max(1, round(high * scale))
    small = image if scale == 1 else cv2.resize(image, size)
    turned = cv2.rotate(small, turn.code).astype(np.uint8, copy=False)
    for hand in recognize(turned):
        if hand.gesture in SWIPING and hand.score >= SURE and _is_upright(hand):
            box = _box_back(hand.box_xyxy, turn, size)
            left, top, right, bottom = (
                side * whole / part
                for side, whole, part in zip(box, (wide, high) * 2, size * 2, strict=True)
            )
            yield replace(
                hand,
                box_xyxy=(left, top, right, bottom),
                gesture=NO_GESTURE,
                gesture_score=0.0,
                orientation=tuple(float(each == turn.points) for each in ORIENTATIONS),
            )


def _is_upright(hand: Hand) -> bool:
    return hand.orientation is not None and hand.orientation[ORIENTATIONS.index("up")] >= UPRIGHT


def _box_back(box: Box, turn: Turn, size: tuple[int, int]) -> Box:
    left, top, right, bottom = box
    x0, y0 = turn.back(left, top, *size)
    x1, y1 = turn.back(right, bottom, *size)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
