"""What the whole program asks of the machine: with no hand, one and two, at 720p and 1080p.

`python -m benchmarks.whole [--seconds 10] [--baselines FOLDER]` runs `vcam run` in its own process
for each case, on a camera that gives ready frames 30 times a second (decoding is not counted) and a
virtual camera driver that takes I420 and forgets it. With `--baselines`, a folder that holds
dynamic_gestures' two models and `hand_landmarker.task`, it puts beside that what their loops ask
for the same second of video: they look at every frame. What counts is processor time.
"""

import argparse
import json
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

import vcam.app.app
import vcam.camera.selection
from benchmarks.beside_baseline import baseline
from benchmarks.soak import footprint
from tests.rigs.drivers import FakeDriver, only_driver
from vcam.app.app import App, RunOptions
from vcam.core.frame import Frame, Image
from vcam.core.hand import Hand
from vcam.diagnostics.benchmark import confident_hands, frame_with_a_hand
from vcam.settings.settings import Settings
from vcam.system import v4l2
from vcam.system.clock import SystemClock
from vcam.vision.mediapipe_detector import MediaPipeDetector
from vcam.vision.recognizer import open_recognizer
from vcam.vision.settings import RecognitionSettings

FPS, SETTLING_S = 30.0, 3.0
BASELINE_ROUNDS = 60


def image_of_hands(hands: int, height: int) -> Image:
    """Return the demo clip's room with so many hands: its own one, cut out and laid in."""
    recognizer = open_recognizer(RecognitionSettings())
    image = frame_with_a_hand(recognizer)
    hand = image[_around(confident_hands(recognizer, image)[0])].copy()
    for _ in range(5):  # lamps and faces may pass for hands too
        for found in recognizer.recognize(image).hands:
            image[_around(found)] = cv2.blur(image[_around(found)], (301, 301))
    high, wide = hand.shape[:2]
    if hands:
        image[-high - 20 : -20, 20 : 20 + wide] = hand
    if hands == 2:
        image[-high - 20 : -20, -20 - wide : -20] = hand[:, ::-1]
    size = (height * 16 // 9, height)
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_LINEAR), np.uint8)


def _around(hand: Hand) -> tuple[slice, slice]:
    """Return rows and columns of a hand with some room around it."""
    left, top, right, bottom = map(round, hand.box_xyxy)
    room = (right - left) // 3
    return slice(max(0, top - room), bottom + room), slice(max(0, left - room), right + room)


def start_up() -> dict[str, float]:
    """Return wall and processor time of a run that ends with its first frames."""
    options = ["--camera", "demo", "--output", "null", "--duration", "0.05"]
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, "-m", "vcam", "run", *options], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"start_s": round(time.perf_counter() - began, 2), "start_cpu_s": round(cpu, 2)}


class ReadyCamera:
    """Gives the same picture thirty times a second."""

    live, fps = True, FPS

    def __init__(self, image: Image) -> None:
        self.size = (image.shape[1], image.shape[0])
        self.given_at = 0.0
        self._image, self._count = image, 0
        self._due = time.perf_counter()

    def read(self) -> Frame | None:
        """Wait until it is time."""
        self._due = max(self._due + 1 / FPS, time.perf_counter() - 0.1)
        time.sleep(max(0.0, self._due - time.perf_counter()))
        self._count += 1
        self.given_at = SystemClock().now()
        return Frame(self._image, self.given_at, self._count)

    def close(self) -> None:
        """Nothing to give back."""


def one_case(hands: int, height: int, seconds: float) -> dict[str, Any]:
    """Run the program in this process; return what it asked for."""
    camera = ReadyCamera(image_of_hands(hands, height))
    sent: list[float] = []
    late: list[float] = []

    def send(self: FakeDriver, frame: object) -> None:
        sent.append(time.perf_counter())
        late.append(1000 * (sent[-1] - camera.given_at))

    prepared = time.perf_counter()
    with pytest.MonkeyPatch.context() as patch, only_driver() as driver:
        patch.setattr(driver, "send", send)
        patch.setattr(v4l2, "list_devices", list)
        patch.setattr(vcam.camera.selection, "open_camera", lambda *_: camera)
        inferences: list[int] = []
        recognizer = open_recognizer(RecognitionSettings())
        plain = recognizer.recognize

        def recognize(image: Image) -> Any:
            found = plain(image)
            inferences.append(len(found.hands))
            return found

        patch.setattr(recognizer, "recognize", recognize)
        patch.setattr(vcam.app.app, "open_recognizer", lambda _: recognizer)
        options = RunOptions(
            outputs=("virtual",),
            settings=Settings(),
            dry_run=True,
            duration_s=SETTLING_S + seconds,
        )
        app = App(options)
        marks: list[tuple[float, float, int]] = []

        def mark() -> None:
            marks.append((time.process_time(), time.perf_counter(), len(sent)))

        timer = threading.Timer(SETTLING_S, mark)
        timer.start()
        app.run()
        mark()
    (cpu, at, frames), (cpu_end, at_end, frames_end) = marks
    used = (cpu_end - cpu) / (at_end - at)
    return {
        "height": height,
        "hands": float(np.median(inferences)),
        "core_percent": round(100 * used, 1),
        "frames_a_second": round((frames_end - frames) / (at_end - at), 1),
        "added_ms_p50": round(float(np.percentile(late[frames:], 50)), 2),
        "added_ms_p99": round(float(np.percentile(late[frames:], 99)), 2),
        "memory_mib": footprint()["memory_mib"],
        "first_frame_s": round(sent[0] - prepared, 2),
    }


def baselines(folder: Path, height: int) -> dict[str, float]:
    """Return the percent of a core that other loops ask for, by name, with one hand in view."""
    image = image_of_hands(1, height)
    loops: dict[str, Callable[[Image], object]] = {"dynamic_gestures": baseline(folder)}
    loops["mediapipe"] = MediaPipeDetector(str(folder / "hand_landmarker.task"), 2).detect
    asked = {}
    for name, loop in loops.items():
        for _ in range(5):
            loop(image)
        began = time.process_time()
        for _ in range(BASELINE_ROUNDS):
            loop(image)
        asked[name] = round(100 * FPS * (time.process_time() - began) / BASELINE_ROUNDS, 1)
    return asked


def main() -> None:
    """Print one JSON line a case, then the baselines'."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--baselines", "--peers", type=Path, dest="baselines")
    parser.add_argument("--case", type=int, nargs=2, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.case:
        hands, height = args.case
        print(json.dumps(one_case(hands, height, args.seconds)))
        return
    print(json.dumps(start_up()), flush=True)
    for height in (720, 1080):
        for hands in (0, 1, 2):
            command = [sys.executable, "-m", "benchmarks.whole", "--seconds", str(args.seconds)]
            subprocess.run([*command, "--case", str(hands), str(height)], check=True)
    if args.baselines:
        print(json.dumps({"core_percent_of_baselines": baselines(args.baselines, 720)}))


if __name__ == "__main__":
    main()
