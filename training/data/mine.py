"""Find what the detector takes for hands, as lessons in `no_gesture` for the classifier.

`python -m training mine --detector models/hand_detector.onnx --cache runs/cache/train --out
runs/cache/mined` looks at every prepared training picture and keeps what is found away from all
annotated hands: faces, elbows, lamps, and hands that nobody annotated because they show nothing.
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from rich.progress import track

from training.data.archive import HandLabel
from training.data.canvas import SIDE, hand_canvas
from training.data.prepare import Cache, Row, load_cache, write_hands_only
from vcam.frame import Box, Image
from vcam.gesture import NO_GESTURE
from vcam.hand import Detection, intersection_over_union, without_overlaps
from vcam.preprocess import letterbox
from vcam.session import ModelSession

WEIGHT = 2.5
"""How much more often these are drawn than other crops of `no_gesture`."""
APART = 0.1
"""Most overlap (IoU) with an annotated hand."""


def main(argv: Sequence[str]) -> int:
    """Run `python -m training mine`."""
    parser = argparse.ArgumentParser(prog="python -m training mine", description=__doc__)
    parser.add_argument("--detector", type=Path, default=Path("models/hand_detector.onnx"))
    parser.add_argument("--cache", type=Path, default=Path("runs/cache/train"))
    parser.add_argument("--out", type=Path, default=Path("runs/cache/mined"))
    parser.add_argument("--score", type=float, default=0.2, help="least score to be a lesson")
    args = parser.parse_args(argv)
    session = ModelSession(args.detector, "detect")
    canvases = list(mined(session, load_cache(args.cache), args.score))
    write(canvases, args.out)
    print(f"{len(canvases)} crops that are no hand in {args.out}")
    return 0


def mined(session: ModelSession, cache: Cache, least: float) -> Iterator[npt.NDArray[np.uint8]]:
    """Yield a canvas, uint8 (160, 160, 4) RGBA, for each false find."""
    for place, row in enumerate(track(cache.frame_rows, "looking")):
        picture = cache.frames[place, : row["height"], : row["width"]]
        image = cv2.cvtColor(np.asarray(picture), cv2.COLOR_RGB2BGR).astype(np.uint8)
        for box in _elsewhere(session, image, row, least):
            yield hand_canvas(image, _label(box, image))


def _elsewhere(session: ModelSession, image: Image, row: Row, least: float) -> Iterator[Box]:
    board = letterbox(image, session.card.height * session.card.width)
    boxes, scores = session.run(board.image)
    found = [
        Detection(board.to_source(box), float(score))
        for box, score in zip(boxes, scores, strict=True)
        if score >= least
    ]
    known = [tuple(box) for box in (*row["boxes"], *row["ignore"])]
    for detection in without_overlaps(found):
        if all(intersection_over_union(detection.box_xyxy, box) < APART for box in known):
            yield detection.box_xyxy


def _label(box: Box, image: Image) -> HandLabel:
    height, width = image.shape[:2]
    left, top, right, bottom = box
    size = (max(1.0, right - left) / width, max(1.0, bottom - top) / height)
    return HandLabel((left / width, top / height, *size), NO_GESTURE, None, 0.0)


def write(canvases: Sequence[npt.NDArray[np.uint8]], out: Path) -> None:
    """Write a cache that holds nothing but these canvases, all of them `no_gesture`."""
    row = {
        "gesture": NO_GESTURE,
        "side": None,
        "side_confidence": 0.0,
        "source": "mined",
        "tight": False,
        "cut": False,
        "member": "",
        "weight": WEIGHT,
    }
    stacked = np.array(canvases, np.uint8).reshape(-1, SIDE, SIDE, 4)
    write_hands_only(stacked, [row] * len(canvases), out)
