"""What a frame costs beside the models: motion, picture quality, face cue, tracking, deciding.

`python -m benchmarks.deciding_cost` plays a minute of somebody who talks with both hands before a
wall with a poster, shows a gesture now and then, and is sampled 15 times a second in 720p. No
models run: hands are given. It prints microseconds of processor time a frame, the best of several
rounds on one core. `--against FOLDER`, another checkout, is measured in turns with this one, and
the ratio printed: on a shared machine only such a ratio means something.
"""

import argparse
import json
import math
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from vcam.core.frame import Image
from vcam.core.hand import Hand, TrackedHand
from vcam.gestures.engine import GestureEngine
from vcam.gestures.settings import GestureSettings
from vcam.vision.face_occlusion import placed
from vcam.vision.frame_quality import FrameQuality
from vcam.vision.motion import MotionMeter
from vcam.vision.tracker import Tracker

STEPS, RATE_HZ, ROUNDS, TURNS = 900, 15, 3, 4
SIZE: Final = (1280, 720)
POSTER: Final = Hand((1000.0, 60.0, 1120.0, 180.0), 0.8, "palm", 0.9, "left", 0.9)


def image_at(sample: int) -> Image:
    """Return one of a few grainy frames of a moving room, uint8 (720, 1280, 3)."""
    chance = np.random.default_rng(0)
    room = cv2.resize(chance.integers(0, 255, (18, 32, 3), np.uint8), SIZE)
    moved = np.roll(room, 6 * (sample % 8), axis=1)
    grain = np.random.default_rng(sample % 8).integers(-4, 5, moved.shape)
    return np.asarray(np.clip(moved.astype(np.int16) + grain, 0, 255), np.uint8)


def hands_at(time_s: float) -> tuple[Hand, ...]:
    """Return both hands, which talk for three seconds and then rest for two, and the poster."""
    talks = time_s % 5 < 3
    swing = 60 * math.sin(5 * time_s) if talks else 3 * math.sin(20 * time_s)
    names = ("no_gesture", "like", "four") if talks else ("stop",)
    name = names[int(3 * time_s) % len(names)]
    right = Hand((400 + swing, 300, 540 + swing, 440), 0.9, name, 0.85, "right", 0.95)
    left = Hand((760 - swing, 520, 890 - swing, 650), 0.8, "no_gesture", 0.9, "left", 0.95)
    up = (0.9, 0.03, 0.04, 0.03)
    return (replace(right, orientation=up), replace(left, orientation=up), POSTER)


def tracked() -> list[tuple[float, list[TrackedHand]]]:
    """Return time and tracks of every frame."""
    tracker = Tracker()
    times = [sample / RATE_HZ for sample in range(STEPS)]
    moved = {t: tuple(replace(hand, motion=20.0) for hand in hands_at(t)) for t in times}
    return [(t, tracker.update(moved[t], t)) for t in times]


def parts() -> Iterator[tuple[str, Callable[[], None]]]:
    """Yield the name of each part, and what does it for all frames."""
    images = [image_at(sample) for sample in range(8)]
    times = [sample / RATE_HZ for sample in range(STEPS)]
    given = [hands_at(t) for t in times]
    tracks = tracked()

    def motion() -> None:
        meter = MotionMeter()
        for sample, t in enumerate(times):
            meter.update(images[sample % 8], t, given[sample])

    def quality() -> None:
        quality = FrameQuality()
        for sample, t in enumerate(times):
            quality.update(images[sample % 8], t)

    def face() -> None:
        for sample in range(STEPS):
            for hand in given[sample]:
                placed(hand, images[sample % 8])

    def track() -> None:
        tracker = Tracker()
        for sample, t in enumerate(times):
            tracker.update(given[sample], t)

    def decide() -> None:
        engine = GestureEngine(GestureSettings(), (), {})
        for t, seen in tracks:
            engine.update(seen, t, SIZE)

    yield from zip(
        ("motion", "picture quality", "face cue", "tracking", "deciding"),
        (motion, quality, face, track, decide),
        strict=True,
    )


def measure() -> dict[str, float]:
    """Return microseconds a frame of each part: the best round, on the core that we are on."""
    cv2.setNumThreads(1)
    best = {}
    for name, run in parts():
        taken = []
        for _ in range(ROUNDS):
            began = time.process_time()
            run()
            taken.append(time.process_time() - began)
        best[name] = min(taken) / STEPS * 1e6
    return best


def measured_in(folder: Path) -> dict[str, float]:
    """Return what `measure` says of a checkout, in a process of its own."""
    command = [sys.executable, str(Path(__file__).resolve()), "--json"]
    environment = os.environ | {"PYTHONPATH": str(folder.resolve())}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    words: dict[str, float] = json.loads(done.stdout)
    return words


def compare(here: Path, there: Path) -> None:
    """Print both, and the ratio, after several turns."""
    rounds = [(measured_in(there), measured_in(here)) for _ in range(TURNS)]
    names = rounds[0][0]
    before, after = (
        {name: min(each[side][name] for each in rounds) for name in names} for side in (0, 1)
    )
    for name in names:
        _line(name, before[name], after[name])
    _line("together", sum(before.values()), sum(after.values()))


def _line(name: str, before: float, after: float) -> None:
    print(f"{name}: {before:.0f} -> {after:.0f} us a frame, {after / before:.2f} times")


def main() -> None:
    """Measure this checkout, or this one and another."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--against", type=Path, help="another checkout to compare with")
    parser.add_argument("--json", action="store_true", help="print this checkout's figures as JSON")
    args = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    if args.against:
        compare(Path(__file__).parents[1], args.against)
        return
    figures = measure()
    if args.json:
        print(json.dumps(figures))
        return
    for name, took in figures.items():
        print(f"{name}: {took:.0f} us a frame")
    print(f"together: {sum(figures.values()):.0f} us a frame")


if __name__ == "__main__":
    main()
