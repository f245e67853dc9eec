"""Find the 21 landmarks of labelled hands that have none, with MediaPipe as the teacher.

`python -m training landmarks --data FOLDER --model hand_landmarker.task --out landmarks.json` looks
at every annotated hand without landmarks, in a square around its box. `prepare --landmarks` reads
what it writes. With landmarks a hand can be cut out and laid on other rooms, its direction is
known, and `train classifier --joints` learns where its joints are. Needs the extra `mediapipe`.

With `--clips FILE …` it looks at films of people who mean nothing by their hands instead, and
`--out` becomes a folder of frames to `prepare`, whose hands have landmarks.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import cv2
import numpy as np
from rich.progress import track

from training.datasets.annotations import CUTOUT, HandLabel, ImageReader, LabelledImage
from training.datasets.film_landmarks import Landmarker, write_film_hands
from training.datasets.formats.registry import layouts, recognise
from training.datasets.hand_canvas import LANDMARKS
from training.datasets.shards import replace_text
from training.datasets.skip_report import Skips
from training.errors import TrainingError
from training.option_parser import OptionParser
from vcam.core.box import intersection_over_union
from vcam.core.frame import Box, Image
from vcam.errors import VcamError
from vcam.vision.mediapipe_detector import MediaPipeDetector, Points

MARGIN = 2.0
"""Side of the square that is looked at, over the longer side of the hand's box."""
SEEN_PX = 256
"""Longer side of that square when it is looked at: small hands are enlarged."""
MIN_IOU = 0.3
"""Minimum overlap of a hand's box with the one around its landmarks."""


@dataclass(frozen=True, slots=True)
class FoundLandmarks:
    """Landmarks by a picture's name and a hand's place in it."""

    points: Mapping[str, Mapping[str, list[list[float]]]] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path | None) -> "FoundLandmarks":
        """Read what `landmarks` wrote; none without a path. Raises `TrainingError`."""
        if path is None:
            return cls()
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            return cls({name: dict(hands) for name, hands in content.items()})
        except (OSError, ValueError, AttributeError, TypeError) as error:
            raise TrainingError(
                f"{path} does not hold landmarks ({error}): write it with "
                "`python -m training landmarks`."
            ) from None

    def apply(self, images: Iterable[LabelledImage]) -> Iterator[LabelledImage]:
        """Yield the pictures; hands that had no landmarks have those that were found."""
        for labelled in images:
            found = self.points.get(labelled.name)
            yield replace(labelled, hands=_completed(labelled.hands, found)) if found else labelled


def _completed(
    hands: Sequence[HandLabel], found: Mapping[str, list[list[float]]]
) -> tuple[HandLabel, ...]:
    return tuple(
        replace(hand, landmarks=tuple((x, y) for x, y in points))
        if (points := found.get(str(place))) and not hand.landmarks
        else hand
        for place, hand in enumerate(hands)
    )


def main(argv: Sequence[str]) -> int:
    """Run `python -m training landmarks`."""
    parser = OptionParser(
        prog="python -m training landmarks",
        description=__doc__,
    )
    parser.add_argument("--data", type=Path, nargs="+", default=[Path("data")], metavar="FOLDER")
    parser.add_argument(
        "--annotations", type=Path, metavar="PATH", help="where they lie, if not with the pictures"
    )
    parser.add_argument("--layout", choices=layouts(), default="auto")
    parser.add_argument(
        "--model", type=Path, required=True, help="MediaPipe's hand_landmarker.task"
    )
    parser.add_argument(
        "--clips", type=Path, nargs="+", metavar="FILE", help="films, in the place of --data"
    )
    parser.add_argument("--out", type=Path, default=Path("runs/landmarks.json"))
    args = parser.parse_args(argv)
    try:
        landmarker = MediaPipeDetector(str(args.model)).landmarks
    except VcamError as error:
        raise TrainingError(str(error)) from None
    if args.clips:
        hands = write_film_hands(args.clips, landmarker, args.out)
        print(f"{hands} hands of {len(args.clips)} films in {args.out}: prepare it.")
        return 0
    skips, images = Skips(), []
    for folder in args.data:
        source = recognise(folder, args.layout, args.annotations)
        images += [p for p in source.images(skips) if _lacks(p)]
    found = find_landmarks(track(images, "looking at hands"), landmarker)
    wanted = sum(not hand.landmarks for labelled in images for hand in labelled.hands)
    total = sum(map(len, found.values()))
    if not total:
        raise TrainingError(f"Of {wanted} hands without landmarks MediaPipe finds none.")
    args.out.parent.mkdir(parents=True, exist_ok=True)
    replace_text(args.out, json.dumps(found))
    print(f"Landmarks of {total} of {wanted} hands that had none in {args.out}")
    return 0


def _lacks(labelled: LabelledImage) -> bool:
    return labelled.boxes != CUTOUT and any(not hand.landmarks for hand in labelled.hands)


def find_landmarks(
    images: Iterable[LabelledImage], landmarker: Landmarker
) -> dict[str, dict[str, list[list[float]]]]:
    """Return landmarks, 0..1 of the picture, by its name and the hand's place in it."""
    reader = ImageReader()
    out: dict[str, dict[str, list[list[float]]]] = {}
    for labelled in images:
        try:
            image = reader.read(labelled)
        except (OSError, ValueError, cv2.error):
            continue
        if image is None:
            continue
        hands = {
            str(place): np.round(points / (image.shape[1], image.shape[0]), 5).tolist()
            for place, hand in enumerate(labelled.hands)
            if not hand.landmarks and (points := landmarks_of(image, hand, landmarker)) is not None
        }
        if hands:
            out[labelled.name] = hands
    return out


def landmarks_of(image: Image, hand: HandLabel, landmarker: Landmarker) -> Points | None:
    """Return a hand's landmarks (21, 2) in pixels of uint8 (H, W, 3) BGR, or None."""
    height, width = image.shape[:2]
    x, y, w, h = np.array(hand.box_xywh) * (width, height, width, height)
    side = MARGIN * max(w, h)
    scale = SEEN_PX / side
    left, top = x + w / 2 - side / 2, y + h / 2 - side / 2
    move = np.array([[scale, 0, -scale * left], [0, scale, -scale * top]])
    seen = cv2.warpAffine(image, move, (SEEN_PX, SEEN_PX)).astype(np.uint8)
    best, best_iou = None, MIN_IOU
    for points in landmarker(seen):
        if points.shape != (LANDMARKS, 2):
            continue
        projected = points / scale + (left, top)
        overlap = intersection_over_union(_around(projected), (x, y, x + w, y + h))
        if overlap >= best_iou:
            best, best_iou = projected, overlap
    return best


def _around(points: Points) -> Box:
    (left, top), (right, bottom) = points.min(0), points.max(0)
    return float(left), float(top), float(right), float(bottom)
