"""Clips of 1.5 seconds made from labelled pictures of people who hold up one gesture.

An archive holds pictures in HaGRID's layout (`CLASS/ID.jpg`, `annotations/CLASS.json`). Each that
shows one gesture sways and grains a little, as a hand that is held up does before a webcam: its
gesture should fire once and no other, at most 0.4 s after the hold time.
"""

import json
import math
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np

from benchmarks.false_fires.programs import fires
from vcam.core.frame import Frame, Image
from vcam.core.labels import NO_GESTURE
from vcam.gestures.settings import GestureSettings
from vcam.vision.recognizer import Recognizer

POSE_S, POSE_FPS = 1.5, 15
LATE_S: Final = 0.4
"""Fires later than this after the hold time count as missed."""


@dataclass(frozen=True)
class Pose:
    """A picture and the one gesture in it."""

    name: str
    gesture: str
    image: Image
    person: str = ""
    """Who shows it, where the archive says so."""


def poses(archive: Path) -> Iterator[Pose]:
    """Yield the pictures that show one gesture; where one is known, only the validation split."""
    with zipfile.ZipFile(archive) as zipped:
        held = set(zipped.namelist())
        for name in sorted(n for n in held if n.startswith("annotations/")):
            for key, entry in json.loads(zipped.read(name)).items():
                path = f"{Path(name).stem}/{key}.jpg"
                if path in held and _is_wanted(entry):
                    packed = np.frombuffer(zipped.read(path), np.uint8)
                    image = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)
                    yield Pose(path, _gestures(entry)[0], image, str(entry.get("user_id") or key))


def _is_wanted(entry: dict[str, Any]) -> bool:
    real = str(entry.get("source", "hagrid")).startswith("hagrid")
    return real and entry.get("split") != "train" and len(_gestures(entry)) == 1


def _gestures(entry: dict[str, Any]) -> list[str]:
    return [label for label in entry["labels"] if label != NO_GESTURE]


def _swaying(image: Image) -> Iterator[Frame]:
    """Yield a clip of one picture that sways by half a hundredth and grains."""
    height, width = image.shape[:2]
    chance = np.random.default_rng(0)
    grain = chance.normal(0, 3, (4, height, width, 3)).astype(np.int16)
    for index in range(round(POSE_S * POSE_FPS)):
        time = index / POSE_FPS
        x = 0.005 * height * math.sin(7 * time)
        y = 0.005 * height * math.sin(9 * time + 1)
        moved = cv2.warpAffine(
            image,
            np.array([[1, 0, x], [0, 1, y]], np.float32),
            (width, height),
            borderMode=cv2.BORDER_REPLICATE,
        )
        noisy = np.asarray(cv2.add(moved, grain[index % 4], dtype=cv2.CV_8U), np.uint8)
        yield Frame(noisy, time, index)


def evaluate(recognizer: Recognizer, settings: GestureSettings, pose: Pose) -> str | float:
    """Return how late the gesture fired in seconds, or what went wrong."""
    found, _ = fires(recognizer, settings, _swaying(pose.image))
    if len(found) != 1:
        return "silent" if not found else "more than one fire"
    late = found[0].time - settings.hold_ms / 1000
    if found[0].gesture != pose.gesture:
        return "another gesture"
    return late if late <= LATE_S else "late"


def report_poses(name: str, results: list[str | float]) -> None:
    if not results:
        return
    late = sorted(result for result in results if isinstance(result, float))
    wrong = Counter(result for result in results if isinstance(result, str))
    share, middle = len(late) / len(results), late[len(late) // 2] if late else math.nan
    rest = ", ".join(f"{n} {what}" for what, n in wrong.most_common())
    print(
        f"{name}: {share:.1%} of {len(results)} poses fire once, {middle:.2f} s after the hold",
        end="",
    )
    print(f" (slowest {max(late, default=math.nan):.2f}); {rest}", flush=True)
