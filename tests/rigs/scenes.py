"""Scenes as a camera sees them, at any rate: what is found in them is given, motion is measured.

A scene says which hands are where at a time. Each is drawn as a patch of texture, which trembles as
held hands do unless it is dead, before a room in which somebody else moves. Motion is measured in
these pictures, hands are followed and decided about at the program's own pace, without models.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import cv2
import numpy as np

from vcam.core.binding import Binding
from vcam.core.event import Event
from vcam.core.frame import Frame, Image
from vcam.core.hand import Hand
from vcam.core.labels import Side
from vcam.gestures.engine import GestureEngine
from vcam.gestures.settings import GestureSettings
from vcam.pipeline.recognition import RecognitionPath
from vcam.vision.recognizer import Recognition
from vcam.vision.settings import RecognitionSettings

WIDTH, HEIGHT = 320, 180
RATES = (10, 15, 30, 60)
BLANK = np.zeros((HEIGHT, WIDTH, 3), np.uint8)


@dataclass(frozen=True)
class Seen:
    """A find: what it is called, where its middle is and how large it is, in pixels."""

    gesture: str
    x: float
    y: float
    size: float = 45
    score: float = 0.95
    found: float = 0.85
    """The detector's score."""
    side: Side = "right"
    dead: bool = False
    """Whether its pixels never change."""

    @property
    def hand(self) -> Hand:
        """The same for deciding."""
        half = self.size / 2
        box = self.x - half, self.y - half, self.x + half, self.y + half
        return Hand(box, self.found, self.gesture, self.score, self.side, 0.95)


Scene = Callable[[float], Sequence[Seen]]
"""What is in sight at a time in seconds."""


@dataclass
class _Given:
    """A recogniser that knows what is to be seen."""

    hands: tuple[Hand, ...] = field(default=())

    def recognize(self, image: Image) -> Recognition:
        """Return what was put here."""
        return Recognition(self.hands, 0.0, 0.0)


def decided(
    scene: Scene,
    until: float,
    rate: float,
    settings: GestureSettings | None = None,
    bindings: Sequence[Binding] = (),
    cut_every: float = 1e9,
) -> list[Event]:
    """Return all events of a scene that is filmed at `rate`; every so often it is cut."""
    events: list[Event] = []
    given = _Given()
    engine = GestureEngine(settings or GestureSettings(), bindings, {})
    path = RecognitionPath(given, engine, RecognitionSettings(), [events.append])
    for index in range(round(until * rate) + 1):
        time = index / rate
        if path.is_due(Frame(BLANK, time, index)):  # the others need not be drawn
            hands = scene(time)
            given.hands = tuple(seen.hand for seen in hands)
            path.process(Frame(_drawn(hands, time, int(time / cut_every + 1e-6)), time, index))
    path.finish(until)
    return events


def fires(events: Sequence[Event]) -> list[str]:
    """Return what fired."""
    return [event.gesture for event in events if event.phase == "fire"]


def _texture(seed: int, wide: int, high: int) -> Image:
    coarse = np.random.default_rng(seed).integers(0, 255, (9, 16, 3), np.uint8)
    return np.asarray(cv2.resize(coarse, (wide, high)), np.uint8)


def _drawn(hands: Sequence[Seen], time: float, room: int) -> Image:
    """Return uint8 (180, 320, 3): a room, somebody's shoulder that goes to and fro, and hands."""
    image = _texture(room, WIDTH, HEIGHT)
    shoulder = round(20 + 12 * np.sin(3 * time))
    image[150:, shoulder : shoulder + 60] = _texture(1000, 60, 30)
    for number, seen in enumerate(hands):
        side = max(4, round(seen.size))
        patch = _texture(2000 + number, side, side)
        tremor = 0 if seen.dead else round(2 * np.sin(11 * time)), round(2 * np.cos(7 * time))
        if not seen.dead:
            patch = np.roll(patch, tremor, axis=(0, 1))
        _lay(image, patch, round(seen.x - side / 2), round(seen.y - side / 2))
    return image


def _lay(image: Image, patch: Image, left: int, top: int) -> None:
    high, wide = patch.shape[:2]
    rows = slice(max(0, top), max(0, min(HEIGHT, top + high)))
    columns = slice(max(0, left), max(0, min(WIDTH, left + wide)))
    part = image[rows, columns]
    image[rows, columns] = patch[
        max(0, -top) : max(0, -top) + part.shape[0], max(0, -left) : max(0, -left) + part.shape[1]
    ]


def swaying(seen: Seen, time: float, sizes: float = 0.04) -> Seen:
    """Return the same a little aside, as nobody keeps quite still."""
    away = sizes * seen.size
    return replace(seen, x=seen.x + away * np.sin(2.1 * time), y=seen.y + away * np.sin(1.3 * time))
