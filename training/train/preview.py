"""Show what a net trains on: a sheet of augmented crops, as a recipe draws them.

`python -m training preview --cache runs/cache --out preview.jpg` writes one batch, each crop with
its gesture, and L or R where it is known to be the left or right hand.
"""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from training.augmentation.crop_dataset import CropBatch, CropBatches
from training.datasets.dataset import UNKNOWN, RgbImage, open_prepared
from training.errors import TrainingError
from training.option_parser import OptionParser
from training.train.recipes import RECIPES
from vcam.core.labels import LEADING_HANDS

COLUMNS = 8
MIN_TILE_PX = 96
CAPTION_PX = 20
INK, PAPER = (40, 40, 40), 250


def main(argv: Sequence[str]) -> int:
    """Run `python -m training preview`."""
    parser = OptionParser(
        prog="python -m training preview",
        description=__doc__,
    )
    parser.add_argument(
        "--cache", type=Path, nargs="+", default=[Path("runs/cache")], help="prepared folders"
    )
    parser.add_argument("--recipe", choices=sorted(RECIPES), default="small")
    parser.add_argument("--count", type=int, default=64, help="crops on the sheet (default 64)")
    parser.add_argument("--seed", type=int, default=42, help="of the batch (default 42)")
    parser.add_argument("--out", type=Path, default=Path("preview.jpg"))
    args = parser.parse_args(argv)
    if args.count < 1:
        raise TrainingError(f"--count {args.count} is not possible: give 1 or more.")
    prepared = open_prepared(args.cache, "train")
    crops = RECIPES[args.recipe].crops
    batches = CropBatches(prepared, crops, args.count, slice(0, args.count))
    batches.key = (args.seed, 0)
    part = args.out.with_name(f"{args.out.stem}.part.jpg")
    image = cv2.cvtColor(sheet(batches[0], prepared.hands.labels), cv2.COLOR_RGB2BGR)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    part.write_bytes(cv2.imencode(".jpg", image)[1].tobytes())
    part.replace(args.out)
    print(f"{args.count} crops as the recipe {args.recipe} draws them are in {args.out}.")
    return 0


def sheet(batch: CropBatch, labels: Sequence[str], count: int | None = None) -> RgbImage:
    """Return a batch's first crops with captions, uint8 (H, W, 3) RGB."""
    tiles = [
        _tile(crop.numpy(), _caption(int(gesture), int(hand), labels))
        for crop, gesture, hand in zip(
            batch.crops[:count], batch.gesture[:count], batch.hand[:count], strict=True
        )
    ]
    blank = np.full_like(tiles[0], PAPER)
    tiles += [blank] * (-len(tiles) % COLUMNS)
    rows = [np.hstack(tiles[at : at + COLUMNS]) for at in range(0, len(tiles), COLUMNS)]
    return np.vstack(rows)


def _caption(gesture: int, hand: int, labels: Sequence[str]) -> str:
    name = "(turned)" if gesture == UNKNOWN else labels[gesture]
    side = "" if hand == UNKNOWN else LEADING_HANDS[hand][0].upper()
    return f"{name} {side}".strip()


def _tile(crop: RgbImage, caption: str) -> RgbImage:
    """Return a crop, enlarged where it is small, above its caption."""
    times = -(-MIN_TILE_PX // crop.shape[0])
    side = crop.shape[0] * times
    tile = np.full((side + CAPTION_PX + 4, side + 4, 3), PAPER, np.uint8)
    large = crop.repeat(times, 0).repeat(times, 1)
    tile[:side, :side] = large
    scale = min(0.4, 0.4 * side / (7.0 * max(1, len(caption))))
    place = (2, side + CAPTION_PX - 6)
    cv2.putText(tile, caption, place, cv2.FONT_HERSHEY_SIMPLEX, scale, INK, 1, cv2.LINE_AA)
    return tile
