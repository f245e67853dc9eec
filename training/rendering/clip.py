"""Write the demo clip and its truth: H.264 in MP4, 1280x720, 30 frames a second."""

import json
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Final

import av
import cv2
import numpy as np
from numpy.typing import NDArray
from rich.progress import track

from training.rendering.demo_scene import Stage, frame, set_stage
from training.rendering.motion import duration_s, timeline
from training.rendering.rig import load_rig
from training.rendering.room import HEIGHT, WIDTH

FPS: Final = 30
BIT_RATE: Final = 850_000
"""Keeps 25 s under 3 MB."""


def write_clip(target: Path, hands: Path, processes: int = 2) -> None:
    """Render the clip to `target`, and the truth beside it as `.json`."""
    target.parent.mkdir(parents=True, exist_ok=True)
    times = [(str(hands), index / FPS) for index in range(round(duration_s() * FPS))]
    with ProcessPoolExecutor(processes) as pool:
        images = pool.map(image_at, times, chunksize=6)
        encode(target, iter(track(images, "demo clip", total=len(times))))
    truth = json.dumps(held(), indent=1)
    target.with_suffix(".json").write_text(truth + "\n", encoding="utf-8")


def held() -> list[dict[str, Any]]:
    """Return when each gesture is held: start and end in seconds, gesture, hand."""
    return [
        {
            "start": round(cue.start, 3),
            "end": round(cue.end, 3),
            "gesture": cue.gesture,
            "hand": cue.side,
        }
        for cue in timeline()
    ]


@cache
def stage_at(path: str) -> Stage:
    """Return the stage, set once in each process."""
    cv2.setNumThreads(1)
    return set_stage(load_rig(Path(path)))


def image_at(job: tuple[str, float]) -> NDArray[np.uint8]:
    """Render one frame; `job` is (path of the hand, seconds)."""
    path, t = job
    return frame(stage_at(path), t)


def encode(target: Path, images: Iterator[NDArray[np.uint8]]) -> None:
    """Write uint8 (720, 1280, 3) RGB pictures as H.264."""
    with av.open(str(target), "w", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.bit_rate = BIT_RATE
        stream.time_base = Fraction(1, FPS)
        stream.options = {"preset": "slow", "tune": "film"}
        for image in images:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        container.mux(stream.encode())
