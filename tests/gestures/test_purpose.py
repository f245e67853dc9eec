"""Evidence that a gesture is meant: its name lasts, its score is good, and it is let go plainly."""

import json
import math
from collections.abc import Callable
from dataclasses import replace

import pytest

from vcam.core.binding import Binding
from vcam.core.event import Event
from vcam.core.hand import Hand, TrackedHand
from vcam.gestures.engine import GestureEngine
from vcam.gestures.sensitivity import PRESETS
from vcam.gestures.settings import GestureSettings
from vcam.gestures.speed import Restlessness

RATES = (5, 10, 15, 30, 60)
Shown = Callable[[float], tuple[str, float]]
"""Gesture and score at a time in seconds."""


def play(
    shown: Shown, until: float, rate: float, *bindings: Binding, **settings: object
) -> list[Event]:
    """Return the events of one hand that hardly moves."""
    engine = GestureEngine(GestureSettings(**settings), bindings, {})  # type: ignore[arg-type]
    events: list[Event] = []
    for index in range(round(until * rate)):
        time = index / rate
        gesture, score = shown(time)
        left = 400 + 15 * min(time, 2.0)  # what never moves is a thing
        hand = Hand((left, 200, left + 150, 350), 0.9, gesture, score, "right", 0.95)
        events += engine.update([TrackedHand(1, hand, time, 0.0)], time, (1280, 720)).events
    return events


def fires(events: list[Event]) -> list[str]:
    """Return what fired."""
    return [event.gesture for event in events if event.phase == "fire"]


def wavering(time: float) -> tuple[str, float]:
    """Return palm and stop in turns of a fifth of a second, palm first."""
    return ("palm" if (time + 0.03) % 0.4 < 0.2 else "stop"), 0.95


@pytest.mark.parametrize("rate", RATES)
def test_a_hand_between_palm_and_stop_fires_once_where_both_do_the_same(rate: float) -> None:
    """A pose that flickers between two neighbours keeps its hold, and is not released by that."""
    alike = Binding("palm", "mic.mute"), Binding("stop", "mic.mute")
    assert len(fires(play(wavering, 5, rate, *alike))) == 1
    assert len(fires(play(wavering, 5, rate))) == 1


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize(
    "bindings",
    [
        (Binding("palm", "mic.mute"),),
        (Binding("palm", "mic.mute"), Binding("stop", "mic.unmute")),
        (Binding("palm", "mic.mute"), Binding("stop", "mic.mute", hand="left")),
        (Binding("palm", "mic.mute"), Binding("stop", "mic.mute", hold_ms=2000)),
    ],
)
def test_a_hand_between_palm_and_stop_fires_nothing_where_they_differ(
    rate: float, bindings: tuple[Binding, ...]
) -> None:
    """Where the two do different things, neither is guessed."""
    assert fires(play(wavering, 5, rate, *bindings)) == []


def test_the_arming_gesture_has_no_like() -> None:
    """A stop that looks like a palm for a moment does not arm."""
    assert fires(play(wavering, 5, 15, arm="palm")) == []


@pytest.mark.parametrize("rate", RATES)
def test_the_clearer_name_fires(rate: float) -> None:
    """A hand that is called palm at first and stop from then on fires stop, in time."""
    events = play(lambda t: ("palm" if t < 0.3 else "stop", 0.95), 3, rate)
    assert fires(events) == ["stop"]
    assert next(e.time for e in events if e.phase == "fire") <= 0.75 + 2 / rate


@pytest.mark.parametrize("rate", RATES)
def test_a_doubtful_name_that_lasts_fires_nothing(rate: float) -> None:
    """A score that just reaches the least one is enough to be shown, and too little to fire."""
    assert fires(play(lambda t: ("stop", 0.55), 5, rate)) == []
    assert fires(play(lambda t: ("stop", 0.55), 5, rate, purpose=0.0)) == ["stop"]
    assert fires(play(lambda t: ("stop", 0.75), 5, rate)) == ["stop"]


@pytest.mark.parametrize("rate", RATES)
def test_a_hand_that_is_hard_to_tell_for_a_while_fires_once(rate: float) -> None:
    """A held hand that nobody can name for half a second has not been let go."""

    def unclear(time: float) -> tuple[str, float]:
        return ("one", 0.2) if 2.0 <= time < 2.6 else ("fist", 0.95)

    assert fires(play(unclear, 5, rate)) == ["fist"]


