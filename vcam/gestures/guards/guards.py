"""All guards together, and the word for what each objects to."""

from collections.abc import Collection, Sequence
from typing import Final, Literal

from vcam.core.hand import TrackedHand
from vcam.core.labels import NO_GESTURE
from vcam.gestures.guards.entering import EnteringHands
from vcam.gestures.guards.face import hides_a_face
from vcam.gestures.guards.in_lap import SWIPE_EDGE_GAP_SIZES, lies_low
from vcam.gestures.guards.low_confidence import DetectionConfidence
from vcam.gestures.guards.not_alive import Liveness
from vcam.gestures.guards.on_the_body import MIN_HAND_SCORE as MIN_CONFIDENT_SCORE
from vcam.gestures.guards.on_the_body import BodyParts
from vcam.gestures.guards.other_hand import OtherHands
from vcam.gestures.guards.out_of_frame import CutHands
from vcam.gestures.guards.overlapping import TouchingHands
from vcam.gestures.guards.settings import GuardSettings
from vcam.gestures.guards.stationary import StationaryThings

Objection = Literal["cut", "clasped", "face", "doubtful", "lifeless", "low", "both"]
MIN_HAND_SCORE: Final = 0.4
"""Minimum score of a detection lately: what may be no hand accompanies no other."""


class Guards:
    """Tells what is not to be believed. Show it every moment, in order of time, before asking.

    They keep gestures from beginning, from counting on and from firing. What has fired is left
    alone: a key that is held down must not flutter.
    """

    def __init__(self) -> None:
        self._arrivals, self._cuts = EnteringHands(), CutHands()
        self._doubts, self._still = DetectionConfidence(), StationaryThings()
        self._lifeless, self._others = Liveness(), OtherHands()
        self._body, self._touching = BodyParts(), TouchingHands()
        self._frame_size = (0, 0)
        self._time = 0.0

    def update(
        self,
        tracks: Sequence[TrackedHand],
        time: float,
        frame_size: tuple[int, int],
        turned: Sequence[TrackedHand] = (),
    ) -> None:
        """Take in all hands of the frame at `time` seconds; `frame_size` is width and height.

        `turned` hands are the same hands once more: they clasp nothing and hide nothing.
        """
        self._time, self._frame_size = time, frame_size
        self._arrivals.update(tracks, time)
        self._cuts.update(tracks, frame_size)
        self._doubts.update([*tracks, *turned], time)
        self._still.update(tracks, time)
        self._lifeless.update(tracks, time)
        self._body.update(tracks, time)
        self._touching.update(tracks, time)
        self._others.update([t for t in tracks if self._doubts.score(t) >= MIN_HAND_SCORE], time)

    def objection(
        self,
        tracked: TrackedHand,
        gesture: str,
        settings: GuardSettings,
        for_two: Collection[str] = (),
    ) -> Objection | None:
        """Return why this moment does not count for a gesture, or None where it does.

        `for_two`: what two hands may well show, since it is bound to both, or to one of them.
        """
        word = self._objection_to_any(tracked, settings)
        if word is not None:
            return word
        if settings.face and hides_a_face(tracked.hand, gesture):
            return "face"
        if gesture in for_two:
            gesture = NO_GESTURE
        elif settings.clasped and self._touching.holds(tracked):
            return "clasped"
        return "both" if settings.both and self._others.disturb(tracked, gesture) else None

    def _objection_to_any(self, tracked: TrackedHand, settings: GuardSettings) -> Objection | None:
        """Return what is to be said against a hand, whatever it shows."""
        if settings.cut and self._cuts.is_cut(tracked):
            return "cut"
        if self.is_low_confidence(tracked, settings) or self._is_body_part(tracked, settings):
            return "doubtful"
        if settings.still and self._lifeless.is_lifeless(tracked):
            return "lifeless"
        if settings.low and lies_low(tracked.hand, self._frame_size):
            return "low"
        return "clasped" if settings.clasped and self._touching.touches(tracked) else None

    def forbids_swipe(self, tracked: TrackedHand, settings: GuardSettings) -> bool:
        """Tell whether a swipe that ends here is none: hands that part, or go to the lap."""
        if settings.low and lies_low(tracked.hand, self._frame_size, SWIPE_EDGE_GAP_SIZES):
            return True
        if settings.still and self._lifeless.is_lifeless(tracked):
            return True
        return settings.both and self._others.also_move(tracked, self._time)

    def has_company(self, tracked: TrackedHand, settings: GuardSettings) -> bool:
        """Tell whether the other hand is raised as well and stirs: the gesture takes longer."""
        return settings.both and self._others.stirs(tracked)

    def is_low_confidence(self, tracked: TrackedHand, settings: GuardSettings) -> bool:
        """Tell whether the detector has been too unsure of a find lately."""
        return self._doubts.score(tracked) < settings.find_score

    def _is_body_part(self, tracked: TrackedHand, settings: GuardSettings) -> bool:
        known = settings.still and self._body.is_one(tracked)
        return known and self._doubts.score(tracked) < MIN_CONFIDENT_SCORE

    def is_thing(self, tracked: TrackedHand, since: float, settings: GuardSettings) -> bool:
        """Tell whether no hold may begin: it was quite still when the gesture came, at `since`."""
        return settings.still and self._still.is_thing(tracked, since)

    def is_arriving(self, tracked: TrackedHand, settings: GuardSettings) -> bool:
        """Tell whether nothing may fire yet, because the hand has just come in motion.

        Nor before it is known whether it moves at all.
        """
        if settings.still and self._lifeless.is_unknown(tracked):
            return True
        return self._arrivals.is_new(tracked, self._time, settings.arrival_ms / 1000)
