"""The composition root: settings in, a running program out."""

import contextlib
import logging
import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from vcam.actions.open import open_worker
from vcam.app.controller import Overheard, Parts, RunningProgram
from vcam.app.enrollment import Learner
from vcam.app.inhibitor import Brakes
from vcam.app.options import PanelOptions, RunOptions
from vcam.camera.selection import CameraChoice
from vcam.errors import ConfigError, OutputError
from vcam.gestures.engine import Decider
from vcam.history.event_log import EventLog
from vcam.history.fire_history import FiredLog
from vcam.output.open import open_output
from vcam.output.output import Output, OutputClosed
from vcam.pipeline.capture import CaptureThread
from vcam.pipeline.recognition import Listener, RecognitionPath
from vcam.pipeline.recognition_thread import RecognitionThread
from vcam.pipeline.runner import Film, Pace, run_every_frame, run_live
from vcam.pipeline.state import ProgramState
from vcam.pipeline.video import VideoPath
from vcam.settings.settings import Settings
from vcam.settings.watch import SettingsWatch
from vcam.system.clock import Clock, SteppedClock, SystemClock
from vcam.system.paths import fired_folder
from vcam.system.signals import signals_to
from vcam.vision.recognizer import learnt_with, open_recognizer, with_classifier
from vcam.vision.rotated_views import open_turned

if TYPE_CHECKING:
    from vcam.panel.panel import Panel
    from vcam.panel.server import PanelServer

__all__ = ["App", "PanelOptions", "RunOptions"]

log = logging.getLogger(__name__)

FIXED = ("camera", "output", "recognition", "allow_commands")
"""Settings that a running program does not change: devices and models are open already."""


