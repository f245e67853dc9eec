"""The composition root: settings in, a running program out."""

import contextlib
import logging
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

from vcam.actions.feasible import presses_keys
from vcam.actions.microphone.monitor import MicrophoneMonitor
from vcam.actions.microphone.open import open_microphone
from vcam.actions.open import open_worker
from vcam.actions.worker import ActionWorker
from vcam.app.controller import Controller, Parts
from vcam.app.enrollment import Learner
from vcam.app.inhibitor import Inhibitor
from vcam.app.live_settings import Followers, LiveSettings
from vcam.app.onlookers import Onlookers
from vcam.app.options import PanelOptions, RunOptions
from vcam.app.outside import Outside
from vcam.app.paths_in_use import check_paths
from vcam.camera.selection import CameraSelection
from vcam.core.texts import _
from vcam.errors import ConfigError, OutputError
from vcam.gestures.engine import GestureEngine
from vcam.history.event_log import EventLog
from vcam.history.fire_history import FireHistory
from vcam.history.recent_frames import RecentFrames
from vcam.integrations.links import Links
from vcam.output.open import open_output
from vcam.output.output import Output, OutputClosed
from vcam.panel.protocols import Lessons
from vcam.pipeline.capture import CaptureThread
from vcam.pipeline.recognition import Listener, RecognitionPath
from vcam.pipeline.recognition_thread import RecognitionThread
from vcam.pipeline.runner import Film, Pace, run_every_frame, run_live
from vcam.pipeline.state import Answered, ProgramState
from vcam.pipeline.video import VideoPath
from vcam.system.clock import Clock, SteppedClock, SystemClock
from vcam.system.desktop import on_wayland
from vcam.system.paths import fires_folder, if_home, missed_folder
from vcam.system.signals import signals_to
from vcam.vision.models.bundled import check_leading_hand
from vcam.vision.recognizer import open_recognizer, with_classifier
from vcam.vision.rotated_views import open_rotated_views

if TYPE_CHECKING:
    from vcam.panel.panel import Panel
    from vcam.panel.server import PanelServer

__all__ = ["App", "PanelOptions", "RunOptions"]

log = logging.getLogger(__name__)


