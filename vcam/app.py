"""The composition root: settings in, a running program out."""

import contextlib
import logging
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from vcam.act.open import open_worker
from vcam.act.worker import ActionWorker
from vcam.camera.open import open_camera
from vcam.camera.source import Camera
from vcam.camera.unmirrored import Unmirrored
from vcam.capture import CaptureThread
from vcam.clock import Clock, SteppedClock, SystemClock
from vcam.config.settings import Settings
from vcam.config.watch import SettingsWatch
from vcam.decide.decider import Decider
from vcam.errors import ConfigError
from vcam.event import Event
from vcam.events import EventLog
from vcam.live import Film, Pace, run_every_frame, run_live
from vcam.output.open import open_output
from vcam.output.sink import Output, OutputClosed
from vcam.recognition import Listener, RecognitionPath, RecognitionThread
from vcam.recognizer import open_recognizer, with_classifier
from vcam.state import ProgramState
from vcam.video import VideoPath

log = logging.getLogger(__name__)

FIXED = ("camera", "output", "recognition", "allow_commands")
"""Settings that a running program does not change: devices and models are open already."""


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What the command line of `vcam run` says beyond the settings file."""

    camera: str | None = None
    outputs: tuple[str, ...] = ()
    config: Path | None = None
    profile: str | None = None
    events: Path | None = None
    dry_run: bool = False
    duration_s: float | None = None
    every_frame: bool = False
    """`--speed max`: a file's every frame, as fast as it goes."""
    classifier: Path | None = None
    """An `.onnx` classifier to use instead of the one in the settings."""
    settings: Settings | None = None
    """Settings to use instead of any file."""


class App:
    """Everything that one run needs, opened in an order that fails early and closes cleanly."""

    def __init__(self, options: RunOptions, listeners: Sequence[Listener] = ()) -> None:
        """Open everything; raises `VcamError` when a part that was asked for cannot be had."""
        self._options, self._listeners = options, tuple(listeners)
        self._clock: Clock = SteppedClock() if options.every_frame else SystemClock()
        self._stop = threading.Event()
        self._closing = contextlib.ExitStack()
        self._watching: contextlib.AbstractContextManager[object] = contextlib.nullcontext()
        with contextlib.ExitStack() as opened:
            self._open(opened)
            self._closing = opened.pop_all()

    def run(self) -> None:
        """Run until the camera's end, the given duration, a signal, or `stop`; then close."""
        timer = self._timer()
        with self._closing, _signals_to(self.stop):
            if timer:
                timer.start()
            try:
                self._go()
            except OutputClosed:
                log.info("the preview was closed")
            finally:
                if timer:
                    timer.cancel()

    @property
    def toast(self) -> str | None:
        """What the overlay tells at this moment."""
        return self._state.toast(self._clock.now())

    def stop(self) -> None:
        """Let `run` come to its end; callable from anywhere."""
        self._stop.set()

    def _open(self, opened: contextlib.ExitStack) -> None:
        self._settings = self._options.settings or self._read_settings()
        self._profile = self._settings.profile
        recognition = with_classifier(self._settings.recognition, self._options.classifier)
        self._recognizer = open_recognizer(recognition)
        self._camera = self._open_camera()
        opened.callback(self._camera.close)
        self._check_speed()
        self._state = ProgramState(self._clock, self._use_profile)
        outputs = self._open_outputs(opened)
        self._video = VideoPath(outputs, self._camera.size, self._settings.overlay, self._state)
        events = EventLog(self._options.events, self._state.tell)
        opened.callback(events.close)
        self._worker = self._open_worker()
        opened.callback(self._worker.close)
        self._path = self._make_path([events.write, self._worker.submit, *self._listeners])

    def _read_settings(self) -> Settings:
        watch = SettingsWatch(
            self._options.config,
            self._renew,
            self._report,
            profile=self._options.profile,
            classifier=self._options.classifier,
        )
        self._watching = watch
        return watch.settings

    def _open_camera(self) -> Camera:
        settings = self._settings.camera
        camera = open_camera(self._options.camera or settings.device, settings)
        return Unmirrored(camera) if settings.mirrored else camera

    def _check_speed(self) -> None:
        if self._options.every_frame and self._camera.live:
            raise ConfigError(
                "--speed max is for files: a camera gives its frames in its own time."
            )

    def _open_outputs(self, opened: contextlib.ExitStack) -> list[Output]:
        outputs = []
        for kind in self._options.outputs or self._settings.output.kinds:
            output = open_output(
                kind,
                self._camera.size,
                self._camera.fps,
                self._settings.output,
                every_frame=self._options.every_frame,
            )
            opened.callback(output.close)
            outputs.append(output)
        return outputs

    def _open_worker(self) -> ActionWorker:
        return open_worker(
            self._state,
            dry_run=self._options.dry_run,
            allow_commands=self._settings.allow_commands,
        )

    def _make_path(self, listeners: Sequence[Listener]) -> RecognitionPath:
        decider = Decider(
            self._settings.gestures, self._settings.bindings, self._recognizer.thresholds
        )
        return RecognitionPath(
            self._recognizer, decider, self._settings.recognition, [self._pausing, *listeners]
        )

    def _go(self) -> None:
        if isinstance(self._clock, SteppedClock):
            film = Film(self._stop, self._clock, self._worker.settle)
            run_every_frame(self._camera, self._path, self._video, film)
            return
        pace = Pace(self._clock, self._camera.fps, self._stop)
        capture = CaptureThread(self._camera, self._open_camera, self._clock)
        recognition = RecognitionThread(self._path, self._clock, self._worker.heartbeat)
        with self._watching:
            run_live(capture, recognition, self._path, self._video, pace)

    def _timer(self) -> threading.Timer | None:
        if self._options.duration_s is None:
            return None
        timer = threading.Timer(self._options.duration_s, self.stop)
        timer.daemon = True
        return timer

    def _pausing(self, event: Event) -> None:
        """Let a pause take effect with the very event that asked for it."""
        if event.phase == "fire" and event.action in ("pause", "resume"):
            self._path.decider.paused = event.action == "pause"

    def _renew(self, settings: Settings) -> None:
        """A good edit of the settings file: what can change in a running program does."""
        before, self._settings = self._settings, settings
        if self._profile not in settings.profiles or settings.profile != before.profile:
            self._profile = settings.profile
        self._apply()
        self._video.use(settings.overlay)
        later = [name for name in FIXED if getattr(settings, name) != getattr(before, name)]
        wait = f"; {' and '.join(later)} at the next start" if later else ""
        self._state.tell(f"Settings taken over{wait}")

    def _report(self, error: ConfigError) -> None:
        """A bad edit: the last good settings stay."""
        self._state.tell(f"The settings stay as they were: {error}")

    def _use_profile(self, name: str) -> None:
        if name not in self._settings.profiles:
            known = ", ".join(sorted(self._settings.profiles))
            raise ConfigError(f"There is no profile {name!r}; there are {known}.")
        self._profile = name
        self._apply()
        self._state.tell(f"Profile {name}")

    def _apply(self) -> None:
        bindings = self._settings.profiles[self._profile]
        self._path.change(self._settings.gestures, bindings)


@contextlib.contextmanager
def _signals_to(stop: Callable[[], None]) -> Iterator[None]:
    """Turn the usual signals into an orderly stop; outside the main thread they are left alone.

    SIGHUP comes when the terminal is closed, SIGBREAK is its like on Windows.
    """

    def handle(number: int, frame: FrameType | None) -> None:
        stop()

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    names = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    before = {number: signal.signal(number, handle) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
