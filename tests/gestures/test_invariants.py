"""What holds for any trace, however wild."""

from hypothesis import given, settings
from hypothesis import strategies as st

from vcam.core.binding import Binding
from vcam.core.event import Event
from vcam.core.hand import Hand
from vcam.gestures.engine import GestureEngine
from vcam.gestures.settings import GestureSettings
from vcam.vision.tracker import Tracker

HANDS = st.builds(
    lambda x, y, size, gesture, score, side, confident: Hand(
        (x, y, x + size, y + size), 0.9, gesture, score, side, confident
    ),
    x=st.sampled_from([100.0, 130.0, 500.0, 900.0]),
    y=st.sampled_from([100.0, 110.0, 400.0]),
    size=st.sampled_from([20.0, 100.0, 150.0]),
    gesture=st.sampled_from(["stop", "palm", "fist", "no_gesture"]),
    score=st.sampled_from([0.3, 0.8, 0.99]),
    side=st.sampled_from(["left", "right", None]),
    confident=st.sampled_from([0.5, 0.7, 0.99]),
)
MOMENTS = st.tuples(
    st.sampled_from([0.0, 0.016, 0.05, 0.2, 0.3, 1.5, -0.7]),
    st.lists(HANDS, max_size=3),
    st.integers(1, 8),
)
"""Seconds since the moment before, hands, and for how many frames they stay."""


def play(trace: list[tuple[float, list[Hand], int]], it: GestureEngine) -> list[Event]:
    """Return all events of a trace, up to and with the end of the program."""
    tracker, time = Tracker(), 0.0
    events: list[Event] = []
    for gap, hands, frames in trace:
        for _ in range(frames):
            time += gap
            events += it.update(tracker.update(hands, time), time, (1280, 720)).events
    return [*events, *it.finish(time)]


@settings(max_examples=150, deadline=None)
@given(trace=st.lists(MOMENTS, max_size=25), hold_ms=st.sampled_from([0, 200, 600]))
def test_every_begin_and_every_fire_is_closed_once(
    trace: list[tuple[float, list[Hand], int]], hold_ms: int
) -> None:
    """Each begin leads to one cancel or fire, each fire to one end, and nothing stays open."""
    bindings = Binding("stop", "mic.mute"), Binding("palm", "key:a", hand="left", hold_ms=100)
    it = GestureEngine(
        GestureSettings(hold_ms=hold_ms, release_ms=100, cooldown_ms=0), bindings, {}
    )
    may_follow = {
        None: {"begin"},
        "begin": {"cancel", "fire"},
        "fire": {"end"},
        "cancel": {"begin"},
        "end": {"begin"},
    }
    last: dict[int, Event] = {}
    for event in play(trace, it):
        before = last.get(event.track)
        assert event.phase in may_follow[before.phase if before else None]
        if before and event.phase != "begin":
            assert before.gesture == event.gesture
        if before and event.phase == "end":
            assert (before.hand, before.action) == (event.hand, event.action)
        last[event.track] = event
    assert all(event.phase in ("cancel", "end") for event in last.values())


@settings(max_examples=50, deadline=None)
@given(trace=st.lists(MOMENTS, max_size=15))
def test_the_same_trace_gives_the_same_events(
    trace: list[tuple[float, list[Hand], int]],
) -> None:
    """Deciding has no clock and no chance in it."""
    first = play(trace, GestureEngine(GestureSettings(), [], {}))
    assert play(trace, GestureEngine(GestureSettings(), [], {})) == first
