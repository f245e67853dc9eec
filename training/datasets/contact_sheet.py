"""Sample sheets: hands of every class as they were cut, before augmentation, to look at."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from training.datasets.dataset import HandSet
from training.datasets.shards import whole_shards
from vcam.system.image_files import write_image

COLUMNS = 12
TILE = 96
NAMES = 190
"""Width of the column of names, in pixels."""
GAP = 4
MARGIN = 1.25
"""Side of a crop over its hand's box: what the live classifier cuts."""
PAPER, INK, FAINT = (250, 250, 250), (40, 40, 40), (150, 150, 150)
SIDES = {"left": (200, 90, 20), "right": (20, 110, 210)}
"""BGR of the marks."""

Pixels = npt.NDArray[np.uint8]


def write_sheet(cache: Path, split: str, labels: tuple[str, ...]) -> Path | None:
    """Write CACHE/sheet-SPLIT.jpg and return its path; None when the split has no hand."""
    if not whole_shards(cache / split, "hands"):
        return None
    hands = HandSet([cache / split], labels)
    rows = [_row(hands, place) for place in range(len(labels))]
    head = _paper(44)
    _write(head, f"{split}: {len(hands):,} hands", (10, 28), 0.7)
    _write(head, "L / R: the person's own hand", (NAMES + 8 * (TILE + GAP), 28), 0.5, FAINT)
    path = cache / f"sheet-{split}.jpg"
    _save(path, [head, *rows])
    return path


def write_tiles(path: Path, hands: HandSet, rows: Mapping[str, Sequence[int]]) -> None:
    """Write a sheet of chosen hands: a row for each name with the first of its places."""
    _save(path, [_tiles(hands, name, places) for name, places in rows.items()])


def _save(path: Path, rows: list[Pixels]) -> None:
    write_image(path, np.vstack(rows or [_paper(1)]))


def _row(hands: HandSet, label: int) -> Pixels:
    places = np.flatnonzero(hands.gesture == label)
    return _tiles(hands, hands.labels[label], np.random.default_rng(label).permutation(places))


def _tiles(hands: HandSet, name: str, places: Sequence[int] | npt.NDArray[np.int64]) -> Pixels:
    """Show the first hands of a row, beside its name and their number."""
    row = _paper(TILE + GAP)
    _write(row, name, (10, TILE // 2), 0.5)
    _write(row, f"{len(places):,}", (10, TILE // 2 + 22), 0.45, FAINT)
    for column, place in enumerate(places[:COLUMNS]):
        left = NAMES + column * (TILE + GAP)
        row[:TILE, left : left + TILE] = _tile(hands, int(place))
    return row


def _tile(hands: HandSet, place: int) -> Pixels:
    canvas, row = hands.canvas(place)
    reach = round(canvas.shape[0] / 4 * MARGIN)
    middle = canvas.shape[0] // 2
    crop = canvas[middle - reach : middle + reach, middle - reach : middle + reach]
    shown = np.where(crop[..., 3:] > 0, crop[..., 2::-1], 0).astype(np.uint8)
    tile = cv2.resize(shown, (TILE, TILE), interpolation=cv2.INTER_AREA).astype(np.uint8)
    if row["side"]:
        cv2.circle(tile, (TILE - 11, 11), 9, SIDES[row["side"]], -1, cv2.LINE_AA)
        _write(tile, row["side"][0].upper(), (TILE - 15, 16), 0.4, PAPER)
    return tile


def _paper(height: int) -> Pixels:
    sheet = np.empty((height, NAMES + COLUMNS * (TILE + GAP), 3), np.uint8)
    sheet[:] = PAPER
    return sheet


def _write(
    image: Pixels,
    text: str,
    place: tuple[int, int],
    size: float,
    colour: tuple[int, int, int] = INK,
) -> None:
    cv2.putText(image, text, place, cv2.FONT_HERSHEY_SIMPLEX, size, colour, 1, cv2.LINE_AA)
