"""What is left out, and why: counted by reason, each with an example."""

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from vcam.system.atomic_write import replacing

MAX_LISTED = 1000
"""Maximum cases of one reason that a job or a plan lists; all are counted."""


class Skips:
    """Counts reasons, and lists where each was met, up to `MAX_LISTED` times."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.cases: list[tuple[str, str]] = []

    def __call__(self, reason: str, where: str) -> None:
        """Note one case."""
        self.counts[reason] += 1
        if self.counts[reason] <= MAX_LISTED:
            self.cases.append((reason, where))

    def to_json(self) -> dict[str, Any]:
        """Return counts and cases."""
        return {"counts": dict(self.counts), "cases": self.cases}

    def add(self, content: dict[str, Any]) -> None:
        """Add what `to_json` gave elsewhere."""
        self.counts.update(content["counts"])
        self.cases += [(reason, where) for reason, where in content["cases"]]


def write_skipped(path: Path, skips: Skips) -> None:
    """Write a line of JSON for every listed case."""
    with replacing(path) as part, part.open("w", encoding="utf-8") as file:
        for reason, where in skips.cases:
            file.write(json.dumps({"reason": reason, "where": where}) + "\n")


def print_skipped(console: Console, skips: Skips) -> None:
    """Print a table: reason, how often, and one example."""
    if not skips.counts:
        console.print("Nothing was left out.")
        return
    table = Table("what", "times", "for example", title="Left out or fixed", title_justify="left")
    examples = dict(reversed(skips.cases))
    for reason, count in skips.counts.most_common():
        table.add_row(reason, f"{count:,}", examples[reason])
    console.print(table)


def print_classes(
    console: Console, classes: dict[str, Counter[str]], labels: Iterable[str]
) -> None:
    """Print how many hands of each class every split holds."""
    table = Table("class", title="Hands", title_justify="left")
    for split in classes:
        table.add_column(split, justify="right")
    for label in labels:
        table.add_row(label, *(f"{counted[label]:,}" for counted in classes.values()))
    table.add_section()
    table.add_row("all", *(f"{counted.total():,}" for counted in classes.values()))
    console.print(table)
