"""What a model's card says: put together from the checkpoint, calibration, facts and scores."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from training.errors import TrainingError
from training.provenance import git_commit
from vcam.core.labels import LEADING_HANDS
from vcam.vision.models.card import FORMAT_VERSION

LICENCE = "that of the pictures it was trained on: name it with --facts"
"""Of a model of which nobody said it."""


def card_of(
    name: str, checkpoint: Mapping[str, Any], size: int, outputs: Sequence[str]
) -> dict[str, Any]:
    """Return what the checkpoint alone says; `add_facts` adds the rest."""
    detects = checkpoint["task"] == "detect"
    crop = None if detects else {"scale": checkpoint["margin"], "square": True, "pad": "black"}
    recipe = checkpoint.get("recipe", {})
    return {
        "name": name,
        "task": checkpoint["task"],
        "format_version": FORMAT_VERSION,
        "architecture": checkpoint.get("arch", "small"),
        "input": {"height": size, "width": size, "layout": "NHWC", "dtype": "uint8"},
        "outputs": list(outputs),
        "labels": None if detects else list(checkpoint["labels"]),
        "hands": None if detects else list(LEADING_HANDS),
        "crop": crop,
        **({"hands_known": checkpoint["hands_known"]} if "hands_known" in checkpoint else {}),
        "trained_on": checkpoint.get("trained_on", []),
        **({"validated_on": checkpoint["validated_on"]} if "validated_on" in checkpoint else {}),
        "trained_with": {
            "git commit": checkpoint.get("commit") or git_commit(),
            "recipe": recipe,
            "seed": recipe.get("seed"),
        },
    }


def add_facts(card: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the card with what only people and evaluations know."""
    return {
        **card,
        "thresholds": facts.get("thresholds", {"default": 0.5}),
        **({"trust": facts["trust"]} if "trust" in facts else {}),
        "trained_on": facts.get("trained_on", card.get("trained_on", [])),
        "scores": facts.get("scores", []),
        "licence": facts.get("licence", LICENCE),
    }


def gather_facts(calibration: Path, facts: Path | None, scores: Path | None) -> dict[str, Any]:
    """Return all that the card should say: from calibration, from a file, from an evaluation.

    Raises `TrainingError` when a file that was named cannot be read.
    """
    said: dict[str, Any] = _read(calibration) if calibration.exists() else {}
    if facts:
        said |= _read(facts)
    if scores:
        said["scores"] = scores_in(scores)
    return said


def scores_in(evaluation: Path) -> list[dict[str, Any]]:
    """Return what `evaluate --data --json` wrote as rows of a card. Raises `TrainingError`."""
    return list(_rows(_read(evaluation)))


def _read(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise TrainingError(f"{path} cannot be read ({error}): give a JSON file.") from None
    if not isinstance(content, dict):
        raise TrainingError(f"{path} holds no table of facts: write them as a JSON object.")
    return content


def _rows(evaluation: Mapping[str, Mapping[str, float | None]]) -> Iterator[dict[str, Any]]:
    """Yield one row for each source and metric of an evaluation of both models together.

    Raises `TrainingError` when it is another file, such as an evaluation on a prepared folder.
    """
    if not all(isinstance(one, Mapping) and "found" in one for one in evaluation.values()):
        raise TrainingError(
            "These scores are not of whole pictures: give what `evaluate --data FOLDER "
            "--json FILE` wrote."
        )
    for dataset, shares in evaluation.items():
        if dataset.startswith("gesture:"):
            continue
        for metric in ("found", "hit", "mean", "wrong", "hand"):
            if shares.get(metric) is None:
                continue
            yield {
                "dataset": dataset,
                "split": "validation",
                "images": shares["pictures"],
                "metric": metric,
                "value": shares[metric],
            }
