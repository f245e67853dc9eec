"""The running program, as the control panel and the tray see it."""

import contextlib
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from vcam.actions.microphone.monitor import MUTED_BADGE, MicrophoneMonitor
from vcam.actions.worker import ActionWorker
from vcam.app.live_settings import LiveSettings
from vcam.app.onlookers import Onlookers
from vcam.app.rates import STALE_S, Rates, _age
from vcam.camera.listing import CameraInfo, list_cameras
from vcam.camera.open import open_camera
from vcam.camera.selection import CameraSelection
from vcam.camera.settings import CameraSettings
from vcam.core.check_result import CheckResult
from vcam.core.event import Event
from vcam.core.frame import Image
from vcam.core.hand import Hand
from vcam.core.labels import NO_GESTURE
from vcam.core.outcome import Outcome, failed
from vcam.core.profile_match import By, Match
from vcam.core.texts import _, marked
from vcam.core.view import HandView
from vcam.diagnostics.login_start import set_login_start, starts_at_login
from vcam.errors import ActionError, VcamError
from vcam.integrations.links import Links
from vcam.integrations.stream.service import EventStream
from vcam.output.audience import Readers
from vcam.panel.protocols import Doing, HandNow, ProgramSnapshot
from vcam.pipeline.capture import Arrival, CaptureThread
from vcam.pipeline.recognition import RecognitionPath
from vcam.pipeline.recognition_thread import RecognitionThread
from vcam.pipeline.state import ProgramState
from vcam.pipeline.video import VideoPath
from vcam.system import v4l2
from vcam.tray.appearance import State, TrayState

