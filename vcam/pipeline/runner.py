"""THE STORY: two paths that never wait for each other.

    camera ─► newest frame ─► draw(view) ─► outputs          the video path, this thread
                   │              ▲
                   ▼              │ view
               detect ─► classify ─► track ─► decide ─► act  the recognition path, its own thread

The video path takes the newest frame, draws the newest view on it and sends it. It holds no lock
that recognition holds. The recognition path takes the newest frame when it is free; frames it has
no time for are skipped, never queued.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from vcam.camera.camera import Camera
from vcam.core.texts import _
from vcam.core.view import View
from vcam.pipeline.capture import CaptureThread
from vcam.pipeline.recognition import RecognitionPath
from vcam.pipeline.recognition_thread import RecognitionThread
from vcam.pipeline.video import VideoPath
from vcam.system.clock import Clock, SteppedClock

REPEAT = 1.5
"""When a frame is late by this many frame times, the last picture is sent again."""
LOST_S = 0.5
"""After this long without a frame, a card says that the camera is away."""
RESTING_S = 0.25
"""While the camera rests, the card is sent this often: whoever comes finds it at once."""
STALLED_S = 1.5
"""After this long without an answer, what recognition said last is not shown any more."""


class Pace:
    """When to send and when to stop."""

    def __init__(self, clock: Clock, fps: float, stop: threading.Event) -> None:
        self.clock, self.stop = clock, stop
        self.frame_s = 1 / fps
        self.began = clock.now()


def run_live(
    capture: CaptureThread,
    recognition: RecognitionThread,
    path: RecognitionPath,
    video: VideoPath,
    pace: Pace,
) -> None:
    """Show the camera until it ends or `pace.stop` is set; all threads have ended afterwards."""
    capture.start()
    recognition.start()
    try:
        while not pace.stop.is_set() and not capture.ended.is_set():
            patience = RESTING_S if capture.resting else pace.frame_s * REPEAT
            arrival = capture.newest.wait(patience)
            if arrival:
                recognition.frames.put(arrival.frame)
            _show(capture, recognition, path, video, pace)
    finally:
        recognition.stop()
        capture.stop()


def _show(
    capture: CaptureThread,
    recognition: RecognitionThread,
    path: RecognitionPath,
    video: VideoPath,
    pace: Pace,
) -> None:
    now = pace.clock.now()
    newest = capture.newest.peek()
    if newest is None or now - newest.at > LOST_S:
        if capture.resting:
            text = _("It is on again as soon as somebody looks.")
            video.show_card(_("The camera rests"), text, now - pace.began)
        elif newest is not None or now - pace.began > LOST_S:
            trouble = capture.trouble or _("No picture is coming from it. Waiting for it to go on.")
            video.show_card(_("The camera is away"), trouble, now - pace.began)
        return
    video.show(newest.frame.image, _view(path, recognition, now), now - pace.began, now)


def _view(path: RecognitionPath, recognition: RecognitionThread, now: float) -> View:
    if recognition.trouble:
        return View(warning=recognition.trouble)
    if now - recognition.last_inference > STALLED_S:
        return View(warning=_("Recognition does not answer; the picture continues without it."))
    return path.view


@dataclass(frozen=True, slots=True)
class Film:
    """How a file is processed at full speed."""

    stop: threading.Event
    clock: SteppedClock
    """Follows the file's time, from 0."""
    settle: Callable[[], None]
    """Waits until the actions of the last inference are done."""


def run_every_frame(camera: Camera, path: RecognitionPath, video: VideoPath, film: Film) -> int:
    """Process every frame of a file, in order and as fast as it goes; return how many there were.

    Recognition runs as often as it would live, by the file's own time, but before the picture is
    drawn, so that the same file always gives the same pictures and events.
    """
    count, zero, last = 0, 0.0, 0.0
    try:
        while not film.stop.is_set():
            frame = camera.read()
            if frame is None:
                break
            zero = frame.time if count == 0 else zero
            last = frame.time
            film.clock.set(frame.time - zero)
            if path.is_due(frame):
                path.process(frame)
                film.settle()
            video.show(frame.image, path.view, film.clock.now(), film.clock.now())
            count += 1
    finally:
        path.finish(last)
        camera.close()
    return count