class App:
    """Everything that one run needs, opened in an order that fails early and closes cleanly."""

    def __init__(self, options: RunOptions, listeners: Sequence[Listener] = ()) -> None:
        """Open everything; raises `VcamError` when a part that was asked for cannot be had."""
        self._options, self._listeners = options, tuple(listeners)
        self._clock: Clock = SteppedClock() if options.every_frame else SystemClock()
        self._stop = threading.Event()
        self._closing = contextlib.ExitStack()
        self._panel = _panel(self._clock) if options.panel else None
        self._parts: Parts | None = None
        self._server: PanelServer | None = None
        self._edition = 0
        self._names: dict[int, str] = {}
        self._no_output: str | None = None
        self._watching: contextlib.AbstractContextManager[object] = contextlib.nullcontext()
        with contextlib.ExitStack() as opened:
            self._open(opened)
            self._closing = opened.pop_all()

    def run(self) -> None:
        """Run until the camera's end, the given duration, a signal, or `stop`; then close."""
        timer = self._timer()
        with self._closing, signals_to(self.stop):
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

    @property
    def address(self) -> str | None:
        """Where the control panel is; None when there is none."""
        return self._server.address if self._server else None

    def stop(self) -> None:
        """Let `run` come to its end; callable from anywhere."""
        self._stop.set()

    def _open(self, opened: contextlib.ExitStack) -> None:
        self._settings = self._options.settings or self._read_settings()
        self._profile = self._settings.profile
        recognition = with_classifier(self._settings.recognition, self._options.classifier)
        self._recognizer = open_recognizer(recognition)
        self._learner = Learner(lambda: open_recognizer(recognition), self._relearn)
        self._overheard = Overheard(self._recognizer)
        self._choice = CameraChoice(
            self._options.camera, lambda: self._settings.camera, patient=self._options.patient
        )
        self._camera = self._choice.first()
        opened.callback(self._camera.close)
        self._check_speed()
        self._state = ProgramState(self._clock, self._use_profile)
        self._brakes = Brakes(self._state, self._clock, practice=self._options.practice)
        outputs = self._open_outputs(opened)
        self._video = VideoPath(outputs, self._camera.size, self._settings.overlay, self._state)
        events = EventLog(self._options.events, self._state.tell)
        opened.callback(events.close)
        self._worker = open_worker(
            self._state,
            dry_run=self._options.dry_run,
            allow_commands=self._settings.allow_commands,
            practice=lambda: self._brakes.practising,
            live=not self._options.every_frame,
        )
        opened.callback(self._worker.close)
        self._fired = self._open_fired()
        opened.callback(self._fired.close)
        heard = [events.write, self._worker.submit, self._fired.hear, *self._listeners]
        self._path = self._make_path(heard)
        self._brakes.hold(self._path.decider, self._worker.release_all)
        self._brakes.use(self._settings.gestures)
        self._open_panel(opened)

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

    def _check_speed(self) -> None:
        if self._options.every_frame and self._camera.live:
            raise ConfigError(
                "--speed max is for files: a camera gives its frames in its own time."
            )

    def _open_outputs(self, opened: contextlib.ExitStack) -> list[Output]:
        outputs: list[Output] = []
        for kind in self._options.outputs or self._settings.output.kinds:
            output = self._open_output(kind)
            opened.callback(output.close)
            self._names[id(output)] = kind
            outputs.append(output)
        return [*outputs, *([self._panel.mine, self._panel.call] if self._panel else [])]

    def _open_output(self, kind: str) -> Output:
        size, fps = self._camera.size, self._camera.fps
        try:
            return open_output(
                kind, size, fps, self._settings.output, every_frame=self._options.every_frame
            )
        except OutputError as error:
            if not self._options.patient:
                raise
            self._no_output = str(error)
            return open_output("null", size, fps, self._settings.output)

    def _open_panel(self, opened: contextlib.ExitStack) -> None:
        if self._panel is None or self._options.panel is None:
            return
        self._parts = Parts(
            state=self._state,
            path=self._path,
            worker=self._worker,
            overheard=self._overheard,
            outputs=self._video.outputs,
            names=self._names,
            camera=lambda: self._choice.device,
            profile=lambda: self._profile,
            edition=lambda: self._edition,
            use_camera=self._choice.choose,
            use_profile=self._use_profile,
            examine=self._options.panel.examine,
            no_output=self._no_output,
            dry_run=self._options.dry_run,
        )
        running, places = RunningProgram(self._parts), self._options.panel.places
        self._server = self._panel.open(running, places, self._learner, self._fired.wrong)
        opened.callback(self._server.close)

    def _open_fired(self) -> FiredLog:
        fired = FiredLog(
            fired_folder(),
            lambda: self._overheard.image,
            lambda: self._path.decider.thresholds,
            self._state.tell,
        )
        fired.on = self._settings.gestures.remember
        return fired

    def _make_path(self, listeners: Sequence[Listener]) -> RecognitionPath:
        decider = Decider(
            self._settings.gestures, self._settings.bindings, self._recognizer.thresholds
        )
        noting = [self._panel.history.note] if self._panel else []
        heard = [self._brakes.hear, *listeners, *noting]
        path = RecognitionPath(self._overheard, decider, self._settings.recognition, heard)
        path.busy = lambda: self._brakes.busy
        path.turned = open_turned(
            self._settings.recognition, lambda image: self._recognizer.recognize_all(image).hands
        )
        return path

    def _go(self) -> None:
        if isinstance(self._clock, SteppedClock):
            film = Film(self._stop, self._clock, self._worker.settle)
            run_every_frame(self._camera, self._path, self._video, film)
            return
        pace = Pace(self._clock, self._camera.fps, self._stop)
        capture = CaptureThread(self._camera, self._choice.open, self._clock)
        recognition = RecognitionThread(self._path, self._clock, self._worker.heartbeat)
        if self._parts:
            self._parts.capture, self._parts.recognition = capture, recognition
        with self._watching, self._brakes:
            run_live(capture, recognition, self._path, self._video, pace)

    def _timer(self) -> threading.Timer | None:
        if self._options.duration_s is None:
            return None
        timer = threading.Timer(self._options.duration_s, self.stop)
        timer.daemon = True
        return timer

    def _renew(self, settings: Settings) -> None:
        """A good edit of the settings file: what can change in a running program does."""
        before, self._settings = self._settings, settings
        if self._profile not in settings.profiles or settings.profile != before.profile:
            self._profile = settings.profile
        self._relearn()
        self._video.use(settings.overlay)
        self._brakes.use(settings.gestures)
        self._fired.on = settings.gestures.remember
        if self._choice.chosen == settings.camera.device:  # the panel has changed over already
            before = replace(before, camera=replace(before.camera, device=self._choice.chosen))
        later = [name for name in FIXED if getattr(settings, name) != getattr(before, name)]
        wait = f"; {' and '.join(later)} at the next start" if later else ""
        self._state.tell(f"Settings taken over{wait}")

    def _report(self, error: ConfigError) -> None:
        """A bad edit: the last good settings stay."""
        self._edition += 1
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
        self._path.change(self._settings.gestures, bindings, self._recognizer.thresholds)

    def _relearn(self) -> None:
        """Take over what the person taught the program, or made it forget."""
        self._recognizer.use_learnt(learnt_with(self._recognizer.model))
        self._apply()
        self._edition += 1


def _panel(clock: Clock) -> "Panel":
    """Return the control panel, which takes a moment to import."""
    from vcam.panel.panel import Panel

    return Panel(clock)
