"""A hand in front of a face: a chin on a fist, a scratched nose, a sip of tea."""

from typing import Final

from vcam.core.hand import Hand

FACE_GESTURES: Final = frozenset({"mute", "call", "dislike"})
"""Gestures shown at the face; and `dislike`, whose own arm is above it and looks like a face."""


def hides_a_face(hand: Hand, gesture: str) -> bool:
    """Tell whether the hand is in front of a face with a gesture that has no business there."""
    return hand.before_face and gesture not in FACE_GESTURES
