"""The running program, as the control panel sees it."""

import contextlib
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from vcam.actions.worker import ActionWorker
from vcam.app.system_status import STALE_S, Asked, Rates, _age
from vcam.camera.listing import CameraInfo, list_cameras
from vcam.camera.open import open_camera
from vcam.camera.settings import CameraSettings
from vcam.core.check_result import Finding
from vcam.core.event import Event
from vcam.core.frame import Image
from vcam.core.hand import Hand
from vcam.core.labels import NO_GESTURE
from vcam.core.view import HandView
from vcam.errors import VcamError
from vcam.output.output import Output
from vcam.panel.protocols import Doing, HandNow, Look
from vcam.pipeline.capture import Arrival, CaptureThread
from vcam.pipeline.recognition import RecognitionPath, Recognizes
from vcam.pipeline.recognition_thread import RecognitionThread
from vcam.pipeline.state import ProgramState
from vcam.system import v4l2
from vcam.vision.recognizer import Recognition

TRIED_S = 0.8
"""How long a tried `hold:` stays down."""
_TRY_TRACK = -2


class Overheard:
    """A recogniser that also remembers its newest answer, and what it looked at."""

    def __init__(self, inner: Recognizes) -> None:
        self._inner = inner
        self.hands: tuple[Hand, ...] = ()
        self.image: Image | None = None

    def recognize(self, image: Image) -> Recognition:
        """Return the hands in uint8 (H, W, 3) BGR."""
        found = self._inner.recognize(image)
        self.hands, self.image = found.hands, image
        return found


@dataclass(slots=True)
class Parts:
    """What a run is made of; threads are None until they have begun."""

    state: ProgramState
    path: RecognitionPath
    worker: ActionWorker
    overheard: Overheard
    outputs: Sequence[Output]
    """As the video path holds them: those that were lost are gone."""
    names: Mapping[int, str]
    """What was asked for, by the output's id()."""
    camera: Callable[[], str]
    profile: Callable[[], str]
    edition: Callable[[], int]
    """Counts how often the settings file was read anew, well or badly."""
    use_camera: Callable[[str], None]
    use_profile: Callable[[str], None]
    examine: Callable[[], list[Finding]]
    no_output: str | None = None
    dry_run: bool = False
    capture: CaptureThread | None = None
    recognition: RecognitionThread | None = None


class RunningProgram:
    """Answers the panel from the parts of a run. Changes nothing that only one thread may touch."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._rates = Rates()
        self._system = Asked()

    def look(self) -> Look:
        """Return what is the case now."""
        parts = self._parts
        newest = parts.capture.newest.peek() if parts.capture else None
        fps, cpu = self._rates.now(newest)
        trouble = self._trouble(newest)
        view = parts.path.view
        names = tuple(parts.names[id(o)] for o in parts.outputs if id(o) in parts.names)
        return Look(
            doing=self._doing(trouble, bool(view.hands)),
            paused=parts.state.paused,
            profile=parts.profile(),
            settings=parts.edition(),
            camera=parts.camera(),
            trouble=trouble,
            outputs=names,
            no_output=parts.no_output,
            readers=self._system.readers(_devices(parts.outputs)),
            video=parts.state.video,
            muted=self._system.muted(),
            dry_run=parts.dry_run,
            fps=fps,
            cpu=cpu,
            hands=tuple(map(_hand, view.hands)),
            scores=_scores(parts.overheard.hands) if newest and not trouble else {},
            thresholds=dict(parts.path.decider.thresholds),
            told=parts.state.toast(time.monotonic()),
        )

    def picture(self) -> Image | None:
        """Return the newest picture as the camera gave it; None while there is none."""
        newest = self._parts.capture.newest.peek() if self._parts.capture else None
        return newest.frame.image if newest and _age(newest) < STALE_S else None

    def pause(self, paused: bool) -> None:
        """Stop or go on acting on gestures."""
        state = self._parts.state
        (state.pause if paused else state.resume)()
        self._parts.path.decider.paused = paused

    def use_profile(self, name: str) -> None:
        """Take the bindings of another profile."""
        self._parts.use_profile(name)

    def try_action(self, action: str) -> None:
        """Carry out a checked action once."""
        fire = Event(0.0, "fire", "tried", "any", _TRY_TRACK, action, (0.0, 0.0, 0.0, 0.0))
        worker = self._parts.worker
        worker.submit(fire)
        timer = threading.Timer(TRIED_S, worker.submit, [replace(fire, phase="end")])
        timer.daemon = True
        timer.start()

    def cameras(self) -> list[CameraInfo]:
        """List the cameras, without our own virtual one."""
        return [camera for camera in list_cameras() if camera.name != v4l2.OUR_LABEL]

    def thumbnail(self, device: str) -> Image | None:
        """Return a picture from a camera that we do not use at the moment."""
        if device == self._parts.camera():
            return self.picture()
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
        self._parts.use_camera(device)
        if self._parts.capture:
            self._parts.capture.change()

    def examine(self) -> list[Finding]:
        """Return what the doctor finds."""
        return self._parts.examine()

    def _trouble(self, newest: Arrival | None) -> str | None:
        capture, recognition = self._parts.capture, self._parts.recognition
        if newest is None or _age(newest) > STALE_S:
            return capture.trouble if capture and capture.trouble else "No picture comes yet."
        return recognition.trouble if recognition else None

    def _doing(self, trouble: str | None, hands: bool) -> Doing:
        if trouble:
            return "waiting"
        if self._parts.state.paused:
            return "paused"
        return "recognising" if hands else "idle"


def _devices(outputs: Sequence[Output]) -> tuple[str, ...]:
    return tuple(str(o.device) for o in outputs if hasattr(o, "device"))


def _hand(view: HandView) -> HandNow:
    return HandNow(view.label, view.tracked.hand.leading_hand, view.progress, view.action)


def _scores(hands: Sequence[Hand]) -> dict[str, float]:
    scores: dict[str, float] = {}
    for hand in hands:
        if hand.gesture != NO_GESTURE:
            scores[hand.gesture] = max(scores.get(hand.gesture, 0.0), hand.gesture_score)
    return scores
