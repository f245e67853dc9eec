"""From tracked hands to events: what the person meant.

Knows no pixels, no models, no devices and no clock: only hands and the time of their frame.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from vcam.binding import Binding
from vcam.decide.evidence import Evidence
from vcam.decide.hold import Hold, Showing, Step
from vcam.decide.settings import GestureSettings
from vcam.decide.swipe import SwipeFinder
from vcam.event import Event
from vcam.gesture import LABELS, NO_GESTURE, SWIPES, HandChoice
from vcam.hand import TrackedHand
from vcam.view import HandView

LONGEST_GAP_S = 1.0
"""When no word of the hands comes for longer than this, nothing is known of them any more."""
FASTEST = 1.5
"""A hand that moves faster than this many of its sizes a second is on its way somewhere."""
ARMED_S = 10.0
"""How long other gestures count after the arming gesture fired."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What one moment brought."""

    events: tuple[Event, ...]
    hands: tuple[HandView, ...]


@dataclass(slots=True)
class _Watched:
    """All that is known of one track."""

    tracked: TrackedHand
    evidence: Evidence = field(default_factory=Evidence)
    hold: Hold = field(default_factory=Hold)
    swipe: SwipeFinder = field(default_factory=SwipeFinder)
    place: tuple[float, float, float] | None = None
    """Time, x and y when it was last seen, for its speed."""
    quiet_until: float = -math.inf
    """No hold begins before this."""


