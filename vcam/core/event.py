"""What happened: a gesture began, fired, ended, or was called off."""

import json
from dataclasses import dataclass
from typing import Literal

from vcam.core.frame import Box
from vcam.core.labels import HandChoice
from vcam.core.outcome import Outcome
from vcam.core.texts import in_english

Phase = Literal["begin", "fire", "end", "cancel"]


@dataclass(frozen=True, slots=True)
class Event:
    """One step in the life of a gesture.

    `begin` opens a hold; then comes either `cancel` (let go too early) or exactly one `fire`,
    which is followed by one `end` when the gesture is released.
    """

    time: float
    """Seconds of the source, from its first frame."""
    phase: Phase
    gesture: str
    """One of `vcam.core.labels.BINDABLE`, or a gesture of the classifier's own."""
    hand: HandChoice
    """Which hand showed it; `any` where that is not known."""
    track: int
    action: str | None
    """What is bound to it; None: nothing is."""
    box_xyxy: Box
    focus: tuple[str, ...] = ()
    """Act only while such a window has the focus, as the binding says; empty: always."""
    why: str | None = None
    """What a hold was called off for (`moving`, `both`…), or what made a gesture fire."""

    def to_json(self, outcome: Outcome | None = None) -> str:
        """Return the event as the one JSON line that `--events` promises.

        `outcome` adds what became of the action of a `fire`.
        """
        line: dict[str, object] = {
            "t": round(self.time, 3),
            "phase": self.phase,
            "gesture": self.gesture,
            "hand": self.hand,
            "track": self.track,
            "action": self.action,
            "box": [round(side, 1) for side in self.box_xyxy],
        }
        if self.why is not None:
            line["why"] = self.why
        if outcome is not None:
            line["outcome"] = outcome.result
            if outcome.reason is not None:
                line["reason"] = in_english(outcome.reason)
        return json.dumps(line)
