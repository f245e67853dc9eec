"""Hands of films that teach joints."""

from pathlib import Path

import numpy as np
import pytest

from training.datasets.film_landmarks import STEP_S, write_film_hands
from training.datasets.formats.registry import recognise
from training.datasets.hand_canvas import LANDMARKS
from training.datasets.skip_report import Skips
from training.errors import TrainingError
from vcam.core.frame import Image
from vcam.system.image_files import create_film
from vcam.vision.mediapipe_detector import Points

SIZE = (160, 120)
RATE = 24
FRAMES = 24


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """A second of a film that grows brighter."""
    path = tmp_path / "talk.avi"
    writer = create_film(path, SIZE, RATE, "MJPG")
    for number in range(FRAMES):
        writer.write(np.full((SIZE[1], SIZE[0], 3), 10 * number, np.uint8))
    writer.release()
    return path


def _hand(left: float, top: float, side: float) -> Points:
    across, down = np.meshgrid(np.linspace(0, side, 3), np.linspace(0, side, 7))
    return np.column_stack([left + across.ravel(), top + down.ravel()])


def test_hands_become_a_set_with_landmarks(film: Path, tmp_path: Path) -> None:
    """A few frames a second, every hand that is large enough, its box inside the frame."""
    seen: list[int] = []

    def landmarker(image: Image) -> list[Points]:
        seen.append(int(image[0, 0, 0]))
        return [_hand(130, 40, 29), _hand(20, 20, 10)] if image[0, 0, 0] > 100 else []

    out = tmp_path / "set"
    hands = write_film_hands([film], landmarker, out)
    assert len(seen) == FRAMES / RATE / STEP_S
    assert hands == sum(shade > 100 for shade in seen) > 0
    images = list(recognise(out, "auto", None).images(Skips()))
    assert len(images) == hands
    for image in images:
        (hand,) = image.hands
        assert hand.gesture == "no_gesture"
        assert len(hand.landmarks) == LANDMARKS
        left, _, width, _ = hand.box_xywh
        assert left < 130 / SIZE[0]
        assert left + width == pytest.approx(1)


def test_films_without_a_hand_are_refused(film: Path, tmp_path: Path) -> None:
    """So is what is no film; each in one sentence."""
    with pytest.raises(TrainingError, match="no hand"):
        write_film_hands([film], lambda _: [], tmp_path / "set")
    (tmp_path / "text.mp4").write_text("no film", encoding="utf-8")
    with pytest.raises(TrainingError, match=r"text\.mp4 is no film"):
        write_film_hands([tmp_path / "text.mp4"], lambda _: [], tmp_path / "set")
