"""How well gestures of one's own are told apart.

`python -m benchmarks.own_gestures ARCHIVE...` reads zip archives of hand pictures in HaGRID's
schema (`<class>/<id>.jpg`, `annotations/<class>.json`). Every class is learnt in turn as if it were
a gesture of one's own, from 20 of its pictures; the others of the same source and person are to be
recognised, and neither idle hands (`no_gesture`) nor other classes of that source are. The names
that the classifier gives are left out of account: in the program they would take most of the
false ones away, and pictures of a known class would never count as one's own.
"""

import argparse
import json
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping

import cv2
import numpy as np

from vcam.core.frame import Image
from vcam.core.hand import Detection
from vcam.core.labels import NO_GESTURE
from vcam.errors import ConfigError
from vcam.vision import custom_gestures
from vcam.vision.models.bundled import shipped_model
from vcam.vision.onnx_classifier import OnnxClassifier

EXAMPLES, MAX_HANDS = 20, 150
Group = tuple[str, str]
"""Source and person, and the class."""


def embeddings(paths: list[str]) -> dict[Group, custom_gestures.Array]:
    """Return embeddings (N, F) of at most `MOST` hands a class, source and person."""
    classifier = OnnxClassifier(shipped_model("classify"))
    found: dict[Group, list[custom_gestures.Array]] = defaultdict(list)
    for path in paths:
        with zipfile.ZipFile(path) as archive:
            for group, content, box in _entries(archive, found):
                image = _decoded(content)
                height, width = image.shape[:2]
                x, y, w, h = box
                pixels = (x * width, y * height, (x + w) * width, (y + h) * height)
                hand = classifier.classify(image, [Detection(pixels, 1.0)])[0]
                if hand.embedding is not None:
                    found[group].append(hand.embedding)
    return {group: np.stack(rows) for group, rows in found.items()}


def _decoded(content: bytes) -> Image:
    image = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
    if image is None:
        raise ValueError("a picture of the archive cannot be read")
    return np.asarray(image, np.uint8)


def _entries(
    archive: zipfile.ZipFile, found: Mapping[Group, list[custom_gestures.Array]]
) -> Iterator[tuple[Group, bytes, list[float]]]:
    inside = archive.namelist()
    for name in (each for each in inside if each.startswith("annotations/")):
        folder = name.removeprefix("annotations/").removesuffix(".json")
        for number, entry in json.loads(archive.read(name)).items():
            if not entry["labels"]:
                continue
            label = entry["labels"][0]
            max_hands = 10 * MAX_HANDS if label == NO_GESTURE else MAX_HANDS
            group = (f"{entry['source']} {entry.get('user_id') or ''}".strip(), label)
            if len(found[group]) < max_hands:
                yield group, archive.read(f"{folder}/{number}.jpg"), entry["bboxes"][0]


def report(groups: Mapping[Group, custom_gestures.Array]) -> None:
    """Print one line a class, and the means."""
    idle = [rows for (_, label), rows in groups.items() if label == NO_GESTURE]
    away = np.concatenate(idle)
    learned, strangers = away[::2], away[1::2]
    total: dict[str, list[tuple[float, float, float]]] = {"without": [], "with": []}
    for (source, label), rows in sorted(groups.items()):
        if label == NO_GESTURE or len(rows) < 2 * EXAMPLES:
            continue
        others = [
            r for (s, name), r in groups.items() if s == source and name != label and len(r) > 9
        ]
        for kind, hands in (("without", learned[:0]), ("with", learned[:60])):
            try:
                gesture = custom_gestures.distil("mine", "", rows[:EXAMPLES], hands)
            except ConfigError:
                print(f"{source:24.24} {label:16} {kind:8} refused")
                total[kind].append((0.0, 0.0, 0.0))
                continue
            sets = (rows[EXAMPLES:], strangers, np.concatenate(others or [rows[:0]]))
            shares = tuple(_share(gesture, each) for each in sets)
            total[kind].append((shares[0], shares[1], shares[2]))
            print(f"{source:24.24} {label:16} {kind:8} {gesture.min_cosine:.3f}", *_percent(shares))
    for kind, lines in total.items():
        print(f"mean of {len(lines)}, {kind} idle hands:", *_percent(np.mean(lines, 0)))


def _share(gesture: custom_gestures.CustomGesture, rows: custom_gestures.Array) -> float:
    if not len(rows):
        return 0.0
    return float(
        np.mean([gesture.score(each) >= custom_gestures.SCORE_AT_THRESHOLD for each in rows])
    )


def _percent(shares: "tuple[float, ...] | custom_gestures.Array") -> list[str]:
    names = ("recognised", "idle taken for it", "others taken for it")
    return [f"{name} {100 * share:.1f} %" for name, share in zip(names, shares, strict=True)]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("archives", nargs="+")
    report(embeddings(parser.parse_args().archives))
