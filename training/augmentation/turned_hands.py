"""What a hand shows, where it points and where its joints are after it was turned and mirrored."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from training.datasets.dataset import UNKNOWN
from training.datasets.hand_canvas import LANDMARKS
from training.datasets.shards import Row
from vcam.core.labels import NO_GESTURE, ORIENTATIONS

NONE_WHEN_TURNED = frozenset(
    {
        *("four", "like", "one", "palm", "peace", "peace_inverted", "stop", "stop_inverted"),
        *("three", "three2", "two_up", "two_up_inverted"),
    }
)
"""Gestures that point up: lying on their side they are none. An `ok` may still be one."""
NONE_ON_ITS_SIDE = frozenset({"dislike"})
"""Thumbs that point sideways are none, up or down before they were turned."""
SAME_ON_ITS_SIDE = frozenset({"fist"})
"""The arm may come from the side; where it hangs from above, nobody knows what is meant."""
NONE_WHEN_HANGING = NONE_WHEN_TURNED - {"like"} | {"mute", "rock", "ok", "call"}
"""Gestures that are none upside down; `like` becomes something near `dislike`."""
AT_HOME = 0.2
"""Part of a gesture's hands that must point somewhere for it to be at home there."""
DOWN = ORIENTATIONS.index("down")
SIDEWAYS = (ORIENTATIONS.index("right"), ORIENTATIONS.index("left"))
NO_JOINTS = np.full((LANDMARKS, 2), np.nan, np.float32)
"""Landmarks that nobody knows."""


def shown_when_turned(
    gesture: int, quarters: int, labels: Sequence[str], taken: Collection[int] = ()
) -> int:
    """Return what a hand shows, an index into labels, that is turned by quarters, or UNKNOWN.

    `taken` are the quarters in which a gesture of somebody's own lies or hangs (`taken_turns`): a
    hand that is turned so may look like it, and is not taught to show something else.
    """
    if quarters and quarters in taken:
        return UNKNOWN
    if quarters == 0 or labels[gesture] == NO_GESTURE:
        return gesture if quarters == 0 else UNKNOWN
    name = labels[gesture]
    none = NONE_WHEN_HANGING if quarters == 2 else NONE_WHEN_TURNED | NONE_ON_ITS_SIDE
    if quarters != 2 and name in SAME_ON_ITS_SIDE:
        return gesture
    return labels.index(NO_GESTURE) if name in none else UNKNOWN


def taken_turns(points: Mapping[str, Sequence[int]]) -> frozenset[int]:
    """Return the quarters in which one of some gestures is at home.

    `points` has where the training hands of each gesture point, indices into `ORIENTATIONS` or
    UNKNOWN. What lies on one side lies on the other in a mirror, and hands are mirrored.
    """
    taken: set[int] = set()
    for seen in points.values():
        lies = sum(one in SIDEWAYS for one in seen)
        hangs = sum(one == DOWN for one in seen)
        if seen and lies >= AT_HOME * len(seen):
            taken |= {1, 3}
        if seen and hangs >= AT_HOME * len(seen):
            taken.add(2)
    return frozenset(taken)


def pointing_when_turned(row: Row, quarters: int, flipped: bool) -> int:
    """Return the orientation of a hand that is turned clockwise, then flipped; maybe UNKNOWN."""
    degrees = row.get("points")
    if degrees is None:
        return UNKNOWN
    turned = degrees + 90 * quarters
    nearest = round(turned / 90)
    if abs(turned / 90 - nearest) > 0.35:  # neither up nor to the side
        return UNKNOWN
    place: int = nearest % len(ORIENTATIONS)
    return -place % len(ORIENTATIONS) if flipped else place


def moved_joints(row: Row, move: npt.NDArray[np.float64], size: int) -> npt.NDArray[np.float32]:
    """Return a hand's landmarks as `CropBatch.joints` has them, in a crop of `size` pixels.

    `move` (2, 3) is how the hand's canvas was moved into the crop.
    """
    if len(row.get("joints") or ()) != LANDMARKS:
        return NO_JOINTS
    points = np.array(row["joints"]) @ np.asarray(move)[:, :2].T + np.asarray(move)[:, 2]
    return (points / size).astype(np.float32)
