"""What making batches asks of one core: the figures that plans for large trainings start from.

`python -m benchmarks.making CACHE [MORE ...]` reads hands, lays them on rooms and spoils them as
the classifier learns them, and makes whole pictures as the detector does: each for a while in one
process, by processor time.
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from training.augmentation.crop_dataset import CropBatches, CropRecipe
from training.augmentation.frame_dataset import FrameBatches, FrameRecipe
from training.datasets.dataset import open_prepared

STEPS = 12


def rate(make: Callable[[int], int]) -> float:
    """Return how many are made in a second of processor time; `make` takes a step."""
    make(0)
    began = time.process_time()
    made = sum(make(step) for step in range(1, STEPS + 1))
    return made / (time.process_time() - began)


def main(caches: list[Path], size: int) -> None:
    """Print the three rates."""
    cv2.setNumThreads(1)
    prepared = open_prepared(caches, "train")
    crops = CropBatches(prepared, CropRecipe(size=size), 64, slice(None))
    frames = FrameBatches(prepared, FrameRecipe(), 16, slice(None))
    places = np.random.default_rng(0).integers(0, len(prepared.hands), (STEPS + 1, 64)).tolist()
    kinds: dict[str, Callable[[int], int]] = {
        "hands read and decoded": lambda step: len(
            [prepared.hands.canvas(place) for place in places[step]]
        ),
        "the same, laid on a room and degraded": lambda step: len(crops[step].crops),
        "whole pictures, moved, pasted on and degraded": lambda step: len(frames[step].images),
    }
    for name, make in kinds.items():
        print(f"{name}: {rate(make):.0f} a second and core")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cache", type=Path, nargs="+")
    parser.add_argument("--size", type=int, default=CropRecipe().size, help="side of the crops")
    args = parser.parse_args()
    main(args.cache, args.size)
