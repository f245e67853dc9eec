"""The rules around the hold: hands, pause, arming, size, people, gaps."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from vcam.core.binding import Binding
from vcam.core.event import Event
from vcam.core.hand import Hand, TrackedHand
from vcam.core.labels import Side
from vcam.gestures.engine import GestureEngine
from vcam.gestures.guards.settings import GuardSettings
from vcam.gestures.settings import GestureSettings

SIZE = (1280, 720)
Seen = tuple[int, str, Side | None, float]
"""Track, gesture, leading hand, size; a hand stands still at a place of its own."""


def tracked(seen: Seen, time: float) -> TrackedHand:
    """Return a hand that is seen at `time`."""
    track, gesture, side, size = seen
    box = (200.0 * track, 100.0, 200.0 * track + size, 100.0 + size)
    hand = Hand(box, 0.9, gesture, 0.95, side, 0.5 if side is None else 0.95)
    return TrackedHand(track, hand, seen=time, born=0.0)


def show(engine: GestureEngine, hands: Sequence[Seen], begin: float, end: float) -> list[Event]:
    """Show the same hands at 20 Hz from `begin` until before `end`, and return all events."""
    events: list[Event] = []
    for index in range(round(20 * (end - begin))):
        time = begin + index / 20
        events += engine.update([tracked(h, time) for h in hands], time, SIZE).events
    return events


def steps(events: Sequence[Event]) -> list[str]:
    """Return `phase gesture hand action` of each event."""
    return [f"{e.phase} {e.gesture} {e.hand} {e.action}" for e in events]


def fires(events: Sequence[Event]) -> list[str]:
    """Return `gesture hand action` of what fired."""
    return [f"{e.gesture} {e.hand} {e.action}" for e in events if e.phase == "fire"]


def engine(*bindings: Binding, **settings: object) -> GestureEngine:
    """Return a decider with these bindings."""
    return GestureEngine(GestureSettings(**settings), bindings, {})  # type: ignore[arg-type]


RIGHT_STOP: Seen = (1, "stop", "right", 150)
LEFT_STOP: Seen = (1, "stop", "left", 150)


def test_an_unbound_gesture_gives_events_without_action() -> None:
    """The demo and `--events` see gestures to which nothing is bound."""
    assert fires(show(engine(), [RIGHT_STOP], 0, 1)) == ["stop right None"]


def test_end_and_fire_name_the_same_action() -> None:
    """What fired ends with the action that it fired, also when the bindings changed since."""
    it = engine(Binding("stop", "hold:space"))
    events = show(it, [RIGHT_STOP], 0, 1)
    it.apply_bindings([Binding("stop", "mic.mute")])
    events += show(it, [], 1, 2)
    assert [e.action for e in events] == ["hold:space"] * 3


def test_a_binding_to_one_hand_beats_any() -> None:
    """The more exact binding wins, wherever it stands in the list."""
    bindings = Binding("stop", "mic.mute"), Binding("stop", "mic.unmute", hand="left")
    assert fires(show(engine(*bindings), [LEFT_STOP], 0, 1)) == ["stop left mic.unmute"]
    assert fires(show(engine(*bindings), [RIGHT_STOP], 0, 1)) == ["stop right mic.mute"]


def test_a_gesture_of_one_hand_waits_until_the_hand_is_confident() -> None:
    """Where left and right matter, an unknown hand fires nothing."""
    it = engine(Binding("stop", "mic.mute", hand="left"))
    assert show(it, [(1, "stop", None, 150)], 0, 2) == []


def test_a_binding_can_ask_for_its_own_hold_time() -> None:
    """`hold_ms` of a binding replaces the general one."""
    slow = show(engine(Binding("stop", "mic.mute", hold_ms=1500)), [RIGHT_STOP], 0, 3)
    quick = show(engine(Binding("stop", "mic.mute", hold_ms=0)), [RIGHT_STOP], 0, 3)
    begins, fired = slow[0].time, slow[1].time
    assert fired - begins == pytest.approx(1.5)
    assert quick[0].time == quick[1].time


def test_min_score_overrides_the_card() -> None:
    """With a least score in the settings, the thresholds of the card do not count."""
    strict = GestureEngine(GestureSettings(), [], {"stop": 0.99})
    assert show(strict, [RIGHT_STOP], 0, 2) == []
    loose = GestureEngine(GestureSettings(min_score=0.5), [], {"stop": 0.99})
    assert fires(show(loose, [RIGHT_STOP], 0, 2)) == ["stop right None"]


def test_only_resume_fires_while_paused() -> None:
    """A pause ends by the gesture that resumes, and by no other."""
    it = engine(Binding("stop", "mic.mute"), Binding("ok", "resume"))
    it.paused = True
    assert show(it, [RIGHT_STOP], 0, 2) == []
    assert fires(show(it, [(1, "ok", "right", 150)], 2, 4)) == ["ok right resume"]


def test_a_pause_calls_off_what_is_held() -> None:
    """A hold that is under way when the pause comes does not fire."""
    it = engine(Binding("stop", "mic.mute"))
    show(it, [RIGHT_STOP], 0, 0.5)
    it.paused = True
    assert steps(show(it, [RIGHT_STOP], 0.5, 2)) == ["cancel stop right mic.mute"]


def test_one_gesture_can_pause_and_resume() -> None:
    """The same gesture bound to both does the one that is possible now."""
    it = engine(Binding("ok", "pause"), Binding("ok", "resume"))
    assert fires(show(it, [(1, "ok", "right", 150)], 0, 1)) == ["ok right pause"]
    it.paused = True
    assert steps(show(it, [], 1, 2)) == ["end ok right pause"]
    assert fires(show(it, [(2, "ok", "right", 150)], 2, 3)) == ["ok right resume"]


def test_how_long_arming_lasts_can_be_set_and_is_reported() -> None:
    """`armed_s` says how long others count, and each decision says whether they do."""
    it = engine(arm="ok", armed_s=3.0)
    show(it, [(1, "ok", "right", 150)], 0, 1)
    assert it.update([], 1.0, SIZE).armed
    show(it, [], 1.05, 4.2)
    assert not it.update([], 4.2, SIZE).armed
    assert show(it, [(2, "stop", "right", 150)], 4.25, 6) == []


def test_the_panic_gesture_pauses_and_resumes_whatever_is_bound() -> None:
    """It needs no binding and no arming, beats what is bound to it, and is its own way back."""
    it = engine(Binding("rock", "mic.mute"), panic="rock", arm="ok")
    assert fires(show(it, [(1, "rock", "right", 150)], 0, 1)) == ["rock right pause"]
    it.paused = True
    assert steps(show(it, [], 1, 2)) == ["end rock right pause"]
    assert fires(show(it, [(2, "rock", "right", 150)], 2, 3)) == ["rock right resume"]


def test_a_pause_lets_go_of_what_is_held() -> None:
    """What had fired ends when the pause begins, and fires again only after it was released."""
    it = engine(Binding("fist", "hold:space"), panic="rock")
    fist: Seen = (1, "fist", "left", 150)
    assert fires(show(it, [fist], 0, 1)) == ["fist left hold:space"]
    show(it, [fist, (2, "rock", "right", 150)], 1, 2)
    it.paused = True
    assert steps(show(it, [fist, (2, "rock", "right", 150)], 2, 3)) == ["end fist left hold:space"]
    it.paused = False
    assert fires(show(it, [fist], 3, 5)) == []
    show(it, [], 5, 6)
    assert fires(show(it, [(3, "fist", "left", 150)], 6, 7.5)) == ["fist left hold:space"]


@pytest.mark.parametrize("busy", ["typing", "talking"])
def test_nothing_fires_while_the_person_is_busy(busy: str) -> None:
    """While busy nothing begins, a key that is held stays held, and panic still works."""
    it = engine(Binding("fist", "hold:space"), panic="rock")
    fist: Seen = (1, "fist", "left", 150)
    show(it, [fist], 0, 1)
    it.busy = busy
    assert show(it, [fist, (2, "stop", "right", 150)], 1, 3) == []
    rock: Seen = (2, "rock", "right", 150)
    assert steps(show(it, [fist, rock], 3, 4))[-1] == "fire rock right pause"


def test_the_arming_gesture_opens_ten_seconds() -> None:
    """With an arming gesture, others count only for ten seconds after it fired."""
    it = engine(arm="ok")
    ok: Seen = (1, "ok", "right", 150)
    assert show(it, [RIGHT_STOP], 0, 2) == []
    assert fires(show(it, [ok], 2, 3)) == ["ok right None"]
    show(it, [], 3, 4)
    assert fires(show(it, [(2, "stop", "right", 150)], 4, 6)) == ["stop right None"]
    show(it, [], 6, 14)
    assert show(it, [(3, "stop", "right", 150)], 14, 16) == []


def test_only_the_largest_hands_of_one_person_count() -> None:
    """With one person allowed, the two largest hands are evaluated, whoever was there first."""
    it = engine()
    small: list[Seen] = [(1, "no_gesture", None, 60), (2, "no_gesture", None, 60)]
    show(it, small, 0, 1)
    assert fires(show(it, [*small, (3, "stop", "left", 200)], 1, 2)) == ["stop left None"]
    assert fires(show(it, [*small, (4, "stop", "left", 30), (3, "ok", None, 200)], 2, 2.5)) == []


@pytest.mark.parametrize(("score", "count"), [(0.3, 1), (0.9, 0)])
def test_large_things_that_are_doubtful_keep_no_hand_from_being_considered(
    score: float, count: int
) -> None:
    """Two larger finds come first when they are confident, and last when they are not."""
    it = engine()
    fired = 0
    for index in range(20):
        time = index / 20
        larger = [tracked((track, "no_gesture", None, 300), time) for track in (2, 4)]
        doubted = [replace(t, hand=replace(t.hand, score=score)) for t in larger]
        events = it.update([tracked(RIGHT_STOP, time), *doubted], time, SIZE).events
        fired += sum(event.phase == "fire" for event in events)
    assert fired == count


@pytest.mark.parametrize(("still", "count"), [(True, 1), (False, 0)])
def test_large_things_that_stand_still_keep_no_hand_from_being_considered(
    still: bool, count: int
) -> None:
    """A lamp and a picture on the wall give way to a hand that comes, once they have not moved."""
    it = engine(guards=GuardSettings(still=still))
    things: list[Seen] = [(2, "no_gesture", None, 200), (4, "no_gesture", None, 200)]
    show(it, things, 0, 3)
    assert len(fires(show(it, [RIGHT_STOP, *things], 3, 4.5))) == count


def test_hands_that_rest_keep_their_place_before_hands_of_people_behind() -> None:
    """Two hands lie still on the table: what somebody farther away shows counts for nothing."""
    it = engine()
    resting: list[Seen] = [(2, "no_gesture", None, 250), (4, "no_gesture", None, 250)]
    show(it, resting, 0, 3)
    assert fires(show(it, [(1, "stop", "right", 90), *resting], 3, 4.5)) == []


def test_a_gesture_that_is_held_still_gives_way_to_nobody() -> None:
    """A hand that shows something does not lose its place for not moving."""
    it = engine(Binding("fist", "hold:space"))
    still: list[Seen] = [(1, "fist", "left", 150), (2, "no_gesture", None, 150)]
    assert fires(show(it, still, 0, 4)) == ["fist left hold:space"]
    assert steps(show(it, [*still, (3, "no_gesture", None, 140)], 4, 5)) == []


def test_fewer_people_end_what_others_fired() -> None:
    """A hand that is no longer considered leaves nothing open."""
    it = engine(max_people=2)
    hands: list[Seen] = [(1, "palm", "left", 200), (3, "palm", "right", 190)]
    third: Seen = (5, "fist", "left", 100)
    show(it, [*hands, third], 0, 1)
    it.apply_settings(GestureSettings(max_people=1))
    assert steps(show(it, [*hands, third], 1, 1.1)) == ["end fist left None"]


@pytest.mark.parametrize(("height", "count"), [(720, 1), (1440, 0)])
def test_small_hands_are_not_considered(height: int, count: int) -> None:
    """The least size is meant for a picture 720 pixels high and scales with it."""
    it = engine(min_hand_px=24)
    views = it.update([tracked((1, "stop", None, 30), 0.0)], 0.0, (1280, height)).hands
    assert len(views) == count


def test_a_stall_calls_everything_off() -> None:
    """After a second without word of the hands, holds are cancelled and what fired is ended."""
    it = engine()
    show(it, [RIGHT_STOP, (2, "fist", "left", 150)], 0, 0.5)
    (cancel_one, cancel_two) = it.update([tracked(RIGHT_STOP, 5.0)], 5.0, SIZE).events
    assert (cancel_one.phase, cancel_two.phase) == ("cancel", "cancel")


def test_time_that_goes_back_starts_afresh() -> None:
    """A clip that starts again ends what had fired, and fires again."""
    it = engine()
    show(it, [RIGHT_STOP], 100, 101)
    events = show(it, [(2, "stop", "right", 150)], 0, 1)
    assert [e.phase for e in events] == ["end", "begin", "fire"]


def test_cooldown_delays_the_next_gesture_of_a_hand() -> None:
    """After a fire, the same hand fires nothing else for the cooldown."""
    it = engine(cooldown_ms=3000)
    show(it, [RIGHT_STOP], 0, 1)
    events = show(it, [(1, "ok", "right", 150)], 1, 6)
    begin = next(e for e in events if e.phase == "begin")
    assert begin.time >= 3.5


def test_a_hold_is_called_off_when_the_hand_turns_out_to_be_the_other() -> None:
    """What began with the left hand does not fire with the right."""
    it = engine(hold_ms=2000)
    show(it, [LEFT_STOP], 0, 1)
    events = show(it, [RIGHT_STOP], 1, 6)
    reported = [(event.phase, event.hand) for event in events]
    assert reported == [("cancel", "left"), ("begin", "right"), ("fire", "right")]


def test_views_are_smoothed_and_show_progress() -> None:
    """The overlay gets the smoothed name and hand, the progress, and what will be done."""
    it = engine(Binding("stop", "mic.mute"))
    show(it, [RIGHT_STOP], 0, 0.5)
    odd = tracked((1, "palm", "left", 150), 0.5)
    (view,) = it.update([odd], 0.5, SIZE).hands
    assert (view.label, view.action) == ("stop", "mic.mute")
    assert view.tracked.hand.leading_hand == "right"
    assert 0.3 < view.progress < 1


def test_finish_closes_everything() -> None:
    """When the program stops, nothing stays open."""
    it = engine()
    show(it, [RIGHT_STOP], 0, 1)
    assert steps(it.finish(1.0)) == ["end stop right None"]
    assert it.finish(1.0) == ()


def test_events_carry_the_aim_of_their_binding() -> None:
    """The window that an action is meant for comes with each event; the JSON line has no such."""
    aimed = Binding("stop", "key:ctrl+d", "left", focus=("meet -",))
    free = Binding("stop", "mic.mute", "right")
    events = show(engine(aimed, free), [RIGHT_STOP, (2, "stop", "left", 150)], 0, 1)
    fired = {e.hand: e.focus for e in events if e.phase == "fire"}
    assert fired == {"left": ("meet -",), "right": ()}
    assert "meet" not in events[0].to_json()
