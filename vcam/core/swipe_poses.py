"""The poses that swipes are read from."""

from typing import Final

MAX_SWIPE_S: Final = 1.0
"""Maximum time between the two rests."""


UPRIGHT_POSES: Final = frozenset({"palm", "stop", "stop_inverted", "two_up", "two_up_inverted"})
"""What the upright end of a swipe up or down shows."""


SIDEWAYS_POSES: Final = UPRIGHT_POSES | {"peace", "peace_inverted"}
"""What both ends of a swipe left or right show, were they upright: two fingers may lie apart."""
