"""What one threshold for all gestures gives, on whole pictures, for several thresholds.

`python -m training evaluate --data FOLDER --thresholds 0.5 0.6 0.7 --model CLASSIFIER.onnx` runs
`vcam recognize` once, and counts at each threshold. People who are kept for the end
(`split.UNTOUCHED_SOURCES`) are left out: what is chosen here is not chosen on them.
"""

import json
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from training.datasets.annotations import LabelledImage
from training.datasets.split import UNTOUCHED_SOURCES
from training.errors import TrainingError
from training.evaluation import program_metrics
from training.evaluation.program_metrics import Prediction
from vcam.core.labels import NO_GESTURE
from vcam.vision.models.bundled import shipped_model

Scores = dict[str, dict[str, float | None]]


def sweep_thresholds(
    images: Sequence[LabelledImage], classifier: Path | None, thresholds: Sequence[float]
) -> dict[str, Scores]:
    """Return the scores of each threshold, by its text, and print them.

    `classifier` is an exported file with its card; None: the shipped one. Raises `TrainingError`.
    """
    chosen_on = [labelled for labelled in images if labelled.source not in UNTOUCHED_SOURCES]
    predictions = _all_named(chosen_on, classifier or shipped_model("classify"))
    scores = {
        f"{threshold:g}": program_metrics.score(chosen_on, named_from(predictions, threshold))
        for threshold in thresholds
    }
    print_sweep(scores)
    return scores


def _all_named(images: Sequence[LabelledImage], classifier: Path) -> list[Prediction]:
    """Return what the program says when every gesture is believed, whatever its score."""
    card = classifier.with_suffix(".json")
    if not classifier.is_file() or not card.is_file():
        raise TrainingError(f"There is no {classifier} with a card beside it: export one.")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, classifier.name)
        shutil.copyfile(classifier, copy)
        content: dict[str, Any] = json.loads(card.read_text(encoding="utf-8"))
        content["thresholds"] = {"default": 0.0}
        copy.with_suffix(".json").write_text(json.dumps(content), encoding="utf-8")
        settings = Path(folder, "settings.toml")
        settings.write_text(f"[recognition]\nclassifier = {json.dumps(str(copy))}\n", "utf-8")
        return program_metrics.recognize(images, settings)


def named_from(predictions: Sequence[Prediction], threshold: float) -> list[Prediction]:
    """Return the predictions with every gesture of a smaller score left unnamed."""
    return [
        {
            **prediction,
            "hands": [
                hand if hand["gesture_score"] >= threshold else {**hand, "gesture": NO_GESTURE}
                for hand in prediction["hands"]
            ],
        }
        for prediction in predictions
    ]


def print_sweep(scores: dict[str, Scores]) -> None:
    """Print one line a threshold and world."""
    from rich.console import Console
    from rich.table import Table

    table = Table("threshold", "", "pictures", "hit", "mean", "wrong")
    for threshold, by_group in scores.items():
        for name, shares in by_group.items():
            if name.startswith("world:"):
                cells = [shares.get(key) for key in ("hit", "mean", "wrong")]
                table.add_row(
                    threshold,
                    name.removeprefix("world:"),
                    f"{shares['pictures']:.0f}",
                    *("" if cell is None else f"{100 * cell:.1f} %" for cell in cells),
                )
    Console().print(table)