class App:
    """Everything that one run needs, opened in an order that fails early and closes cleanly."""

    def __init__(
        self,
        options: RunOptions,
        listeners: Sequence[Listener] = (),
        answered: Sequence[Answered] = (),
    ) -> None:
        """Open everything; raises `VcamError` when a part that was asked for cannot be had.

        `listeners` hear of every event, `answered` of what became of the actions.
        """
        self._options = options
        self._clock: Clock = SteppedClock() if options.every_frame else SystemClock()
        self._stop = threading.Event()
        self._no_output: str | None = None
        self._server: PanelServer | None = None
        self.controller: Controller | None = None
        """What a tray may ask of this run; there with the panel."""
        with contextlib.ExitStack() as opened:
            self._open(opened, listeners)
            self._state.on_outcome(*answered)
            self._closing = opened.pop_all()

    def run(self) -> None:
        """Run until the camera's end, the given duration, a signal, or `stop`; then close."""
        timer = self._timer()
        # Signals are heard until all is closed: a second one would leave files half and keys down.
        with signals_to(self.stop), self._closing:
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
        """What the overlay says at this moment."""
        return self._state.toast(self._clock.now())

    @property
    def address(self) -> str | None:
        """Where the control panel is; None when there is none."""
        return self._server.address if self._server else None

    def stop(self) -> None:
        """Let `run` come to its end; callable from anywhere."""
        self._stop.set()

    def _open(self, opened: contextlib.ExitStack, listeners: Sequence[Listener]) -> None:
        options = self._options
        self._live = live = LiveSettings(options)
        check_paths(options, live.settings)
        recognition = with_classifier(live.settings.recognition, options.classifier)
        self._recognizer = open_recognizer(recognition)
        self._warn_of_hands(recognition.classifier)
        self._learner = Learner(lambda: open_recognizer(recognition), live.reload_custom_gestures)
        self._selection = CameraSelection(options.camera, live.camera, patient=options.patient)
        self._camera = self._selection.first()
        opened.callback(self._camera.close)
        self._check_speed()
        self._state = ProgramState(self._clock, live.use_profile)
        panel = _panel(self._clock) if options.panel else None
        outputs = self._open_outputs(opened)
        outputs += [panel.self_view, panel.call] if panel else []
        self._video = VideoPath(outputs, self._camera.size, live.settings.overlay, self._state)
        self._worker = self._open_worker(opened)
        self._inhibitor = Inhibitor(self._state, self._clock, self._worker.release_all, live)
        self._open_recognition(opened, [*listeners, *([panel.history.note] if panel else [])])
        self._capture = CaptureThread(self._camera, self._selection.open, self._clock)
        self._recognition = RecognitionThread(self._path, self._clock, self._worker.heartbeat)
        self._onlookers = Onlookers(live, self._video, self._capture, self._clock, self._state.tell)
        opened.callback(self._onlookers.close)
        if panel:
            self._state.on_outcome(panel.history.answered)
            self._server = self._open_panel(panel)
            opened.callback(self._server.close)
            if self._links:
                self._links.at_panel(self._server.address)

    def _warn_of_hands(self, classifier: str | None) -> None:
        """Say so when a binding asks for a hand that the classifier cannot tell."""
        for found in check_leading_hand(classifier, self._live.settings.bindings):
            log.warning("%s: %s", found.text, found.remedy)

    def _check_speed(self) -> None:
        if self._options.every_frame and self._camera.live:
            raise ConfigError(
                _("--speed max is for files: a camera gives its frames in its own time.")
            )

    def _open_outputs(self, opened: contextlib.ExitStack) -> list[Output]:
        outputs = []
        for kind in self._options.outputs or self._live.settings.output.kinds:
            outputs.append(self._open_output(kind))
            opened.callback(outputs[-1].close)
        return outputs

    def _open_output(self, kind: str) -> Output:
        size, fps, settings = self._camera.size, self._camera.fps, self._live.settings.output
        try:
            return open_output(kind, size, fps, settings, every_frame=self._options.every_frame)
        except OutputError as error:
            if not self._options.patient:
                raise
            self._no_output = str(error)
            return open_output("null", size, fps, settings)

    def _open_worker(self, opened: contextlib.ExitStack) -> ActionWorker:
        self._microphone = MicrophoneMonitor(self._state, open_microphone)
        opened.callback(self._microphone.close)
        if not self._options.every_frame:
            self._microphone.start()
        outside = Outside(self._state, lambda event: self._worker.submit(event))  # noqa: PLW0108 - there is none yet
        quiet = lambda: self._live.practice  # noqa: E731 - asked at each event
        self._links = None if self._options.dry_run else Links(outside, quiet=quiet)
        if self._links:
            opened.callback(self._links.close)
        worker = open_worker(
            self._state,
            dry_run=self._options.dry_run,
            allow_commands=self._live.settings.allow_commands,
            practice=lambda: self._live.practice,
            monitor=self._microphone,
            plugins=self._links.plugins if self._links else None,
        )
        opened.callback(worker.close)
        return worker

    def _open_recognition(
        self, opened: contextlib.ExitStack, listeners: Sequence[Listener]
    ) -> None:
        settings, recognizer = self._live.settings, self._recognizer
        engine = GestureEngine(settings.gestures, self._live.bindings, recognizer.thresholds)
        events = EventLog(self._options.events, self._state.tell)
        opened.callback(events.close)
        history = FireHistory(
            if_home(fires_folder), lambda: path.image, lambda: engine.thresholds, self._state.tell
        )
        opened.callback(history.close)
        history.apply_settings(remember=settings.gestures.remember)
        recent = RecentFrames(if_home(missed_folder), lambda: path.image, lambda: recognizer.labels)
        opened.callback(recent.close)
        rotated_views = open_rotated_views(
            settings.recognition, lambda image: recognizer.recognize_all(image).hands
        )
        self._state.on_outcome(events.answered)
        links = [self._links.hear] if self._links and not self._options.every_frame else []
        if self._links:
            self._state.on_outcome(self._links.answered)
        parts = (self._inhibitor.hear, self._state.hear, events.write, *links, self._worker.submit)
        heard = [*parts, history.hear, *listeners]
        path = RecognitionPath(
            recognizer, engine, settings.recognition, heard, self._inhibitor, rotated_views
        )
        self._path, self._history, self._recent = path, history, recent
        recent.apply_settings(remember=settings.gestures.remember_missed)
        self._live.attach(
            Followers(
                recognizer=recognizer,
                recognition=path,
                video=self._video,
                inhibitor=self._inhibitor,
                history=history,
                recent=recent,
                state=self._state,
                camera=self._selection,
                links=self._links,
            )
        )

    def _open_panel(self, panel: "Panel") -> "PanelServer":
        assert self._options.panel is not None  # noqa: S101 - there is a panel only then
        parts = Parts(
            state=self._state,
            settings=self._live,
            path=self._path,
            worker=self._worker,
            microphone=self._microphone,
            video=self._video,
            camera=self._selection,
            capture=self._capture,
            recognition=self._recognition,
            examine=self._options.panel.examine,
            onlookers=self._onlookers,
            stop=self.stop,
            no_output=self._no_output,
            dry_run=self._options.dry_run,
            links=self._links,
        )
        places = self._options.panel.places
        self.controller = Controller(parts)
        lessons = Lessons(self._history.wrong, self._recent.keep)
        return panel.open(self.controller, places, self._learner, lessons)

    def _go(self) -> None:
        if isinstance(self._clock, SteppedClock):
            film = Film(self._stop, self._clock, self._worker.settle)
            run_every_frame(self._camera, self._path, self._video, film)
            return
        pace = Pace(self._clock, self._camera.fps, self._stop)
        self._onlookers.start()
        if on_wayland() and any(presses_keys(each.action) for each in self._live.bindings):
            self._worker.prepare_keys()
        with self._live.watching(), self._inhibitor:
            run_live(self._capture, self._recognition, self._path, self._video, pace)

    def _timer(self) -> threading.Timer | None:
        if self._options.duration_s is None:
            return None
        timer = threading.Timer(self._options.duration_s, self.stop)
        timer.daemon = True
        return timer


def _panel(clock: Clock) -> "Panel":
    """Return the control panel, which takes a moment to import."""
    from vcam.panel.panel import Panel

    return Panel(clock)
