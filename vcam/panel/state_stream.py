"""The state of the program as the page reads it, ten times a second at most."""

import json
from dataclasses import asdict
from typing import Any, Final

from vcam.panel.protocols import Program, ProgramSnapshot
from vcam.panel.recent_fires import Fired, History

PERIOD_S: Final = 0.1
RISE, FALL = 0.6, 0.3
"""How far a bar moves towards the newest score with each step."""
SEEN: Final = 0.01


class Teller:
    """Tells one browser; says nothing when nothing has changed."""

    def __init__(self, program: Program, history: History) -> None:
        self._program, self._history = program, history
        self._bars: dict[str, float] = {}
        self._last = ""

    def news(self) -> str | None:
        """Return the state as one line of JSON, or None when it is as it was."""
        snapshot = self._program.snapshot()
        table = _table(snapshot)
        table["scores"] = self._smoothed(snapshot)
        table["fired"] = [fired_table(fired) for fired in self._history.newest()]
        line = json.dumps(table, ensure_ascii=False)
        if line == self._last:
            return None
        self._last = line
        return line

    def _smoothed(self, snapshot: ProgramSnapshot) -> dict[str, float]:
        """Return bars that rise and fall smoothly: single looks flicker."""
        for gesture in {*self._bars, *snapshot.scores}:
            now, target = self._bars.get(gesture, 0.0), snapshot.scores.get(gesture, 0.0)
            self._bars[gesture] = now + (target - now) * (RISE if target > now else FALL)
        self._bars = {name: bar for name, bar in self._bars.items() if bar > SEEN}
        return {name: round(bar, 2) for name, bar in self._bars.items()}


def _table(snapshot: ProgramSnapshot) -> dict[str, Any]:
    table = asdict(snapshot)
    for hand in table["hands"]:
        hand["progress"] = round(hand["progress"], 2)
    table["thresholds"] = {name: round(least, 2) for name, least in snapshot.thresholds.items()}
    return {**table, "fps": round(snapshot.fps), "cpu": round(snapshot.cpu)}


def fired_table(fired: Fired) -> dict[str, Any]:
    """Return one entry of the list as plain data."""
    event = fired.event
    return {
        "number": fired.number,
        "at": round(fired.at, 1),
        "gesture": event.gesture,
        "hand": event.hand,
        "action": event.action,
        "wrong": fired.wrong,
        "outcome": fired.outcome.result if fired.outcome else None,
        "reason": fired.outcome.reason if fired.outcome else None,
    }
