"""How often gestures fire that nobody meant, and whether those that are meant fire.

`python -m benchmarks.false_fires CLIPS [--poses ARCHIVE ...] [--half first|second]`, and
`--arm GESTURE`, `--no-guards`, to compare; `--every 3` for a quicker look.

CLIPS is a folder of videos in which nobody means anything; the first word of a file's name, up to
an underscore, is its kind (`talking_1.mp4`). Every gesture counts, as if all were bound. Clips of
one kind are played one after another as if they were one, so that many short clips do not all end
before a hold does.

An ARCHIVE holds labelled pictures in HaGRID's layout (`CLASS/ID.jpg`, `annotations/CLASS.json`).
Each picture that shows one gesture becomes a clip of 1.5 seconds in which it sways and grains a
little, as a hand that is held up does before a webcam: its gesture should fire once and no other,
at most 0.4 s after the hold time. `--half` takes every second clip and picture: defaults are tuned
on the first half, and the second is for what is told.
"""

import argparse
import json
import math
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import cv2
import numpy as np

from vcam.camera.open import open_camera
from vcam.camera.settings import CameraSettings
from vcam.core.event import Event
from vcam.core.frame import Frame, Image
from vcam.core.labels import NO_GESTURE
from vcam.gestures.engine import Decider
from vcam.gestures.guards.settings import GuardSettings
from vcam.gestures.settings import GestureSettings
from vcam.pipeline.recognition import RecognitionPath
from vcam.vision.recognizer import Recognizer, open_recognizer
from vcam.vision.rotated_views import RotatedViews
from vcam.vision.settings import RecognitionSettings

Thing = TypeVar("Thing")

POSE_S, POSE_FPS = 1.5, 15
LATE_S = 0.4
"""Fires later than this after the hold time count as missed."""
ALL_OFF = GuardSettings(
    cut=False,
    clasped=False,
    face=False,
    find_score=0.0,
    still=False,
    arrival_ms=0,
    picture=False,
)


@dataclass(frozen=True)
class Pose:
    """A picture and the one gesture in it."""

    name: str
    gesture: str
    image: Image


def main() -> None:
    """Print a table."""
    args = _arguments()
    settings = GestureSettings(arm=args.arm, guards=ALL_OFF if args.no_guards else GuardSettings())
    recognizer = open_recognizer(RecognitionSettings())
    by_kind: dict[str, list[Path]] = {}
    for path in _half(sorted(args.clips.glob("[!.]*.*")), args.half):
        if path.suffix.lower() in (".mp4", ".mkv", ".gif", ".webm", ".avi"):
            by_kind.setdefault(path.name.partition("_")[0], []).append(path)
    for kind, paths in by_kind.items():
        _tell_clips(kind, *fires(recognizer, settings, _joined(paths)))
    for archive in args.poses:
        found = islice(_half(_poses(archive), args.half), 0, None, args.every)
        _tell_poses(archive.stem, [_judge(recognizer, settings, pose) for pose in found])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("clips", type=Path)
    parser.add_argument("--poses", type=Path, nargs="*", default=[])
    parser.add_argument("--half", choices=("first", "second"))
    parser.add_argument("--arm", help="an arming gesture that must come first")
    parser.add_argument("--every", type=int, default=1, help="take every so manyth picture only")
    parser.add_argument("--no-guards", action="store_true")
    return parser.parse_args()


def _half(things: Iterable[Thing], which: str | None) -> Iterator[Thing]:
    for index, thing in enumerate(things):
        if which is None or index % 2 == (which == "second"):
            yield thing


def _joined(paths: list[Path]) -> Iterator[Frame]:
    """Yield the frames of all clips, one clip after another."""
    begin = 0.0
    for path in paths:
        camera = open_camera(str(path), CameraSettings())
        last, first = begin, None
        while (frame := camera.read()) is not None:
            first = frame.time if first is None else first
            last = begin + frame.time - first
            yield replace(frame, time=last)
        begin = last + 1 / camera.fps
        camera.close()


def fires(
    recognizer: Recognizer, settings: GestureSettings, frames: Iterable[Frame]
) -> tuple[list[Event], float]:
    """Return what fires, and the seconds that it took."""
    events: list[Event] = []
    decider = Decider(settings, (), recognizer.thresholds)
    turned = RotatedViews(lambda image: recognizer.recognize_all(image).hands)
    path = RecognitionPath(
        recognizer, decider, RecognitionSettings(), [events.append], turned=turned
    )
    time = 0.0
    for frame in frames:
        time = frame.time
        if path.is_due(frame):
            path.look(frame)
    path.finish(time)
    return [event for event in events if event.phase == "fire"], time


def _tell_clips(kind: str, fires: list[Event], seconds: float) -> None:
    names = ", ".join(f"{n} {name}" for name, n in Counter(e.gesture for e in fires).items())
    rate = 600 * len(fires) / seconds
    print(
        f"{kind}: {len(fires)} in {seconds:.0f} s, {rate:.1f} in ten minutes  {names}", flush=True
    )


def _poses(archive: Path) -> Iterator[Pose]:
    """Yield the pictures that show one gesture; where one is known, only the validation split."""
    with zipfile.ZipFile(archive) as pictures:
        held = set(pictures.namelist())
        for name in sorted(n for n in held if n.startswith("annotations/")):
            for key, entry in json.loads(pictures.read(name)).items():
                path = f"{Path(name).stem}/{key}.jpg"
                if path in held and _is_wanted(entry):
                    packed = np.frombuffer(pictures.read(path), np.uint8)
                    image = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)
                    yield Pose(path, _gestures(entry)[0], image)


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


def _judge(recognizer: Recognizer, settings: GestureSettings, pose: Pose) -> str | float:
    """Return how late the gesture fired in seconds, or what went wrong."""
    found, _ = fires(recognizer, settings, _swaying(pose.image))
    if len(found) != 1:
        return "silent" if not found else "more than one fire"
    late = found[0].time - settings.hold_ms / 1000
    if found[0].gesture != pose.gesture:
        return "another gesture"
    return late if late <= LATE_S else "late"


def _tell_poses(name: str, results: list[str | float]) -> None:
    late = sorted(result for result in results if isinstance(result, float))
    wrong = Counter(result for result in results if isinstance(result, str))
    share, middle = len(late) / len(results), late[len(late) // 2]
    rest = ", ".join(f"{n} {what}" for what, n in wrong.most_common())
    print(
        f"{name}: {share:.1%} of {len(results)} poses fire once, {middle:.2f} s after the hold",
        end="",
    )
    print(f" (slowest {late[-1]:.2f}); {rest}", flush=True)


if __name__ == "__main__":
    main()
