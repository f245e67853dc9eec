"""Turn labelled pictures of any source into the shards that training reads, once.

`python -m training prepare --data FOLDER --out CACHE` writes to CACHE:

- `dataset.json`         what is common to all shards; written last
- `train`, `val`, `test` shards of hands, of whole pictures and of backgrounds
- `split.json`           who is on which side
- `skipped.jsonl`        what was left out, and why
- `sheet-train.jpg`, …   hands of every class, to look at
- `plan`                 lists of pictures; with them a prepare that was stopped continues
"""

import argparse
import errno
import json
import multiprocessing
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from training.datasets.annotations import Source
from training.datasets.contact_sheet import write_sheet
from training.datasets.formats.registry import layouts, recognise
from training.datasets.hand_canvas import HAND_SIDE_PX
from training.datasets.set_report import report_people, report_sides, warn_of_classes
from training.datasets.shard_job import PATCHES, Job, Recipe, write_job
from training.datasets.shard_plan import LabelFixes, Plan, contents, open_plan
from training.datasets.shards import Dataset
from training.datasets.skip_report import Skips, print_classes, print_skipped, write_skipped
from training.datasets.split import Fold
from training.errors import TrainingError
from training.option_parser import OptionParser
from training.provenance import fingerprint
from vcam.core.labels import GESTURES, NO_GESTURE
from vcam.system.overwrite_guard import refuse_overwriting
from vcam.vision.models.bundled import shipped_model

FRAME_SIDE = 416
"""Longer side of whole pictures in pixels."""
BACKGROUNDS = 40_000
"""Maximum backgrounds of a split, about: more teach nothing new."""


def main(argv: Sequence[str]) -> int:
    """Run `python -m training prepare`."""
    args = parser().parse_args(argv)
    console = Console()
    refuse_overwriting(
        [*args.data, args.teacher_boxes, args.corrections, args.landmarks], [args.out]
    )
    sources = {
        str(folder.resolve()): recognise(folder, args.layout, args.annotations)
        for folder in args.data
    }
    for folder, source in zip(args.data, sources.values(), strict=False):
        console.print(f"{folder}: {source.about}.")
    prepare(sources, args, console)
    return 0


def parser() -> argparse.ArgumentParser:
    """Return the options of the command."""
    options = OptionParser(
        prog="python -m training prepare",
        description=__doc__,
    )
    options.add_argument("--data", type=Path, nargs="+", default=[Path("data")], metavar="FOLDER")
    options.add_argument("--out", type=Path, default=Path("runs/cache"), metavar="CACHE")
    options.add_argument(
        "--annotations",
        type=Path,
        metavar="PATH",
        help="where the annotations lie, if not with the pictures: a folder, a zip or a file",
    )
    options.add_argument("--layout", choices=layouts(), default="auto")
    options.add_argument(
        "--classes",
        choices=("ours", "all"),
        default="ours",
        help="leave out hands with other names than ours, or keep them as new classes",
    )
    options.add_argument(
        "--hand",
        type=int,
        default=HAND_SIDE_PX,
        help="longer side of a hand in pixels; canvases are twice as large (default 80)",
    )
    options.add_argument(
        "--fold",
        metavar="I/K",
        help="of K ways to split the people, take the I-th (for small sets: train and validate K "
        "times); default: the first fifth of the shuffled people validates",
    )
    options.add_argument("--frame", type=int, default=FRAME_SIDE, help="side of whole pictures")
    options.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    options.add_argument(
        "--teacher-boxes", type=Path, help="JSON of more hand boxes, written by a teacher"
    )
    options.add_argument("--corrections", type=Path, help="of wrong names, written by `relabel`")
    options.add_argument(
        "--landmarks", type=Path, help="of hands that have none, written by `landmarks`"
    )
    options.add_argument(
        "--detector",
        type=Path,
        default=shipped_model("detect"),
        help="finds the hands in pictures without boxes",
    )
    return options


def prepare(sources: Mapping[str, Source], args: argparse.Namespace, console: Console) -> None:
    """Write a prepared folder, or what is missing of it. Raises `TrainingError`."""
    try:
        labels, teacher = _labels(sources, args.classes), _teacher(args.teacher_boxes)
        fixes = LabelFixes.read(args.corrections, args.landmarks)
        options = _options(sources, args, labels, teacher) | fixes.options()
        fold = Fold.parse(args.fold) if args.fold else None
        if fold:
            options["fold"] = args.fold
        plan = open_plan(args.out, sources, options, teacher, fixes, fold)
        reports = list(_work(_jobs(plan, args, labels), args.workers, console))
        _finish(plan, reports, args, labels, console)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise TrainingError(
                f"There is no room left for {args.out}: make room and give the same command again; "
                "what is whole is kept."
            ) from None
        raise TrainingError(f"{error.filename or args.out}: {error.strerror}.") from None


