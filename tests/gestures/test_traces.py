"""Whole traces through tracking and deciding: what fires, and when, at any rate."""

from dataclasses import dataclass

import pytest

from tests.rigs.traces import TABLES, moments, play, read_trace
from vcam.gestures.guards.settings import ALL_OFF
from vcam.gestures.settings import GestureSettings

RATES = (5, 10, 15, 30, 60)


@dataclass(frozen=True)
class Case:
    """A trace in `tests/traces` and all that may fire in it: gesture, hand, about when."""

    trace: str
    fires: list[tuple[str, str, float]]


CASES = [
    Case("stop_held_and_lowered", [("stop", "right", 1.75)]),
    Case("stop_let_go_early", []),
    Case("stop_twice", [("stop", "right", 1.75), ("stop", "right", 3.75)]),
    Case("stop_with_blink", [("stop", "right", 1.75)]),
    Case("stop_with_broken_track", [("stop", "right", 1.75)]),
    Case("unsure_stop", []),
    Case("palm_raised_and_lowered", []),
    Case("two_hands", [("palm", "right", 1.75), ("fist", "left", 1.95)]),
    Case("like_then_dislike", [("like", "left", 1.75), ("dislike", "left", 3.25)]),
    Case("palm_on_the_move", []),
    Case("small_hand", []),
    Case("unknown_hand", [("stop", "any", 1.75)]),
    Case("swipe_to_the_right", [("swipe_right", "right", 2.1)]),
    Case("swipe_up", [("swipe_up", "left", 2.1)]),
    Case("fist_moved", []),
    Case("turned_down", [("swipe_down", "left", 2.0)]),
    Case("turned_up", [("swipe_up", "left", 1.95), ("stop_inverted", "left", 3.35)]),
    Case("turned_left", [("swipe_left", "left", 2.15)]),
    Case("turned_and_back", [("swipe_down", "left", 1.95)]),
    Case("lowered_far", []),
    Case("turned_on_the_spot", []),
    Case("turned_beside_a_hand_that_stays", []),
    Case("turned_above_a_hand_that_hangs", []),
    Case("lamp", []),
    Case("hand_at_the_edge", []),
    Case("two_touching_hands", []),
]


def test_every_trace_is_in_the_table() -> None:
    """No trace lies about untested."""
    assert sorted(case.trace for case in CASES) == sorted(p.stem for p in TABLES.glob("*.txt"))


@pytest.mark.parametrize("jitter", [0.0, 0.5], ids=["even", "jitter"])
@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.trace)
def test_the_same_fires_at_any_rate(case: Case, rate: int, jitter: float) -> None:
    """A trace fires the same gestures at 5 and at 60 Hz, within one interval of the same time."""
    rows = read_trace(case.trace)
    times = moments(max(row.end for row in rows) + 1, rate, jitter, seed=rate)
    fired = [event for event in play(rows, times) if event.phase == "fire"]
    assert [(e.gesture, e.hand) for e in fired] == [(g, hand) for g, hand, _ in case.fires]
    late = [abs(e.time - about) for e, (_, _, about) in zip(fired, case.fires, strict=True)]
    interval = (1 + jitter) / rate
    # each later fire waits for a release first, which takes up to one interval more
    assert all(s <= interval * (1 + place) + 0.06 for place, s in enumerate(late)), late


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("trace", ["lamp", "hand_at_the_edge", "two_touching_hands"])
def test_only_the_guards_keep_these_from_firing(trace: str, rate: int) -> None:
    """With the guards off, each of the traces that they are there for fires at any rate."""
    rows = read_trace(trace)
    times = moments(max(row.end for row in rows) + 1, rate)
    events = play(rows, times, settings=GestureSettings(guards=ALL_OFF))
    assert "fire" in [event.phase for event in events]
