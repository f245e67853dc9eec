"""The plan of `prepare`: which picture goes into which shard, decided before any is opened.

Annotations are streamed twice through small files, so that memory does not grow with them:
first into one list of all pictures, then from there into one list a job. Pictures go to the jobs
of their split in turn, so that every shard holds every class.
"""

import hashlib
import json
import math
import os
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from training.datasets.annotations import ROOM_SOURCES, LabelledImage, Source
from training.datasets.corrections import Corrections
from training.datasets.landmarks import FoundLandmarks
from training.datasets.shards import replace_text
from training.datasets.skip_report import Skips
from training.datasets.split import SPLITS, Census, Fold, Split, write_split
from training.errors import TrainingError
from training.provenance import fingerprint

HANDS_A_SHARD = 1000
MIN_SHARDS = 8
"""Training shares shards out to so many readers, so there should be as many."""
HELD_LINES = 20_000
"""Lines of job lists that are held in memory before they are written."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Where every picture goes."""

    folder: Path
    jobs: Mapping[str, int]
    """How many jobs every split has."""
    images: Mapping[str, int]
    rooms: Mapping[str, int]
    """How many pictures of every split backgrounds can be cut from."""
    skipped: Mapping[str, Any]

    def lists(self) -> Iterator[tuple[str, int, Path]]:
        """Yield split, number and list of every job."""
        for split, count in self.jobs.items():
            for number in range(count):
                yield split, number, _list(self.folder, split, number)


@dataclass(frozen=True, slots=True)
class LabelFixes:
    """What was found out about pictures after somebody annotated them."""

    corrections: Corrections
    landmarks: FoundLandmarks

    @classmethod
    def read(cls, corrections: Path | None, landmarks: Path | None) -> "LabelFixes":
        """Read what `relabel` and `landmarks` wrote. Raises `TrainingError`."""
        return cls(Corrections.read(corrections), FoundLandmarks.read(landmarks))

    def options(self) -> dict[str, Any]:
        """Return what a prepare that continues must have in common with the one that began."""
        options = {"corrections": fingerprint(self.corrections.names)}
        if self.landmarks.points:  # a folder that was prepared before there were any continues
            options["landmarks"] = fingerprint(self.landmarks.points)
        return options

    def __call__(self, source: Source, skips: Skips) -> Iterator[LabelledImage]:
        """Yield a source's pictures with the right names, and landmarks where they had none."""
        return self.landmarks.apply(self.corrections.apply(source.images, skips))


def open_plan(
    cache: Path,
    sources: Mapping[str, Source],
    options: Mapping[str, Any],
    teacher: Mapping[str, Sequence[Sequence[Any]]],
    fixes: LabelFixes,
    fold: Fold | None = None,
) -> Plan:
    """Return the plan that stands in CACHE/plan, or make it.

    Raises `TrainingError` when it was made with other options.
    """
    folder, done = cache / "plan", cache / "plan" / "plan.json"
    if not done.exists():
        return _make_plan(cache, sources, options, teacher, fixes, fold)
    try:
        content = json.loads(done.read_text(encoding="utf-8"))
    except ValueError as error:
        raise TrainingError(f"{done} is damaged ({error}): delete {folder} and go on.") from None
    changed = sorted(
        name
        for name in {*options, *content["options"]}
        if content["options"].get(name) != options.get(name)
    )
    if changed:
        raise TrainingError(
            f"{cache} was begun with another {' and '.join(changed)}: use the same again, "
            "or prepare into another folder with --out."
        )
    return Plan(folder, content["jobs"], content["pictures"], content["rooms"], content["skipped"])


