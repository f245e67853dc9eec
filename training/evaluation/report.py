"""Write one page about a training: curves, scores, mistakes as pictures, and how it was made.

`python -m training report runs/classifier --cache CACHE --split val --out report.html` scores the
run's `model.pt` on prepared shards. Without --cache it draws what the run itself says. The page is
one file that needs no network.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from training.datasets.shards import replace_text
from training.errors import TrainingError
from training.evaluation import report_data as figures
from training.evaluation.classifier_scores import score_classifier
from training.evaluation.detector_scores import run_detectors, score_detections
from training.evaluation.error_gallery import frame_sheets, hand_sheets
from training.evaluation.evaluate import open_split
from training.evaluation.load_model import CheckpointClassifier, CheckpointDetector, read_facts
from training.evaluation.predictions import ask
from training.evaluation.tables import percent
from training.models.load import read_checkpoint
from training.option_parser import OptionParser
from vcam.system.overwrite_guard import refuse_overwriting

Part = dict[str, Any]
HIDDEN = {"weights", "labels"}


def main(argv: Sequence[str]) -> int:
    """Run `python -m training report`."""
    parser = OptionParser(prog="python -m training report", description=__doc__)
    parser.add_argument("run", type=Path, help="folder that `train` wrote")
    parser.add_argument("--cache", type=Path, nargs="+", help="prepared folders to evaluate on")
    parser.add_argument("--split", default="val")
    parser.add_argument("--card", type=Path, help="card of the exported model, if not in the run")
    parser.add_argument("--out", type=Path, help="default: report.html in the run")
    args = parser.parse_args(argv)
    out = args.out or args.run / "report.html"
    read = [args.run / "model.pt", args.card, *(args.cache or [])]
    refuse_overwriting(read, [out])
    content = gather(args.run, args.cache or [], args.split, args.card)
    replace_text(out, render(content))
    print(f"{out}: {out.stat().st_size / 1e6:.1f} MB")
    return 0


def gather(run: Path, caches: Sequence[Path], split: str, card: Path | None) -> Part:
    """Return all that the page shows. Raises `TrainingError`."""
    path = run / "model.pt"
    checkpoint = read_checkpoint(path)
    log = figures.read_log(run)
    content: Part = {"curves": figures.curves(log), "tables": _tables(path, checkpoint, card)}
    detects = checkpoint["task"] == "detect"
    content["kind"] = "Hand detector" if detects else "Gesture classifier"
    content["title"] = run.resolve().name
    does = "Finds hands in whole pictures" if detects else "Names the gesture of a hand and whose"
    content["lead"] = f"{does}; trained for {len(log)} epochs." if log else f"{does}."
    if caches:
        folders = ", ".join(folder.name for folder in caches)
        content["lead"] += f" Evaluated on the split {split} of {folders}."
        evaluate_part = _detector if detects else _classifier
        content |= evaluate_part(path, checkpoint, caches, split)
    else:
        content["lead"] += " Not evaluated on any pictures here: give --cache for scores."
    return content


def _classifier(path: Path, checkpoint: Part, caches: Sequence[Path], split: str) -> Part:
    model, hands = CheckpointClassifier(path, checkpoint), open_split(caches, split).hands
    known, (said,) = ask([model], hands)
    scores = score_classifier(known, said, model.thresholds, model.temperature)
    gesture, hand, false = scores["gesture"], scores["hand"], scores["false_gestures"]["shipped"]
    matrices = [figures.matrix("What gestures are taken for", gesture)]
    if hand:
        matrices.append(figures.matrix("Which hand is taken for which", hand))
    return {
        "figures": _figures(
            {
                "gesture F1, weighted": gesture["f1_weighted"],
                "gesture F1, mean of classes": gesture["f1_macro"],
                "leading hand right": hand and hand["accuracy"],
                "hands showing nothing, given a gesture": false["rate"],
                "pictures given a wrong gesture": false["wrong"],
                "calibration error": scores["calibration"]["error"],
            }
        ),
        "classes": figures.class_bars(gesture),
        "groups": [
            figures.group_bars("Size of the hand", scores["by_size"], "f1_weighted"),
            figures.group_bars("Light", scores["by_brightness"], "f1_weighted"),
        ],
        "group_note": "Weighted F1. Far: the hand's longer side is under 12 % of the picture's; "
        "near: 30 % or more. Dark: mean luma under 80 of 255; bright: 160 or more.",
        "matrices": matrices,
        "reliability": figures.reliability_of(scores["calibration"]),
        "sheets": hand_sheets(known, said, hands, model.margin),
    }


def _detector(path: Path, checkpoint: Part, caches: Sequence[Path], split: str) -> Part:
    model, frames = CheckpointDetector(path, checkpoint), open_split(caches, split).frames
    (found,) = run_detectors([model], frames)
    scores = score_detections(found, model.threshold)
    return {
        "figures": [
            *_figures({"mAP at IoU 0.5": scores["map_50"], "recall": scores["recall"]}),
            {"name": "false boxes a picture", "value": f"{scores['false_boxes']:.2f}"},
            {"name": "threshold", "value": f"{model.threshold:g}"},
        ],
        "groups": [
            figures.group_bars("Recall by size of the hand", scores["recall_by_size"], "recall")
        ],
        "group_note": "Share of labelled hands found at the threshold. Far: longer side under 12 % "
        "of the picture's; near: 30 % or more.",
        "recall_curve": scores["curve"],
        "sheets": frame_sheets(found, model.threshold, frames),
    }


def _figures(values: Mapping[str, float | None]) -> list[Part]:
    return [{"name": name, "value": percent(value)} for name, value in values.items()]


def _tables(path: Path, checkpoint: Part, card: Path | None) -> list[Part]:
    """Return the model card, and how the model was made."""
    weights = checkpoint["weights"].values()
    made = {name: value for name, value in checkpoint.items() if name not in HIDDEN}
    recipe = made.pop("recipe", {})
    about = {**made, "parameters": sum(one.numel() for one in weights), **read_facts(path)}
    if card or (card := _card_in(path.parent)):
        about = _read_card(card)
    how = {"commit": checkpoint.get("commit"), **recipe}
    return [
        {"name": "Model card", "rows": figures.card_rows(about)},
        {"name": "How it was made", "rows": figures.card_rows(how)},
    ]


def _card_in(run: Path) -> Path | None:
    """Return the card of a model that was exported into the run's folder."""
    return next((path for path in sorted(run.glob("*.json")) if _beside_model(path)), None)


def _beside_model(path: Path) -> bool:
    return path.with_suffix(".onnx").exists()


def _read_card(path: Path) -> Part:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return dict(content)
    except (OSError, ValueError, TypeError) as error:
        raise TrainingError(f"The card {path} cannot be read ({error}): export again.") from None


def render(content: Part) -> str:
    """Return the page; every text is escaped."""
    from jinja2 import Environment, PackageLoader

    loader = PackageLoader("training.evaluation", "page")
    environment = Environment(loader=loader, autoescape=True, trim_blocks=True)
    return environment.get_template("report.html").render({"matrices": [], "sheets": [], **content})
