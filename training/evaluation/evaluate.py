"""Say how good models are, on prepared shards or on whole pictures.

`python -m training evaluate --cache CACHE --split val --model PATH [PATH...]` scores classifiers on
clean crops of prepared hands, and detectors on prepared pictures. A PATH is a `model.pt`, an
exported `.onnx` with its card, or a model of dynamic_gestures.

`python -m training evaluate --data FOLDER` runs `vcam recognize` on the validation pictures in
FOLDER, as a person would: detector and classifier together. FOLDER is whatever `prepare --data`
takes: HaGRID as downloaded, COCO, YOLO, a folder of photos for each gesture. `--split all` takes
every picture.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from training.datasets.dataset import Prepared, open_prepared
from training.datasets.formats.registry import layouts
from training.datasets.shards import replace_text
from training.errors import TrainingError
from training.evaluation.classifier_scores import score_classifier
from training.evaluation.detector_scores import run_detectors, score_detections
from training.evaluation.load_model import open_model
from training.evaluation.predictions import ask
from training.evaluation.protocols import EvaluatedClassifier, EvaluatedDetector
from training.evaluation.tables import print_classifiers, print_detectors
from training.option_parser import OptionParser

Report = dict[str, Any]


def main(argv: Sequence[str]) -> int:
    """Run `python -m training evaluate`."""
    args = _parser().parse_args(argv)
    if args.data and args.thresholds:
        from training.evaluation.program_metrics import evaluation_images
        from training.evaluation.threshold_sweep import sweep_thresholds

        everyone = args.split == "all"
        images = evaluation_images(args.data, args.layout, args.annotations, everyone=everyone)
        classifier = args.model[0] if args.model else None
        scores: Report = dict(sweep_thresholds(images, classifier, args.thresholds))
    elif args.data:
        from training.evaluation.program_metrics import evaluate_images

        scores = dict(
            evaluate_images(
                args.data,
                args.config,
                args.layout,
                args.annotations,
                everyone=args.split == "all",
            )
        )
    elif args.cache and args.model:
        scores = evaluate_models(args.cache, args.split, args.model)
        print_classifiers(scores["classifiers"])
        print_detectors(scores["detectors"])
    else:
        raise TrainingError("Say what to evaluate: --cache CACHE --model PATH, or --data FOLDER.")
    if args.json:
        replace_text(args.json, json.dumps(scores, indent=2) + "\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = OptionParser(
        prog="python -m training evaluate",
        description=__doc__,
    )
    parser.add_argument("--cache", type=Path, nargs="+", help="prepared folders")
    parser.add_argument(
        "--split", default="val", help="val (default), train, test; with --data: val or all"
    )
    parser.add_argument("--model", type=Path, nargs="+", help="models to evaluate side by side")
    parser.add_argument(
        "--data", type=Path, help="folder with whole pictures, as `prepare` reads it"
    )
    parser.add_argument(
        "--annotations", type=Path, help="with --data: where they lie, if elsewhere"
    )
    parser.add_argument("--layout", choices=layouts(), default="auto", help="with --data")
    parser.add_argument("--config", type=Path, help="with --data: settings that name other models")
    parser.add_argument(
        "--thresholds",
        type=float,
        nargs="+",
        metavar="SCORE",
        help="with --data: count at each of these, to choose one; --model may name a classifier",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the scores there too")
    return parser


def evaluate_models(caches: Sequence[Path], split: str, paths: Sequence[Path]) -> Report:
    """Return the scores of all models by name. Raises `TrainingError`."""
    models = [open_model(path) for path in paths]
    names = [model.name for model in models]
    for model, path in zip(models, paths, strict=True):
        if names.count(model.name) > 1:
            model.name = str(path)
    prepared = open_split(caches, split)
    classifiers = [model for model in models if isinstance(model, EvaluatedClassifier)]
    detectors = [model for model in models if isinstance(model, EvaluatedDetector)]
    return {
        "split": split,
        "classifiers": evaluate_classifiers(classifiers, prepared),
        "detectors": evaluate_detectors(detectors, prepared),
    }


def open_split(caches: Sequence[Path], split: str) -> Prepared:
    """Open a split. Raises `TrainingError` when there is nothing in it."""
    prepared = open_prepared(caches, split)
    if not len(prepared.hands) and not len(prepared.frames):
        raise TrainingError(
            f"There is nothing in the split {split!r} of {', '.join(map(str, caches))}: "
            "name another, or run `prepare`."
        )
    return prepared


def evaluate_classifiers(models: Sequence[EvaluatedClassifier], prepared: Prepared) -> Report:
    """Return the scores of classifiers by name; nothing is read when there is none."""
    if not models:
        return {}
    hands, answers = ask(models, prepared.hands)
    return {
        model.name: score_classifier(hands, said, model.thresholds, model.temperature)
        for model, said in zip(models, answers, strict=True)
    }


def evaluate_detectors(models: Sequence[EvaluatedDetector], prepared: Prepared) -> Report:
    """Return the scores of detectors by name; nothing is read when there is none."""
    if not models:
        return {}
    detections = run_detectors(models, prepared.frames)
    return {
        model.name: score_detections(found, model.threshold)
        for model, found in zip(models, detections, strict=True)
    }
