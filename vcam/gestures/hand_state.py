"""One hand: what it shows, how fast it moves, and how far its hold is."""

import math
from typing import Final

from vcam.core.event import Event, Phase
from vcam.core.hand import Hand, TrackedHand
from vcam.core.labels import NO_GESTURE, HandChoice
from vcam.core.view import HandView
from vcam.gestures.hold import NOTHING, Hold, HoldInput, Step, max_drift
from vcam.gestures.policy import Policy
from vcam.gestures.refire_lock import RefireLock
from vcam.gestures.sequence import SequenceDetector
from vcam.gestures.smoothing import SmoothedGesture
from vcam.gestures.speed import HandSpeed, Restlessness
from vcam.gestures.swipe import SwipeDetector

MAX_HOLD_SPEED: Final = 1.5
"""A hand that moves faster than this many of its sizes a second begins and fires no hold."""
UNCERTAIN_RELEASE_FACTOR: Final = 2.5
"""By this factor a release takes longer while a hand stays and is hard to tell."""
OTHER_HAND_EXTRA_S: Final = 0.2
"""A gesture beside a raised other hand is held for this much longer: it may be talk."""
RESTLESS_EXTRA_S: Final = 0.1
"""The same for a hand that has set off several times lately."""
WAVERING_EXTRA_S: Final = 0.4
"""A gesture that comes back after the hand plainly showed none is held for this much longer…"""
WAVERING_S: Final = 2.0
"""…for so long: a pose that lies between a gesture and none goes to and fro."""
CANCEL_SPEED: Final = 2.5
"""A hand that moves faster than this is on its way somewhere: its hold is called off."""


