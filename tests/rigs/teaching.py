"""The program on the demo clip, for which every gesture in it is a new one."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.rigs.panel import Panelled, panelled_by
from vcam.camera.open import open_camera
from vcam.camera.settings import CameraSettings
from vcam.core.frame import Image
from vcam.core.labels import NO_GESTURE
from vcam.system.image_files import create_film, write_image
from vcam.system.paths import state_folder
from vcam.vision.models.card import ModelCard
from vcam.vision.recognizer import open_recognizer
from vcam.vision.settings import RecognitionSettings

TEXT = 'profile = "mine"\n[profiles.mine]\nbindings = []\n'
NEW = "stop"
"""The gesture of the clip that is called `mine` here."""


@contextmanager
def learned_from(
    folder: Path, monkeypatch: pytest.MonkeyPatch, lessons: Path
) -> Iterator[Panelled]:
    """Run it with the pictures and the clip of `lessons`, which `collect` has made.

    Thresholds that nothing reaches make them gestures that the classifier does not know.
    """
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(name, str(folder))
    usual = ModelCard.threshold
    monkeypatch.setattr(
        ModelCard,
        "threshold",
        lambda card, label: 2.0 if card.task == "classify" else usual(card, label),
    )
    shutil.copytree(lessons / "pictures", state_folder() / "pictures")
    with panelled_by(folder, TEXT, str(lessons / "clip.mp4")) as running:
        yield running


def collect(folder: Path) -> None:
    """Save pictures of the demo, `NEW` as `mine` and others as idle hands, and `NEW` as a clip."""
    recognizer = open_recognizer(RecognitionSettings())
    camera = open_camera("demo", CameraSettings())
    frames: list[Image] = []
    shown: list[int] = []
    while (frame := camera.read()) is not None:
        frames.append(frame.image)
        hands = recognizer.recognize(frame.image).hands if frame.index % 6 == 0 else ()
        for gesture in {h.gesture for h in hands if h.gesture_score > 0.8} - {NO_GESTURE}:
            shown += [len(frames)] if gesture == NEW else []
            place = folder / "pictures" / ("mine" if gesture == NEW else NO_GESTURE)
            place.mkdir(parents=True, exist_ok=True)
            write_image(place / f"{frame.index:05}-1.jpg", frame.image)
    camera.close()
    size = frames[0].shape[1::-1]
    writer = create_film(folder / "clip.mp4", size, 30)
    for image in frames[max(0, shown[0] - 20) : shown[0] + 60]:
        writer.write(image)
    writer.release()
