"""The recognition path: its pace, and that nothing that goes wrong in it goes further."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest

from vcam.core.binding import Binding
from vcam.core.event import Event
from vcam.core.frame import Frame, Image
from vcam.core.hand import Hand
from vcam.gestures.engine import GestureEngine
from vcam.gestures.guards.settings import GuardSettings
from vcam.gestures.settings import GestureSettings
from vcam.pipeline.recognition import RecognitionPath
from vcam.pipeline.recognition_thread import RecognitionThread
from vcam.system.clock import SystemClock
from vcam.vision.recognizer import Recognition
from vcam.vision.settings import RecognitionSettings

PALM = Hand((100, 100, 200, 200), 0.9, "palm", 0.95, "right", 0.95)


class ScriptedRecognizer:
    """Sees the hands that a test gives it; raises what it is told to raise."""

    def __init__(self, hands: Sequence[Hand] = ()) -> None:
        self.hands = tuple(hands)
        self.calls = 0
        self.error: Exception | None = None

    def recognize(self, image: Image) -> Recognition:
        """Return the scripted hands."""
        self.calls += 1
        if self.error:
            raise self.error
        return Recognition(self.hands, 1.0, 1.0)


@dataclass
class Inhibition:
    """What keeps gestures from firing, as a test says."""

    busy: str | None = None
    paused: bool = False


def _path(
    recognizer: ScriptedRecognizer, events: list[Event], inhibition: Inhibition | None = None
) -> RecognitionPath:
    engine = GestureEngine(GestureSettings(), [Binding("palm", "mic.mute")], {})
    settings = RecognitionSettings()
    return RecognitionPath(recognizer, engine, settings, [events.append], inhibition)


def _frame(seconds: float) -> Frame:
    image = np.full((480, 640, 3), 128, np.uint8)
    image[6, 6] = round(30 * seconds) % 256  # no camera gives the same picture twice
    return Frame(image, 100 + seconds)


def _play(path: RecognitionPath, seconds: float, fps: float) -> None:
    for number in range(int(seconds * fps)):
        frame = _frame(number / fps)
        if path.is_due(frame):
            path.process(frame)


@pytest.mark.parametrize("fps", [15, 25, 30, 60])
@pytest.mark.parametrize(("hands", "expected"), [((), 5), ((PALM,), 15)])
def test_recognition_is_slow_until_there_is_a_hand(
    fps: float, hands: tuple[Hand, ...], expected: float
) -> None:
    """Five frames a second while nothing is there, fifteen while a hand is, at any frame rate."""
    recognizer = ScriptedRecognizer(hands)
    _play(_path(recognizer, []), 4, fps)
    assert recognizer.calls / 4 == pytest.approx(expected, rel=0.2)


def test_event_times_begin_with_the_source() -> None:
    """Events tell seconds from the source's first frame, wherever its clock began."""
    events: list[Event] = []
    _play(_path(ScriptedRecognizer([PALM]), events), 2, 30)
    assert [event.phase for event in events] == ["begin", "fire"]
    assert events[0].time < 0.5
    assert 0.5 < events[1].time < 1.2


@pytest.mark.parametrize("guarded", [True, False])
def test_black_images_show_no_gestures(guarded: bool) -> None:
    """In a black picture no hand counts and the overlay says why, unless that guard is off."""
    events: list[Event] = []
    path = _path(ScriptedRecognizer([PALM]), events)
    path.apply_settings(GestureSettings(hold_ms=1500, guards=GuardSettings(picture=guarded)), [])
    for number in range(90):
        path.process(Frame(np.zeros((480, 640, 3), np.uint8), number / 30))
    assert ("fire" in [event.phase for event in events]) != guarded
    assert path.view.badges == (("CAMERA COVERED",) if guarded else ())


def test_the_view_says_when_gestures_are_armed() -> None:
    """After the arming gesture the overlay has a badge."""
    path = _path(ScriptedRecognizer([PALM]), [])
    path.apply_settings(GestureSettings(arm="palm"), [])
    _play(path, 2, 30)
    assert path.view.badges == ("ARMED",)


def test_what_the_person_does_is_asked_at_every_frame() -> None:
    """While the person types, a hold does not begin."""
    events: list[Event] = []
    path = _path(ScriptedRecognizer([PALM]), events, Inhibition(busy="typing"))
    _play(path, 2, 30)
    assert events == []
    assert path.view.hands[0].ignored == "typing"


def test_a_pause_is_asked_for_at_every_frame() -> None:
    """While paused nothing fires, and once it is over the same hand does."""
    events: list[Event] = []
    inhibition = Inhibition(paused=True)
    path = _path(ScriptedRecognizer([PALM]), events, inhibition)
    _play(path, 2, 30)
    assert events == []
    inhibition.paused = False
    for number in range(60, 120):
        frame = _frame(number / 30)
        if path.is_due(frame):
            path.process(frame)
    assert "fire" in [event.phase for event in events]


def test_the_last_answer_is_published() -> None:
    """What was looked at last, and what was seen in it, can be read from outside."""
    path = _path(ScriptedRecognizer([PALM]), [])
    frame = _frame(0)
    path.process(frame)
    assert path.image is frame.image
    assert path.hands == (PALM,)


def test_finish_ends_what_fired() -> None:
    """When the source ends, what fired ends too, so that no key stays down."""
    events: list[Event] = []
    path = _path(ScriptedRecognizer([PALM]), events)
    _play(path, 2, 30)
    path.finish(102.0)
    assert [event.phase for event in events] == ["begin", "fire", "end"]


@pytest.mark.logs_errors
def test_a_failure_is_reported_and_tried_again() -> None:
    """When recognition raises, the thread lives on, says so, and recovers by itself."""
    recognizer = ScriptedRecognizer([PALM])
    recognizer.error = ValueError("broken")
    beats: list[float] = []
    thread = RecognitionThread(_path(recognizer, []), SystemClock(), beats.append)
    thread.start()
    try:
        thread.frames.put(_frame(0))
        assert _comes_true(lambda: "broken" in (thread.trouble or ""))
        recognizer.error = None
        began = time.perf_counter()
        while thread.trouble and time.perf_counter() - began < 5:
            thread.frames.put(replace(_frame(0), time=100 + time.perf_counter() - began))
            time.sleep(0.02)
        assert thread.trouble is None
        assert beats
    finally:
        thread.stop()
    assert not thread.is_alive()


def _comes_true(condition: "object", seconds: float = 5) -> bool:
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        if condition():  # type: ignore[operator]  # any callable
            return True
        time.sleep(0.01)
    return False


def test_other_bindings_take_over_nothing_that_is_held() -> None:
    """A key that is down goes up, and a ring that fills begins again: neither was meant so."""
    events: list[Event] = []
    path = _path(ScriptedRecognizer([PALM]), events)
    for number in range(60):
        if number == 6:  # the ring is not full yet
            path.apply_settings(GestureSettings(), [Binding("palm", "hold:space")])
        if number == 40:
            path.apply_settings(GestureSettings(), [Binding("palm", "key:f9")])
        path.process(_frame(number / 15))
    reported = [(event.phase, event.action) for event in events]
    assert ("fire", "mic.mute") not in reported
    assert reported[1][0] == "cancel"
    fired = next(event for event in events if event.phase == "fire")
    assert fired.action == "hold:space"
    assert fired.time >= 6 / 15 + 0.6
    assert ("end", "hold:space") in reported
    assert ("fire", "key:f9") not in reported
