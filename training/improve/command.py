"""Fine-tune the classifier with a person's own corrections, and say what it gave.

`python -m training improve`

takes what `vcam last --wrong` and the panel's *That was wrong* marked, what *Was a gesture missed?*
and `vcam last --missed` kept, and the other fires that are still kept; learns on from the shipped
model, which teaches beside, and repeats rendered hands of all gestures so that none is forgotten.
The newest sessions are kept for validation: both models are evaluated on them, and on other
rendered hands as a fixed reference. Only a better model is written, beside all that is there. The
same command continues where it was stopped. Everything stays on this machine; the first time, npm
fetches the hand that is rendered.
"""

import argparse
import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from rich.console import Console

from training.augmentation.crop_dataset import CORRECTIONS
from training.datasets.auto_label import Finder
from training.datasets.dataset import open_prepared
from training.datasets.hand_canvas import CANVAS_SIDE_PX
from training.datasets.prepare import FRAME_SIDE
from training.datasets.shards import Dataset, replace_text
from training.errors import TrainingError
from training.evaluation.load_model import FLOAT_CLASSIFIER, facts_of_start, open_model, read_facts
from training.evaluation.protocols import EvaluatedClassifier
from training.export.export import Choice, export
from training.improve.kept_moments import (
    Moment,
    hold_back,
    missed_gestures,
    right_fires,
    wrong_fires,
)
from training.improve.lessons_of import Reader, describe, write_split
from training.improve.rehearsal import rendered_rehearsal
from training.improve.verdict import Verdict, evaluate, print_verdict
from training.option_parser import OptionParser
from training.train import command as train_command
from vcam.system.paths import fires_folder, missed_folder
from vcam.vision.models.bundled import shipped_model

MIN_CORRECTIONS: Final = 8
"""Fewer teach too little, and tell still less of what was learnt."""
EPOCHS, IMAGES = 5, 2560


def main(argv: Sequence[str]) -> int:
    """Run `python -m training improve`."""
    args = _parser().parse_args(argv)
    console = Console()
    moments = _moments(args, console)
    learned, held = hold_back(moments)
    work = args.out / f"work-{_fingerprint(moments, args)}"
    if (done := work / "result.json").exists():
        console.print(_done_before(done))
        return 0
    before = _model(args.start)
    side, frame = _sides(args.rehearse)
    reader = Reader(Finder(shipped_model("detect")), before, side)
    lessons = work / "corrections"
    learnt = write_split(reader, learned, lessons / "train")
    validation = write_split(reader, held, lessons / "val")
    _check_enough(learnt, validation, reader)
    describe(lessons, before.labels, side, frame)
    rehearsed, reference = (
        (args.rehearse, args.rehearse) if args.rehearse else rendered_rehearsal(work, args, console)
    )
    if code := _train(work, [lessons, *rehearsed], args):
        return code
    model = work / "run" / "model.pt"
    verdict = evaluate((before, _opened(model)), lessons, validation, reference)
    print_verdict(verdict, console)
    verdict.check()
    path = _write(model, args, verdict, done)
    console.print(f"{path} is better. To use it: vcam run --classifier {path}", soft_wrap=True)
    line = f'classifier = "{path.resolve()}"'
    console.print(f"To keep it: {line} below \\[recognition] in your settings.", soft_wrap=True)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = OptionParser(
        prog="python -m training improve",
        description=__doc__,
    )
    parser.add_argument(
        "--fired", type=Path, help="what fired, with wrong/ in it (default: where vcam keeps it)"
    )
    parser.add_argument(
        "--missed", type=Path, help="what was missed (default: where vcam keeps it)"
    )
    parser.add_argument(
        "--start",
        type=Path,
        default=FLOAT_CLASSIFIER,
        help="model.pt to learn on from (default: the shipped)",
    )
    parser.add_argument(
        "--rehearse",
        type=Path,
        nargs="+",
        metavar="CACHE",
        help="prepared folders of real hands to repeat and evaluate on (default: rendered hands)",
    )
    parser.add_argument(
        "--weight",
        type=float,
        default=0.35,
        help="part of all crops that corrections make up (default 0.35)",
    )
    parser.add_argument("--epochs", type=int, default=EPOCHS, help=f"(default {EPOCHS})")
    parser.add_argument(
        "--pictures",
        dest="images",
        type=int,
        default=IMAGES,
        help=f"in each epoch (default {IMAGES})",
    )
    parser.add_argument("--seed", type=int, default=42, help="(default 42)")
    parser.add_argument(
        "--out", type=Path, default=Path("runs/improve"), help="folder (default runs/improve)"
    )
    parser.add_argument(
        "--hands", type=Path, help="folder with right.glb (default: npm fetches it)"
    )
    return parser