def _labels(sources: Mapping[str, Source], classes: str) -> tuple[str, ...]:
    """Return our labels with the new ones before `no_gesture`, which stays the last."""
    names = {name for source in sources.values() for name in source.names_of(classes)}
    return (*GESTURES, *sorted(names - {*GESTURES, NO_GESTURE}), NO_GESTURE)


def _teacher(path: Path | None) -> dict[str, list[list[Any]]]:
    if path is None:
        return {}
    try:
        content: dict[str, list[list[Any]]] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise TrainingError(f"The teacher's boxes {path} cannot be read ({error}).") from None
    return content


def _options(
    sources: Mapping[str, Source],
    args: argparse.Namespace,
    labels: tuple[str, ...],
    teacher: Mapping[str, Any],
) -> dict[str, Any]:
    """Return what a prepare that continues must have in common with the one that began."""
    return {
        "data": {name: source.about for name, source in sources.items()},
        "set of files": {name: contents(Path(name), args.out) for name in sources},
        "classes": list(labels),
        "hand size": args.hand,
        "frame size": args.frame,
        "teacher": fingerprint(teacher),
    }


def _jobs(plan: Plan, args: argparse.Namespace, labels: tuple[str, ...]) -> list[Job]:
    jobs = []
    for split, number, path in plan.lists():
        patches = min(PATCHES, BACKGROUNDS / max(1, plan.rooms[split]))
        recipe = Recipe(labels, 2 * args.hand, args.frame, patches, str(args.detector))
        jobs.append(Job(path, args.out / split, number, recipe))
    return jobs


def _work(jobs: Sequence[Job], workers: int, console: Console) -> Iterator[dict[str, Any]]:
    """Yield the reports of all jobs; what was done before is read, the rest is done now."""
    done = [job for job in jobs if job.report.exists()]
    rest = [job for job in jobs if not job.report.exists()]
    if done and rest:
        console.print(f"{len(done)} of {len(jobs)} jobs were done before.")
    for job in done:
        yield json.loads(job.report.read_text(encoding="utf-8"))
    if rest:
        yield from _in_parallel(rest, max(1, min(workers, len(rest))), console)


def _in_parallel(jobs: Sequence[Job], workers: int, console: Console) -> Iterator[dict[str, Any]]:
    method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    context = multiprocessing.get_context(method)
    if method == "forkserver":  # what all need is loaded once and shared
        context.set_forkserver_preload(["training.datasets.shard_job"])
    columns = (TextColumn("preparing"), BarColumn(), MofNCompleteColumn(), TextColumn("shards"))
    rate = TextColumn("{task.fields[rate]}")
    with (
        Progress(*columns, rate, TimeRemainingColumn(), console=console) as progress,
        ProcessPoolExecutor(workers, mp_context=context) as pool,
    ):
        task, hands = progress.add_task("", total=len(jobs), rate=""), 0
        futures = [pool.submit(write_job, job) for job in jobs]
        try:
            for future in as_completed(futures):
                report = future.result()
                hands += report["counts"].get("hands", 0)
                speed = hands / max(0.001, progress.tasks[0].elapsed or 0.001)
                progress.update(task, advance=1, rate=f"{speed:,.0f} hands/s")
                yield report
        except BrokenProcessPool:
            raise TrainingError(
                "A worker was killed, perhaps for want of memory: give the same command again with "
                "fewer --workers; what is whole is kept."
            ) from None
        finally:
            pool.shutdown(cancel_futures=True)


def _finish(
    plan: Plan,
    reports: Sequence[dict[str, Any]],
    args: argparse.Namespace,
    labels: tuple[str, ...],
    console: Console,
) -> None:
    skips, classes = Skips(), {split: Counter[str]() for split in plan.jobs}
    counts = {split: Counter[str]() for split in plan.jobs}
    skips.add(dict(plan.skipped))
    for report in reports:
        skips.add(report["skipped"])
        classes[report["split"]].update(report["classes"])
        counts[report["split"]].update(report["counts"])
    write_skipped(args.out / "skipped.jsonl", skips)
    made_with = {
        "data": [str(folder) for folder in args.data],
        "classes": args.classes,
        "counts": {split: dict(counted) for split, counted in counts.items()},
        "hands": {split: dict(counted) for split, counted in classes.items()},
        "skipped": dict(skips.counts),
    }
    Dataset(labels, 2 * args.hand, args.frame, made_with).write(args.out)
    for split in plan.jobs:
        write_sheet(args.out, split, labels)
    print_classes(console, classes, labels)
    print_skipped(console, skips)
    if not any(counted.total() for counted in counts.values()):
        raise TrainingError(
            f"No picture in {', '.join(map(str, args.data))} could be used: "
            f"{args.out / 'skipped.jsonl'} says of each why."
        )
    warn_of_classes(classes, labels, console)
    report_sides(args.out, console)
    report_people(args.out, labels, console)
    console.print(f"Written to {args.out}; look at {args.out}/sheet-train.jpg.")
