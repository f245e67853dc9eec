"""Score the whole program on labelled pictures that nothing was trained on.

`python -m training evaluate --data FOLDER` runs `vcam recognize --json` on the validation pictures
in FOLDER, of whatever layout `prepare` reads, as a person would, and prints:

- found: annotated hands that some box covers with IoU 0.5 or more
- hit: pictures of a gesture in which some hand is given that gesture
- wrong: pictures in which some hand is given a gesture that is not there
- hand: leading hand right, among found hands whose leading hand is known
- mean: of hit over the gestures

Two worlds are told apart: HaGRID's rooms, and everybody's webcams. Of the latter, people on whom
nothing was chosen have a line of their own, and so have hands that show none of the gestures.
"""

import json
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from training.datasets.annotations import (
    TO_BE_FOUND,
    USER_PHOTOS,
    WEBCAM_SOURCES,
    ImageReader,
    LabelledImage,
    unheard,
)
from training.datasets.formats.registry import recognise
from training.datasets.split import UNTOUCHED_SOURCES, Census, Split
from training.errors import TrainingError
from training.evaluation.predictions import TRUSTED_SIDE
from training.metrics.detection import best_match
from vcam.core.labels import NO_GESTURE

Prediction = dict[str, Any]

AT_ONCE = 2_000
"""Pictures that are copied beside each other for one run of the program."""


def evaluate_images(
    data: Path,
    config: Path | None,
    layout: str = "auto",
    annotations: Path | None = None,
    *,
    everyone: bool = False,
) -> dict[str, dict[str, float | None]]:
    """Score `vcam recognize` on the validation pictures of a folder, and print it.

    Which these are, `evaluation_images` says. Raises `TrainingError` when there is none.
    """
    images = evaluation_images(data, layout, annotations, everyone=everyone)
    scores = score(images, recognize(images, config))
    print_scores(scores)
    return scores


def evaluation_images(
    data: Path, layout: str = "auto", annotations: Path | None = None, *, everyone: bool = False
) -> list[LabelledImage]:
    """Return the pictures of a folder that no training saw, and print what the folder is.

    Which these are, the data say, or the rule by which `prepare` splits them; with `everyone` all
    count, for pictures that no training saw. Raises `TrainingError` when there is none.
    """
    source = recognise(data, layout, annotations)
    print(f"{data}: {source.about}.")
    name = str(data.resolve())
    census = Census()
    for labelled in source.images(unheard):
        census.add(name, labelled)
    split = Split.decide(census)
    images = [
        labelled
        for labelled in source.images(unheard)
        if everyone or split.side(name, labelled) in ("val", "test")
    ]
    if not images:
        raise TrainingError(
            f"There is no validation picture in {data}: give --data another folder, or --split all "
            "when no training saw these pictures."
        )
    return images


def recognize(images: Sequence[LabelledImage], config: Path | None) -> list[Prediction]:
    """Return what `vcam recognize` says of each picture, in order."""
    reader = ImageReader()
    given: list[Prediction] = []
    for start in range(0, len(images), AT_ONCE):
        given += _recognize(reader, images[start : start + AT_ONCE], config)
    return given


def _recognize(
    reader: ImageReader, images: Iterable[LabelledImage], config: Path | None
) -> list[Prediction]:
    with tempfile.TemporaryDirectory() as folder:
        for place, labelled in enumerate(images):
            suffix = Path(labelled.member).suffix or ".jpg"
            Path(folder, f"{place:06}{suffix}").write_bytes(reader.read_bytes(labelled))
        command = [sys.executable, "-m", "vcam", "recognize", "--json", folder]
        if config:
            command += ["--config", str(config)]
        answer = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    return [json.loads(line) for line in answer.stdout.splitlines()]


