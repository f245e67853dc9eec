"""Hands that lie sideways or hang down, found by looking at the picture turned.

Detectors and classifiers know upright hands best. What swipes by turning need, hands that point
left, right or down, is upright in a picture that is turned: after each look at the picture as it
is, one more goes at a small copy that is turned. Where the other end of a swipe has just gone, two
of three go where the hand is awaited, mirrored as well; else every other goes where a hand was
found last. What is found there serves swipes alone; it never shows, holds or fires a gesture of its
own.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count, cycle
from typing import Final

import cv2
import numpy as np

from vcam.core.frame import Box, Image, mirrored_box
from vcam.core.hand import Hand, TrackedHand
from vcam.core.labels import NO_GESTURE, ORIENTATIONS, Side, mirrored_side
from vcam.core.swipe_poses import LONGEST_S, SIDEWAYS, UPRIGHT
from vcam.vision.settings import RecognitionSettings
from vcam.vision.tracker import Tracker

LONGEST: Final = 640
"""Longer side in pixels of the copy that is turned: turning a large picture is dear."""
SURE: Final = 0.3
"""Least score of a find."""
LIKELY: Final = 0.22
"""Least score where a hand is already, or is awaited since the other end of a swipe has gone."""
UPWARDS: Final = 0.6
"""Least probability that a hand is upright in the turned picture."""
COAST_S: Final = 1.3
"""How long a hand keeps its number: at 5 looks a second a turn comes again after 1.2 s at most."""
END: Final = {"left": "right", "right": "left", "up": "down"}
"""Where a hand points at the end of a swipe, by where it pointed before."""
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
        self._there: dict[str, float] = {}
        """When a hand that points this way was there last."""
        self._gone: set[str] = set()
        """Where those pointed that were there no more at the newest look."""
        self._awaiting = 0
        """How many looks in a row something was awaited."""
        self._mirrored = False
        """Whether a hand was found in the mirror last."""

    def look(self, image: Image, time: float, upright: Sequence[Hand] = ()) -> list[TrackedHand]:
        """Turn the picture in the next way; return all hands of turned pictures, in its pixels.

        `upright` are the hands of the picture as it is. A hand that was there when its turn was
        last looked at, a moment ago, counts as seen until that turn comes again: of two hands that
        rest at once, neither has gone because the other was looked at.
        """
        self._note("up", any(_may_swipe(hand, UPRIGHT) for hand in upright), time)
        turn = self._next(time)
        hands = self._hands(image, turn, awaited=turn.points == self.awaits(time))
        if hands or turn == self._found:
            self._found = turn if hands else None
        self._note(turn.points, bool(hands), time)
        self._seen[turn.points] = self._trackers[turn.points].update(hands, time)
        self._looked[turn.points] = time
        return [
            replace(tracked, seen=time) if tracked.seen == self._looked[points] else tracked
            for points, seen in self._seen.items()
            if 0 <= time - self._looked[points] <= COAST_S
            for tracked in seen
        ]

    def _hands(self, image: Image, turn: Turn, *, awaited: bool) -> list[Hand]:
        """Look the way in which a hand was found last; what is awaited deserves both ways."""
        ways = (self._mirrored, not self._mirrored) if awaited else (self._mirrored,)
        least = LIKELY if awaited or turn == self._found else SURE
        finds = {
            way: [*hands_turned(self._recognize, image, turn, least, mirrored=way)] for way in ways
        }
        self._mirrored = max(ways, key=lambda way: max((h.score for h in finds[way]), default=0.0))
        return finds[self._mirrored]

    def awaits(self, time: float) -> str | None:
        """Return where a hand points that may come now, since the other end of a swipe has gone."""
        gone = [
            (self._there[points], points)
            for points in self._gone & END.keys()
            if 0 <= time - self._there[points] <= LONGEST_S
        ]
        return END[max(gone)[1]] if gone else None

    def _note(self, points: str, there: bool, time: float) -> None:
        if there:
            self._there[points] = time
            self._gone.discard(points)
        elif points in self._there:
            self._gone.add(points)

    def _next(self, time: float) -> Turn:
        """Choose a turn: mostly what is awaited, else in turns what found a hand and the others."""
        awaited = self.awaits(time)
        self._awaiting = self._awaiting + 1 if awaited else 0
        if awaited and self._awaiting % 3:
            return next(turn for turn in TURNS if turn.points == awaited)
        self._is_again = self._found is not None and not self._is_again
        return self._found if self._found and self._is_again else next(self._turns)


def hands_turned(
    recognize: Callable[[Image], Sequence[Hand]],
    image: Image,
    turn: Turn,
    least: float = SURE,
    *,
    mirrored: bool = False,
) -> Iterator[Hand]:
    """Yield the hands that swipe and are upright in the turned picture, in the image's pixels.

    `least` is the least score of a find; `mirrored`: the turned picture is looked at in a mirror,
    where a detector may know a hand better.
    """
    high, wide = image.shape[:2]
    scale = min(1.0, LONGEST / max(wide, high))
    size = max(1, round(wide * scale)), max(1, round(high * scale))
    small = image if scale == 1 else cv2.resize(image, size)
    turned = cv2.rotate(small, turn.code)
    turned = cv2.flip(turned, 1) if mirrored else turned
    for hand in recognize(turned.astype(np.uint8, copy=False)):
        if not _may_swipe(hand, UPRIGHT if turn.points == "down" else SIDEWAYS, least):
            continue
        box = mirrored_box(hand.box_xyxy, turned.shape[1]) if mirrored else hand.box_xyxy
        left, top, right, bottom = (
            side * whole / part
            for side, whole, part in zip(
                _box_back(box, turn, size), (wide, high) * 2, size * 2, strict=True
            )
        )
        yield replace(
            hand,
            box_xyxy=(left, top, right, bottom),
            gesture=NO_GESTURE,
            gesture_score=0.0,
            leading_hand=_side(hand, mirrored=mirrored),
            orientation=tuple(float(each == turn.points) for each in ORIENTATIONS),
        )


def _may_swipe(hand: Hand, shows: Collection[str], least: float = SURE) -> bool:
    return hand.gesture in shows and hand.score >= least and _is_upright(hand)


def _is_upright(hand: Hand) -> bool:
    return hand.orientation is not None and hand.orientation[ORIENTATIONS.index("up")] >= UPWARDS


def _side(hand: Hand, *, mirrored: bool) -> Side | None:
    side = hand.leading_hand
    return mirrored_side(side) if mirrored and side else side


def _box_back(box: Box, turn: Turn, size: tuple[int, int]) -> Box:
    left, top, right, bottom = box
    x0, y0 = turn.back(left, top, *size)
    x1, y1 = turn.back(right, bottom, *size)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
