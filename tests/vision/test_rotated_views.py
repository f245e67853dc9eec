"""Looking at the picture turned, for hands that lie sideways or hang down."""

import cv2
import numpy as np
import pytest

from vcam.core.event import Event
from vcam.core.frame import Image
from vcam.core.hand import Hand, TrackedHand
from vcam.core.labels import NO_GESTURE, ORIENTATIONS
from vcam.gestures.engine import GestureEngine
from vcam.gestures.settings import GestureSettings
from vcam.vision.rotated_views import (
    FIRST_TRACK,
    ROTATIONS,
    RotatedViews,
    Rotation,
    hands_in_rotated,
)

UP = (0.9, 0.04, 0.03, 0.03)
SIZE = (1280, 720)


class Arrow:
    """Takes the brightest place for an upright hand, wherever it is in the picture it is shown."""

    def __init__(self, gesture: str = "palm", score: float = 0.8) -> None:
        self.gesture, self.score = gesture, score
        self.shapes: list[tuple[int, ...]] = []

    def __call__(self, image: Image) -> list[Hand]:
        self.shapes.append(image.shape[:2])
        rows, columns = np.nonzero(image[..., 0] > 128)
        if not len(rows):
            return []
        box = (float(columns.min()), float(rows.min()), columns.max() + 1.0, rows.max() + 1.0)
        return [Hand(box, self.score, self.gesture, 0.9, "left", 0.9, UP)]


def arrow_image(x: int, y: int) -> Image:
    """Return a dark picture, 1280x720, with a bright place of 120x60 from x, y on."""
    image = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
    cv2.rectangle(image, (x, y), (x + 119, y + 59), (255, 255, 255), -1)
    return image


@pytest.mark.parametrize("turn", ROTATIONS, ids=lambda turn: turn.points)
def test_hands_are_reported_where_they_are(turn: Rotation) -> None:
    """Boxes come back in the picture's own pixels, with where the hand points, and no gesture."""
    recognizer = Arrow()
    (hand,) = hands_in_rotated(recognizer, arrow_image(200, 100), turn)
    assert hand.box_xyxy == pytest.approx((200, 100, 320, 160), abs=3)
    assert hand.gesture == NO_GESTURE
    assert hand.orientation == tuple(float(each == turn.points) for each in ORIENTATIONS)
    assert max(recognizer.shapes[0]) <= 640


@pytest.mark.parametrize(("turn", "count"), [*zip(ROTATIONS, (1, 1, 0), strict=True)])
def test_two_spread_fingers_swipe_sideways_alone(turn: Rotation, count: int) -> None:
    """Whoever swipes left and right with two fingers need not keep them together."""
    found = [*hands_in_rotated(Arrow(gesture="peace_inverted"), arrow_image(200, 100), turn)]
    assert len(found) == count


@pytest.mark.parametrize(
    "recognizer", [Arrow(gesture="fist"), Arrow(gesture=NO_GESTURE), Arrow(score=0.2)]
)
def test_what_does_not_swipe_is_left_out(recognizer: Arrow) -> None:
    """Fists, hands that show nothing and doubtful finds are none of its business."""
    assert not [*hands_in_rotated(recognizer, arrow_image(200, 100), ROTATIONS[0])]


def test_every_other_frame_goes_where_a_hand_was() -> None:
    """Without hands all turns have their turn; the one in which a hand is comes twice as often."""
    seen: list[int] = []

    def wide_or_high(image: Image) -> list[Hand]:
        seen.append(int(image[0, 0, 0] > 128))
        return Arrow()(image) if seen[-1] else []

    views = RotatedViews(wide_or_high)
    corner = arrow_image(0, 660)  # the lower left corner is the upper left one of the first turn
    for index in range(13):
        tracks = views.detect(corner, index / 15)
    assert seen == [1, 1, 0, 1, 0, 1, 1, 1, 0, 1, 0, 1, 1]
    assert [(t.track, t.hand.orientation) for t in tracks] == [(FIRST_TRACK, (0.0, 0.0, 0.0, 1.0))]


def lying(x: float, points: str, time: float, track: int) -> TrackedHand:
    """Return a hand of 100 pixels that lies sideways."""
    way = tuple(float(each == points) for each in ORIENTATIONS)
    hand = Hand((x - 50, 250, x + 50, 350), 0.7, NO_GESTURE, 0.0, "left", 0.9, way)
    return TrackedHand(FIRST_TRACK + track, hand, time, 0.0)


def test_hands_that_lie_swipe() -> None:
    """A hand that lies one way and then, farther along, the other way swipes once; no box shows."""
    engine = GestureEngine(GestureSettings(), (), {})
    events: list[Event] = []
    for index in range(20):
        time = index / 15
        there = lying(200, "left", time, 0) if time < 0.6 else lying(500, "right", time, 1)
        decision = engine.update([], time, SIZE, [] if 0.6 <= time < 0.8 else [there])
        events += decision.events
        assert decision.hands == ()
    assert [event.gesture for event in events if event.phase == "fire"] == ["swipe_left"]


def test_turned_hands_keep_no_other_from_firing() -> None:
    """A hand that is seen both ways is clasped by nobody: its gesture fires as ever."""
    engine = GestureEngine(GestureSettings(), (), {"palm": 0.5})
    events: list[Event] = []
    for index in range(30):
        time = index / 15
        turned = lying(600, "left", time, 0)
        palm = Hand(turned.hand.box_xyxy, 0.9, "palm", 0.9, "left", 0.9, UP)
        events += engine.update([TrackedHand(1, palm, time, 0.0)], time, SIZE, [turned]).events
    assert [event.gesture for event in events if event.phase == "fire"] == ["palm"]


