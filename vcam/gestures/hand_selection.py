"""Whose hands count: the largest in the picture are those of the person in front of it."""

from collections.abc import Callable, Collection, Sequence
from operator import itemgetter
from typing import Final

from vcam.core.hand import TrackedHand
from vcam.gestures.settings import GestureSettings

KNOWN_HAND_FACTOR: Final = 1.3
"""A hand that counted a moment ago passes for this much larger: no flicker between equals."""
STATIONARY_FACTOR: Final = 0.5
"""What has not moved for long, and shows nothing, passes for this much of its size."""


def largest_hands(
    tracks: Sequence[TrackedHand],
    counted: Collection[int],
    settings: GestureSettings,
    frame_height: int,
    doubtful: Callable[[TrackedHand], bool],
    is_thing: Callable[[TrackedHand], bool],
) -> list[TrackedHand]:
    """Return the hands to consider, the largest sure ones first: two for each allowed person.

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
