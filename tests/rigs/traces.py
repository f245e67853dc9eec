"""Hand traces as tables: what a hand does from one second to another, sampled at any rate.

A row of a table says: from, to (seconds), gesture, its score, leading hand, where the middle of
the box is at first and at last (pixels of a picture of 1280x720), the size of the box, and, where
it matters, where the hand points.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from vcam.core.binding import Binding
from vcam.core.event import Event
from vcam.core.hand import Hand
from vcam.core.labels import ORIENTATIONS, Side
from vcam.gestures.engine import GestureEngine
from vcam.gestures.settings import GestureSettings
from vcam.vision.tracker import Tracker

FRAME_SIZE = (1280, 720)
TABLES = Path(__file__).parents[1] / "traces"
SIDES: dict[str, Side | None] = {"left": "left", "right": "right", "-": None}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table."""

    begin: float
    end: float
    gesture: str
    score: float
    side: Side | None
    way: tuple[float, float, float, float]
    size: float
    points: str | None = None
    """One of `ORIENTATIONS`, or None where no model says so."""

    def hand(self, time: float) -> Hand:
        """Return the hand at `time`, which must be within the row."""
        part = (time - self.begin) / (self.end - self.begin)
        x0, y0, x1, y1 = self.way
        x, y, half = x0 + part * (x1 - x0), y0 + part * (y1 - y0), self.size / 2
        box = (x - half, y - half, x + half, y + half)
        confidence = 0.5 if self.side is None else 0.95
        points = self.points and tuple(0.88 if o == self.points else 0.04 for o in ORIENTATIONS)
        return Hand(
            box, 0.9, self.gesture, self.score, self.side, confidence, orientation=points or None
        )


def read_trace(name: str) -> list[Row]:
    """Read `tests/traces/NAME.txt`."""
    lines = (TABLES / f"{name}.txt").read_text().splitlines()
    return [_row(line) for line in lines if line.strip() and not line.startswith("#")]


def _row(line: str) -> Row:
    begin, end, gesture, score, side, x0, y0, x1, y1, size, *points = line.split()
    way = float(x0), float(y0), float(x1), float(y1)
    return Row(
        float(begin), float(end), gesture, float(score), SIDES[side], way, float(size), *points
    )


def moments(until: float, rate: float, jitter: float = 0.0, seed: int = 0) -> Iterator[float]:
    """Yield times at `rate` a second; `jitter` moves each by up to that part of an interval."""
    chance = random.Random(seed)
    for index in range(int(until * rate) + 1):
        yield (index + chance.uniform(0, jitter)) / rate


def play(
    rows: list[Row],
    times: Iterator[float],
    bindings: tuple[Binding, ...] = (),
    settings: GestureSettings | None = None,
) -> list[Event]:
    """Send a trace through tracking and deciding, and return its events."""
    tracker = Tracker()
    engine = GestureEngine(settings or GestureSettings(), bindings, {})
    events: list[Event] = []
    time = 0.0
    for time in times:
        hands = [row.hand(time) for row in rows if row.begin <= time < row.end]
        events += engine.update(tracker.update(hands, time), time, FRAME_SIZE).events
    return [*events, *engine.finish(time)]
