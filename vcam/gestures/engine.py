"""From tracked hands to events: what the person meant.

Knows no pixels, no models, no devices and no clock: only hands and the time of their frame.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from vcam.core.binding import Binding
from vcam.core.event import Event
from vcam.core.hand import TrackedHand
from vcam.core.labels import NO_GESTURE
from vcam.core.view import HandView
from vcam.gestures.guards.settings import GuardSettings
from vcam.gestures.hand_selection import PersonInFront, largest_hands
from vcam.gestures.hand_state import HandState
from vcam.gestures.policy import Policy
from vcam.gestures.refire_lock import RefireLock
from vcam.gestures.settings import GestureSettings
from vcam.gestures.swipe import SwipeDetector

MAX_GAP_S: Final = 1.0
"""When no word of the hands comes for longer than this, nothing is known of them any more."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What one moment brought."""

    events: tuple[Event, ...]
    """In the order in which they happened."""
    hands: tuple[HandView, ...]
    """The hands that were considered, the largest confident ones first."""
    armed: bool = False
    """Whether the arming gesture has opened a while in which others count."""


class GestureEngine:
    """Turns the hands of each moment into events and into what the overlay shows.

    Used from one thread. `paused`, `apply_bindings` and `apply_settings` work between two updates.
    """

    def __init__(
        self,
        settings: GestureSettings,
        bindings: Sequence[Binding],
        thresholds: Mapping[str, float],
    ) -> None:
        """`thresholds` has the minimum score of each gesture, from the classifier's card."""
        self._policy = Policy(settings, bindings, thresholds)
        self._refire_lock = RefireLock()
        self._swipes, self._in_front = SwipeDetector(), PersonInFront()
        self._hands: dict[int, HandState] = {}
        self._time: float | None = None
        self._was_paused = False

    @property
    def paused(self) -> bool:
        """While set, nothing fires but what is bound to `resume`."""
        return self._policy.paused

    @paused.setter
    def paused(self, paused: bool) -> None:
        self._policy.paused = paused

    @property
    def busy(self) -> str | None:
        """While set (`typing`, `talking`), nothing begins or fires but the panic gesture."""
        return self._policy.busy

    @busy.setter
    def busy(self, busy: str | None) -> None:
        self._policy.busy = busy

    @property
    def guards(self) -> GuardSettings:
        """Which moments are not believed."""
        return self._policy.settings.guards

    @property
    def thresholds(self) -> Mapping[str, float]:
        """Minimum score of each gesture that is in force."""
        return self._policy.thresholds

    def apply_settings(
        self, settings: GestureSettings, thresholds: Mapping[str, float] | None = None
    ) -> None:
        """Take new settings, and minimum scores if given; holds that are under way continue."""
        self._policy.apply_settings(settings, thresholds)

    @property
    def bindings(self) -> Sequence[Binding]:
        """What the gestures do at this moment."""
        return self._policy.bindings

    def apply_bindings(self, bindings: Sequence[Binding]) -> None:
        """Take other bindings; what has fired still ends with the action that it fired."""
        self._policy.apply_bindings(bindings)

    def update(
        self,
        tracks: Sequence[TrackedHand],
        time: float,
        frame_size: tuple[int, int],
        turned: Sequence[TrackedHand] = (),
    ) -> Decision:
        """Return events and views for the hands of the frame at `time` seconds.

        `frame_size` is width and height in pixels; `turned` are hands that show `no_gesture` and
        serve swipes alone, with track numbers of their own. Call it for every frame that was looked
        at, also when no hand is in it. When time goes back, or leaps by more than a second,
        everything under way is cancelled or ended first.
        """
        events = [] if self._continues(time) else list(self.finish(time))
        self._time = time
        events += self._pause(time)
        self._policy.guards.update(tracks, time, frame_size, turned)
        in_front = self._in_front.hands(tracks, time, frame_size)
        evaluated = largest_hands(
            in_front if self._policy.settings.max_people == 1 else tracks,
            self._hands,
            self._policy.settings,
            frame_size[1],
            self._policy.is_low_confidence,
            self._is_thing,
        )
        state = [*evaluated, *turned]
        numbers = {tracked.track for tracked in state}
        events += self._drop_missing(numbers, time)
        self._swipes.keep(numbers)
        for_both = self._policy.for_both
        self._policy.both_show = self._shown_by_both() & for_both if for_both else for_both
        for tracked in state:
            events += self._update_hand(tracked, time)
        views = (self._hands[tracked.track].view(time, self._policy) for tracked in evaluated)
        return Decision(tuple(events), tuple(views), self._policy.is_armed(time))

    def finish(self, time: float) -> tuple[Event, ...]:
        """Cancel every hold and end everything that fired: the program stops, or lost sight."""
        events = [e for hand in self._hands.values() for e in hand.stop(time, self._policy)]
        self._hands.clear()
        self._refire_lock.clear()
        self._swipes, self._in_front = SwipeDetector(), PersonInFront()
        self._policy.forget()
        self._time = None
        return tuple(events)

    def forget_scene(self, time: float) -> tuple[Event, ...]:
        """After a cut: everything under way ends; what had fired must be released before it fires.

        Hands of the next moment count as new ones.
        """
        for state in self._hands.values():
            self._lock(state, time)
        events = [e for hand in self._hands.values() for e in hand.stop(time, self._policy)]
        self._hands.clear()
        self._swipes, self._in_front = SwipeDetector(), PersonInFront()
        self._policy.forget()
        return tuple(events)

    def _is_thing(self, tracked: TrackedHand) -> bool:
        """Tell whether this shows nothing and has not moved for long."""
        state = self._hands.get(tracked.track)
        shows = state is not None and state.smoothed.shown != NO_GESTURE
        return not shows and self._policy.is_thing(tracked)

    def _continues(self, time: float) -> bool:
        return self._time is None or 0 <= time - self._time <= MAX_GAP_S

    def _pause(self, time: float) -> list[Event]:
        """End what had fired when a pause began, so that keys go up; it is not released by that."""
        begins = self._policy.paused and not self._was_paused
        self._was_paused = self._policy.paused
        events: list[Event] = []
        for state in self._hands.values() if begins else ():
            if state.action != "pause":
                self._lock(state, time)
                events += state.stop(time, self._policy)
        return events

    def _drop_missing(self, evaluated: set[int], time: float) -> list[Event]:
        """Stop watching the hands that are gone, or that others have outgrown."""
        gone = [track for track in self._hands if track not in evaluated]
        events: list[Event] = []
        for track in gone:
            state = self._hands.pop(track)
            self._lock(state, time)
            events += state.stop(time, self._policy)
        return events

    def _update_hand(self, tracked: TrackedHand, time: float) -> list[Event]:
        state = self._hands.get(tracked.track)
        if state is None:
            state = self._hands[tracked.track] = HandState(tracked)
        events = state.update(tracked, time, self._policy, self._refire_lock, self._swipes)
        if tracked.seen != time:
            self._lock(state, time)
        if any(e.phase == "fire" and e.gesture in self._policy.both_show for e in events):
            events += self._lock_others(state, time)
        arm = self._policy.settings.arm
        if arm is not None and any(e.phase == "fire" and e.gesture == arm for e in events):
            self._policy.arm(time)
        return events

    def _shown_by_both(self) -> frozenset[str]:
        """Return what two hands show; two left ones, or two right ones, are two people's."""
        hands = list(self._hands.values())
        pairs = [(one, other) for place, one in enumerate(hands) for other in hands[:place]]
        return frozenset(
            one.smoothed.shown
            for one, other in pairs
            if one.smoothed.shown == other.smoothed.shown != NO_GESTURE
            and (one.side != other.side or "any" in (one.side, other.side))
        )

    def _lock_others(self, state: HandState, time: float) -> list[Event]:
        """After both hands fired at once: the other one has done its part."""
        events: list[Event] = []
        for other in self._hands.values():
            if other is not state and other.smoothed.shown == state.hold.gesture:
                self._refire_lock.mark(other.smoothed.shown, other.side, time)
                events += other.stop(time, self._policy)
        return events

    def _lock(self, state: HandState, time: float) -> None:
        """Remember what fired on a hand that is out of sight: it has not been released yet."""
        if state.hold.state == "fired":
            self._refire_lock.mark(state.hold.gesture, state.fired_side, time)
