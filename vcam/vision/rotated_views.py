"""Hands that lie sideways or hang down, detected in rotated copies of the image.

Detectors and classifiers know upright hands best. Swipes by rotation need hands that point left,
right or down, and those are upright in a rotated image. So each inference on the image as it is
is followed by one on a small rotated copy. When the hand of a swipe's first end has just gone, two
of three go to the rotation in which its other end is expected, mirrored as well; otherwise every
other one goes to the rotation that had a hand last. Hands from rotated copies serve swipes alone;
they never show, hold or fire a gesture of their own.
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
from vcam.core.swipe_poses import MAX_SWIPE_S, SIDEWAYS_POSES, UPRIGHT_POSES
from vcam.vision.settings import RecognitionSettings
from vcam.vision.tracker import Tracker

MAX_SIDE_PX: Final = 640
"""Longer side of the rotated copy: rotating a large image is expensive."""
MIN_SCORE: Final = 0.3
"""Detections below this score are ignored."""
MIN_EXPECTED_SCORE: Final = 0.22
"""The same where a hand was before, or is expected as the other end of a swipe."""
MIN_UPRIGHT: Final = 0.6
"""Hands that are upright in the rotated image with less than this probability are ignored."""
COAST_S: Final = 1.3
"""How long a hand keeps its number: at 5 frames a second a turn comes again after 1.2 s at most."""
SWIPE_ENDS: Final = {"left": "right", "right": "left", "up": "down"}
"""Where a hand points at the end of a swipe, by where it pointed before."""
FIRST_TRACK: Final = 1_000_000
"""Tracks of turned pictures count from here, far from all others."""


@dataclass(frozen=True, slots=True)
class Rotation:
    """A way to turn a picture, and where the hands point that are upright then."""

    points: str
    code: int
    back: Callable[[float, float, float, float], tuple[float, float]]
    """From x and y in the turned picture, and width and height before, to x and y before."""


ROTATIONS: Final = (
    Rotation("left", cv2.ROTATE_90_CLOCKWISE, lambda x, y, _, high: (y, high - x)),
    Rotation("right", cv2.ROTATE_90_COUNTERCLOCKWISE, lambda x, y, wide, _: (wide - y, x)),
    Rotation("down", cv2.ROTATE_180, lambda x, y, wide, high: (wide - x, high - y)),
)


def open_rotated_views(
    settings: RecognitionSettings, recognize: Callable[[Image], Sequence[Hand]]
) -> "RotatedViews | None":
    """Return the rotated views, or None where the settings or MediaPipe do without."""
    wanted = settings.turned_looks and settings.detector == "onnx"
    return RotatedViews(recognize) if wanted else None


class RotatedViews:
    """Follows the hands of turned pictures; one for each source of frames."""

    def __init__(self, recognize: Callable[[Image], Sequence[Hand]]) -> None:
        """`recognize` returns the hands in uint8 (H, W, 3) BGR."""
        self._recognize = recognize
        self._numbers = count(FIRST_TRACK)
        self.forget()

    def forget(self) -> None:
        """Know nothing of what was seen before: the scene is another one."""
        self._trackers = {turn.points: Tracker(COAST_S, self._numbers) for turn in ROTATIONS}
        self._seen: dict[str, Sequence[TrackedHand]] = {}
        self._last_inference: dict[str, float] = {}
        """When the picture was last turned that way."""
        self._turns = cycle(ROTATIONS)
        self._found: Rotation | None = None
        """How the picture was turned when a hand was found last."""
        self._is_again = False
        self._there: dict[str, float] = {}
        """When a hand that points this way was there last."""
        self._gone: set[str] = set()
        """Where those pointed that were there no more at the newest inference."""
        self._awaiting = 0
        """For how many inferences in a row something was expected."""
        self._mirrored = False
        """Whether a hand was found in the mirror last."""

    def detect(self, image: Image, time: float, upright: Sequence[Hand] = ()) -> list[TrackedHand]:
        """Turn the picture in the next way; return all hands of turned pictures, in its pixels.

        `upright` are the hands of the picture as it is. A hand that was there when its turn was
        last looked at, a moment ago, counts as seen until that turn comes again: of two hands that
        rest at once, neither has gone because the other was looked at.
        """
        self._note("up", any(_may_swipe(hand, UPRIGHT_POSES) for hand in upright), time)
        turn = self._next(time)
        hands = self._hands(image, turn, awaited=turn.points == self.awaits(time))
        if hands or turn == self._found:
            self._found = turn if hands else None
        self._note(turn.points, bool(hands), time)
        self._seen[turn.points] = self._trackers[turn.points].update(hands, time)
        self._last_inference[turn.points] = time
        return [
            replace(tracked, seen=time) if tracked.seen == self._last_inference[points] else tracked
            for points, seen in self._seen.items()
            if 0 <= time - self._last_inference[points] <= COAST_S
            for tracked in seen
        ]

    def _hands(self, image: Image, turn: Rotation, *, awaited: bool) -> list[Hand]:
        """Look the way in which a hand was found last; what is awaited deserves both ways."""
        ways = (self._mirrored, not self._mirrored) if awaited else (self._mirrored,)
        min_score = MIN_EXPECTED_SCORE if awaited or turn == self._found else MIN_SCORE
        detections = {
            way: [*hands_in_rotated(self._recognize, image, turn, min_score, mirrored=way)]
            for way in ways
        }
        self._mirrored = max(
            ways, key=lambda way: max((h.score for h in detections[way]), default=0.0)
        )
        return detections[self._mirrored]

    def awaits(self, time: float) -> str | None:
        """Return where a hand points that may come now, since the other end of a swipe has gone."""
        gone = [
            (self._there[points], points)
            for points in self._gone & SWIPE_ENDS.keys()
            if 0 <= time - self._there[points] <= MAX_SWIPE_S
        ]
        return SWIPE_ENDS[max(gone)[1]] if gone else None

    def _note(self, points: str, there: bool, time: float) -> None:
        if there:
            self._there[points] = time
            self._gone.discard(points)
        elif points in self._there:
            self._gone.add(points)

    def _next(self, time: float) -> Rotation:
        """Choose a turn: mostly what is awaited, else in turns what found a hand and the others."""
        awaited = self.awaits(time)
        self._awaiting = self._awaiting + 1 if awaited else 0
        if awaited and self._awaiting % 3:
            return next(turn for turn in ROTATIONS if turn.points == awaited)
        self._is_again = self._found is not None and not self._is_again
        return self._found if self._found and self._is_again else next(self._turns)


def hands_in_rotated(
    recognize: Callable[[Image], Sequence[Hand]],
    image: Image,
    turn: Rotation,
    min_score: float = MIN_SCORE,
    *,
    mirrored: bool = False,
) -> Iterator[Hand]:
    """Yield the hands that swipe and are upright in the rotated image, in the original's pixels.

    Detections below `min_score` are ignored. `mirrored`: the rotated image is mirrored too, where
    a detector may know a hand better.
    """
    high, wide = image.shape[:2]
    scale = min(1.0, MAX_SIDE_PX / max(wide, high))
    size = max(1, round(wide * scale)), max(1, round(high * scale))
    small = image if scale == 1 else cv2.resize(image, size)
    turned = cv2.rotate(small, turn.code)
    turned = cv2.flip(turned, 1) if mirrored else turned
    for hand in recognize(turned.astype(np.uint8, copy=False)):
        if not _may_swipe(
            hand, UPRIGHT_POSES if turn.points == "down" else SIDEWAYS_POSES, min_score
        ):
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


def _may_swipe(hand: Hand, shows: Collection[str], min_score: float = MIN_SCORE) -> bool:
    return hand.gesture in shows and hand.score >= min_score and _is_upright(hand)


def _is_upright(hand: Hand) -> bool:
    return (
        hand.orientation is not None and hand.orientation[ORIENTATIONS.index("up")] >= MIN_UPRIGHT
    )


def _side(hand: Hand, *, mirrored: bool) -> Side | None:
    side = hand.leading_hand
    return mirrored_side(side) if mirrored and side else side


def _box_back(box: Box, turn: Rotation, size: tuple[int, int]) -> Box:
    left, top, right, bottom = box
    x0, y0 = turn.back(left, top, *size)
    x1, y1 = turn.back(right, bottom, *size)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
