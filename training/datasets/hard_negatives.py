"""Find what the detector takes for hands, as lessons in `no_gesture` for the classifier.

`python -m training hard-negatives --detector models/hand_detector.onnx --cache runs/cache --out
runs/mined` looks at every prepared training picture and keeps what is found away from all
annotated hands: faces, elbows, lamps, and hands that nobody annotated because they show nothing.
What it writes is a prepared folder of its own, to train with beside the first.

With `--clips FILE …` it looks at films of people who mean nothing by their hands instead, who talk
or walk by: whatever is found there is a lesson.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from rich.progress import track

from training.datasets.auto_label import Finder, box_label
from training.datasets.dataset import SampleSet
from training.datasets.film_frames import film_frames
from training.datasets.lessons import Lesson, write_lessons
from training.datasets.shards import Dataset, Row
from training.errors import TrainingError
from training.option_parser import OptionParser
from vcam.core.box import intersection_over_union
from vcam.core.frame import Box, Image
from vcam.vision.models.bundled import shipped_model

WEIGHT = 2.5
"""How much more often these are drawn than other crops of `no_gesture`."""
MAX_IOU = 0.1
"""Maximum overlap (IoU) with an annotated hand."""
CLIP_STEP_S = 0.2
"""Pictures of a film that are nearer than this teach the same."""
SHARDS = 8
"""Training shares shards out to so many readers."""


def main(argv: Sequence[str]) -> int:
    """Run `python -m training hard-negatives`."""
    parser = OptionParser(
        prog="python -m training hard-negatives",
        description=__doc__,
    )
    parser.add_argument("--detector", type=Path, default=shipped_model("detect"))
    parser.add_argument("--cache", type=Path, default=Path("runs/cache"), help="what prepare wrote")
    parser.add_argument("--out", type=Path, default=Path("runs/mined"))
    parser.add_argument(
        "--score", type=float, default=0.2, help="minimum score to be a hard negative"
    )
    parser.add_argument(
        "--clips", type=Path, nargs="+", help="films in which nobody means anything by a hand"
    )
    args = parser.parse_args(argv)
    finder = Finder(args.detector)
    if args.clips:
        number = hard_negatives_of_clips(finder, args.clips, args.cache, args.out, args.score)
    else:
        number = write_hard_negatives(finder, args.cache, args.out, args.score)
    print(f"{number} crops that are no hand in {args.out}")
    return 0


def write_hard_negatives(finder: Finder, cache: Path, out: Path, min_score: float) -> int:
    """Write a prepared folder of false detections and return their number.

    Raises `TrainingError` when nothing was found, or when `cache` is not prepared.
    """
    dataset = Dataset.read(cache)
    frames = SampleSet([cache / "train"], "frames")
    shares = (
        hard_negatives(finder, frames, range(number, len(frames), SHARDS), min_score)
        for number in range(SHARDS)
    )
    total = _write(shares, dataset, out, "mined")
    if not total:
        raise TrainingError(f"The detector takes nothing in {cache} for a hand that is none.")
    _describe(dataset, out, {"mined": str(cache), "score": min_score}, total)
    return total


def hard_negatives_of_clips(
    finder: Finder, clips: Sequence[Path], cache: Path, out: Path, min_score: float
) -> int:
    """Write a prepared folder of all detections in films and return their number.

    Raises `TrainingError` when a film cannot be read, when nothing was found, or when `cache`,
    whose labels and sizes are taken, is not prepared.
    """
    dataset = Dataset.read(cache)
    shares = (_found_in(finder, clips[number::SHARDS], min_score) for number in range(SHARDS))
    total = _write(shares, dataset, out, "clips")
    if not total:
        raise TrainingError("The detector finds nothing in these clips: lower --score.")
    _describe(dataset, out, {"clips": [clip.name for clip in clips], "score": min_score}, total)
    return total


def _write(
    shares: Iterable[Iterator[tuple[Image, Box, str]]], dataset: Dataset, out: Path, source: str
) -> int:
    """Write each share of lessons that is not empty as a shard; return how many there were."""

    def lessons(found: Iterator[tuple[Image, Box, str]]) -> Iterator[Lesson]:
        for image, box, name in found:
            yield Lesson(image, box_label(box, image), name, source, WEIGHT)

    return write_lessons(map(lessons, shares), out / "train", dataset.side)


def _describe(dataset: Dataset, out: Path, made_with: dict[str, Any], total: int) -> None:
    made_with = made_with | {"counts": {"train": {"hands": total}}}
    Dataset(dataset.labels, dataset.side, dataset.frame, made_with).write(out)


def _found_in(
    finder: Finder, clips: Sequence[Path], min_score: float
) -> Iterator[tuple[Image, Box, str]]:
    """Yield the picture, box and name of every detection in some pictures of each film."""
    for clip in clips:
        for number, (_, image) in enumerate(film_frames(clip, CLIP_STEP_S)):
            for detection in finder.detect(image, min_score):
                yield image, detection.box_xyxy, f"{clip.name}/{number}"


def hard_negatives(
    finder: Finder, frames: SampleSet, places: Sequence[int], min_score: float
) -> Iterator[tuple[Image, Box, str]]:
    """Yield the picture, uint8 (H, W, 3) BGR, box and picture's name of every false detection."""
    for place in track(places, "looking"):
        rgb, row = frames.image(place)
        image = cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR).astype(np.uint8)
        for box in _elsewhere(finder, image, row, min_score):
            yield image, box, row["picture"]


def _elsewhere(finder: Finder, image: Image, row: Row, min_score: float) -> Iterator[Box]:
    known = [tuple(box) for box in (*row["boxes"], *row["ignore"])]
    for detection in finder.detect(image, min_score):
        if all(intersection_over_union(detection.box_xyxy, box) < MAX_IOU for box in known):
            yield detection.box_xyxy
