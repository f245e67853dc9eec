"""What may count, and what it does: settings, bindings, pause and the arming gesture."""

import math
from collections.abc import Mapping, Sequence
from typing import Final

from vcam.core.binding import Binding
from vcam.core.hand import TrackedHand
from vcam.core.labels import LABELS, LEADING_HANDS, THEN, BoundHand, HandChoice
from vcam.gestures.guards.guards import Guards
from vcam.gestures.settings import MAX_THRESHOLD, GestureSettings

BINDING_ORDER: Final[tuple[BoundHand, ...]] = ("both", "left", "right", "any")
"""Of several bindings of a gesture, the first of these that fits is meant."""
SIMILAR_POSES: Final[Mapping[str, str]] = {"palm": "stop", "stop": "palm"}
"""Poses between which people, and models, waver: the fingers are spread or not."""
MIN_MEAN_MARGIN: Final = 0.4
"""How far, from its minimum score towards the highest, the mean of a gesture's hold must lie."""


class Policy:
    """Everything that holds for all hands alike."""

    def __init__(
        self,
        settings: GestureSettings,
        bindings: Sequence[Binding],
        shipped: Mapping[str, float],
    ) -> None:
        """`shipped` gives the minimum score of each gesture, as the classifier's card has them."""
        self._shipped = dict(shipped)
        self.paused = False
        self.guards = Guards()
        """What is not to be believed."""
        self.busy: str | None = None
        """What the person does meanwhile that nothing may disturb: `typing` or `talking`."""
        self.both_show: frozenset[str] = frozenset()
        """What is bound to both hands at once, and shown by both now."""
        self.bindings: list[Binding] = []
        """What the gestures do, the narrower ones first."""
        self.apply_settings(settings)
        self.apply_bindings(bindings)
        self.disarm()

    def apply_settings(
        self, settings: GestureSettings, shipped: Mapping[str, float] | None = None
    ) -> None:
        """Take new settings; with `shipped`, other minimum scores as well."""
        self.settings = settings
        if shipped is not None:
            self._shipped = dict(shipped)
        min_score = settings.min_score
        self.thresholds: Mapping[str, float] = {
            label: self._shipped.get(label, 0.5) if min_score is None else min_score
            for label in {*LABELS, *self._shipped}
        } | dict(settings.min_scores)
        self.alike = self._neighbours()
        """Of poses that lie near each other, those that do the same: one passes for the other."""

    def apply_bindings(self, bindings: Sequence[Binding]) -> None:
        """Take other bindings; the narrower ones come first."""
        self.bindings = sorted(bindings, key=lambda binding: BINDING_ORDER.index(binding.hand))
        self.sequences = frozenset(b.gesture for b in bindings if THEN in b.gesture)
        """Names of the two-step gestures that are bound."""
        self.for_both = frozenset(b.gesture for b in bindings if b.hand == "both")
        """What is bound to both hands at once."""
        self.for_two = frozenset(b.gesture for b in bindings if b.hand != "any")
        """What two hands may well show: it is bound to both, or to each by itself."""
        self.alike = self._neighbours()

    def arm(self, time: float) -> None:
        """Let other gestures count for a while from `time` on."""
        self._armed_until = time + self.settings.armed_s

    def is_armed(self, time: float) -> bool:
        """Tell whether the arming gesture fired a short while ago."""
        return time < self._armed_until

    def disarm(self) -> None:
        """Forget that the arming gesture fired."""
        self._armed_until = -math.inf

    def forget(self) -> None:
        """Forget all that was seen: nothing is known of the hands any more."""
        self.disarm()
        self.guards = Guards()

    def binding(self, gesture: str, side: HandChoice) -> Binding | None:
        """Return what is bound to a gesture of this hand; while paused, only what resumes."""
        if gesture == self.settings.panic:
            return Binding(gesture, "resume" if self.paused else "pause")
        hands = (side, "any", "both" if gesture in self.both_show else side)
        for binding in self.bindings:
            fits = binding.gesture == gesture and binding.hand in hands
            if fits and (not self.paused or binding.action == "resume"):
                return binding
        return None

    def counts(self, gesture: str, side: HandChoice, time: float) -> bool:
        """Tell whether a gesture may do anything now.

        Not while the person is busy (but for `mic.unmute` while talking), not while paused (but for
        `resume`), not while the arming gesture is awaited, and not while it is unsure which hand
        shows a gesture that is bound to one hand. The panic gesture always.
        """
        if gesture == self.settings.panic:
            return True
        if self.busy and not self.is_wanted_while_busy(gesture, side):
            return False
        if self.paused:
            return self.binding(gesture, side) is not None
        if gesture in self.for_both and self.binding(gesture, side) is None:
            return False  # the other hand is awaited
        armed = self.settings.arm in (None, gesture) or self.is_armed(time)
        return armed and not (side == "any" and self._depends_on_hand(gesture))

    def is_wanted_while_busy(self, gesture: str, side: HandChoice) -> bool:
        """Tell whether a gesture counts though the person talks: the muted want to be heard."""
        binding = self.binding(gesture, side)
        return self.busy == "talking" and binding is not None and binding.action == "mic.unmute"

    def is_low_confidence(self, tracked: TrackedHand) -> bool:
        """Tell whether the detector has been unsure lately that this is a hand."""
        return self.guards.is_low_confidence(tracked, self.settings.guards)

    def is_thing(self, tracked: TrackedHand) -> bool:
        """Tell whether this has stood still for so long that it is a lamp rather than a hand."""
        return self.guards.is_thing(tracked, tracked.seen, self.settings.guards)

    def hold_s(self, gesture: str, side: HandChoice) -> float:
        """Return for how many seconds a gesture is held until it fires."""
        binding = self.binding(gesture, side)
        bound = None if binding is None else binding.hold_ms
        return (self.settings.hold_ms if bound is None else bound) / 1000

    def min_mean(self, gesture: str) -> float:
        """Return the mean score over its hold that a gesture must reach to fire."""
        min_score = self.thresholds.get(gesture, 0.5)
        margin = min(1.0, MIN_MEAN_MARGIN * self.settings.purpose)
        return min_score + margin * max(0.0, MAX_THRESHOLD - min_score)

    def _neighbours(self) -> Mapping[str, str]:
        return {
            one: other
            for one, other in SIMILAR_POSES.items()
            if self._does(one) == self._does(other)
        }

    def _does(self, gesture: str) -> frozenset[tuple[object, ...]]:
        """Return all that a gesture does, and when; neither arming nor panic has its like."""
        if gesture in (self.settings.arm, self.settings.panic):
            return frozenset({(gesture,)})
        steps = any(gesture in b.gesture.split(THEN) for b in self.bindings if THEN in b.gesture)
        return frozenset(
            (b.hand, b.action, b.hold_ms, b.focus) for b in self.bindings if b.gesture == gesture
        ) | ({(gesture,)} if steps else frozenset())

    def _depends_on_hand(self, gesture: str) -> bool:
        """Tell whether it matters which hand shows this; where both do, it does not."""
        if gesture in self.both_show:
            return False
        return any(b.gesture == gesture and b.hand in LEADING_HANDS for b in self.bindings)
