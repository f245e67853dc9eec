"""Measure what recognition and drawing take on this machine."""

import platform
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from vcam.camera.open import open_camera
from vcam.camera.settings import CameraSettings
from vcam.core.frame import Image
from vcam.core.hand import Hand, TrackedHand
from vcam.core.labels import NO_GESTURE
from vcam.core.view import HandView, View
from vcam.overlay.overlay import Overlay
from vcam.overlay.settings import OverlaySettings
from vcam.vision.recognizer import Recognizer, open_recognizer
from vcam.vision.settings import RecognitionSettings

FRAMES_BETWEEN_TRIES = 15
"""Frames of the demo clip that are skipped between two searches for a hand."""


def measure(rounds: int) -> dict[str, Any]:
    """Return milliseconds of each step on a 720p frame that shows one hand."""
    recognizer = open_recognizer(RecognitionSettings())
    image = frame_with_a_hand(recognizer)
    results = [recognizer.recognize(image) for _ in range(rounds + 5)][5:]
    detect = [result.detect_ms for result in results]
    classify = [result.classify_ms for result in results]
    return {
        "machine": {"processor": platform.machine(), "system": platform.system()},
        "rounds": rounds,
        "hands": len(results[0].hands),
        "ms": {
            "detect": _summary(detect),
            "classify": _summary(classify),
            "detect_and_classify": _summary([a + b for a, b in zip(detect, classify, strict=True)]),
            "draw": _summary(_drawing(image, results[0].hands, rounds)),
        },
    }


def frame_with_a_hand(recognizer: Recognizer) -> Image:
    """Return the demo clip's first frame, among some, in which one hand shows a gesture."""
    camera = open_camera("demo", CameraSettings())
    image: Image | None = None
    try:
        while frame := camera.read():
            image = frame.image
            if (
                frame.index % FRAMES_BETWEEN_TRIES == 0
                and len(confident_hands(recognizer, image)) == 1
            ):
                break
    finally:
        camera.close()
    assert image is not None  # noqa: S101  # the bundled clip is not empty
    return image


def confident_hands(recognizer: Recognizer, image: Image) -> list[Hand]:
    """Return the hands that show a gesture: an uncertain detection may be a lamp."""
    hands = recognizer.recognize(image).hands
    return [hand for hand in hands if recognizer.acted_on(hand) != NO_GESTURE]


def _drawing(image: Image, hands: tuple[Any, ...], rounds: int) -> list[float]:
    overlay = Overlay(OverlaySettings())
    size = (image.shape[1], image.shape[0])
    views = tuple(HandView(TrackedHand(1, hand, 0, 0), hand.gesture, 0.6, "mute") for hand in hands)
    view = View(views, size, badges=("MIC MUTED",), toast="Microphone muted")
    canvas = image.copy()
    return [_ms(lambda: overlay.draw(canvas, view)) for _ in range(rounds)]


def _ms(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)


def _summary(times: list[float]) -> dict[str, float]:
    return {
        "p50": round(float(np.percentile(times, 50)), 3),
        "p99": round(float(np.percentile(times, 99)), 3),
    }
