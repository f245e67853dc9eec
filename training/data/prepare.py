"""Turn archives of labelled pictures into the arrays that training reads, once.

`python -m training prepare --data FOLDER --out CACHE` writes, for each of the splits `train` and
`val`, memory-mapped arrays under CACHE:

- `hands.npy`     uint8 (N, 160, 160, 4) RGBA canvases, one a hand (see `training.data.canvas`)
- `hands.json`    a row a canvas: gesture, side, side confidence, source, tight or not
- `frames.npy`    uint8 (M, 416, 416, 3) RGB whole pictures, at the top left, black elsewhere
- `frames.json`   a row a picture: width, height, boxes (xyxy pixels), boxes to ignore
- `backgrounds.npy` uint8 (K, 160, 160, 3) RGB patches that hold no hand
"""

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from rich.progress import track

from training.data.archive import ArchiveReader, HandLabel, LabelledPicture, list_pictures
from training.data.canvas import SIDE, background_canvas, can_be_cut, hand_canvas
from vcam.frame import Box, Image
from vcam.hand import intersection_over_union

FRAME_SIDE = 416
"""Longer side of whole pictures in the cache, in pixels."""
HELD_BACK = frozenset({"hagrid-context"})
"""Sources that are never trained on: whole sources, so that no person is on both sides."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Cache:
    """One prepared split: arrays are memory-mapped, rows describe them one to one."""

    hands: npt.NDArray[np.uint8]
    hand_rows: list[Row]
    frames: npt.NDArray[np.uint8]
    frame_rows: list[Row]
    backgrounds: npt.NDArray[np.uint8]


def load_cache(folder: Path) -> Cache:
    """Open what `prepare` wrote for one split."""
    return Cache(
        hands=np.load(folder / "hands.npy", mmap_mode="r"),
        hand_rows=json.loads((folder / "hands.json").read_text()),
        frames=np.load(folder / "frames.npy", mmap_mode="r"),
        frame_rows=json.loads((folder / "frames.json").read_text()),
        backgrounds=np.load(folder / "backgrounds.npy", mmap_mode="r"),
    )


def write_hands_only(canvases: npt.NDArray[np.uint8], rows: list[Row], out: Path) -> None:
    """Write a cache of canvases, uint8 (N, 160, 160, 4), that has no frames and no backgrounds."""
    out.mkdir(parents=True, exist_ok=True)
    np.save(out / "hands.npy", canvases)
    np.save(out / "frames.npy", np.zeros((0, FRAME_SIDE, FRAME_SIDE, 3), np.uint8))
    np.save(out / "backgrounds.npy", np.zeros((0, SIDE, SIDE, 3), np.uint8))
    (out / "hands.json").write_text(json.dumps(rows))
    (out / "frames.json").write_text("[]")


def main(argv: Sequence[str]) -> int:
    """Run `python -m training prepare`."""
    parser = argparse.ArgumentParser(prog="python -m training prepare", description=__doc__)
    parser.add_argument(
        "--data", type=Path, default=Path("data"), help="folder with *.zip archives"
    )
    parser.add_argument("--out", type=Path, default=Path("runs/cache"))
    parser.add_argument(
        "--teacher-boxes", type=Path, help="JSON of more hand boxes, written by a teacher"
    )
    parser.add_argument("--rendered", type=Path, help="folder that `synthesize` wrote; only this")
    args = parser.parse_args(argv)
    if args.rendered:
        from training.data.rendered import prepare_rendered

        prepare_rendered(args.rendered, args.out)
        return 0
    archives = sorted(args.data.glob("*.zip"))
    if not archives:
        parser.error(f"no .zip archive in {args.data}: give --data the folder that holds them")
    pictures = [picture for archive in archives for picture in list_pictures(archive)]
    teacher = json.loads(args.teacher_boxes.read_text()) if args.teacher_boxes else {}
    for split in ("train", "val"):
        chosen = [picture for picture in pictures if split_of(picture) == split]
        prepare_split(chosen, args.out / split, teacher)
    return 0


def split_of(picture: LabelledPicture) -> str:
    """Return `val` for HaGRID's official validation people and for held-back sources."""
    return "val" if picture.split == "val" or picture.source in HELD_BACK else "train"


def prepare_split(
    pictures: Sequence[LabelledPicture], out: Path, teacher: dict[str, list[list[Any]]]
) -> None:
    """Write the arrays of one split."""
    out.mkdir(parents=True, exist_ok=True)
    _write_hands(pictures, out)
    _write_frames([picture for picture in pictures if not picture.tight], out, teacher)
    _write_backgrounds([p for p in pictures if p.source == "hagrid" and not p.tight], out)


