"""The names of gestures and hands: the only label list in this repository.

Gesture names and their order are those of HaGRID v1 (Kapitanov et al., arXiv 2206.08219). Models
store names, and code compares names, never indices.
"""

import re
from pathlib import Path
from typing import Final, Literal

NO_GESTURE: Final = "no_gesture"

GESTURES: Final[tuple[str, ...]] = (
    "call",
    "dislike",
    "fist",
    "four",
    "like",
    "mute",
    "ok",
    "one",
    "palm",
    "peace",
    "rock",
    "stop",
    "stop_inverted",
    "three",
    "two_up",
    "two_up_inverted",
    "three2",
    "peace_inverted",
)
"""The 18 static gestures, in model order."""

LABELS: Final[tuple[str, ...]] = (*GESTURES, NO_GESTURE)
"""What a classifier's gesture head gives, in model order."""

HAGRID_V2_GESTURES: Final[tuple[str, ...]] = (
    "grabbing",
    "grip",
    "holy",
    "point",
    "three3",
    "timeout",
    "xsign",
    "hand_heart",
    "hand_heart2",
    "little_finger",
    "middle_finger",
    "take_picture",
    "three_gun",
    "thumb_index",
    "thumb_index2",
)
"""What HaGRID v2-1M shows beyond `GESTURES`, in its order; training may keep them."""

LEADING_HANDS: Final[tuple[str, ...]] = ("right", "left")
"""What a classifier's hand head gives, in HaGRID's order: the person's own (anatomical) hand."""

ORIENTATIONS: Final[tuple[str, ...]] = ("up", "right", "down", "left")
"""What a classifier's orientation head gives: where a hand points in the picture, from the wrist
to the fingers, clockwise."""

SWIPES: Final[tuple[str, ...]] = ("swipe_left", "swipe_right", "swipe_up", "swipe_down")
"""Dynamic gestures, named by where the person's hand goes, as the person sees it."""

THEN: Final = ">"
"""Between the two steps of a sequence, such as `fist>palm`."""

BINDABLE: Final[tuple[str, ...]] = (*GESTURES, *SWIPES)
"""Everything that a binding may name, whatever the model; a model may know more gestures."""

GESTURE_NAME: Final = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
"""What a gesture of one's own may be called: snake_case, such as `vulcan`."""

Side = Literal["left", "right"]
HandChoice = Literal["left", "right", "any"]
BoundHand = Literal["left", "right", "any", "both"]
"""What a binding waits for; `both` is both hands at once."""


def mirrored_side(side: Side) -> Side:
    """Return the other hand: what a hand becomes when its picture is flipped left to right."""
    return "left" if side == "right" else "right"


def names_in(folder: Path) -> tuple[str, ...]:
    """Return the gestures of one's own that are kept in a folder, one JSON file each.

    A folder of somebody else's, which may not be read, holds none.
    """
    try:
        found = sorted(path.stem for path in folder.glob("*.json"))
    except OSError:
        return ()
    return tuple(name for name in found if GESTURE_NAME.fullmatch(name))
