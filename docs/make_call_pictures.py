"""Draw `docs/call-shows.webp`: what the call sees of one moment in each of the three ways."""

from dataclasses import replace
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from vcam.camera.open import open_camera
from vcam.camera.settings import CameraSettings
from vcam.core.frame import Image
from vcam.core.hand import TrackedHand
from vcam.core.view import HandView, View
from vcam.overlay.composer import Composer, Reaction, Sketch
from vcam.overlay.settings import CallShows, OverlaySettings
from vcam.vision.recognizer import open_recognizer
from vcam.vision.settings import RecognitionSettings

WAYS: Final[tuple[CallShows, ...]] = ("gestures", "reactions", "everything")
WIDTH: Final = 560
FRAME: Final = 60
"""One on which the person of the demo clip shows a gesture."""


def main() -> None:
    """Compose the three pictures side by side."""
    camera = open_camera("demo", CameraSettings(device="demo"))
    frames = [camera.read() for _ in range(FRAME)]
    camera.close()
    last = frames[-1]
    if last is None:
        raise SystemExit("the clip is shorter than that")
    hands = open_recognizer(RecognitionSettings()).recognize(last.image).hands
    size = (last.image.shape[1], last.image.shape[0])
    seen = tuple(
        HandView(TrackedHand(number, hand, 1.0, 0.0), hand.gesture, 0.6, "mic.mute")
        for number, hand in enumerate(hands)
    )
    view = View(seen, size, ("MIC MUTED", "ARMED"))
    sketch = Sketch(last.image, view, 1.0, OverlaySettings(), reaction=Reaction("🎉", 0.0, 0.8))
    row = np.hstack([_image(sketch, way) for way in WAYS])
    _, data = cv2.imencode(".webp", row, [cv2.IMWRITE_WEBP_QUALITY, 82])
    Path(__file__).with_name("call-shows.webp").write_bytes(data.tobytes())


def _image(sketch: Sketch, way: CallShows) -> Image:
    settings = OverlaySettings(call_shows=way)
    composer = Composer(settings, private=False)
    image = composer.compose(replace(sketch, settings=settings))
    height = WIDTH * image.shape[0] // image.shape[1]
    return np.asarray(cv2.resize(image, (WIDTH, height), interpolation=cv2.INTER_AREA), np.uint8)


if __name__ == "__main__":
    main()
