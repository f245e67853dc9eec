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
from vcam.gestures.hand_selection import largest_hands
from vcam.gestures.hand_state import Watched
from vcam.gestures.policy import Rules
from vcam.gestures.refire_lock import Spent
from vcam.gestures.settings import GestureSettings
from vcam.gestures.swipe import Swipes

LONGEST_GAP_S: Final = 1.0
"""When no word of the hands comes for longer than this, nothing is known of them any more."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What one moment brought."""

    events: tuple[Event, ...]
    """In the order in which they happened."""
    hands: tuple[HandView, ...]
    """The hands that were judged, the largest sure ones first."""
    armed: bool = False
    """Whether the arming gesture has opened a while in which others count."""


class Decider:
    """Turns the hands of each moment into events and into what the overlay shows.

    Used from one thread. `paused`, `rebind` and `reconfigure` work between two updates.
    """

    def __init__(
        self,
        settings: GestureSettings,
        bindings: Sequence[Binding],
        thresholds: Mapping[str, float],
    ) -> None:
        """`thresholds` gives the least score of each gesture, as the classifier's card has them."""
        self._rules = Rules(settings, bindings, thresholds)
        self._spent = Spent()
        self._swipes = Swipes()
        self._watched: dict[int, Watched] = {}
        self._time: float | None = None
        self._was_paused = False

    @property
    def paused(self) -> bool:
        """While set, nothing fires but what is bound to `resume`."""
        return self._rules.paused

    @paused.setter
    def paused(self, paused: bool) -> None:
        self._rules.paused = paused

    @property
    def busy(self) -> str | None:
        """While set (`typing`, `talking`), nothing begins or fires but the panic gesture."""
        return self._rules.busy

    @busy.setter
    def busy(self, busy: str | None) -> None:
        self._rules.busy = busy

    @property
    def guards(self) -> GuardSettings:
        """Which moments are not believed."""
        return self._rules.settings.guards

    @property
    def thresholds(self) -> Mapping[str, float]:
        """Least score of each gesture that is in force."""
        return self._rules.thresholds

    def reconfigure(
        self, settings: GestureSettings, thresholds: Mapping[str, float] | None = None
    ) -> None:
        """Take new settings, and least scores if given; holds that are under way go on."""
        self._rules.reconfigure(settings, thresholds)

    def rebind(self, bindings: Sequence[Binding]) -> None:
        """Take other bindings; what has fired still ends with the action that it fired."""
        self._rules.rebind(bindings)

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
        events = [] if self._goes_on(time) else list(self.finish(time))
        self._time = time
        events += self._pause(time)
        self._rules.guards.look(tracks, time, frame_size, turned)
        judged = largest_hands(
            tracks,
            self._watched,
            self._rules.settings,
            frame_size[1],
            self._rules.doubts,
            self._is_thing,
        )
        watched = [*judged, *turned]
        events += self._leave({tracked.track for tracked in watched}, time)
        self._swipes.keep({tracked.track for tracked in watched})
        self._rules.both_show = self._shown_by_both() & self._rules.for_both
        for tracked in watched:
            events += self._watch(tracked, time)
        views = (self._watched[tracked.track].view(time, self._rules) for tracked in judged)
        return Decision(tuple(events), tuple(views), self._rules.is_armed(time))

    def finish(self, time: float) -> tuple[Event, ...]:
        """Cancel every hold and end everything that fired: the program stops, or lost sight."""
        events = [e for hand in self._watched.values() for e in hand.stop(time, self._rules)]
        self._watched.clear()
        self._spent.clear()
        self._swipes = Swipes()
        self._rules.forget()
        self._time = None
        return tuple(events)

    def forget_scene(self, time: float) -> tuple[Event, ...]:
        """After a cut: everything under way ends; what had fired must be released before it fires.

        Hands of the next moment count as new ones.
        """
        for watched in self._watched.values():
            self._spend(watched, time)
        events = [e for hand in self._watched.values() for e in hand.stop(time, self._rules)]
        self._watched.clear()
        self._swipes = Swipes()
        self._rules.forget()
        return tuple(events)

    def _is_thing(self, tracked: TrackedHand) -> bool:
        """Tell whether this shows nothing and has not moved for long."""
        watched = self._watched.get(tracked.track)
        shows = watched is not None and watched.evidence.shown != NO_GESTURE
        return not shows and self._rules.is_thing(tracked)

    def _goes_on(self, time: float) -> bool:
        return self._time is None or 0 <= time - self._time <= LONGEST_GAP_S

    def _pause(self, time: float) -> list[Event]:
        """End what had fired when a pause began, so that keys go up; it is not released by that."""
        begins = self._rules.paused and not self._was_paused
        self._was_paused = self._rules.paused
        events: list[Event] = []
        for watched in self._watched.values() if begins else ():
            if watched.action != "pause":
                self._spend(watched, time)
                events += watched.stop(time, self._rules)
        return events

    def _leave(self, judged: set[int], time: float) -> list[Event]:
        """Stop watching the hands that are gone, or that others have outgrown."""
        gone = [track for track in self._watched if track not in judged]
        events: list[Event] = []
        for track in gone:
            watched = self._watched.pop(track)
            self._spend(watched, time)
            events += watched.stop(time, self._rules)
        return events

    def _watch(self, tracked: TrackedHand, time: float) -> list[Event]:
        watched = self._watched.setdefault(tracked.track, Watched(tracked))
        events = watched.update(tracked, time, self._rules, self._spent, self._swipes)
        if tracked.seen != time:
            self._spend(watched, time)
        if any(e.phase == "fire" and e.gesture in self._rules.both_show for e in events):
            events += self._spend_others(watched, time)
        arm = self._rules.settings.arm
        if arm is not None and any(e.phase == "fire" and e.gesture == arm for e in events):
            self._rules.arm(time)
        return events

    def _shown_by_both(self) -> frozenset[str]:
        """Return what two hands show; two left ones, or two right ones, are two people's."""
        hands = list(self._watched.values())
        pairs = [(one, other) for place, one in enumerate(hands) for other in hands[:place]]
        return frozenset(
            one.evidence.shown
            for one, other in pairs
            if one.evidence.shown == other.evidence.shown != NO_GESTURE
            and (one.side != other.side or "any" in (one.side, other.side))
        )

    def _spend_others(self, watched: Watched, time: float) -> list[Event]:
        """After both hands fired at once: the other one has done its part."""
        events: list[Event] = []
        for other in self._watched.values():
            if other is not watched and other.evidence.shown == watched.hold.gesture:
                self._spent.mark(other.evidence.shown, other.side, time)
                events += other.stop(time, self._rules)
        return events

    def _spend(self, watched: Watched, time: float) -> None:
        """Remember what fired on a hand that is out of sight: it has not been released yet."""
        if watched.hold.state == "fired":
            self._spent.mark(watched.hold.gesture, watched.fired_side, time)
