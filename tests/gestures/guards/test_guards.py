"""Truth tables of the guards, each switched on and off."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pytest

from vcam.core.event import Event
from vcam.core.hand import Hand, TrackedHand
from vcam.core.view import HandView
from vcam.gestures.engine import GestureEngine
from vcam.gestures.guards.face import hides_a_face
from vcam.gestures.guards.out_of_frame import CutHands
from vcam.gestures.guards.overlapping import TouchingHands
from vcam.gestures.guards.settings import ALL_OFF, GuardSettings
from vcam.gestures.guards.stationary import StationaryThings
from vcam.gestures.settings import GestureSettings

SIZE = (1280, 720)
Scene = Callable[[float], list[TrackedHand]]
"""What is in sight at a time in seconds."""


def hand(
    x: float = 400.0, y: float = 300.0, gesture: str = "stop", score: float = 0.8, side: float = 150
) -> Hand:
    """Return a hand whose box has its upper left corner at x, y."""
    return Hand((x, y, x + side, y + side), score, gesture, 0.95, "right", 0.95)


def tracked(shown: Hand, time: float, track: int = 1, born: float = 0.0) -> TrackedHand:
    """Return a hand that is seen at `time`."""
    return TrackedHand(track, shown, seen=time, born=born)


def play(
    scene: Scene, until: float, settings: GestureSettings, rate: float = 20
) -> tuple[list[Event], tuple[HandView, ...]]:
    """Return the events of a scene and its last views."""
    engine = GestureEngine(settings, (), {})
    events: list[Event] = []
    views: tuple[HandView, ...] = ()
    for index in range(round(until * rate)):
        decision = engine.update(scene(index / rate), index / rate, SIZE)
        events += decision.events
        views = decision.hands
    return events, views


def fires(scene: Scene, until: float, guards: GuardSettings, hold_ms: int = 600) -> list[float]:
    """Return when something fires."""
    events, _ = play(scene, until, GestureSettings(hold_ms=hold_ms, guards=guards))
    return [event.time for event in events if event.phase == "fire"]


def cut_hand(time: float) -> list[TrackedHand]:
    """Return a hand that the upper edge cuts."""
    return [tracked(hand(y=-6.0), time)]


def clasped_hands(time: float) -> list[TrackedHand]:
    """Return a hand with another on it."""
    other = hand(x=480.0, y=360.0, gesture="no_gesture")
    return [tracked(hand(), time), tracked(other, time, track=2)]


def hand_at_a_face(time: float) -> list[TrackedHand]:
    """Return a hand with a face behind it."""
    return [tracked(replace(hand(), before_face=True), time)]


def doubtful_detection(time: float) -> list[TrackedHand]:
    """Return something that the detector half doubts, but for a moment now and then."""
    score = 0.6 if 0.2 < time % 0.5 < 0.249 else 0.33
    return [tracked(hand(score=score), time)]


def lamp(time: float) -> list[TrackedHand]:
    """Return a thing that has stood there for three seconds when it seems to show something."""
    wobble = 3.0 * (round(20 * time) % 3 - 1)
    return [tracked(hand(x=400 + wobble, gesture="stop" if time >= 3 else "no_gesture"), time)]


def logo(time: float) -> list[TrackedHand]:
    """Return a hand whose pixels never change; somebody passes before it after three seconds."""
    motion = 60.0 if 3.0 <= time < 3.6 else 0.0
    return [tracked(replace(hand(), motion=motion), time)]


def hand_in_the_lap(time: float) -> list[TrackedHand]:
    """Return a hand that lies at the lower edge."""
    return [tracked(hand(y=560.0), time)]


def pair_that_talks(time: float) -> list[TrackedHand]:
    """Return a hand beside another one that waves at the same height."""
    other = hand(x=800.0 + 120 * math.sin(8 * time), gesture="no_gesture")
    return [tracked(hand(), time), tracked(other, time, track=2)]


def same_twice(time: float) -> list[TrackedHand]:
    """Return two hands that show the same."""
    return [tracked(hand(), time), tracked(hand(x=800.0), time, track=2)]


@dataclass(frozen=True)
class Case:
    """A scene that one guard does not believe, and that guard alone."""

    scene: Scene
    only: GuardSettings
    fires_at: float


CASES = {
    "cut": Case(cut_hand, replace(ALL_OFF, cut=True), 0.8),
    "clasped": Case(clasped_hands, replace(ALL_OFF, clasped=True), 0.8),
    "face": Case(hand_at_a_face, replace(ALL_OFF, face=True), 0.8),
    "doubtful": Case(doubtful_detection, replace(ALL_OFF, find_score=0.4), 0.8),
    "still": Case(lamp, replace(ALL_OFF, still=True), 3.8),
    "lifeless": Case(logo, replace(ALL_OFF, still=True), 0.8),
    "low": Case(hand_in_the_lap, replace(ALL_OFF, low=True), 0.8),
    "both": Case(pair_that_talks, replace(ALL_OFF, both=True), 0.8),
}


@pytest.mark.parametrize("name", CASES)
def test_a_guard_keeps_its_scene_from_firing(name: str) -> None:
    """Each guard alone keeps what it is there for from firing, as all of them do together."""
    case = CASES[name]
    assert fires(case.scene, 5, case.only) == []
    assert fires(case.scene, 5, GuardSettings()) == []


@pytest.mark.parametrize("name", CASES)
def test_a_guard_that_is_off_lets_it_fire(name: str) -> None:
    """With all guards off the same scene fires once, a little after the hold time."""
    case = CASES[name]
    assert fires(case.scene, 5, ALL_OFF) == [pytest.approx(case.fires_at, abs=0.15)]


@pytest.mark.parametrize("name", ["cut", "clasped", "face", "doubtful", "lifeless", "low", "both"])
def test_the_view_says_why_nothing_counts(name: str) -> None:
    """The overlay is told which guard does not believe a gesture that is shown."""
    _, views = play(CASES[name].scene, 1, GestureSettings())
    assert name in [view.ignored for view in views]


def test_a_raised_hand_is_believed() -> None:
    """With every guard on, a hand that is raised and held fires once, and without delay."""

    def raised(time: float) -> list[TrackedHand]:
        return [tracked(hand(y=300 + max(0.0, 400 - 1000 * time)), time)]

    assert fires(raised, 4, GuardSettings()) == fires(raised, 4, ALL_OFF)
    assert len(fires(raised, 4, ALL_OFF)) == 1


@pytest.mark.parametrize(
    ("guards", "earliest"), [(GuardSettings(), 1.0), (ALL_OFF, 0.0)], ids=["on", "off"]
)
def test_a_hand_that_comes_in_motion_fires_nothing_at_first(
    guards: GuardSettings, earliest: float
) -> None:
    """However short the hold, nothing fires in the first second of a hand that came in motion."""

    def hasty(time: float) -> list[TrackedHand]:
        return [tracked(hand(y=300 + max(0.0, 200 - 1000 * time)), time)]

    (fired,) = fires(hasty, 3, guards, hold_ms=100)
    assert fired >= earliest
    assert fired < earliest + 0.9


def test_a_hand_that_is_there_already_fires_at_once() -> None:
    """A hand that is not in motion when it comes into sight need not wait a second."""
    assert fires(lambda time: [tracked(hand(), time)], 3, GuardSettings(), hold_ms=100)[0] < 0.5


def test_what_has_fired_is_left_alone() -> None:
    """A key that is held down does not flutter when the hand wanders to the edge."""

    def wandering(time: float) -> list[TrackedHand]:
        return [tracked(hand(y=max(-20.0, 300 - 100 * time)), time)]

    events, _ = play(wandering, 5, GestureSettings())
    assert [event.phase for event in events] == ["begin", "fire"]


@pytest.mark.parametrize(
    ("edges", "cut"),
    [
        pytest.param([10], False, id="inside"),
        pytest.param([-2], False, id="touches"),
        pytest.param([-5], True, id="over-the-edge"),
        pytest.param([-5, -1, 3], True, id="swims-at-the-edge"),
        pytest.param([-5, 7], False, id="comes-in"),
    ],
)
@pytest.mark.parametrize("edge", ["left", "top", "right", "bottom"])
def test_which_hands_are_cut(edges: Sequence[float], edge: str, cut: bool) -> None:
    """A hand of 100 pixels is cut when it is over any edge, until it is well inside again."""
    cuts = CutHands()
    for inside in edges:
        x = {"left": inside, "right": 1280 - 100 - inside}.get(edge, 500)
        y = {"top": inside, "bottom": 720 - 100 - inside}.get(edge, 300)
        it = tracked(hand(x, y, side=100), 0.0)
        cuts.update([it], SIZE)
    assert cuts.is_cut(it) == cut


@pytest.mark.parametrize(
    ("x", "y", "touch", "hold"),
    [
        (500, 300, True, True),
        (400, 440, True, True),
        (551, 300, False, True),
        (400, 470, False, True),
        (610, 300, False, False),
        (700, 600, False, False),
    ],
)
def test_which_hands_touch(x: float, y: float, touch: bool, hold: bool) -> None:
    """Hands touch when their boxes overlap, and may hold one thing when they nearly do."""

    def touching(other: Hand) -> tuple[bool, bool]:
        hands, one = TouchingHands(), tracked(shown, 0.0)
        hands.update([one, tracked(other, 0.0, track=2)], 0.0)
        return hands.touches(one), hands.holds(one)

    shown = hand()
    assert touching(hand(x, y)) == (touch, hold)
    assert touching(hand(x, y, score=0.4)) == (False, False)  # what is doubtful touches nothing
    assert touching(hand(x, y, side=50)) == (False, False)  # nor does a watch


def test_two_hands_that_let_go_of_a_thing_are_free_soon() -> None:
    """Boxes swim to and fro: what was held a moment ago is held still, and then no more."""
    hands, one = TouchingHands(), tracked(hand(), 0.0)
    hands.update([one, tracked(hand(x=560), 0.0, track=2)], 0.0)
    held = []
    for time in (0.2, 0.4, 0.6):
        hands.update([tracked(hand(), time), tracked(hand(x=900), time, track=2)], time)
        held.append(hands.holds(one))
    assert held == [True, True, False]


def test_some_gestures_belong_at_the_face() -> None:
    """`mute` and `call` count in front of a face; others do not, and all count elsewhere."""
    at_face = replace(hand(), before_face=True)
    reported = {name: hides_a_face(at_face, name) for name in ("mute", "call", "fist", "stop")}
    assert reported == {"mute": False, "call": False, "fist": True, "stop": True}
    assert not hides_a_face(hand(), "fist")


@pytest.mark.parametrize(
    ("places", "thing"),
    [
        pytest.param([400, 404, 398, 402, 400, 404, 398], True, id="stood-still"),
        pytest.param([400, 404, 398], False, id="not-for-long"),
        pytest.param([400, 404, 398, 440, 400, 404, 398], False, id="moved-and-came-back"),
        pytest.param([400, 404, 398, 900, 400, 404, 398], False, id="gone-for-a-second"),
    ],
)
def test_which_things_are_still(places: Sequence[float], thing: bool) -> None:
    """What is within a tenth of its size for 2.5 s is a thing, unless it was out of sight."""
    things = StationaryThings()
    for index, x in enumerate(places):
        things.update([tracked(hand(x=x), index / 2)], index / 2)
    assert things.is_thing(tracked(hand(x=places[-1]), 0.0), (len(places) - 1) / 2) == thing


@pytest.mark.parametrize("rate", [5, 10, 15, 30, 60])
@pytest.mark.parametrize("hold_ms", [0, 100, 600])
def test_what_never_moves_never_fires(rate: float, hold_ms: int) -> None:
    """A logo fires nothing from the first moment on, however short the hold, at any rate."""
    settings = GestureSettings(hold_ms=hold_ms)
    events, _ = play(logo, 6, settings, rate)
    assert "fire" not in [event.phase for event in events]


@pytest.mark.parametrize("rate", [5, 10, 15, 30, 60])
def test_a_hand_that_trembles_fires_in_time(rate: float) -> None:
    """A hand is believed as soon as it is known to move, which takes none of its hold time."""

    def trembling(time: float) -> list[TrackedHand]:
        return [tracked(replace(hand(), motion=12.0 if time >= 0.3 else 0.0), time)]

    events, _ = play(trembling, 3, GestureSettings(), rate)
    (fired,) = [event.time for event in events if event.phase == "fire"]
    assert fired <= 0.8 + 2 / rate


def test_a_hand_that_comes_to_a_dead_place_is_believed() -> None:
    """Where a poster hung, a hand that is raised in front of it fires."""

    def raised_before_it(time: float) -> list[TrackedHand]:
        if time < 4:
            return [tracked(replace(hand(), motion=0.0), time)]
        y = 300 + max(0.0, 300 - 800 * (time - 4.2))
        return [tracked(replace(hand(y=y), motion=30.0), time, track=2, born=4.0)]

    events, _ = play(raised_before_it, 7, GestureSettings())
    assert [event.track for event in events if event.phase == "fire"] == [2]


def test_two_hands_that_show_the_same_fire_nothing() -> None:
    """Spread hands come in pairs when people talk; bound to both hands, or to each, they count."""
    assert fires(same_twice, 4, GuardSettings()) == []
    assert len(fires(same_twice, 4, ALL_OFF)) == 2


def test_a_swipe_that_ends_at_the_lower_edge_or_in_company_is_none() -> None:
    """Hands that part, and those that fall into the lap, do not swipe; a hand alone does."""

    def swiping(time: float, way: float = 1.0) -> Hand:
        return hand(x=200 + 400 * way * min(max(0.0, (time - 1.0) / 0.3), 1.0))

    def alone(time: float) -> list[TrackedHand]:
        return [tracked(swiping(time), time)]

    def parting(time: float) -> list[TrackedHand]:
        other = hand(x=1100 - 200 * min(max(0.0, (time - 1.0) / 0.3), 1.0), gesture="no_gesture")
        return [*alone(time), tracked(other, time, track=2)]

    def falling(time: float) -> list[TrackedHand]:
        shown = swiping(time)
        left, top, right, bottom = shown.box_xyxy
        low = replace(shown, box_xyxy=(left, top + 270, right, bottom + 270))
        return [tracked(low, time)]

    def swipes(scene: Scene) -> list[str]:
        events, _ = play(scene, 2.5, GestureSettings(hold_ms=5000), 30)
        return [event.gesture for event in events if event.phase == "fire"]

    assert [swipes(scene) for scene in (alone, parting, falling)] == [["swipe_left"], [], []]
