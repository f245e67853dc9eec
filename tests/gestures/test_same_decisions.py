"""Deciding has been made faster, and may be again: not one decision may change by that.

A minute of four hands that wander, stop, show this and that, touch, leave the picture and lie at
its edge is decided about, and every event is compared with what was decided before anything was
made faster. Whoever changes a rule on purpose writes the table again, and reads the difference:
`python -m tests.gestures.test_same_decisions >tests/gestures/decided.txt`.
"""

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from vcam.core.binding import Binding
from vcam.core.event import Event
from vcam.core.hand import Hand
from vcam.core.labels import ORIENTATIONS
from vcam.gestures.engine import GestureEngine
from vcam.gestures.guards.settings import ALL_OFF
from vcam.gestures.settings import GestureSettings
from vcam.vision.tracker import Tracker

TABLE = Path(__file__).with_name("decided.txt")
SIZE = (1280, 720)
HANDS, FRAMES, RATE_HZ = 4, 900, 15
NAMES = ("no_gesture", "stop", "palm", "fist", "like", "like", "two_up", "mute")
BINDINGS = (
    Binding("palm", "mic.mute"),
    Binding("stop", "mic.mute"),
    Binding("fist", "key:a", hand="left"),
    Binding("fist", "key:b", hand="right"),
    Binding("two_up", "key:c", hand="both"),
    Binding("fist>palm", "key:d"),
)


class Wanderer:
    """A hand that goes somewhere, stays there for a while and shows something."""

    def __init__(self, number: int) -> None:
        self._chance, self._number = random.Random(number), number
        self._x, self._y, self._until = self._any(1280), self._any(720), 0.0
        self._aim()

    def at(self, time: float) -> Hand | None:
        """Return the hand at `time`, None while it is out of sight."""
        if time > self._until:
            self._until = time + 0.3 + self._any(2.5)
            self._aim()
        self._x += 0.4 * (self._to[0] - self._x) + self._any(6) - 3
        self._y += 0.4 * (self._to[1] - self._y) + self._any(6) - 3
        if self._hidden or self._any(1) < 0.05:
            return None
        box = (self._x - self._half, self._y - self._half, self._x + self._half, self._y + 80)
        side = ("right", "left")[self._number % 2]
        points = tuple(0.88 if o == self._points else 0.04 for o in ORIENTATIONS)
        return Hand(
            box,
            self._score,
            self._name if self._any(1) < 0.92 else "no_gesture",
            0.5 + 0.5 * self._any(1) ** 0.3,
            "right" if side == "right" else "left",
            0.9,
            points,
            before_face=self._any(1) < 0.1,
            motion=0.0 if self._dead else 5 + self._any(30),
        )

    def _aim(self) -> None:
        chance = self._chance.random
        self._to = 100 + self._any(1100), 60 + self._any(620)
        if chance() < 0.3:  # a straight way along, as a swipe
            self._to = self._x + 300 * (1 if chance() < 0.5 else -1), self._y
        self._name = NAMES[int(self._any(len(NAMES)))]
        self._points = ORIENTATIONS[int(self._any(len(ORIENTATIONS)))] if chance() < 0.4 else "up"
        self._half, self._score = 60 + self._any(30), 0.35 + self._any(0.6)
        self._hidden, self._dead = chance() < 0.15, chance() < 0.1

    def _any(self, high: float) -> float:
        return high * self._chance.random()


def decided() -> Iterator[str]:
    """Yield a line for every event, and one for each word that kept hands from counting."""
    yield from _decided(GestureSettings(max_people=2))
    yield from _decided(GestureSettings(max_people=2, hold_ms=300, guards=ALL_OFF))


def _decided(settings: GestureSettings) -> Iterator[str]:
    engine = GestureEngine(settings, BINDINGS, {})
    tracker, turned = Tracker(), Tracker()
    wanderers = [Wanderer(number) for number in range(HANDS)]
    aside = Wanderer(HANDS)
    words: Counter[str | None] = Counter()
    for frame in range(FRAMES):
        time = frame / RATE_HZ
        hands = [hand for hand in (each.at(time) for each in wanderers) if hand is not None]
        other = aside.at(time)
        tracks = turned.update([] if other is None else [other], time)
        if frame == FRAMES // 2:
            tracker.forget()
            yield from map(_line, engine.forget_scene(time))
        far = [type(each)(1000 + each.track, each.hand, each.seen, each.born) for each in tracks]
        decision = engine.update(tracker.update(hands, time), time, SIZE, far)
        yield from map(_line, decision.events)
        words.update(view.ignored for view in decision.hands)
    yield from map(_line, engine.finish(FRAMES / RATE_HZ))
    yield from (f"{count} {word}" for word, count in sorted(words.items(), key=str))


def _line(event: Event) -> str:
    left, top, *_ = event.box_xyxy
    where = f"{event.hand} {event.track} {left:.0f} {top:.0f}"
    return f"{event.time:.2f} {event.phase} {event.gesture} {where} {event.action} {event.why}"


def test_nothing_is_decided_otherwise_than_before() -> None:
    """Every event, where and why, and how often each guard objected, is as it was."""
    assert list(decided()) == TABLE.read_text().splitlines()


def test_the_minute_has_all_that_deciding_knows() -> None:
    """The table would notice: gestures of one hand and of both, steps, swipes, and every guard."""
    table = TABLE.read_text()
    phases, gestures = {"begin", "fire", "end", "cancel"}, {"swipe_left", "fist>palm", "two_up"}
    for word in phases | gestures | {"left", "right", "any", "mic.mute", "key:a"}:
        assert f" {word} " in table
    for guard in ("moving", "both", "cut", "clasped", "face", "doubtful", "lifeless", "low"):
        assert f" {guard}\n" in table


if __name__ == "__main__":
    print(*decided(), sep="\n")
