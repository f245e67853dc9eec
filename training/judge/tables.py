"""Scores as tables on the terminal, a column for each model."""

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
        rows[f"false gestures, {name}"] = lambda s, k=key: s["false_gestures"][k]["rate"]
        rows[f"pictures wrong, {name}"] = lambda s, k=key: s["false_gestures"][k]["wrong"]
        rows[f"gestures hit, {name}"] = lambda s, k=key: s["false_gestures"][k]["hit"]
    for group, name in (("by_size", "size"), ("by_brightness", "light")):
        for part, one in first[group].items():
            if one["hands"]:
                label = f"F1 weighted, {name} {part} ({one['hands']})"
                rows[label] = lambda s, g=group, p=part: s[g][p]["f1_weighted"]
    _print(f"{first['hands']} hands", scores, rows)
    labels = first["gesture"]["labels"]
    _print("F1 by class", scores, {_class_name(first, k): _f1_of(k) for k in labels})


def _class_name(scores: Scores, label: str) -> str:
    support = scores["gesture"]["classes"][label]["support"]
    return f"{label} ({support or 'no picture'})"


def _f1_of(label: str) -> Callable[[Scores], Any]:
    return lambda scores: scores["gesture"]["classes"][label]["f1"]


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
            rows[f"  {part} ({one['hands']})"] = lambda s, p=part: s["recall_by_size"][p]["recall"]
    rows["false boxes, of 100 pictures"] = lambda s: s["false_boxes"]
    _print(f"{first['hands']} hands on {first['pictures']} pictures", scores, rows)


def _print(
    title: str, scores: Mapping[str, Scores], rows: Mapping[str, Callable[[Scores], Any]]
) -> None:
    table = Table("", *scores, title=title, title_justify="left")
    for column in table.columns[1:]:
        column.justify = "right"
    for name, value in rows.items():
        table.add_row(name, *(percent(value(one)) for one in scores.values()))
    Console().print(table)