@pytest.mark.parametrize("rate", [5, 15])
def test_two_hands_that_lie_at_once_are_no_swipe(rate: int) -> None:
    """Hands that rest beside each other are seen in turns, and have still not moved."""

    def both(image: Image) -> list[Hand]:
        count, _, stats, _ = cv2.connectedComponentsWithStats(
            (image[..., 0] > 128).astype(np.uint8)
        )
        boxes = [tuple(map(float, stats[each, :4])) for each in range(1, count)]
        return [
            Hand((x, y, x + w, y + h), 0.8, "palm", 0.9, "left", 0.9, UP) for x, y, w, h in boxes
        ]

    views, engine = RotatedViews(both), GestureEngine(GestureSettings(), (), {})
    image = cv2.max(arrow_image(300, 300), arrow_image(700, 300)).astype(np.uint8)
    events: list[Event] = []
    for index in range(4 * rate):
        time = index / rate
        events += engine.update([], time, SIZE, views.detect(image, time)).events
    assert events == []


@pytest.mark.parametrize("later", [-10.0, 10.0])
def test_after_a_break_nothing_is_remembered(later: float) -> None:
    """What was seen before the camera was covered, or before a clip began again, is not there."""
    views = RotatedViews(Arrow())
    views.detect(arrow_image(200, 100), 20.0)
    views.detect(arrow_image(200, 100), 20.1)
    dark = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
    assert not [t for i in range(6) for t in views.detect(dark, 20.1 + later + i / 15)]


@pytest.mark.parametrize("turn", ROTATIONS, ids=lambda turn: turn.points)
def test_mirrored_hands_are_where_they_are(turn: Rotation) -> None:
    """In the mirror a left hand looks like a right one; the place is the same."""
    (hand,) = hands_in_rotated(Arrow(), arrow_image(200, 100), turn, mirrored=True)
    assert hand.box_xyxy == pytest.approx((200, 100, 320, 160), abs=3)
    assert hand.leading_hand == "right"


def test_what_is_awaited_is_searched_for() -> None:
    """When an upright hand has gone, two of three frames wait for it to hang, for a second."""
    recognizer = Arrow()
    views, nobody = RotatedViews(recognizer), arrow_image(200, 100) * 0
    palm = Hand((100, 100, 200, 200), 0.9, "palm", 0.9, "left", 0.9, UP)
    for index in range(6):
        views.detect(nobody, index / 15, [palm])
        assert views.awaits(index / 15) is None
    recognizer.shapes.clear()
    for index in range(6, 15):
        views.detect(nobody, index / 15)
        assert views.awaits(index / 15) == "down"
    assert sum(wide > high for high, wide in recognizer.shapes) >= 12  # both ways
    views.detect(nobody, 2.0)
    assert views.awaits(2.0) is None


def test_a_faint_hand_is_found_where_it_is_awaited() -> None:
    """A score that is too low for a find out of nowhere is enough for one that may well come."""
    palm = Hand((100, 100, 200, 200), 0.9, "palm", 0.9, "left", 0.9, UP)
    for upright, there in (([palm], True), ([], False)):
        views = RotatedViews(Arrow(score=0.25))
        views.detect(arrow_image(200, 100), 0.0, upright)
        found = [views.detect(arrow_image(200, 100), (index + 1) / 15) for index in range(6)]
        assert any(found) is there


def _swipes_up(hanging_s: float) -> list[str]:
    """Return what fires when a hand hangs for so long and is then held up, 15 frames a second."""
    engine = GestureEngine(GestureSettings(hold_ms=5000), (), {})
    fired: list[Event] = []
    for index in range(30):
        time = index / 15
        way = tuple(float(each == "down") for each in ORIENTATIONS)
        hangs = Hand((550, 450, 650, 550), 0.7, NO_GESTURE, 0.0, "left", 0.9, way)
        stands = Hand((550, 250, 650, 350), 0.9, "palm", 0.9, "left", 0.9, UP)
        turned = [TrackedHand(FIRST_TRACK, hangs, time, 0.0)] if time <= hanging_s else []
        tracks = [TrackedHand(1, stands, time, 0.0)] if time >= hanging_s + 0.3 else []
        fired += engine.update(tracks, time, SIZE, turned).events
    return [event.gesture for event in fired if event.phase == "fire"]


def test_a_hand_that_is_raised_is_no_swipe() -> None:
    """A hand that hung for a moment on its way up does not swipe; one that waited there does."""
    assert _swipes_up(0.14) == []
    assert _swipes_up(0.5) == ["swipe_up"]


def test_a_rest_counts_from_the_first_frame() -> None:
    """A hand's first speed says what it did since it was seen: three sights of it are a rest."""
    engine = GestureEngine(GestureSettings(), (), {})
    events: list[Event] = []
    for index in range(15):
        time = index / 15
        there = [lying(200, "left", time, 0)] if index < 7 else [lying(500, "right", time, 1)]
        there = there if index not in (7, 8) and index < 12 else []  # three looks at the end
        events += engine.update([], time, SIZE, there).events
    assert [event.gesture for event in events if event.phase == "fire"] == ["swipe_left"]
