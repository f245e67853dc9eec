"""Whose hands count: the largest in the picture are those of the person in front of it."""

from collections import deque
from collections.abc import Callable, Collection, Sequence
from operator import itemgetter
from typing import Final

from vcam.core.hand import TrackedHand
from vcam.gestures.guards.out_of_frame import reach
from vcam.gestures.settings import GestureSettings

KNOWN_HAND_FACTOR: Final = 1.3
"""A hand that counted a moment ago passes for this much larger: no flicker between equals."""
STATIONARY_FACTOR: Final = 0.5
"""What has not moved for long, and shows nothing, passes for this much of its size."""
OTHER_PERSON_FACTOR: Final = 1 / 3
"""Hands smaller than this part of the largest of late are another person's…"""
FRONT_KEPT_S: Final = 10.0
"""…for so long after that one was seen."""
FRONT_LASTS_S: Final = 0.5
"""It must have been in sight for this long, and wholly: hands reach past the camera."""
MIN_FRONT_SCORE: Final = 0.6
"""Minimum score of its detection."""


class PersonInFront:
    """Remembers how large the hands of the person in front are, while they are out of sight.

    In a picture in the picture, or behind that person, somebody may well gesture: not to us.
    """

    def __init__(self) -> None:
        self._sizes: deque[tuple[float, float]] = deque()
        """When a hand was seen, and its size in pixels: none after which a larger one was."""

    def hands(
        self, tracks: Sequence[TrackedHand], time: float, frame_size: tuple[int, int]
    ) -> Sequence[TrackedHand]:
        """Take in all hands at `time` in seconds; return those that may be that person's.

        What does not move, what the detector doubts, what an edge of the picture cuts and what has
        just come tells of nobody.
        """
        sizes = self._sizes
        while sizes and time - sizes[0][0] > FRONT_KEPT_S:
            sizes.popleft()
        for tracked in tracks:
            hand, lasts = tracked.hand, time - tracked.born >= FRONT_LASTS_S - 1e-6
            confident = tracked.seen == time and hand.score >= MIN_FRONT_SCORE and hand.motion
            if lasts and confident and reach(hand, frame_size) < 0:
                size = hand.size
                while sizes and sizes[-1][1] <= size:
                    sizes.pop()
                sizes.append((time, size))
        if not sizes:
            return tracks
        least = OTHER_PERSON_FACTOR * sizes[0][1]
        return [tracked for tracked in tracks if tracked.hand.size >= least]


def largest_hands(
    tracks: Sequence[TrackedHand],
    counted: Collection[int],
    settings: GestureSettings,
    frame_height: int,
    doubtful: Callable[[TrackedHand], bool],
    is_thing: Callable[[TrackedHand], bool],
) -> list[TrackedHand]:
    """Return the hands to consider, the largest confident ones first: two for each allowed person.

    `counted` names the tracks that counted a moment ago. Hands below `settings.min_hand_px`,
    which is meant for a picture 720 pixels high, are left out. What is `doubtful` comes last, and
    what `is_thing` passes for smaller: a lamp or a picture on the wall must not keep a hand from
    being considered, and hands that rest keep their place before those of people farther away.
    """
    min_px = settings.min_hand_px * frame_height / 720
    ranked: list[tuple[bool, float, TrackedHand]] = []
    for tracked in tracks:
        size = tracked.hand.size * (KNOWN_HAND_FACTOR if tracked.track in counted else 1.0)
        if size >= min_px:
            rank = size * (STATIONARY_FACTOR if is_thing(tracked) else 1.0)
            ranked.append((doubtful(tracked), -rank, tracked))
    ranked.sort(key=itemgetter(0, 1))
    return [tracked for _, _, tracked in ranked[: 2 * settings.max_people]]
