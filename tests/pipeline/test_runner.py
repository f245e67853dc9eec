"""Video never waits for recognition."""

import itertools
import threading
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from tests.fakes.camera import Delay, ScriptedCamera, Step, make_frames
from tests.fakes.output import RecordingOutput
from vcam.camera.camera import Camera
from vcam.core.frame import Frame, Image
from vcam.errors import CameraError
from vcam.gestures.engine import GestureEngine
from vcam.gestures.settings import GestureSettings
from vcam.overlay.settings import OverlaySettings
from vcam.pipeline.capture import CaptureThread
from vcam.pipeline.recognition import RecognitionPath
from vcam.pipeline.recognition_thread import RecognitionThread
from vcam.pipeline.runner import Film, Pace, run_every_frame, run_live
from vcam.pipeline.state import ProgramState
from vcam.pipeline.video import VideoPath
from vcam.system.clock import SteppedClock, SystemClock
from vcam.vision.recognizer import Recognition
from vcam.vision.settings import RecognitionSettings

pytestmark = pytest.mark.alone  # gaps between images are measured
FPS = 30.0
SIZE = (320, 240)


class SlowRecognizer:
    """Takes its time over every picture."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.calls = 0

    def recognize(self, image: Image) -> Recognition:
        """Wait, and see nothing."""
        self.calls += 1
        time.sleep(self.seconds)
        return Recognition((), 0.0, 0.0)


class TimedOutput(RecordingOutput):
    """Remembers when it was sent each image, and when all has come that a test waits for."""

    def __init__(self, until: Callable[["TimedOutput"], bool], *, private: bool = False) -> None:
        super().__init__(private=private)
        self.sent_at: list[float] = []
        self.done = threading.Event()
        self._until = until

    def send(self, image: Image, time: float) -> None:
        """Note the time."""
        super().send(image, time)
        self.sent_at.append(SystemClock().now())
        if self._until(self):
            self.done.set()

    @property
    def gaps(self) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
        """Seconds between pictures."""
        return np.diff(self.sent_at)


def _live_script(seconds: float) -> Iterator[Step]:
    """A camera that gives a new picture every thirtieth of a second of the real clock."""
    began = time.perf_counter()
    for number in range(int(seconds * FPS)):
        yield Delay(max(0.0, began + number / FPS - time.perf_counter()))
        image = make_frames(1, size=SIZE)[0].image
        yield Frame(image, time.perf_counter(), number)


def _run(
    camera: Camera,
    recognizer: SlowRecognizer,
    seconds: float,
    reopen: object = None,
    *,
    private: bool = False,
    until: Callable[[TimedOutput], bool] = lambda _: False,
) -> TimedOutput:
    """Run for that many seconds, or until what came out is so; return what came out."""
    clock, output = SystemClock(), TimedOutput(until, private=private)
    state = ProgramState(clock, lambda name: None)
    video = VideoPath([output], SIZE, OverlaySettings(), state)
    engine = GestureEngine(GestureSettings(), [], {})
    path = RecognitionPath(recognizer, engine, RecognitionSettings())
    threading.Timer(seconds, output.done.set).start()
    capture = CaptureThread(camera, reopen or (lambda: camera), clock)  # type: ignore[arg-type]  # a factory
    recognition = RecognitionThread(path, clock, lambda now: None)
    run_live(capture, recognition, path, video, Pace(clock, FPS, output.done))
    return output


@pytest.mark.parametrize("seconds_a_call", [0.0, 0.3])
def test_frames_keep_their_rate(seconds_a_call: float) -> None:
    """With recognition that takes 300 ms a frame, pictures go out as if it took none."""
    recognizer = SlowRecognizer(seconds_a_call)
    output = _run(ScriptedCamera(_live_script(3), size=SIZE, live=True), recognizer, 2.5)
    assert len(output.images) >= 2.5 * FPS * 0.85
    assert np.percentile(output.gaps, 95) < 0.1
    assert recognizer.calls >= 4


def test_recognition_skips_what_it_has_no_time_for() -> None:
    """A slow recogniser sees fewer frames; none are queued for it."""
    recognizer = SlowRecognizer(0.3)
    _run(ScriptedCamera(_live_script(3), size=SIZE, live=True), recognizer, 2)
    assert recognizer.calls <= 8


def test_a_recognizer_that_hangs_does_not_stop_the_image() -> None:
    """While recognition hangs, pictures go on, and the person is told, not the call."""
    camera = ScriptedCamera(_live_script(4), size=SIZE, live=True)
    output = _run(camera, SlowRecognizer(2.5), 3, private=True)
    assert np.max(output.gaps) < 0.2
    first, last = output.images[10], output.images[int(2.2 * FPS)]
    assert not np.array_equal(first, last), "the warning is not drawn"


def test_a_camera_that_breaks_comes_back() -> None:
    """When the camera is unplugged, a card is sent instead, and the picture comes back with it."""
    first = ScriptedCamera(_live_script(0.5), size=SIZE, live=True)
    second = ScriptedCamera(_live_script(60), size=SIZE, live=True)
    live_image = make_frames(1, size=SIZE)[0].image

    def runs(output: TimedOutput) -> list[bool]:
        same = [np.array_equal(image, live_image) for image in output.images]
        return [live for live, _ in itertools.groupby(same)]

    back = lambda output: len(runs(output)) == 3  # noqa: E731  # one line
    output = _run(first, SlowRecognizer(0), 10, reopen=lambda: second, until=back)
    assert np.max(output.gaps) < 0.3
    assert runs(output) == [True, False, True]


def test_a_camera_that_freezes_is_shown_as_away() -> None:
    """A camera that gives nothing for a while without an error is covered by a card."""
    frozen = itertools.chain(_live_script(0.5), [Delay(2.0)], _live_script(1))
    output = _run(ScriptedCamera(frozen, size=SIZE, live=True), SlowRecognizer(0), 2)
    live_image = make_frames(1, size=SIZE)[0].image
    assert not np.array_equal(output.images[-1], live_image)
    assert np.max(output.gaps) < 0.3


def test_a_camera_of_another_size_keeps_the_size_of_the_call() -> None:
    """When a camera comes back with other dimensions, what goes out keeps its own."""
    first = ScriptedCamera(make_frames(3, size=SIZE), size=SIZE, live=True)
    given = []

    def script() -> Iterator[Step]:
        for frame in make_frames(60, size=(640, 480)):
            yield Delay(0.03)
            given.append(frame.time)
            yield frame

    larger = ScriptedCamera(script(), size=(640, 480), live=True)
    enough = lambda _: len(given) > 10  # noqa: E731  # one line
    output = _run(first, SlowRecognizer(0), 10, reopen=lambda: larger, until=enough)
    assert len(given) > 10
    assert {image.shape for image in output.images} == {(SIZE[1], SIZE[0], 3)}


def test_a_reopened_camera_may_fail_again() -> None:
    """As long as the camera cannot be opened, the card stays and nothing is thrown."""
    tries = []

    def cannot() -> Camera:
        tries.append(time.perf_counter())
        raise CameraError("There is no camera: plug one in.")

    broken = ScriptedCamera(make_frames(2, size=SIZE), size=SIZE, live=True)
    again = lambda _: len(tries) > 1  # noqa: E731  # one line
    output = _run(broken, SlowRecognizer(0), 10, reopen=cannot, until=again)
    assert len(tries) > 1
    assert len(output.images) > 20


def test_every_frame_of_a_file_is_sent_once() -> None:
    """At full speed each frame of a file goes out once, in order, at its recorded time."""
    output = RecordingOutput()
    frames = make_frames(40, size=SIZE, start=7.0)
    state = ProgramState(SystemClock(), lambda name: None)
    overlay = OverlaySettings(in_call=False)
    path = RecognitionPath(
        SlowRecognizer(0), GestureEngine(GestureSettings(), [], {}), RecognitionSettings()
    )
    film = Film(threading.Event(), SteppedClock(), lambda: None)
    video = VideoPath([output], SIZE, overlay, state)
    count = run_every_frame(ScriptedCamera(frames, size=SIZE), path, video, film)
    assert count == len(frames)
    assert all(
        np.array_equal(sent, frame.image) for sent, frame in zip(output.images, frames, strict=True)
    )
    assert output.times == pytest.approx([frame.time - 7.0 for frame in frames])
