"""The recognition path: detect, track, decide and publish; at its own pace, on its own thread."""

import logging
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from vcam.core.binding import Binding
from vcam.core.event import Event
from vcam.core.frame import Frame, Image
from vcam.core.hand import Hand
from vcam.core.view import View
from vcam.gestures.engine import GestureEngine
from vcam.gestures.settings import GestureSettings
from vcam.vision.face_occlusion import placed
from vcam.vision.frame_quality import FrameQuality, QualityIssue
from vcam.vision.motion import MotionMeter
from vcam.vision.recognizer import Recognition
from vcam.vision.rotated_views import RotatedViews
from vcam.vision.settings import RecognitionSettings
from vcam.vision.tracker import Tracker

log = logging.getLogger(__name__)

QUALITY_BADGES: Mapping[QualityIssue, str] = {
    "black": "CAMERA COVERED",
    "dark": "TOO DARK FOR GESTURES",
    "frozen": "PICTURE STANDS STILL",
}
"""What the overlay says when nothing can be seen."""
ARMED = "ARMED"
EARLY_TOLERANCE_S = 0.005
"""An inference may come this much early: recorded times are rounded."""

Listener = Callable[[Event], None]
_Change = tuple[GestureSettings, Sequence[Binding], Mapping[str, float] | None]


class Recognizes(Protocol):
    """Whatever says which hands a picture shows; may take as long as it needs, or raise."""

    def recognize(self, image: Image) -> Recognition:
        """Return the hands in uint8 (H, W, 3) BGR."""


class Inhibits(Protocol):
    """What the person does, or has said, that keeps gestures from firing."""

    @property
    def paused(self) -> bool:
        """While true, nothing fires but what is bound to `resume`."""

    @property
    def busy(self) -> str | None:
        """`typing` or `talking` while nothing may disturb that; else None."""


class RecognitionPath:
    """Turns frames into a view and events. Called from one thread, with frames in order of time."""

    def __init__(
        self,
        recognizer: Recognizes,
        engine: GestureEngine,
        settings: RecognitionSettings,
        listeners: Sequence[Listener] = (),
        inhibitor: Inhibits | None = None,
        rotated_views: RotatedViews | None = None,
    ) -> None:
        """`turned` looks for hands that lie or hang, which swipes need; None: nobody does."""
        self.view = View()
        """The newest word; replaced as a whole."""
        self.engine = engine
        self.image: Image | None = None
        """What was looked at last, uint8 (H, W, 3) BGR."""
        self.hands: tuple[Hand, ...] = ()
        """What the recogniser saw in it, before anything was decided."""
        self._recognizer, self._settings = recognizer, settings
        self._inhibitor, self._rotated_views = inhibitor, rotated_views
        self._listeners = tuple(listeners)
        self._tracker, self._quality = Tracker(), FrameQuality()
        self._motion = MotionMeter()
        self._zero: float | None = None
        self._due = -math.inf
        self._last = -math.inf
        self._change: _Change | None = None

    def apply_settings(
        self,
        settings: GestureSettings,
        bindings: Sequence[Binding],
        thresholds: Mapping[str, float] | None = None,
    ) -> None:
        """Take other settings, and thresholds if given, from the next frame on; from any thread."""
        self._change = settings, bindings, thresholds

    def is_due(self, frame: Frame) -> bool:
        """Return whether the next inference is due, by the frames' own time."""
        return frame.time >= self._due - EARLY_TOLERANCE_S or frame.time < self._last

    def process(self, frame: Frame) -> None:
        """Recognise, track, decide; replaces `view` and passes events to the listeners."""
        if self._zero is None:
            self._zero = frame.time
        time = frame.time - self._zero
        self._take_change(time)
        hands = self._recognizer.recognize(frame.image).hands
        self.image, self.hands = frame.image, hands
        scene = self._motion.update(frame.image, time, hands)
        hands = scene.hands
        if scene.is_cut:
            self._forget_scene(time)
        if self.engine.guards.face:
            hands = tuple(placed(hand, frame.image) for hand in hands)
        blind = self._quality.update(frame.image, time) if self.engine.guards.picture else None
        hands = () if blind else hands
        size = (frame.image.shape[1], frame.image.shape[0])
        if self._inhibitor:
            self.engine.busy, self.engine.paused = self._inhibitor.busy, self._inhibitor.paused
        rotated_views = (
            self._rotated_views.detect(frame.image, time, hands)
            if self._rotated_views and not blind
            else []
        )
        tracks = self._tracker.update(hands, time)
        decision = self.engine.update(tracks, time, size, rotated_views)
        badges = [ARMED] if decision.armed else []
        badges += [QUALITY_BADGES[blind]] if blind else []
        self.view = View(decision.hands, size, tuple(badges))
        awaited = self._rotated_views.awaits(time) if self._rotated_views else None
        self._plan(frame.time, busy=bool(decision.hands or rotated_views or awaited))
        self._last = frame.time
        self._tell(decision.events)

    def finish(self, time: float) -> None:
        """End what is under way, as if every hand had been lowered; `time` is a frame's."""
        self.view = View()
        self._tell(self.engine.finish(max(0.0, time - (self._zero or 0.0))))

    def _forget_scene(self, time: float) -> None:
        """After a cut nobody is where anybody was: all hands that come are new."""
        self._tracker.forget()
        if self._rotated_views:
            self._rotated_views.forget()
        self._tell(self.engine.forget_scene(time))

    def _plan(self, time: float, *, busy: bool) -> None:
        """Keep an even beat; begin a new one after a pause."""
        if time < self._last:  # the source started again: the old beat lies in its future
            self._due = -math.inf
        rate = self._settings.rate_hz if busy else self._settings.idle_rate_hz
        self._due = max(self._due + 1 / rate, time + 0.5 / rate)

    def _take_change(self, time: float) -> None:
        change, self._change = self._change, None
        if change:
            settings, bindings, thresholds = change
            if set(bindings) != set(self.engine.bindings):
                # What is held was meant for what was bound; keys that are down go up.
                self._tell(self.engine.forget_scene(time))
            self.engine.apply_settings(settings, thresholds)
            self.engine.apply_bindings(bindings)

    def _tell(self, events: Sequence[Event]) -> None:
        for event in events:
            for listener in self._listeners:
                try:
                    listener(event)
                except Exception:  # a listener that fails must not keep keys from being let go
                    log.exception("an event did not reach everybody")
