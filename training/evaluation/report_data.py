"""Scores, logs and cards as what the report's page draws: plain lists and texts."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from training.errors import TrainingError
from training.evaluation.tables import percent

Part = dict[str, Any]


def read_log(run: Path) -> list[Part]:
    """Return the lines of a run's log; none where there is no log. Raises `TrainingError`."""
    path = run / "log.jsonl"
    try:
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        parsed = [json.loads(line) for line in lines if line.strip()]
    except (OSError, ValueError) as error:
        raise TrainingError(f"{path} is damaged ({error}): fix or delete it.") from None
    return [line for line in parsed if isinstance(line, dict)]


def curves(log: Sequence[Part]) -> list[Part]:
    """Return a curve for each number of the log that varies by epoch."""
    names = list(dict.fromkeys(name for line in log for name in line if name != "epoch"))
    drawn = (_curve(name, log) for name in names)
    return [one for one in drawn if one]


def _curve(name: str, log: Sequence[Part]) -> Part | None:
    known = [
        (line.get("epoch", place), line[name])
        for place, line in enumerate(log)
        if isinstance(line.get(name), int | float) and not isinstance(line[name], bool)
    ]
    if not known:
        return None
    epochs, values = zip(*known, strict=True)
    low, high = min(values), max(values)
    width, height = (epochs[-1] - epochs[0]) or 1, (high - low) or 1
    points = [((epoch - epochs[0]) / width, (value - low) / height) for epoch, value in known]
    return {
        "name": name.replace("_", " "),
        "points": points,
        "first": epochs[0],
        "end": epochs[-1],
        "last": f"{values[-1]:.4g}",
        "low": f"{low:.3g}",
        "high": f"{high:.3g}",
    }


def matrix(name: str, head: Mapping[str, Any]) -> Part:
    """Return a confusion matrix, by rows that add up to 1."""
    labels = head["labels"]
    cells = []
    for true, row in zip(labels, head["confusion"], strict=True):
        whole = sum(row)
        cells.append(
            [
                {
                    "share": count / whole if whole else 0,
                    "text": f"{100 * count / whole:.0f}" if whole else "",
                    "title": f"{true} taken for {said}: {count} of {whole}",
                }
                for said, count in zip(labels, row, strict=True)
            ]
        )
    return {"name": name, "labels": labels, "cells": cells}


def class_bars(head: Mapping[str, Any]) -> list[Part]:
    """Return F1 of every class, worst first, those without a picture last."""
    rows = [
        {
            "name": label,
            "value": one["f1"],
            "count": one["support"],
            "text": percent(one["f1"]) if one["support"] else "no picture",
        }
        for label, one in head["classes"].items()
    ]
    return sorted(rows, key=lambda row: 2.0 if row["value"] is None else row["value"])


def group_bars(name: str, groups: Mapping[str, Any], key: str) -> Part:
    """Return one score by group, without groups that have no hand."""
    rows = [
        {"name": part, "value": one[key], "count": one["hands"], "text": percent(one[key])}
        for part, one in groups.items()
        if one["hands"]
    ]
    return {"name": name, "rows": rows}


def reliability_of(calibration: Mapping[str, Any]) -> Part:
    """Return the reliability diagram, before the temperature too where it is known."""
    note = f"Expected calibration error {percent(calibration['error'])}"
    if calibration["error_before"] is not None:
        note += (
            f"; without the temperature of {calibration['temperature']:g} (dashed) "
            f"{percent(calibration['error_before'])}"
        )
    return {
        "bins": calibration["bins"],
        "before": calibration["bins_before"],
        "note": f"{note}. Bins with few hands jump about.",
    }


def card_rows(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return a card or checkpoint as names and texts; nested values are written out."""
    return [
        (name.replace("_", " "), as_text(value))
        for name, value in content.items()
        if value not in (None, [], {})
    ]


def as_text(value: Any) -> str:
    """Return a value of a card as text, one line for each row of a list of rows."""
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {as_text(one)}" for name, one in value.items())
    if isinstance(value, list | tuple):
        between = "\n" if value and isinstance(value[0], Mapping) else ", "
        return between.join(as_text(one) for one in value)
    return f"{value:g}" if isinstance(value, float) else str(value)