def score(
    images: Sequence[LabelledImage], predictions: Sequence[Prediction]
) -> dict[str, dict[str, float | None]]:
    """Return the scores by source, by gesture (`gesture:NAME`), by world, and over all."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    hits: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for labelled, prediction in zip(images, predictions, strict=True):
        one = count(labelled, prediction)
        for name in _groups(labelled):
            counts[name].update(one)
        if labelled.gesture != NO_GESTURE:
            counts[f"gesture:{labelled.gesture}"].update(one)
            hits[f"world:{_setting_of(labelled)}"][labelled.gesture].update(one)
    shares = {name: _shares(counted) for name, counted in sorted(counts.items())}
    for name, by_gesture in hits.items():
        each = [counted["hit"] / counted["gestures"] for counted in by_gesture.values()]
        shares[name]["mean"] = round(sum(each) / len(each), 4)
    return shares


def _setting_of(labelled: LabelledImage) -> str:
    if labelled.source == USER_PHOTOS:
        return "own photos"
    return "webcams" if labelled.source in WEBCAM_SOURCES else "HaGRID"


def _groups(labelled: LabelledImage) -> Iterator[str]:
    """Yield the names of all that a picture counts for, except its gesture."""
    yield labelled.source
    yield "all"
    yield f"world:{_setting_of(labelled)}"
    if labelled.source in UNTOUCHED_SOURCES:
        yield "world:webcams, last look"
    if labelled.gesture == NO_GESTURE:
        seen = labelled.hands or labelled.boxes == TO_BE_FOUND
        shown = "none of the 18 shown" if seen else "no hand"
        yield f"world:{_setting_of(labelled)}, {shown}"


def count(labelled: LabelledImage, prediction: Prediction) -> Counter[str]:
    """Count what one picture adds to each score."""
    given = {h["gesture"] for h in prediction["hands"]} - {NO_GESTURE}
    truth = {labelled.gesture, *(hand.gesture for hand in labelled.hands)}
    counted = Counter({"pictures": 1, "wrong": int(bool(given - truth))})
    if labelled.gesture != NO_GESTURE:
        counted.update(gestures=1, hit=int(labelled.gesture in given))
    for hand in labelled.hands:
        counted.update(hands=1)
        match = best_match(_pixels(hand.box_xywh, prediction), prediction["hands"])
        if match is None:
            continue
        counted.update(found=1)
        known = hand.side is not None and hand.side_confidence >= TRUSTED_SIDE
        if known and hand.gesture != NO_GESTURE:
            counted.update(sides=1, side=int(match["leading_hand"] == hand.side))
    return counted


def _pixels(box: Sequence[float], prediction: Prediction) -> tuple[float, float, float, float]:
    x, y, w, h = box
    width, height = prediction["width"], prediction["height"]
    return x * width, y * height, (x + w) * width, (y + h) * height


def _shares(counted: Counter[str]) -> dict[str, float | None]:
    parts = {
        "found": ("found", "hands"),
        "hit": ("hit", "gestures"),
        "wrong": ("wrong", "pictures"),
        "hand": ("side", "sides"),
    }
    shares: dict[str, float | None] = {
        name: round(counted[part] / counted[whole], 4) if counted[whole] else None
        for name, (part, whole) in parts.items()
    }
    return {"pictures": counted["pictures"], **shares}


def print_scores(scores: dict[str, dict[str, float | None]]) -> None:
    """Print one line a source and one for each gesture."""
    from rich.console import Console
    from rich.table import Table

    table = Table("", "pictures", "found", "hit", "mean", "wrong", "hand")
    for name, shares in scores.items():
        cells = [shares.get(key) for key in ("found", "hit", "mean", "wrong", "hand")]
        table.add_row(
            name.removeprefix("gesture:").removeprefix("world:"),
            f"{shares['pictures']:.0f}",
            *("" if cell is None else f"{100 * cell:.1f} %" for cell in cells),
        )
    hits = [s["hit"] for name, s in scores.items() if name.startswith("gesture:")]
    Console().print(table)
    mean = sum(hit for hit in hits if hit is not None) / max(1, len(hits))
    Console().print(f"hit, mean over {len(hits)} gestures: {100 * mean:.1f} %")
