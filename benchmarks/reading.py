"""Prepared shards beside full pictures: crops a second of one core, in one run, as a ratio.

`python -m benchmarks.reading CACHE [--pictures N]` reads hands from a prepared folder, and beside
them opens JPEG files of 1920x1080 (whole pictures of the same folder, enlarged, with sensor noise)
and cuts one hand from each, as a loader without `prepare` has to. Both make 96-pixel crops,
in turns; processor time is what counts.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from training.datasets.dataset import Prepared, open_prepared
from training.datasets.hand_canvas import clean_crop
from vcam.system.image_files import read_image, write_image
from vcam.vision.preprocessing import hand_crop

WIDE, HIGH = 1920, 1080
SIZE, MARGIN = 96, 1.25
BAR = 20.0
AT_ONCE = 20
"""Crops of one side before it is the other's turn: no loader changes with every crop."""


def write_full_images(
    prepared: Prepared, folder: Path, count: int
) -> list[tuple[Path, list[float]]]:
    """Write pictures of full HD with a hand's box in pixels for each."""
    random = np.random.default_rng(0)
    written: list[tuple[Path, list[float]]] = []
    for place in random.permutation(len(prepared.frames)):
        image, row = prepared.frames.image(int(place))
        if len(written) == count:
            break
        if not row["boxes"]:
            continue
        large = cv2.resize(image, (WIDE, HIGH), interpolation=cv2.INTER_CUBIC)
        noisy = large.astype(np.int16) + random.integers(-4, 5, large.shape, np.int16)
        path = folder / f"{place}.jpg"
        write_image(path, noisy.clip(0, 255).astype(np.uint8))
        scale = np.array([WIDE / image.shape[1], HIGH / image.shape[0]] * 2)
        written.append((path, (np.array(row["boxes"][0]) * scale).tolist()))
    return written


def main(cache: Path, count: int) -> int:
    """Print both rates and their ratio; 0 when it reaches the bar."""
    cv2.setNumThreads(1)
    prepared = open_prepared([cache], "train")
    with tempfile.TemporaryDirectory() as folder:
        full = write_full_images(prepared, Path(folder), count)
        places = np.random.default_rng(1).integers(0, len(prepared.hands), len(full))

        def from_shards(turn: int) -> object:
            return clean_crop(prepared.hands.canvas(int(places[turn]))[0], SIZE, MARGIN)

        def from_full(turn: int) -> object:
            path, (left, top, right, bottom) = full[turn]
            image = read_image(path)
            assert image is not None
            return hand_crop(image.astype(np.uint8), (left, top, right, bottom), SIZE, MARGIN)

        sides: dict[str, Callable[[int], object]] = {"shards": from_shards, "full": from_full}
        taken = dict.fromkeys(sides, 0.0)
        for first in range(0, len(full), AT_ONCE):
            for name, side in sides.items():
                began = time.process_time()
                for turn in range(first, min(len(full), first + AT_ONCE)):
                    side(turn)
                taken[name] += time.process_time() - began
    for name, seconds in taken.items():
        print(f"{name}: {len(full) / seconds:.0f} crops a second")
    ratio = taken["full"] / taken["shards"]
    print(f"ratio: {ratio:.0f} (bar: {BAR:.0f})")
    return 0 if ratio >= BAR else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cache", type=Path)
    parser.add_argument("--pictures", dest="images", type=int, default=200)
    args = parser.parse_args()
    sys.exit(main(args.cache, args.images))