class Decider:
    """Turns the hands of each moment into events and into what the overlay shows."""

    def __init__(
        self,
        settings: GestureSettings,
        bindings: Sequence[Binding],
        thresholds: Mapping[str, float],
    ) -> None:
        """`thresholds` gives the least score of each gesture, as the classifier's card has them."""
        self.paused = False
        """While set, nothing fires but what is bound to `resume`."""
        self._shipped = thresholds
        self._watched: dict[int, _Watched] = {}
        self._fired_at: dict[tuple[str, HandChoice], float] = {}
        self._time: float | None = None
        self._armed_until = -math.inf
        self.reconfigure(settings)
        self.rebind(bindings)

    def reconfigure(self, settings: GestureSettings) -> None:
        """Take new settings; holds that are under way go on."""
        self._settings = settings
        least = settings.min_score
        self._thresholds = {
            label: self._shipped.get(label, 0.5) if least is None else least for label in LABELS
        }

    def rebind(self, bindings: Sequence[Binding]) -> None:
        """Take other bindings; bindings to one hand come before those to any."""
        self._bindings = sorted(bindings, key=lambda binding: binding.hand == "any")
        self._swipes = any(binding.gesture in SWIPES for binding in bindings)

    def update(
        self, tracks: Sequence[TrackedHand], time: float, frame_size: tuple[int, int]
    ) -> Decision:
        """Return events and views for the hands of the frame at `time` seconds."""
        events = [] if self._goes_on(time) else list(self.finish(time))
        self._time = time
        events += self._forget(tracks, time)
        views = []
        for tracked in self._judged(tracks, frame_size):
            watched = self._watched.setdefault(tracked.track, _Watched(tracked))
            watched.tracked = tracked
            events += self._watch(watched, time)
            views.append(self._view(watched, time))
        return Decision(tuple(events), tuple(views))

    def finish(self, time: float) -> tuple[Event, ...]:
        """Cancel every hold and end everything that fired: the program stops, or lost sight."""
        events = [
            self._event(watched, step, time)
            for watched in self._watched.values()
            for step in watched.hold.stop()
        ]
        self._watched.clear()
        return tuple(events)

    def _goes_on(self, time: float) -> bool:
        return self._time is None or 0 <= time - self._time <= LONGEST_GAP_S

    def _forget(self, tracks: Sequence[TrackedHand], time: float) -> list[Event]:
        here = {tracked.track for tracked in tracks}
        gone = [watched for track, watched in self._watched.items() if track not in here]
        for watched in gone:
            del self._watched[watched.tracked.track]
        return [self._event(w, step, time) for w in gone for step in w.hold.stop()]

    def _judged(
        self, tracks: Sequence[TrackedHand], frame_size: tuple[int, int]
    ) -> list[TrackedHand]:
        """Leave out hands that are too small, and those of more people than allowed.

        A hand that is being watched already stays, so that its state is not lost in between.
        """
        least = self._settings.min_hand_px * frame_size[1] / 720
        large = [t for t in tracks if t.hand.size >= least or t.track in self._watched]
        large.sort(key=lambda tracked: (tracked.track not in self._watched, -tracked.hand.size))
        return large[: 2 * self._settings.max_people]

    def _watch(self, watched: _Watched, time: float) -> list[Event]:
        seen = watched.tracked.seen == time
        hand = watched.tracked.hand if seen else None
        shown = watched.evidence.update(hand, time, self._thresholds)
        steady = self._is_steady(watched, time)
        events: list[Event] = []
        if seen and self._swipes and watched.hold.state != "fired":
            events += self._swiped(watched, time)
        for step in watched.hold.update(self._showing(watched, shown, steady, time), time):
            events.append(self._event(watched, step, time))
            self._remember(watched, step, time)
        return events

    def _showing(self, watched: _Watched, shown: str, steady: bool, time: float) -> Showing:
        settings, side = self._settings, _side(watched)
        binding = self._binding(shown, side)
        hold_ms = settings.hold_ms if binding is None else (binding.hold_ms or settings.hold_ms)
        last = self._fired_at.get((shown, side), -math.inf)
        ready = time >= watched.quiet_until and time - last >= settings.release_ms / 1000
        may_begin = steady and ready and self._counts(shown, binding, time)
        return Showing(shown, may_begin, hold_ms / 1000, settings.release_ms / 1000)

    def _counts(self, shown: str, binding: Binding | None, time: float) -> bool:
        """Tell whether a gesture may do anything now: paused, not armed, or unsure of the hand."""
        if self.paused:
            return binding is not None and binding.action == "resume"
        arm = self._settings.arm
        return arm is None or shown == arm or time < self._armed_until

    def _remember(self, watched: _Watched, step: Step, time: float) -> None:
        phase, gesture = step
        if phase == "fire":
            watched.quiet_until = time + self._settings.cooldown_ms / 1000
            if gesture == self._settings.arm:
                self._armed_until = time + ARMED_S
        if phase == "end":
            self._fired_at[gesture, _side(watched)] = time

    def _is_steady(self, watched: _Watched, time: float) -> bool:
        """Tell whether the hand stays about where it is."""
        if watched.tracked.seen != time:
            return False
        x, y = watched.tracked.hand.center
        before, watched.place = watched.place, (time, x, y)
        if before is None or time <= before[0]:
            return before is not None
        speed = math.hypot(x - before[1], y - before[2]) / (time - before[0])
        return speed <= FASTEST * max(1.0, watched.tracked.hand.size)

    def _swiped(self, watched: _Watched, time: float) -> list[Event]:
        swipe = watched.swipe.update(watched.tracked.hand, time)
        if swipe is None or not self._counts(swipe, self._binding(swipe, _side(watched)), time):
            return []
        watched.quiet_until = time + self._settings.cooldown_ms / 1000
        steps: list[Step] = [
            *watched.hold.stop(),
            ("begin", swipe),
            ("fire", swipe),
            ("end", swipe),
        ]
        return [self._event(watched, step, time) for step in steps]

    def _binding(self, gesture: str, side: HandChoice) -> Binding | None:
        fitting = (b for b in self._bindings if b.gesture == gesture and b.hand in (side, "any"))
        return next(fitting, None)

    def _event(self, watched: _Watched, step: Step, time: float) -> Event:
        phase, gesture = step
        side = _side(watched)
        binding = self._binding(gesture, side)
        tracked = watched.tracked
        action = binding.action if binding else None
        return Event(time, phase, gesture, side, tracked.track, action, tracked.hand.box_xyxy)

    def _view(self, watched: _Watched, time: float) -> HandView:
        hold = watched.hold
        label = watched.evidence.shown if hold.state == "idle" else hold.gesture
        binding = self._binding(label, _side(watched))
        return HandView(
            tracked=watched.tracked,
            label=None if label == NO_GESTURE else label,
            progress=hold.progress(time),
            action=binding.action if binding else None,
        )


def _side(watched: _Watched) -> HandChoice:
    return watched.evidence.side or "any"