TRIED_S = 0.8
"""How long a tried `hold:` stays down."""
ANSWER_S = 8.0
"""How long a tried action may take to answer: a sound server may have to wake up."""
UNSEEN = marked("a program of another user")
_TRY_TRACK = -2
_NOWHERE = (0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Parts:
    """What a run is made of, as far as panel and tray ask for it."""

    state: ProgramState
    settings: LiveSettings
    path: RecognitionPath
    worker: ActionWorker
    microphone: MicrophoneMonitor
    video: VideoPath
    camera: CameraSelection
    capture: CaptureThread
    recognition: RecognitionThread
    examine: Callable[[], list[CheckResult]]
    onlookers: Onlookers
    stop: Callable[[], None]
    no_output: str | None = None
    dry_run: bool = False
    links: Links | None = None


class Controller:
    """Answers panel and tray from the parts of a run.

    Changes nothing that only one thread may touch.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._rates = Rates()
        self._tries = 0

    def snapshot(self) -> ProgramSnapshot:
        """Return what is the case now."""
        parts = self._parts
        parts.onlookers.note_panel()
        newest = parts.capture.newest.peek()
        fps, cpu = self._rates.now(newest)
        trouble = self._trouble(newest)
        view = parts.path.view
        return ProgramSnapshot(
            doing=self._doing(trouble, bool(view.hands)),
            paused=parts.state.paused,
            profile=parts.settings.profile,
            chosen=parts.settings.chosen,
            reason=_reason(parts.settings.reason),
            settings=parts.settings.edition,
            camera=parts.camera.device,
            trouble=trouble,
            outputs=parts.video.names,
            no_output=parts.no_output,
            readers=_readers(parts.onlookers.readers),
            video=parts.state.video,
            muted=parts.microphone.muted,
            dry_run=parts.dry_run,
            fps=fps,
            cpu=cpu,
            hands=tuple(_hand(hand, view.frame_size[1]) for hand in view.hands),
            scores=_scores(parts.path.hands) if newest and not trouble else {},
            thresholds=dict(parts.path.engine.thresholds),
            told=parts.state.toast(time.perf_counter()),
            sight=view.badges,
            links=dict(parts.links.states()) if parts.links else {},
            badges=parts.state.badges,
        )

    def tray_state(self) -> TrayState:
        """Return what the tray shows of it."""
        state = self._parts.state
        waiting = self._trouble(self._parts.capture.newest.peek()) is not None
        doing: State = "paused" if state.paused else "waiting" if waiting else "recognising"
        return TrayState(doing, MUTED_BADGE in state.badges)

    def stop(self) -> None:
        """Let the program come to its end."""
        self._parts.stop()

    def starts_at_login(self) -> bool:
        """Tell whether this computer starts the program when the person logs in."""
        return starts_at_login()

    def set_login_start(self, *, on: bool) -> None:
        """Start at login from now on, or no longer."""
        set_login_start(on=on)

    def newest_image(self) -> Image | None:
        """Return the newest picture as the camera gave it; None while there is none."""
        newest = self._parts.capture.newest.peek()
        return newest.frame.image if newest and _age(newest) < STALE_S else None

    def pause(self, paused: bool) -> None:
        """Stop or continue acting on gestures."""
        state = self._parts.state
        (state.pause if paused else state.resume)()

    def practise(self, *, on: bool) -> None:
        """Only announce what gestures would do."""
        self._parts.settings.practise(on=on)

    def use_profile(self, name: str) -> None:
        """Take the bindings of another profile."""
        self._parts.settings.use_profile(name)

    def try_action(self, action: str) -> Outcome:
        """Carry out a checked action once and return what came of it."""
        self._tries += 1
        fire = Event(0.0, "fire", f"try {self._tries}", "any", _TRY_TRACK, action, _NOWHERE)
        answer = self._parts.state.await_outcome(fire)
        self._parts.worker.submit(fire)
        timer = threading.Timer(TRIED_S, self._parts.worker.submit, [replace(fire, phase="end")])
        timer.daemon = True
        timer.start()
        return answer(ANSWER_S) or failed(_("it has not answered yet; it may still be done"))

    def cameras(self) -> list[CameraInfo]:
        """List the cameras, without our own virtual one."""
        return [camera for camera in list_cameras() if camera.name != v4l2.OUR_LABEL]

    def thumbnail(self, device: str) -> Image | None:
        """Return a picture from a camera that we do not use at the moment."""
        if device == self._parts.camera.device:
            return self.newest_image()
        with contextlib.suppress(VcamError):
            camera = open_camera(device, CameraSettings(device=device, width=640, height=360))
            try:
                frame = camera.read()
            finally:
                camera.close()
            return frame.image if frame else None
        return None

    def use_camera(self, device: str) -> None:
        """Change over to another camera."""
        self._parts.camera.choose(device)
        self._parts.capture.change()

    def examine(self) -> list[CheckResult]:
        """Return what the doctor finds."""
        return self._parts.examine()

    def plugin_verbs(self, plugin: str) -> Mapping[str, str]:
        """Return what a plug-in can do."""
        if self._parts.links is None:
            raise ActionError(_("in a trial run nothing outside is spoken to"))
        return self._parts.links.plugins.verbs(plugin)

    def plugin_choices(self, plugin: str, verb: str) -> Sequence[str]:
        """Return arguments that a plug-in offers for one of its verbs."""
        if self._parts.links is None:
            raise ActionError(_("in a trial run nothing outside is spoken to"))
        return self._parts.links.plugins.choices(plugin, verb)

    def event_stream(self) -> EventStream | None:
        """Return the events for programs; None where they are not switched on."""
        return self._parts.links.stream if self._parts.links else None

    def _trouble(self, newest: Arrival | None) -> str | None:
        capture, recognition = self._parts.capture, self._parts.recognition
        if newest is None or _age(newest) > STALE_S:
            return capture.trouble or _("No picture comes yet.")
        return recognition.trouble

    def _doing(self, trouble: str | None, hands: bool) -> Doing:
        if trouble:
            return "waiting"
        if self._parts.state.paused:
            return "paused"
        return "recognising" if hands else "idle"


def _readers(readers: Readers | None) -> tuple[str, ...]:
    if readers is None:
        return ()
    return (*readers.names, *([_(UNSEEN)] if readers.unseen else []))


def _reason(match: Match | None) -> By | None:
    return match.by if match else None


def _hand(view: HandView, height: int) -> HandNow:
    hand = view.tracked.hand
    return HandNow(
        view.label,
        hand.leading_hand,
        view.progress,
        view.action,
        round(hand.gesture_score, 2),
        round(hand.size / max(1, height), 2),
        view.ignored,
    )


def _scores(hands: Sequence[Hand]) -> dict[str, float]:
    scores: dict[str, float] = {}
    for hand in hands:
        if hand.gesture != NO_GESTURE:
            scores[hand.gesture] = max(scores.get(hand.gesture, 0.0), hand.gesture_score)
    return scores