@pytest.mark.parametrize("rate", [10, 15, 30, 60])
def test_a_hand_that_plainly_shows_nothing_is_let_go(rate: float) -> None:
    """A fist that is opened, without doubt, and closed again fires twice."""

    def opened(time: float) -> tuple[str, float]:
        return ("no_gesture", 0.98) if 2.0 <= time < 2.8 else ("fist", 0.95)

    assert fires(play(opened, 5, rate)) == ["fist", "fist"]


def test_calm_is_slower_than_usual_and_quick_is_faster() -> None:
    """Each word is a set of settings, in the order that it says."""

    def fired_after(word: str) -> float:
        events = play(lambda t: ("stop", 0.95), 3, 30, **PRESETS[word].settings())
        return next(event.time for event in events if event.phase == "fire")

    assert fired_after("quick") < fired_after("usual") < fired_after("calm")
    usual = GestureSettings()
    assert PRESETS["usual"].settings() == {
        name: getattr(usual, name) for name in PRESETS["usual"].settings()
    }


@pytest.mark.parametrize("rate", RATES)
def test_a_cut_forgets_what_is_under_way(rate: float) -> None:
    """A hold does not go on across a cut, and what had fired does not fire again by it."""
    engine = GestureEngine(GestureSettings(), (), {})
    events: list[Event] = []
    cuts = {round(0.5 * rate), round(3 * rate)}
    for index in range(round(5 * rate)):
        time = index / rate
        if index in cuts:
            events += engine.forget_scene(time)
        hand = Hand((400, 200, 550, 350), 0.9, "fist", 0.95, "right", 0.95)
        track = 1 + sum(index >= cut for cut in cuts)
        events += engine.update([TrackedHand(track, hand, time, time)], time, (1280, 720)).events
    (fired,) = [event.time for event in events if event.phase == "fire"]
    assert fired >= 0.5 + 0.6
    assert [event.phase for event in events][-1] == "end"


@pytest.mark.parametrize(
    ("busy", "action", "expected"),
    [
        ("talking", "mic.unmute", ["stop"]),
        ("talking", "mic.mute", []),
        ("talking", "mic.toggle", []),
        ("typing", "mic.unmute", []),
    ],
)
def test_who_speaks_while_muted_may_unmute(busy: str, action: str, expected: list[str]) -> None:
    """Talking holds everything back but what makes the person heard."""
    engine = GestureEngine(GestureSettings(), [Binding("stop", action)], {})
    engine.busy = busy
    events: list[Event] = []
    for index in range(30):
        hand = Hand((400, 200, 550, 350), 0.9, "stop", 0.95, "right", 0.95)
        time = index / 15
        events += engine.update([TrackedHand(1, hand, time, 0.0)], time, (1280, 720)).events
    assert fires(events) == expected


def reported(events: list[Event]) -> list[tuple[str, str | None]]:
    """Return phase and reason of each event."""
    return [(event.phase, event.why) for event in events]


@pytest.mark.parametrize("rate", RATES)
def test_a_fire_says_what_it_was_believed_for(rate: float) -> None:
    """How long it was held, and how confidently, stands on the event line."""
    events = play(lambda t: ("like", 0.95), 1.5, rate)
    (fire,) = (event for event in events if event.phase == "fire")
    assert fire.why is not None
    assert fire.why.startswith("held 0.")
    assert "score 0.95 (at least 0." in fire.why
    assert json.loads(fire.to_json())["why"] == fire.why


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize(
    ("shown", "why"),
    [
        (lambda t: ("like" if t < 0.5 else "no_gesture", 0.95), "let go"),
        (lambda t: ("like" if t < 0.5 else "dislike", 0.95), "another gesture"),
        (lambda t: ("like" if t < 1.5 else "no_gesture", 0.6), "unclear"),
    ],
)
def test_a_hold_that_is_called_off_says_why(shown: Shown, why: str, rate: float) -> None:
    """What the person did, or what the hold was lacking."""
    events = play(shown, 2.5, rate)
    assert ("cancel", why) in reported(events)
    assert all(reason is None for phase, reason in reported(events) if phase in ("begin", "end"))


