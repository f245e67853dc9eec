"""The whole program around parts that break on command, and a consumer that watches the picture."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import pytest

import vcam.app.app
import vcam.camera.selection
from vcam.app.app import App, RunOptions
from vcam.core.event import Event
from vcam.core.frame import Frame, Image
from vcam.core.hand import Detection, Hand
from vcam.errors import CameraError
from vcam.output.open import open_output
from vcam.vision.models.bundled import shipped_model
from vcam.vision.models.card import ModelCard, read_card
from vcam.vision.recognizer import Recognizer
from vcam.vision.score_fusion import ScoreFusion

SIZE = (640, 360)
FPS = 30.0
CELL, BITS, MAGIC = 4, 16, 0b10110010
GREY = 90
HAND = np.s_[120:220, 250:350]
"""Where the models see a hand."""
SKIN = np.random.default_rng(0).integers(60, 120, (8, 100, 100, 3)).astype(np.uint8)
"""What is there, a little different in each frame."""


def stamp(image: Image, number: int) -> Image:
    """Write a frame's number into both lower corners, where no overlay is drawn."""
    bits = [(MAGIC >> i) & 1 for i in range(8)] + [(number >> i) & 1 for i in range(BITS)]
    row = np.repeat(np.array(bits, np.uint8) * 255, CELL)[None, :, None]
    image[-CELL:, : row.shape[1]] = row
    image[-CELL:, -row.shape[1] :] = row
    return image


def read_stamps(image: Image) -> list[int | None]:
    """Return what stands in both corners; None where there is no stamp."""
    wide = (8 + BITS) * CELL
    return [_read(image[-CELL:, :wide]), _read(image[-CELL:, -wide:])]