class HandState:
    """All that is known of one track. Feed it every moment, in order of time."""

    def __init__(self, tracked: TrackedHand) -> None:
        self.tracked = tracked
        self.smoothed = SmoothedGesture()
        self.hold = Hold()
        self._speed, self._restlessness = HandSpeed(), Restlessness()
        self._steps = SequenceDetector()
        self._together = False
        """Whether the hold that is under way began with both hands."""
        self._quiet_until = self._seen = -math.inf
        self._side: HandChoice = "any"
        """Which hand began or fired; its `cancel` or `end` says the same."""
        self._action: str | None = None
        self._focus: tuple[str, ...] = ()
        self._ignored: str | None = None
        self._is_fast = False
        self._rejection: str | None = None
        """What last kept the hold that is under way from counting."""
        self._shown = NO_GESTURE, -math.inf
        """What is shown now, and since when."""
        self._taken_back = NO_GESTURE, -math.inf
        """The gesture whose hold the hand gave up where it was, plainly showing none; and when."""

    @property
    def side(self) -> HandChoice:
        """Which hand it is, as far as one can be confident."""
        return self.smoothed.side or "any"

    @property
    def fired_side(self) -> HandChoice:
        """Which hand the last `begin` or `fire` named."""
        return self._side

    @property
    def action(self) -> str | None:
        """What the last `begin` or `fire` was bound to."""
        return self._action

    def update(
        self,
        tracked: TrackedHand,
        time: float,
        policy: Policy,
        refire_lock: RefireLock,
        swipes: SwipeDetector,
    ) -> list[Event]:
        """Return what this hand brings at `time` in seconds."""
        self.tracked = tracked
        seen, self._seen = tracked.seen == time, time
        hand = tracked.hand if seen else None
        self.smoothed.update(hand, time, policy.thresholds, policy.alike)
        speed = self._speed.update(hand, time) if hand else None
        events: list[Event] = []
        confident = not policy.is_low_confidence(tracked)
        swipe = swipes.update(tracked, time, speed, confident) if seen else None
        if swipe and policy.guards.forbids_swipe(tracked, policy.settings.guards):
            swipe = None
        if swipe and self.hold.state != "fired" and policy.counts(swipe, self.side, time):
            events = self._at_once(swipe, time, policy)
        now = self._hold_input(speed, time, policy, refire_lock)
        step = now.gesture if now.steady else NO_GESTURE
        name = self._steps.update(step, time, policy.sequences) if seen else None
        if name and self.hold.state != "fired" and policy.counts(name, self.side, time):
            events += self._at_once(name, time, policy)
            refire_lock.mark(step, self.side, time)  # the second step is no gesture of its own
            now = now._replace(gesture=NO_GESTURE)
        steps = self.hold.update(now, time)
        if now.stays and self.smoothed.shows_none and steps and steps[0][0] == "cancel":
            self._taken_back = steps[0][1], time
        self._rejection = self._why_not() or self._rejection
        return events + [self._event(s, time, policy) for s in steps]

    def stop(self, time: float, policy: Policy) -> list[Event]:
        """Cancel or end what is under way."""
        return [self._event(step, time, policy) for step in self.hold.stop()]

    def view(self, time: float, policy: Policy) -> HandView:
        """Return what the overlay shows: smoothed, so that names do not flicker."""
        holds = self.hold.state != "idle"
        label = self.hold.gesture if holds else self.smoothed.shown
        action = self._action
        if not holds:
            binding = policy.binding(label, self.side)
            action = binding.action if binding else None
        return HandView(
            tracked=TrackedHand(
                self.tracked.track, self._smoothed(label), self.tracked.seen, self.tracked.born
            ),
            label=None if label == NO_GESTURE else label,
            progress=self.hold.progress,
            action=action,
            ignored=self._busy(label, policy) or self._why_not(),
        )

    def _why_not(self) -> str | None:
        """Return what keeps the gesture from counting now."""
        word = self._ignored or ("moving" if self._is_fast else None)
        return word or ("unclear" if self.hold.is_unclear else None)

    def _why(self, phase: Phase) -> str | None:
        """Return what to say beside an event: why a hold was called off, or what made it fire."""
        if phase == "fire" and self.hold.state == "fired":
            return self.hold.evidence
        if phase != "cancel":
            return None
        if self.hold.state != "idle":
            return "another gesture"
        return self._rejection or ("let go" if self.tracked.seen == self._seen else "gone")

    def _busy(self, label: str, policy: Policy) -> str | None:
        if policy.busy is None or policy.is_wanted_while_busy(label, self.side):
            return None
        return policy.busy

    def _smoothed(self, label: str) -> Hand:
        hand = self.tracked.hand
        return Hand(  # `replace` takes three times as long
            hand.box_xyxy,
            hand.score,
            label,
            self.smoothed.score(label),
            self.smoothed.side,
            self.smoothed.side_score,
            self.smoothed.orientation,
            hand.embedding,
            hand.before_face,
            hand.motion,
        )

    def _hold_input(
        self, speed: float | None, time: float, policy: Policy, refire_lock: RefireLock
    ) -> HoldInput:
        """Sum up the moment; `speed` in hand sizes a second, None where it is not known."""
        gesture, side = self.smoothed.shown, self.side
        settings, guards = policy.settings, policy.settings.guards
        self._ignored = policy.guards.objection(self.tracked, gesture, guards, policy.for_two)
        if gesture != self._shown[0]:
            self._shown = gesture, time
        at_rest = speed is not None and speed <= MAX_HOLD_SPEED
        self._is_fast = speed is not None and not at_rest
        self._restlessness.update(time, is_fast=self._is_fast)
        if not self._continues(gesture, policy):
            blocked = refire_lock.blocks(gesture, side, time, settings.release_ms / 1000)
            leaves = speed is not None and speed > CANCEL_SPEED
            lasts = policy.counts(gesture, side, time) and not self._has_changed_hands(policy)
            gesture = gesture if lasts and not blocked and not leaves else NO_GESTURE
        if gesture == NO_GESTURE and self.hold.state == "idle":
            return NOTHING
        is_thing = policy.guards.is_thing(self.tracked, self._shown[1], guards)
        hold_s = policy.hold_s(gesture, side)
        return HoldInput(
            gesture=gesture,
            may_begin=time >= self._quiet_until and not is_thing,
            steady=at_rest and self.smoothed.confident and self._ignored is None,
            stays=at_rest and self.smoothed.shown == NO_GESTURE,
            hold_s=hold_s + self._extra_s(gesture, time, policy),
            release_s=self._release_s(policy),
            place=self.tracked.hand.center,
            size=self.tracked.hand.size,
            alike=policy.alike.get(gesture),
            confidence=self.smoothed.score(gesture),
            min_confidence=policy.min_mean(gesture),
            may_fire=not policy.guards.is_arriving(self.tracked, guards),
            max_drift=max_drift(hold_s),
        )

    def _release_s(self, policy: Policy) -> float:
        """Return for how long a gesture must be gone until it can fire again.

        Longer while the hand stays where it fired and is hard to tell: models waver, too.
        """
        usual = policy.settings.release_ms / 1000
        wavers = self.tracked.seen == self._seen and not (
            self.smoothed.shows_none or self._moved_on()
        )
        shows = self.smoothed.shown not in (NO_GESTURE, self.hold.gesture)
        return usual * (UNCERTAIN_RELEASE_FACTOR if wavers and not shows else 1.0)

    def _moved_on(self) -> bool:
        """Tell whether the hand has left the place where its gesture was shown last."""
        return self.hold.is_away(self.tracked.hand.center, self.tracked.hand.size)

    def _extra_s(self, gesture: str, time: float, policy: Policy) -> float:
        """Return for how much longer a gesture is held that may not be meant.

        Because the other hand is raised as well, or because this one has just taken it back, or has
        been restless.
        """
        name, when = self._taken_back
        if time - when <= WAVERING_S and name in (gesture, policy.alike.get(gesture)):
            extra = WAVERING_EXTRA_S
        elif policy.guards.has_company(self.tracked, policy.settings.guards):
            extra = OTHER_HAND_EXTRA_S
        else:
            extra = RESTLESS_EXTRA_S if self._restlessness.is_high else 0.0
        return extra * policy.settings.purpose

    def _continues(self, gesture: str, policy: Policy) -> bool:
        """Tell whether a gesture fired and is still shown: no rule ends it, only the person."""
        same = self.hold.gesture in (gesture, policy.alike.get(gesture))
        return self.hold.state == "fired" and same

    def _has_changed_hands(self, policy: Policy) -> bool:
        """Tell whether a hold now looks like the other hand's, or one hand's like that of both."""
        if self.hold.state != "holding":
            return False
        together = self.hold.gesture in policy.both_show
        return together != self._together or {self._side, self.side} == {"left", "right"}

    def _at_once(self, gesture: str, time: float, policy: Policy) -> list[Event]:
        """Return all events of a gesture that is over as soon as it is known."""
        steps: list[Step] = [("begin", gesture), ("fire", gesture), ("end", gesture)]
        stopped = self.stop(time, policy)
        return stopped + [self._event(step, time, policy) for step in steps]

    def _event(self, step: Step, time: float, policy: Policy) -> Event:
        phase, gesture = step
        if phase in ("begin", "fire"):
            if phase == "begin" or self.side != "any":
                self._side = self.side
            self._together = gesture in policy.both_show
            if self._together:
                self._side = "any"
            binding = policy.binding(gesture, self._side)
            self._action = binding.action if binding else None
            self._focus = binding.focus if binding else ()
        if phase == "fire":
            self._quiet_until = time + policy.settings.cooldown_ms / 1000
        tracked = self.tracked
        why = self._why(phase)
        if phase != "fire":
            self._rejection = None
        return Event(
            time=time,
            phase=phase,
            gesture=gesture,
            hand=self._side,
            track=tracked.track,
            action=self._action,
            box_xyxy=tracked.hand.box_xyxy,
            focus=self._focus,
            why=why,
        )
