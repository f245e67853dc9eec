"""The state of the program as the page reads it, ten times a second at most.

The video path waits for the interpreter's lock while this is worked out, once for every open tab:
what has not changed is neither made again nor sent again.
"""

import json
from dataclasses import asdict, fields
from typing import Any, Final

from vcam.panel.protocols import Program, ProgramSnapshot
from vcam.panel.recent_fires import Fired, History

PERIOD_S: Final = 0.1
RISE, FALL = 0.6, 0.3
"""How far a bar moves towards the newest score with each step."""
SEEN: Final = 0.01
_NAMES: Final = tuple(each.name for each in fields(ProgramSnapshot))


class Teller:
    """Tells one browser: everything at first, then what has changed."""

    def __init__(self, program: Program, history: History) -> None:
        self._program, self._history = program, history
        self._bars: dict[str, float] = {}
        self._last: dict[str, Any] = {}
        self._fires: tuple[object, ...] = ()
        self._fired: list[dict[str, Any]] = []

    def news(self) -> str | None:
        """Return what has changed as one line of JSON, key by key; None: nothing has."""
        snapshot = self._program.snapshot()
        table = _table(snapshot)
        table["scores"] = self._smoothed(snapshot)
        table["fired"] = self._newest_fired()
        last, self._last = self._last, table
        changed = {key: said for key, said in table.items() if key not in last or last[key] != said}
        return json.dumps(changed) if changed else None

    def _newest_fired(self) -> list[dict[str, Any]]:
        newest = self._history.newest()
        fires = tuple((fired.number, fired.wrong, fired.outcome) for fired in newest)
        if fires != self._fires:
            self._fires, self._fired = fires, [fired_table(fired) for fired in newest]
        return self._fired

    def _smoothed(self, snapshot: ProgramSnapshot) -> dict[str, float]:
        """Return bars that rise and fall smoothly: single scores flicker."""
        for gesture in {*self._bars, *snapshot.scores}:
            now, target = self._bars.get(gesture, 0.0), snapshot.scores.get(gesture, 0.0)
            self._bars[gesture] = now + (target - now) * (RISE if target > now else FALL)
        self._bars = {name: bar for name, bar in self._bars.items() if bar > SEEN}
        return {name: round(bar, 2) for name, bar in self._bars.items()}


def _table(snapshot: ProgramSnapshot) -> dict[str, Any]:
    table: dict[str, Any] = {name: getattr(snapshot, name) for name in _NAMES}
    table["links"] = dict(snapshot.links)
    table["hands"] = [
        {**asdict(hand), "progress": round(hand.progress, 2)} for hand in snapshot.hands
    ]
    table["thresholds"] = {
        name: round(threshold, 2) for name, threshold in snapshot.thresholds.items()
    }
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
        "brief": fired.outcome.brief if fired.outcome else None,
    }