def test_a_hold_that_a_guard_stopped_says_which() -> None:
    """A hand that moves away is told apart from one that lets go."""
    engine = GestureEngine(GestureSettings(), (), {})
    events: list[Event] = []
    for index in range(30):
        time = index / 15
        left = 300 + 15 * time if time < 0.45 else 307 + 300 * (time - 0.45)
        hand = Hand((left, 200, left + 150, 350), 0.9, "like", 0.95, "right", 0.95)
        shown = hand if time < 1.4 else replace(hand, gesture="no_gesture")
        events += engine.update([TrackedHand(1, shown, time, 0.0)], time, (1280, 720)).events
    assert ("cancel", "moving") in reported(events)


def test_an_unclear_gesture_is_reported_while_it_is_held() -> None:
    """A full ring that does not fire is no riddle: the picture says what is missing."""
    engine = GestureEngine(GestureSettings(), (), {})
    for index in range(20):
        hand = Hand((400 + index, 200, 550 + index, 350), 0.9, "like", 0.6, "right", 0.95)
        tracked = TrackedHand(1, hand, index / 15, 0.0)
        decision = engine.update([tracked], index / 15, (1280, 720))
    assert decision.hands[0].ignored == "unclear"


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize(
    ("starts", "restless"),
    [([0.0, 1.0], False), ([0.0, 1.0, 2.0], True), ([0.0, 0.4, 3.6], False)],
)
def test_a_hand_that_sets_off_three_times_in_three_seconds_is_restless(
    starts: list[float], restless: bool, rate: float
) -> None:
    """Raised and put right is no restlessness, and a movement of a while ago is forgotten."""
    restlessness = Restlessness()
    for index in range(round(4 * rate)):
        time = index / rate
        moves = any(start <= time < start + 0.21 for start in starts)
        if time < starts[-1] + 0.3:
            restlessness.update(time, is_fast=moves)
    assert restlessness.is_high == restless


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("word", ["usual", "calm"])
def test_a_hand_may_sink_as_fast_whether_calm_or_usual(word: str, rate: float) -> None:
    """What is held for longer gets farther meanwhile; that alone is no wandering."""
    engine = GestureEngine(GestureSettings(**PRESETS[word].settings()), (), {})  # type: ignore[arg-type]
    events: list[Event] = []
    for index in range(round(2.5 * rate)):
        time = index / rate
        top = 200 + 150 * 0.5 * time
        hand = Hand((300, top, 450, top + 150), 0.9, "like", 0.95, "right", 0.95)
        events += engine.update([TrackedHand(1, hand, time, 0.0)], time, (1280, 720)).events
    assert fires(events) == ["like"]


@pytest.mark.parametrize("beats", [0, 1, 3])
def test_a_restless_hand_is_held_a_little_longer(beats: int) -> None:
    """It takes 0.1 s more after three beats, and nothing after one."""
    engine = GestureEngine(GestureSettings(), (), {})
    events: list[Event] = []
    for index in range(240):
        time = index / 60
        beaten = 150 * max(0.0, math.sin(2 * math.pi * time)) if time < beats else 0.0
        box = (400 + 4 * time, 200 - beaten, 550 + 4 * time, 350 - beaten)
        hand = Hand(box, 0.9, "like", 0.95, "right", 0.95)
        events += engine.update([TrackedHand(1, hand, time, 0.0)], time, (1280, 720)).events
    held = [event.why or "" for event in events if event.phase == "fire" and event.time >= beats]
    assert held[-1].startswith("held 0.70 s" if beats == 3 else "held 0.60 s")


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize(("sizes_a_second", "fires_once"), [(0.8, False), (0.3, True)])
def test_a_hand_that_wanders_is_not_held(
    sizes_a_second: float, fires_once: bool, rate: float
) -> None:
    """Slow waving is no holding; a hand that sinks a little while it is held is held."""
    engine = GestureEngine(GestureSettings(), (), {})
    events: list[Event] = []
    for index in range(round(2 * rate)):
        time = index / rate
        left = 300 + 150 * sizes_a_second * time
        hand = Hand((left, 200, left + 150, 350), 0.9, "like", 0.95, "right", 0.95)
        events += engine.update([TrackedHand(1, hand, time, 0.0)], time, (1280, 720)).events
    assert fires(events) == (["like"] if fires_once else [])
