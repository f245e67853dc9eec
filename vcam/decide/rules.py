"""What may count, and what it does: settings, bindings, pause and the arming gesture."""

import math
from collections.abc import Mapping, Sequence
from typing import Final

from vcam.binding import Binding
from vcam.decide.settings import GestureSettings
from vcam.gesture import LABELS, HandChoice

ARMED_S: Final = 10.0
"""How long other gestures count after the arming gesture fired."""


class Rules:
    """Everything that holds for all hands alike."""

    def __init__(
        self,
        settings: GestureSettings,
        bindings: Sequence[Binding],
        shipped: Mapping[str, float],
    ) -> None:
        """`shipped` gives the least score of each gesture, as the classifier's card has them."""
        self._shipped = dict(shipped)
        self.paused = False
        self.reconfigure(settings)
        self.rebind(bindings)
        self.disarm()

    def reconfigure(self, settings: GestureSettings) -> None:
        """Take new settings."""
        self.settings = settings
        least = settings.min_score
        self.thresholds: Mapping[str, float] = {
            label: self._shipped.get(label, 0.5) if least is None else least
            for label in {*LABELS, *self._shipped}
        } | dict(settings.min_scores)

    def rebind(self, bindings: Sequence[Binding]) -> None:
        """Take other bindings; bindings to one hand come before those to any."""
        self._bindings = sorted(bindings, key=lambda binding: binding.hand == "any")

    def arm(self, time: float) -> None:
        """Let other gestures count from `time` on, for `ARMED_S` seconds."""
        self._armed_until = time + ARMED_S

    def disarm(self) -> None:
        """Forget that the arming gesture fired."""
        self._armed_until = -math.inf

    def binding(self, gesture: str, side: HandChoice) -> Binding | None:
        """Return what is bound to a gesture of this hand; while paused, only what resumes."""
        for binding in self._bindings:
            fits = binding.gesture == gesture and binding.hand in (side, "any")
            if fits and (not self.paused or binding.action == "resume"):
                return binding
        return None

    def counts(self, gesture: str, side: HandChoice, time: float) -> bool:
        """Tell whether a gesture may do anything now.

        Not while paused (but for `resume`), not while the arming gesture is awaited, and not while
        it is unsure which hand shows a gesture that is bound to one hand.
        """
        if self.paused:
            return self.binding(gesture, side) is not None
        armed = self.settings.arm in (None, gesture) or time < self._armed_until
        return armed and not (side == "any" and self._depends_on_hand(gesture))

    def hold_s(self, gesture: str, side: HandChoice) -> float:
        """Return for how many seconds a gesture is held until it fires."""
        binding = self.binding(gesture, side)
        own = None if binding is None else binding.hold_ms
        return (self.settings.hold_ms if own is None else own) / 1000

    def _depends_on_hand(self, gesture: str) -> bool:
        return any(b.gesture == gesture and b.hand != "any" for b in self._bindings)
