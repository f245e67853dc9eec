"""All guards together, and the word for what each objects to."""

from collections.abc import Sequence
from typing import Literal

from vcam.core.hand import TrackedHand
from vcam.gestures.guards.entering import Arrivals
from vcam.gestures.guards.face import hides_a_face
from vcam.gestures.guards.low_confidence import Doubts
from vcam.gestures.guards.out_of_frame import Cuts
from vcam.gestures.guards.overlapping import touches_another
from vcam.gestures.guards.settings import GuardSettings
from vcam.gestures.guards.stationary import StillThings

Objection = Literal["cut", "clasped", "face", "doubtful"]


class Guards:
    """Tells what is not to be believed. Show it every moment, in order of time, before asking.

    They keep gestures from beginning, from counting on and from firing. What has fired is left
    alone: a key that is held down must not flutter.
    """

    def __init__(self) -> None:
        self._arrivals, self._cuts = Arrivals(), Cuts()
        self._doubts, self._still = Doubts(), StillThings()
        self._tracks: Sequence[TrackedHand] = ()
        self._time = 0.0

    def look(
        self,
        tracks: Sequence[TrackedHand],
        time: float,
        frame_size: tuple[int, int],
        turned: Sequence[TrackedHand] = (),
    ) -> None:
        """Take in all hands of the frame at `time` seconds; `frame_size` is width and height.

        `turned` hands are the same hands once more: they clasp nothing and hide nothing.
        """
        self._tracks, self._time = tracks, time
        self._arrivals.look(tracks, time)
        self._cuts.look(tracks, frame_size)
        self._doubts.look([*tracks, *turned], time)
        self._still.look(tracks, time)

    def objection(
        self, tracked: TrackedHand, gesture: str, settings: GuardSettings
    ) -> Objection | None:
        """Return why this moment does not count for a gesture, or None where it does."""
        hand = tracked.hand
        if settings.cut and self._cuts.is_cut(tracked):
            return "cut"
        if settings.face and hides_a_face(hand, gesture):
            return "face"
        if self.is_doubtful(tracked, settings):
            return "doubtful"
        others = (t.hand for t in self._tracks if t.seen == self._time and t is not tracked)
        if settings.clasped and touches_another(hand, others):
            return "clasped"
        return None

    def is_doubtful(self, tracked: TrackedHand, settings: GuardSettings) -> bool:
        """Tell whether the detector has been too unsure of a find lately."""
        return self._doubts.score(tracked) < settings.find_score

    def is_thing(self, tracked: TrackedHand, since: float, settings: GuardSettings) -> bool:
        """Tell whether no hold may begin: it was quite still when the gesture came, at `since`."""
        return settings.still and self._still.is_thing(tracked, since)

    def is_arriving(self, tracked: TrackedHand, settings: GuardSettings) -> bool:
        """Tell whether nothing may fire yet, because the hand has just come in motion."""
        return self._arrivals.is_new(tracked, self._time, settings.arrival_ms / 1000)