def _read(strip: Image) -> int | None:
    bits = strip[CELL // 2, CELL // 2 :: CELL, 1] > 127
    value = sum(int(bit) << i for i, bit in enumerate(bits))
    return value >> 8 if value & 0xFF == MAGIC else None


class BreakableCamera:
    """A live camera of 30 frames a second; `mode` says what is wrong with it."""

    live, fps = True, FPS

    def __init__(self) -> None:
        self.size = SIZE
        self.mode = "good"
        self.jump = 0.0
        """Seconds added to the frames' time."""
        self._number = 0
        self._due = time.perf_counter()

    def read(self) -> Frame | None:
        """Wait for the next frame, or fail as `mode` says."""
        self._due = max(self._due + 1 / FPS, time.perf_counter() - 0.1)
        time.sleep(max(0.0, self._due - time.perf_counter()))
        while self.mode == "frozen":
            time.sleep(0.01)
        if self.mode == "gone":
            raise CameraError("The camera was unplugged: plug it in again.")
        if self.mode == "rubbish":
            raise cv2.error("(-215:Assertion failed) !buf.empty()")
        self._number = (self._number + 1) % (1 << BITS)
        return Frame(self._image(), time.perf_counter() + self.jump, self._number)

    def _image(self) -> Image:
        width, height = self.size
        if self.mode == "small":
            return np.full((height // 3, width // 2, 3), GREY, np.uint8)
        if self.mode == "half":
            return np.full((height // 2, width, 3), GREY, np.uint8)
        if self.mode == "empty":
            return np.empty((0, 0, 3), np.uint8)
        image = np.full((height, width, 3), GREY, np.uint8)
        image[HAND] = SKIN[self._number % len(SKIN)]  # what never moves is not taken for a hand
        return stamp(image, self._number)

    def reopen(self) -> "BreakableCamera":
        """Open it again; fails while it is gone."""
        if self.mode == "gone":
            raise CameraError("There is no camera: plug one in.")
        if self.mode == "rubbish":
            raise cv2.error("no such device")
        return self

    def close(self) -> None:
        """Nothing to give back."""


class BreakableModels:
    """A detector and a classifier; `mode` says what is wrong with them.

    They see one palm, for two seconds of every three.
    """

    min_score_to_act, fusion = 0.4, ScoreFusion()

    def __init__(self) -> None:
        self.mode = "good"
        self.inferences = 0
        self.card: ModelCard = read_card(shipped_model("classify"), "classify")

    def detect(self, image: Image, *, refine: bool = True) -> list[Detection]:
        """Return the hands, or fail as `mode` says."""
        if self.mode == "raises":
            raise RuntimeError("bad allocation")
        end = time.perf_counter() + 5
        while self.mode == "hangs" and time.perf_counter() < end:
            time.sleep(0.01)
        self.inferences += 1
        if self.mode == "crowd":
            boxes = [(30.0 * (i % 20), 60.0 * (i // 20)) for i in range(100)]
            return [Detection((x, y, x + 28, y + 50), 0.9) for x, y in boxes]
        if self.mode == "nan boxes":
            return [Detection((float("nan"),) * 4, 0.9)]
        return [Detection((250.0, 120.0, 350.0, 220.0), 0.9)] if time.perf_counter() % 3 < 2 else []

    def classify(
        self, image: Image, detections: Sequence[Detection], *, refine: bool = True
    ) -> list[Hand]:
        """Call every hand a palm."""
        score = float("nan") if self.mode == "nan" else 0.97
        return [Hand(d.box_xyxy, d.score, "palm", score, "right", 0.97) for d in detections]


@dataclass
class Seen:
    """What reached the consumer since it was last asked."""

    live: int = 0
    other: int = 0
    """Pictures that are not the camera's: cards."""
    torn: int = 0
    backwards: int = 0
    banners: int = 0
    """Pictures with a warning on them."""
    gaps: list[float] = field(default_factory=list)


class Consumer:
    """An output that looks at every picture as a call would get it; keeps none."""

    name, private = "consumer", False

    def __init__(self) -> None:
        self.seen = Seen()
        self._last_at = 0.0
        self._last_number = 0

    def send(self, image: Image, at: float) -> None:
        """Check one image."""
        now, seen = time.perf_counter(), self.seen
        assert image.shape == (SIZE[1], SIZE[0], 3)
        assert image.dtype == np.uint8
        if self._last_at:
            seen.gaps.append(now - self._last_at)
        self._last_at = now
        left, right = read_stamps(image)
        if left is None and right is None:
            seen.other += 1
        elif left is None or left != right:
            seen.torn += 1
        else:
            seen.live += 1
            seen.backwards += left < self._last_number and self._last_number - left < 1000
            self._last_number = left
            seen.banners += int(image[36:58, 200:440].std() > 8)

    def close(self) -> None:
        """Nothing to give back."""

    def take(self) -> Seen:
        """Return what was seen since the last time, and begin again."""
        seen, self.seen = self.seen, Seen()
        return seen


class Witness:
    """A preview: an output that only the person sees, where warnings are shown."""

    name, private = "witness", True

    def __init__(self) -> None:
        self.banners = 0
        """Pictures with a warning on them."""

    def send(self, image: Image, at: float) -> None:
        """Count a warning."""
        self.banners += int(image[36:58, 200:440].std() > 8)

    def close(self) -> None:
        """Nothing to give back."""


class Stage:
    """The running program, its breakable parts, and what came out of it."""

    def __init__(self) -> None:
        self.camera, self.models, self.consumer = BreakableCamera(), BreakableModels(), Consumer()
        self.witness = Witness()
        self.events: list[Event] = []
        self.app: App

    def wait(self, condition: Callable[[], bool], seconds: float) -> bool:
        """Wait until something is so; say whether it came to be."""
        end = time.perf_counter() + seconds
        while not condition() and time.perf_counter() < end:
            time.sleep(0.02)
        return condition()

    def healthy(self) -> bool:
        """Say whether the camera's picture, recognition and decisions all go on, within seconds."""
        self.consumer.take()
        inferences, fired = self.models.inferences, len(self.events)
        return self.wait(
            lambda: (
                self.consumer.seen.live > 10
                and self.models.inferences > inferences + 3
                and len(self.events) > fired
            ),
            10,
        )


BOUND = (
    'profile = "mine"\n[profiles.mine]\nbindings = [{ gesture = "palm", action = "mic.mute" }]\n'
)


@contextlib.contextmanager
def staged(
    patch: pytest.MonkeyPatch, folder: Path, *outputs: str, events: Path | None = None
) -> Iterator[Stage]:
    """Run the program with breakable parts, on a settings file in `folder`; end it afterwards."""
    stage, opened = Stage(), open_output
    (folder / "settings.toml").write_text(BOUND)
    patch.setattr(vcam.camera.selection, "open_camera", lambda *_: stage.camera.reopen())
    recognizer = Recognizer(stage.models, stage.models)  # type: ignore[arg-type]  # a stand-in
    patch.setattr(vcam.app.app, "open_recognizer", lambda _: recognizer)

    def output(kind: str, *rest: object, **more: object) -> object:
        ours = {"consumer": stage.consumer, "witness": stage.witness}
        return ours.get(kind) or opened(kind, *rest, **more)  # type: ignore[arg-type]

    patch.setattr(vcam.app.app, "open_output", output)
    options = RunOptions(
        outputs=("consumer", *outputs),
        config=folder / "settings.toml",
        dry_run=True,
        events=events,
    )
    stage.app = App(options, [stage.events.append])
    running = threading.Thread(target=stage.app.run)
    running.start()
    try:
        assert stage.wait(lambda: stage.consumer.seen.live > 5, 10)
        yield stage
    finally:
        stage.camera.mode = stage.models.mode = "good"
        stage.app.stop()
        running.join(15)
        assert not running.is_alive()