def _moments(args: argparse.Namespace, console: Console) -> list[Moment]:
    """Return all that is kept. Raises `TrainingError` when that is too little."""
    if not 0 < args.weight < 1:
        raise TrainingError(f"--weight {args.weight:g} is not possible: give a part from 0 to 1.")
    fired, missed = args.fired or fires_folder(), args.missed or missed_folder()
    moments = [*wrong_fires(fired), *missed_gestures(missed), *right_fires(fired)]
    count = Counter(moment.kind for moment in moments)
    corrections = count["wrong"] + count["missed"]
    if corrections < MIN_CORRECTIONS:
        raise TrainingError(
            f"There are {corrections} corrections ({count['wrong']} in {fired / 'wrong'}, "
            f"{count['missed']} in {missed}), and {MIN_CORRECTIONS} are needed: mark what was "
            "wrong with `vcam last --wrong`, and what was missed with `vcam last --missed`."
        )
    console.print(
        f"{count['wrong']} wrong fires, {count['missed']} missed gestures; {count['right']} fires "
        "that nobody called wrong are repeated beside."
    )
    return moments


def _fingerprint(moments: Sequence[Moment], args: argparse.Namespace) -> str:
    """Return what tells this fine-tuning from others, so that it continues and no other does."""
    said: dict[str, Any] = {
        "moments": sorted(f"{m.kind} {m.gesture} {m.when}" for m in moments),
        "start": hashlib.sha256(_bytes(args.start)).hexdigest(),
        "rehearse": [str(cache.resolve()) for cache in args.rehearse or ()],
        "options": [args.weight, args.epochs, args.images, args.seed],
    }
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:12]


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise TrainingError(f"There is no model at {path}: name a model.pt with --start.") from None


def _done_before(done: Path) -> str:
    written = json.loads(done.read_text(encoding="utf-8"))["model"]
    return f"These corrections are learnt already: vcam run --classifier {written}"


def _opened(path: Path) -> EvaluatedClassifier:
    model = open_model(path)
    if not isinstance(model, EvaluatedClassifier):
        raise TrainingError(f"{path} is a detector: name a classifier with --start.")
    return model


def _model(start: Path) -> EvaluatedClassifier:
    """Return the model to learn on from; the shipped one acts as the file that ships does."""
    if start.suffix == ".onnx":
        raise TrainingError(f"{start} cannot learn: name a model.pt with --start.")
    model = _opened(start)
    facts = facts_of_start(start)
    model.thresholds = facts.get("thresholds", model.thresholds)
    model.temperature = facts.get("temperature", model.temperature)
    return model


def _sides(rehearse: Sequence[Path] | None) -> tuple[int, int]:
    """Return the sizes of canvases and of whole pictures that all folders have in common."""
    if not rehearse:
        return CANVAS_SIDE_PX, FRAME_SIDE
    known = Dataset.read(rehearse[0])
    if not len(open_prepared(rehearse, "val").hands):
        raise TrainingError(f"{rehearse[0]} holds no hand to evaluate on: prepare more pictures.")
    return known.side, known.frame


def _check_enough(
    learnt: Sequence[tuple[Moment, int]], validation: Sequence[tuple[Moment, int]], reader: Reader
) -> None:
    """Raise `TrainingError` when too little of it shows a hand that can be learnt from."""
    left = "; ".join(f"{reason}: {count}" for reason, count in reader.skipped.items() if count)
    if left:
        print(f"Left out: {left}.")
    usable = [sum(m.kind != "right" for m, _ in part) for part in (learnt, validation)]
    if sum(usable) < MIN_CORRECTIONS or not all(usable):
        raise TrainingError(
            f"Only {sum(usable)} corrections can be used, {usable[1]} of them kept for "
            f"validation, and {MIN_CORRECTIONS} are needed: correct the program more often, with "
            "the hand in the picture."
        )


def _train(work: Path, caches: Sequence[Path], args: argparse.Namespace) -> int:
    """Fine-tune, or continue what was begun; return 130 after a stop by signal, else 0."""
    shares = [f"{kind}={args.weight * part}" for kind, part in CORRECTIONS.items()]
    options = ["--cache", *map(str, caches), "--out", str(work / "run"), "--start", str(args.start)]
    options += ["--epochs", str(args.epochs), "--pictures", str(args.images)]
    options += ["--batch", str(min(128, args.images)), "--seed", str(args.seed)]
    options += ["--save-every", "60", *(word for share in shares for word in ("--share", share))]
    return train_command.main(["classifier", *options])


def _write(model: Path, args: argparse.Namespace, verdict: Verdict, done: Path) -> Path:
    """Export the model under a name that is free, and note that it is done."""
    number = 1
    while any((args.out / f"improved-{number}{end}").exists() for end in (".onnx", ".json")):
        number += 1
    name = f"improved-{number}"
    facts = read_facts(model)
    path = export(model, Choice(name, args.out, cache=done.parent / "corrections"), facts)
    replace_text(done, json.dumps({"model": str(path), **verdict.to_json()}, indent=1) + "\n")
    return path
