"""Real pictures of prepared folders as models meet them: cut and shrunk by the runtime's code."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from training.datasets.dataset import HandSet, SampleSet
from training.datasets.hand_canvas import clean_crop
from training.datasets.shards import Row
from training.errors import TrainingError
from vcam.vision.preprocessing import Letterbox, letterbox

Images = npt.NDArray[np.uint8]
BATCH = 32


def open_hands(cache: Path, split: str, labels: Sequence[str]) -> HandSet:
    """Open one split's hands. Raises `TrainingError` when there are none."""
    hands = HandSet([cache / split], labels)
    if not len(hands):
        raise TrainingError(f"{cache / split} holds no hands: give --cache a prepared folder.")
    return hands


def open_frames(cache: Path, split: str) -> SampleSet:
    """Open one split's whole pictures. Raises `TrainingError` when there are none."""
    frames = SampleSet([cache / split], "frames")
    if not len(frames):
        raise TrainingError(f"{cache / split} holds no pictures: give --cache a prepared folder.")
    return frames


def some(count: int, count_max: int) -> npt.NDArray[np.int64]:
    """Return at most `count_max` places out of `count`, the same ones every time, in order."""
    chosen = np.random.default_rng(0).permutation(count)[:count_max]
    return np.sort(chosen).astype(np.int64)


def crop_batches(
    hands: HandSet, places: Sequence[int] | npt.NDArray[np.int64], size: int, margin: float
) -> Iterator[Images]:
    """Yield crops uint8 (N, S, S, 3) RGB of the hands at these places, 32 at a time."""
    for start in range(0, len(places), BATCH):
        chosen = places[start : start + BATCH]
        yield np.stack([clean_crop(hands.canvas(int(p))[0], size, margin) for p in chosen])


def boxed_frame(frames: SampleSet, place: int, area: int) -> tuple[Letterbox, Row]:
    """Return a whole picture letterboxed as the runtime does it, and its row."""
    rgb, row = frames.image(place)
    return letterbox(cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR).astype(np.uint8), area), row
