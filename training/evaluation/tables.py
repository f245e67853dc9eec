"""Scores as tables on the terminal, a column for each model."""

import functools
from collections.abc import Callable, Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

Scores = Mapping[str, Any]


def percent(value: float | None) -> str:
    """Return a share as a percentage; a dash where there is none."""
    return "–" if value is None else f"{100 * value:.1f} %"


def print_classifiers(scores: Mapping[str, Scores]) -> None:
    """Print what matters of every classifier, side by side."""
    if not scores:
        return
    first = next(iter(scores.values()))
    rows: dict[str, Callable[[Scores], Any]] = {
        "gesture, F1 weighted": lambda s: s["gesture"]["f1_weighted"],
        "gesture, F1 macro": lambda s: s["gesture"]["f1_macro"],
        "hand, F1 weighted": lambda s: s["hand"] and s["hand"]["f1_weighted"],
        "hand, right": lambda s: s["hand"] and s["hand"]["accuracy"],
        "calibration error": lambda s: s["calibration"]["error"],
        "  before the temperature": lambda s: s["calibration"]["error_before"],
    }
    for key, name in (("shipped", "as shipped"), ("at_0.5", "at 0.5")):
        rows[f"false gestures, {name}"] = _at("false_gestures", key, "rate")
        rows[f"pictures wrong, {name}"] = _at("false_gestures", key, "wrong")
        rows[f"gestures hit, {name}"] = _at("false_gestures", key, "hit")
    for group, name in (("by_size", "size"), ("by_brightness", "light")):
        for part, one in first[group].items():
            if one["hands"]:
                label = f"F1 weighted, {name} {part} ({one['hands']})"
                rows[label] = _at(group, part, "f1_weighted")
    _print(f"{first['hands']} hands", scores, rows)
    classes = first["gesture"]["classes"]
    labels = [label for label in first["gesture"]["labels"] if classes[label]["support"]]
    _print(
        "F1 by class",
        scores,
        {_class_name(first, k): _at("gesture", "classes", k, "f1") for k in labels},
    )


def _class_name(scores: Scores, label: str) -> str:
    support = scores["gesture"]["classes"][label]["support"]
    return f"{label} ({support or 'no picture'})"


def _at(*keys: str) -> Callable[[Scores], Any]:
    return lambda scores: functools.reduce(lambda one, key: one[key], keys, scores)


def print_detectors(scores: Mapping[str, Scores]) -> None:
    """Print what matters of every detector, side by side."""
    if not scores:
        return
    first = next(iter(scores.values()))
    rows: dict[str, Callable[[Scores], Any]] = {
        "mAP@0.5, 101 points": lambda s: s["map_50"],
        "recall as shipped": lambda s: s["recall"],
    }
    for part, one in first["recall_by_size"].items():
        if one["hands"]:
            rows[f"  {part} ({one['hands']})"] = _at("recall_by_size", part, "recall")
    _print(f"{first['hands']} hands on {first['pictures']} pictures", scores, rows)
    counts: dict[str, Callable[[Scores], Any]] = {
        "from which score boxes are shown": lambda s: s["threshold"],
        "false boxes a picture, from there": lambda s: s["false_boxes"],
    }
    _print("Boxes where no hand is labelled", scores, counts, "{:.2f}".format)


def _print(
    title: str,
    scores: Mapping[str, Scores],
    rows: Mapping[str, Callable[[Scores], Any]],
    written: Callable[[Any], str] = percent,
) -> None:
    table = Table("", *scores, title=title, title_justify="left")
    for column in table.columns[1:]:
        column.justify = "right"
    for name, value in rows.items():
        table.add_row(name, *(written(value(one)) for one in scores.values()))
    Console().print(table)
