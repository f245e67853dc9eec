"""Write labelled pictures of any layout as a COCO or a YOLO set, for other tools.

`python -m training convert --data FOLDER --to coco --out OUT` reads what `prepare --data` reads,
splits it by the same rule, and writes

- coco: `OUT/train/*.jpg` …, and `OUT/annotations/instances_train.json` …, which also keep
  `leading_hand` where it is known
- yolo: `OUT/images/train/*.jpg` …, `OUT/labels/train/*.txt` …, and `OUT/data.yaml`

Pictures are copied as they are; only those that their EXIF turns are turned and stored again, since
other tools may not do it. What was written stays when the command is given again.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

import cv2
import numpy as np
import yaml
from rich.console import Console
from rich.progress import track

from training.datasets.annotations import (
    CUTOUT,
    TO_BE_FOUND,
    HandLabel,
    ImageReader,
    LabelledImage,
    Source,
    decode,
    is_whole,
    unheard,
)
from training.datasets.formats.registry import layouts, recognise
from training.datasets.shards import Row, replace_text
from training.datasets.skip_report import Skips, print_skipped
from training.datasets.split import SPLITS, Census, Split
from training.errors import TrainingError
from training.option_parser import OptionParser
from vcam.core.labels import GESTURES, NO_GESTURE
from vcam.system.atomic_write import write_atomic
from vcam.system.overwrite_guard import refuse_overwriting

JPEG_QUALITY = 95
NO_BOXES = "picture whose hands nobody marked"
NOT_WHOLE = "picture that is missing or damaged"
OTHER_NAME = "hand of another name than ours (--classes all keeps it)"


@dataclass(frozen=True, slots=True)
class Written:
    """One picture of the new set."""

    split: str
    name: str
    """Of its file, without the folder."""
    size: tuple[int, int]
    """(width, height) in pixels."""
    hands: tuple[HandLabel, ...]


def main(argv: Sequence[str]) -> int:
    """Run `python -m training convert`."""
    parser = OptionParser(
        prog="python -m training convert",
        description=__doc__,
    )
    parser.add_argument("--data", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--to", choices=("coco", "yolo"), required=True)
    parser.add_argument("--out", type=Path, required=True, metavar="OUT")
    parser.add_argument("--annotations", type=Path, help="where they lie, if elsewhere")
    parser.add_argument("--layout", choices=layouts(), default="auto")
    parser.add_argument(
        "--classes",
        choices=("ours", "all"),
        default="ours",
        help="leave out hands with other names than ours (default), or keep them",
    )
    args = parser.parse_args(argv)
    refuse_overwriting([args.data, args.annotations], [args.out])
    source = recognise(args.data, args.layout, args.annotations)
    print(f"{args.data}: {source.about}.")
    names = source.names_of(args.classes) - {*GESTURES, NO_GESTURE}
    labels = (*GESTURES, *sorted(names), NO_GESTURE)
    skips = Skips()
    images = args.out / "images" if args.to == "yolo" else args.out
    written = list(_images(source, str(args.data.resolve()), images, labels, skips))
    if not written:
        print_skipped(Console(), skips)
        raise TrainingError(f"There is no picture with marked hands in {args.data}.")
    (_write_coco if args.to == "coco" else _write_yolo)(args.out, labels, written)
    counts = Counter(one.split for one in written)
    print_skipped(Console(), skips)
    said = ", ".join(f"{counts[split]} to {split}" for split in SPLITS if counts[split])
    print(f"Written to {args.out}: {said}.")
    return 0


def _images(
    source: Source, name: str, out: Path, labels: Sequence[str], skips: Skips
) -> Iterator[Written]:
    """Write every picture with marked hands into its split's folder; yield what was written."""
    census, count = Census(), 0
    for labelled in source.images(skips):
        census.add(name, labelled)
        count += 1
    split, reader, taken = Split.decide(census), ImageReader(), set[str]()
    for labelled in track(source.images(unheard), "writing", count, transient=True):
        if labelled.boxes in (TO_BE_FOUND, CUTOUT) or not labelled.hands:
            skips(NO_BOXES, labelled.name)
            continue
        side = split.side(name, labelled)
        file = _free_name(labelled, taken)
        size = _write_image(reader, labelled, out / side / file)
        if size is None:
            skips(NOT_WHOLE, labelled.name)
            continue
        known = tuple(hand for hand in labelled.hands if hand.gesture in labels)
        if len(known) < len(labelled.hands):
            skips(OTHER_NAME, labelled.name)
        yield Written(side, file, size, known)


def _free_name(labelled: LabelledImage, taken: set[str]) -> str:
    """Return a file name whose stem no other picture has; the same one for the same data."""
    path = PurePath(labelled.member)
    stem, number = path.stem, 2
    while stem.lower() in taken:
        stem, number = f"{path.stem}-{number}", number + 1
    taken.add(stem.lower())
    return f"{stem}{path.suffix}"


def _write_image(
    reader: ImageReader, labelled: LabelledImage, path: Path
) -> tuple[int, int] | None:
    """Write a picture, upright; return its (width, height), or None when it is not whole."""
    try:
        data = reader.read_bytes(labelled)
    except (OSError, ValueError):
        return None
    upright = decode(data) if is_whole(data) else None
    if upright is None:
        return None
    flags = cv2.IMREAD_COLOR_BGR | cv2.IMREAD_IGNORE_ORIENTATION
    stored = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    if stored is None or not np.array_equal(stored, upright):
        quality = [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY]
        data = cv2.imencode(".jpg", upright, quality)[1].tobytes()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, data)
    return upright.shape[1], upright.shape[0]


def _write_coco(out: Path, labels: Sequence[str], written: Sequence[Written]) -> None:
    categories = [{"id": number, "name": name} for number, name in enumerate(labels, 1)]
    for split in SPLITS:
        of_split = [one for one in written if one.split == split]
        if not of_split:
            continue
        images: list[Row] = []
        boxes: list[Row] = []
        for number, one in enumerate(of_split, 1):
            wide, high = one.size
            images.append({"id": number, "file_name": one.name, "width": wide, "height": high})
            for hand in one.hands:
                x, y, w, h = hand.box_xywh
                box = [round(x * wide, 2), round(y * high, 2), round(w * wide, 2)]
                box.append(round(h * high, 2))
                boxes.append(
                    {
                        "id": len(boxes) + 1,
                        "image_id": number,
                        "category_id": labels.index(hand.gesture) + 1,
                        "bbox": box,
                        "area": round(box[2] * box[3], 2),
                        "iscrowd": 0,
                        "leading_hand": hand.side,
                    }
                )
        content = {"images": images, "annotations": boxes, "categories": categories}
        replace_text(out / "annotations" / f"instances_{split}.json", json.dumps(content))


def _write_yolo(out: Path, labels: Sequence[str], written: Sequence[Written]) -> None:
    for one in written:
        lines = []
        for hand in one.hands:
            x, y, w, h = hand.box_xywh
            numbers = (x + w / 2, y + h / 2, w, h)
            box = " ".join(f"{number:.6f}" for number in numbers)
            lines.append(f"{labels.index(hand.gesture)} {box}\n")
        path = out / "labels" / one.split / f"{PurePath(one.name).stem}.txt"
        replace_text(path, "".join(lines))
    splits = {one.split for one in written}
    content: dict[str, Any] = {"path": str(out.resolve())}
    content |= {split: f"images/{split}" for split in SPLITS if split in splits}
    content["names"] = dict(enumerate(labels))
    replace_text(out / "data.yaml", yaml.safe_dump(content, sort_keys=False))
