"""Programs that watch a clip and say what fires: this one, and any that writes our event lines."""

import json
import shlex
import subprocess
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.false_fires.clips import frames
from vcam.core.binding import Binding
from vcam.core.event import Event
from vcam.core.frame import Box, Frame
from vcam.gestures.engine import GestureEngine
from vcam.gestures.settings import GestureSettings
from vcam.pipeline.recognition import RecognitionPath
from vcam.vision.recognizer import Recognizer
from vcam.vision.rotated_views import RotatedViews
from vcam.vision.settings import RecognitionSettings

LONGEST_S: Final = 1200
"""A program that takes longer over one clip has failed."""


@dataclass(frozen=True)
class Fire:
    """One gesture that fired."""

    time: float
    """Seconds of the clip."""
    gesture: str
    box: Box | None
    action: str | None = None
    why: str = ""


Program = Callable[[Path], tuple[list[Fire], float]]
"""From a clip to what fires in it, and how many seconds it lasts."""


def this_program(
    recognizer: Recognizer, settings: GestureSettings, bindings: Sequence[Binding] = ()
) -> Program:
    """Return this very program, without its camera and its actions."""

    def play(clip: Path) -> tuple[list[Fire], float]:
        events, seconds = fires(recognizer, settings, frames(clip), bindings)
        return [Fire(e.time, e.gesture, e.box_xyxy, e.action, e.why or "") for e in events], seconds

    return play


def other_program(command: str) -> Program:
    """Return a program that is called with a clip, in place of `{clip}`, and prints event lines."""

    def play(clip: Path) -> tuple[list[Fire], float]:
        words = [word.replace("{clip}", str(clip)) for word in shlex.split(command)]
        done = subprocess.run(words, capture_output=True, text=True, timeout=LONGEST_S, check=False)
        if done.returncode:
            raise SystemExit(f"{command} failed on {clip}:\n{done.stderr.strip()[-800:]}")
        return read_fires(done.stdout.splitlines()), _length(clip)

    return play


def read_fires(lines: Iterable[str]) -> list[Fire]:
    """Return the fires among event lines; other lines are skipped."""
    events = [json.loads(line) for line in lines if line.startswith("{")]
    return [_fire(event) for event in events if event.get("phase") == "fire"]


def _fire(event: dict[str, Any]) -> Fire:
    box = event.get("box")
    return Fire(
        float(event["t"]),
        str(event["gesture"]),
        None if box is None else (box[0], box[1], box[2], box[3]),
        event.get("action"),
        str(event.get("why") or event.get("reason") or ""),
    )


def _length(clip: Path) -> float:
    return max((frame.time for frame in frames(clip)), default=0.0)


def fires(
    recognizer: Recognizer,
    settings: GestureSettings,
    images: Iterable[Frame],
    bindings: Sequence[Binding] = (),
) -> tuple[list[Event], float]:
    """Return what fires in frames, and the time of the last one in seconds."""
    events: list[Event] = []
    engine = GestureEngine(settings, bindings, recognizer.thresholds)
    turned = RotatedViews(lambda image: recognizer.recognize_all(image).hands)
    path = RecognitionPath(
        recognizer, engine, RecognitionSettings(), [events.append], rotated_views=turned
    )
    time = 0.0
    for frame in images:
        time = frame.time
        if path.is_due(frame):
            path.process(frame)
    path.finish(time)
    return [event for event in events if event.phase == "fire"], time