def _write_hands(pictures: Sequence[LabelledPicture], out: Path) -> None:
    count = sum(len(picture.hands) for picture in pictures)
    canvases = _create(out / "hands.npy", (count, SIDE, SIDE, 4))
    rows: list[Row] = []
    for picture, image in _read(pictures, f"{out.name}: hands"):
        for hand in picture.hands:
            canvases[len(rows)] = hand_canvas(image, hand)
            rows.append(_hand_row(picture, hand) | {"cut": can_be_cut(image, hand)})
    _finish(canvases, out / "hands.npy", rows, out / "hands.json")


def _hand_row(picture: LabelledPicture, hand: HandLabel) -> Row:
    return {
        "gesture": hand.gesture,
        "side": hand.side,
        "side_confidence": hand.side_confidence,
        "source": picture.source,
        "tight": picture.tight,
        "member": picture.member,
    }


def _write_frames(
    pictures: Sequence[LabelledPicture], out: Path, teacher: dict[str, list[list[Any]]]
) -> None:
    frames = _create(out / "frames.npy", (len(pictures), FRAME_SIDE, FRAME_SIDE, 3))
    rows: list[Row] = []
    for picture, image in _read(pictures, f"{out.name}: frames"):
        if picture.boxes == "none found":
            continue
        small = _shrink(image)
        height, width = small.shape[:2]
        frames[len(rows), :height, :width] = cv2.cvtColor(small, cv2.COLOR_BGR2RGB)
        found = teacher.get(f"{picture.archive.stem}/{picture.member}", [])
        rows.append(_frame_row(picture, (width, height), found))
    _finish(frames, out / "frames.npy", rows, out / "frames.json")


def _shrink(image: Image) -> Image:
    scale = FRAME_SIDE / max(image.shape[:2])
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return cv2.resize(image, None, fx=scale, fy=scale, interpolation=how).astype(np.uint8)


def _frame_row(picture: LabelledPicture, size: tuple[int, int], teacher: list[list[Any]]) -> Row:
    """Boxes are labels; what only a teacher saw is neither hand nor background: ignored."""
    width, height = size
    boxes = [_to_pixels(hand.box_xywh, width, height) for hand in picture.hands]
    ignore = []
    for _, left, top, right, bottom, *_rest in teacher:
        box = (left * width, top * height, right * width, bottom * height)
        if all(intersection_over_union(box, other) < 0.3 for other in boxes):
            ignore.append(box)
    return {
        "width": width,
        "height": height,
        "boxes": boxes,
        "ignore": ignore,
        "source": picture.source,
        "member": picture.member,
    }


def _to_pixels(box: Sequence[float], width: int, height: int) -> Box:
    x, y, w, h = box
    return (x * width, y * height, (x + w) * width, (y + h) * height)


def _write_backgrounds(pictures: Sequence[LabelledPicture], out: Path) -> None:
    rng = random.Random(0)
    patches = _create(out / "backgrounds.npy", (2 * len(pictures), SIDE, SIDE, 3))
    count = 0
    for picture, image in _read(pictures, f"{out.name}: backgrounds"):
        for _ in range(2):
            square = _free_square(picture, image, rng)
            if square:
                patches[count] = background_canvas(image, square)
                count += 1
    _finish(patches, out / "backgrounds.npy", [{}] * count, None)


def _free_square(
    picture: LabelledPicture, image: Image, rng: random.Random
) -> tuple[int, int, int] | None:
    """Return left, top and side of a random square that no annotated hand touches."""
    height, width = image.shape[:2]
    hands = [_to_pixels(hand.box_xywh, width, height) for hand in picture.hands]
    for _ in range(20):
        side = rng.randint(60, min(width, height) * 3 // 4)
        left, top = rng.randint(0, width - side), rng.randint(0, height - side)
        square = (left, top, left + side, top + side)
        if all(intersection_over_union(square, hand) == 0 for hand in hands):
            return left, top, side
    return None


def _read(
    pictures: Sequence[LabelledPicture], what: str
) -> Iterator[tuple[LabelledPicture, Image]]:
    reader = ArchiveReader()
    for picture in track(pictures, what):
        image = reader.read(picture)
        if image is not None and min(image.shape[:2]) > 1:
            yield picture, image


def _create(path: Path, shape: tuple[int, ...]) -> npt.NDArray[np.uint8]:
    return np.lib.format.open_memmap(path.with_suffix(".part"), "w+", np.uint8, shape)


def _finish(
    array: npt.NDArray[np.uint8], path: Path, rows: list[Row], rows_path: Path | None
) -> None:
    """Cut the array to the rows that came, and give both their names."""
    part = path.with_suffix(".part")
    if len(rows) == len(array):
        part.rename(path)
    else:
        kept = np.lib.format.open_memmap(path, "w+", np.uint8, (len(rows), *array.shape[1:]))
        for start in range(0, len(rows), 256):
            kept[start : start + 256] = array[start : min(start + 256, len(rows))]
        part.unlink()
    if rows_path:
        rows_path.write_text(json.dumps(rows))
