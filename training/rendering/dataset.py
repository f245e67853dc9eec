"""Write many labelled cutouts: PNG files and annotations in the schema of HaGRID v1."""

import json
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np

from training.rendering.people import light, subject, view
from training.rendering.render import render
from training.rendering.rig import Rig, load_rig
from training.rendering.scene import Cutout
from vcam.core.labels import LABELS, Side
from vcam.system.image_files import write_image

LANDMARKS: Final = (
    0,
    1,
    2,
    3,
    4,
    *(first + bone for first in (5, 10, 15, 20) for bone in (1, 2, 3, 4)),
)
"""Which of our joints are the 21 landmarks of HaGRID, in its order."""

RUN_LOG: Final = "journal.jsonl"


@dataclass(frozen=True, slots=True)
class RenderPlan:
    """What to write.

    Attributes:
        labels: gestures, names of `vcam.core.labels.LABELS`.
        count: cutouts of each.
        seed: the same seed gives the same pictures, bit for bit.
        size: side of a cutout in pixels.
        out: folder.
    """

    labels: tuple[str, ...]
    count: int
    seed: int
    size: int
    out: Path


@dataclass(frozen=True, slots=True)
class Job:
    """One cutout to make."""

    label: str
    index: int
    seed: int
    size: int
    out: str
    hands: str

    @property
    def name(self) -> str:
        """The picture's id: says everything that it depends on."""
        return f"{self.label}-s{self.seed}-p{self.size}-{self.index:05d}"


def cutout(rig: Rig, label: str, key: tuple[int, int], size: int) -> Cutout:
    """Return one random cutout of `label`; `key` is (seed, index)."""
    seed, index = key
    rng = np.random.default_rng([seed, LABELS.index(label), index])
    side: Side = "right" if index % 2 == 0 else "left"
    person, gesture = subject(label, rng)
    room = light(rng)
    return render(rig, person, room, view(gesture, size, rng), side)


def annotation(made: Cutout, label: str) -> dict[str, Any]:
    """Return the entry of one cutout; boxes are xywh in 0..1."""
    height, width = made.rgba.shape[:2]
    unit = np.array([width, height])
    x0, y0, x1, y1 = made.box_xyxy / np.tile(unit, 2)
    points = made.joints[list(LANDMARKS)] / unit
    return {
        "bboxes": [[round(float(v), 6) for v in (x0, y0, x1 - x0, y1 - y0)]],
        "labels": [label],
        "leading_hand": made.side,
        "landmarks": [np.round(points, 5).tolist()],
        "user_id": None,
        "source": "rendered",
    }


@cache
def rig_at(path: str) -> Rig:
    """Return the rig, loaded once in each process."""
    cv2.setNumThreads(1)
    return load_rig(Path(path))


def make(job: Job) -> tuple[str, str, dict[str, Any]]:
    """Render and save one cutout; return its label, id and annotation."""
    made = cutout(rig_at(job.hands), job.label, (job.seed, job.index), job.size)
    target = Path(job.out) / job.label / f"{job.name}.png"
    target.parent.mkdir(parents=True, exist_ok=True)
    bgra = cv2.cvtColor(made.rgba, cv2.COLOR_RGBA2BGRA)
    write_image(target, bgra)
    return job.label, job.name, annotation(made, job.label)


def jobs(order: RenderPlan, hands: Path) -> list[Job]:
    """List every cutout of the order, a little of each class in turn."""
    return [
        Job(label, index, order.seed, order.size, str(order.out), str(hands))
        for index in range(order.count)
        for label in order.labels
    ]


def synthesize(order: RenderPlan, hands: Path, processes: int) -> Iterator[int]:
    """Make what is not there yet; yield the number of cutouts done so far; annotate at the end."""
    order.out.mkdir(parents=True, exist_ok=True)
    run_log = order.out / RUN_LOG
    entries = recorded(run_log)
    wanted = jobs(order, hands)
    missing = [job for job in wanted if job.name not in entries.get(job.label, {})]
    done = len(wanted) - len(missing)
    yield done
    with run_log.open("a", encoding="utf-8") as log:
        for label, name, entry in in_parallel(missing, processes):
            entries.setdefault(label, {})[name] = entry
            log.write(json.dumps([label, name, entry]) + "\n")
            done += 1
            yield done
    write_annotations(order.out, entries)


def in_parallel(missing: list[Job], processes: int) -> Iterable[tuple[str, str, dict[str, Any]]]:
    """Run `make` over the jobs, in order."""
    if processes < 2 or len(missing) < 4:
        yield from map(make, missing)
        return
    with ProcessPoolExecutor(processes) as pool:
        yield from pool.map(make, missing, chunksize=4)


def recorded(run_log: Path) -> dict[str, dict[str, Any]]:
    """Return what earlier runs made, {label: {id: annotation}}; a torn last line is dropped."""
    entries: dict[str, dict[str, Any]] = {}
    if not run_log.is_file():
        return entries
    whole = []
    for line in run_log.read_text(encoding="utf-8").splitlines(keepends=True):
        if line.endswith("\n"):
            label, name, entry = json.loads(line)
            entries.setdefault(label, {})[name] = entry
            whole.append(line)
    run_log.write_text("".join(whole), encoding="utf-8")
    return entries


def write_annotations(out: Path, entries: dict[str, dict[str, Any]]) -> None:
    """Write `annotations/<class>.json`, ids sorted."""
    folder = out / "annotations"
    folder.mkdir(exist_ok=True)
    for label, named in entries.items():
        text = json.dumps(dict(sorted(named.items())), indent=1)
        (folder / f"{label}.json").write_text(text + "\n", encoding="utf-8")
