"""Find what the detector takes for hands, as lessons in `no_gesture` for the classifier.

`python -m training hard-negatives --detector models/hand_detector.onnx --cache runs/cache --out
runs/mined` looks at every prepared training picture and keeps what is found away from all
annotated hands: faces, elbows, lamps, and hands that nobody annotated because they show nothing.
What it writes is a prepared folder of its own, to train with beside the first.
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
from rich.progress import track

from training.datasets.annotations import LabelledPicture
from training.datasets.auto_label import Finder, box_label
from training.datasets.dataset import SampleSet
from training.datasets.hand_canvas import hand_canvas
from training.datasets.shard_job import hand_row, jpeg
from training.datasets.shards import Dataset, Row, ShardWriter
from training.errors import TrainingError
from vcam.core.box import intersection_over_union
from vcam.core.frame import Box, Image
from vcam.vision.models.bundled import shipped_model

WEIGHT = 2.5
"""How much more often these are drawn than other crops of `no_gesture`."""
APART = 0.1
"""Most overlap (IoU) with an annotated hand."""
SHARDS = 8
"""Training shares shards out to so many readers."""


def main(argv: Sequence[str]) -> int:
    """Run `python -m training hard-negatives`."""
    parser = argparse.ArgumentParser(
        prog="python -m training hard-negatives",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--detector", type=Path, default=shipped_model("detect"))
    parser.add_argument("--cache", type=Path, default=Path("runs/cache"), help="what prepare wrote")
    parser.add_argument("--out", type=Path, default=Path("runs/mined"))
    parser.add_argument(
        "--score", type=float, default=0.2, help="minimum score to be a hard negative"
    )
    args = parser.parse_args(argv)
    count = write_hard_negatives(Finder(args.detector), args.cache, args.out, args.score)
    print(f"{count} crops that are no hand in {args.out}")
    return 0


def write_hard_negatives(finder: Finder, cache: Path, out: Path, min_score: float) -> int:
    """Write a prepared folder of false finds and return their number.

    Raises `TrainingError` when nothing was found, or when `cache` is not prepared.
    """
    dataset = Dataset.read(cache)
    frames = SampleSet([cache / "train"], "frames")
    total = 0
    for number in range(SHARDS):
        lessons = hard_negatives(finder, frames, range(number, len(frames), SHARDS), min_score)
        first = next(lessons, None)
        if first is None:
            continue
        with ShardWriter(out / "train" / f"hands-{number:05}.tar") as shard:
            for lesson in (first, *lessons):
                _add(shard, lesson, dataset.side)
                total += 1
    if not total:
        raise TrainingError(f"The detector takes nothing in {cache} for a hand that is none.")
    made_with = {"mined": str(cache), "score": min_score, "counts": {"train": {"hands": total}}}
    Dataset(dataset.labels, dataset.side, dataset.frame, made_with).write(out)
    return total


def hard_negatives(
    finder: Finder, frames: SampleSet, places: Sequence[int], min_score: float
) -> Iterator[tuple[Image, Box, str]]:
    """Yield the picture, uint8 (H, W, 3) BGR, box and picture's name of every false detection."""
    for place in track(places, "looking"):
        picture, row = frames.picture(place)
        image = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR).astype(np.uint8)
        for box in _elsewhere(finder, image, row, min_score):
            yield image, box, row["picture"]


def _elsewhere(finder: Finder, image: Image, row: Row, min_score: float) -> Iterator[Box]:
    known = [tuple(box) for box in (*row["boxes"], *row["ignore"])]
    for detection in finder.find(image, min_score):
        if all(intersection_over_union(detection.box_xyxy, box) < APART for box in known):
            yield detection.box_xyxy


def _add(shard: ShardWriter, lesson: tuple[Image, Box, str], side: int) -> None:
    image, box, name = lesson
    hand = box_label(box, image)
    picture = LabelledPicture(Path(), name, "mined", "train", hand.gesture, "mined", (hand,))
    canvas = hand_canvas(image, hand, side)
    row = hand_row(picture, 0, canvas, image.shape[:2])
    shard.add({"jpg": jpeg(canvas.bgr)}, {**row, "picture": name, "cut": False, "weight": WEIGHT})