def contents(folder: Path, but: Path) -> str:
    """Return what tells that files came or went in a folder, wherever they lie in it.

    A hash of the number of files in every folder below, and of the size of annotations and zips;
    `but` (what is being prepared) is left out.
    """
    found = hashlib.sha256()
    for name, folders, files in os.walk(folder):
        folders[:] = sorted(one for one in folders if Path(name, one).resolve() != but.resolve())
        listed = [one for one in sorted(files) if one.endswith((".json", ".zip"))]
        sizes = [(one, Path(name, one).stat().st_size) for one in listed]
        found.update(
            f"{Path(name).relative_to(folder)} {len(files)} {sizes}\n".encode(
                "utf-8", "surrogateescape"
            )
        )
    return found.hexdigest()[:16]


def _make_plan(
    cache: Path,
    sources: Mapping[str, Source],
    options: Mapping[str, Any],
    teacher: Mapping[str, Sequence[Sequence[Any]]],
    fixes: LabelFixes,
    fold: Fold | None,
) -> Plan:
    folder, skips = cache / "plan", Skips()
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    everything = folder / "pictures.jsonl"
    census = Census()
    with everything.open("w", encoding="utf-8") as file:
        for name, source in sources.items():
            for labelled in fixes(source, skips):
                census.add(name, labelled)
                file.write(json.dumps([name, labelled.to_json()]) + "\n")
    split = Split.decide(census, fold)
    images, hands, rooms = _count(everything, split)
    if not images:
        reasons = ", ".join(f"{reason} ({count})" for reason, count in skips.counts.items())
        raise TrainingError(f"There is no labelled picture in the data: {reasons or 'all empty'}.")
    write_split(cache / "split.json", sources, split, dict(images))
    jobs = {
        side: max(min(MIN_SHARDS, images[side]), math.ceil(hands[side] / HANDS_A_SHARD))
        for side in SPLITS
        if images[side]
    }
    _share_out(everything, split, jobs, teacher)
    everything.unlink()
    plan = Plan(folder, jobs, dict(images), dict(rooms), skips.to_json())
    content = {
        "options": options,
        "jobs": jobs,
        "pictures": images,
        "rooms": rooms,
        "skipped": plan.skipped,
    }
    replace_text(folder / "plan.json", json.dumps(content))
    return plan


def _listed(everything: Path) -> Iterator[tuple[str, LabelledImage]]:
    with everything.open(encoding="utf-8") as file:
        for line in file:
            name, content = json.loads(line)
            yield name, LabelledImage.from_json(content)


def _count(everything: Path, split: Split) -> tuple[Counter[str], ...]:
    """Return pictures, hands, and pictures of rooms, by split."""
    images, hands, rooms = Counter[str](), Counter[str](), Counter[str]()
    for name, labelled in _listed(everything):
        side = split.side(name, labelled)
        images[side] += 1
        hands[side] += max(1, len(labelled.hands))
        rooms[side] += labelled.source in ROOM_SOURCES and not labelled.tight
    return images, hands, rooms


def _share_out(
    everything: Path,
    split: Split,
    jobs: Mapping[str, int],
    teacher: Mapping[str, Sequence[Sequence[Any]]],
) -> None:
    turns: Counter[tuple[str, bool]] = Counter()
    held: dict[tuple[str, int], list[str]] = defaultdict(list)
    for count, (name, labelled) in enumerate(_listed(everything), 1):
        side = split.side(name, labelled)
        kind = (side, bool(labelled.hands))  # from both ends: no job is left empty
        boxes = tuple(tuple(found[1:5]) for found in teacher.get(labelled.name, ()))
        line = json.dumps(replace(labelled, split=side, ignore=boxes).to_json())
        turn = turns[kind] if labelled.hands else -1 - turns[kind]
        held[side, turn % jobs[side]].append(line)
        turns[kind] += 1
        if count % HELD_LINES == 0:
            _append(everything.parent, held)
    _append(everything.parent, held)


def _append(folder: Path, held: dict[tuple[str, int], list[str]]) -> None:
    for (split, number), lines in held.items():
        with _list(folder, split, number).open("a", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)
    held.clear()


def _list(folder: Path, split: str, number: int) -> Path:
    return folder / f"{split}-{number:05}.jsonl"
