"""Before and after: what both models make of the validation moments, and of the old."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from training.datasets.dataset import HandSet, open_prepared
from training.errors import TrainingError
from training.evaluation.classifier_scores import acted_on
from training.evaluation.predictions import ask
from training.evaluation.protocols import EvaluatedClassifier, Scores
from training.improve.kept_moments import Moment
from vcam.core.labels import NO_GESTURE

MAX_LOSS = 0.01
"""Share of the reference that may be lost: less is chance."""
MAX_LOST_FIRES = 0.05
"""Share of the right fires that may fall silent, rounded down: none of fewer than 20."""
MAJORITY = 0.5
"""Share of a missed gesture's pictures that must be named right: a hold needs about that."""
RIGHT_FIRES = "right"
"""The kind of moment that is no correction: a fire that nobody called wrong."""
Right = dict[str, tuple[int, int, int]]
"""By kind: how many moments there are, and how many are right before and after."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the fine-tuning gave."""

    validation: Right
    reference: tuple[int, float, float]
    """Hands, and the share of them that is right before and after."""
    lost_fires: int = 0
    """How many right fires that fired before do not now, whatever was won elsewhere."""

    @property
    def corrections(self) -> tuple[int, int, int]:
        """How many validation corrections there are, and how many are right before and after."""
        counts = [n for kind, n in self.validation.items() if kind != RIGHT_FIRES]
        count, before, after = (sum(column) for column in zip(*counts, strict=True))
        return count, before, after

    @property
    def may_lose(self) -> int:
        """How many of the right fires may fall silent."""
        return int(MAX_LOST_FIRES * self.validation.get(RIGHT_FIRES, (0, 0, 0))[1])

    @property
    def lost(self) -> float:
        """Share of the reference that was right and is not now, on balance."""
        return self.reference[1] - self.reference[2]

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return {
            "held_back": dict(self.validation),
            "reference": list(self.reference),
            "lost_fires": self.lost_fires,
        }

    def check(self) -> None:
        """Raise `TrainingError` when the new model is not better."""
        count, before, after = self.corrections
        if after <= before:
            raise TrainingError(
                f"It did not get better: of {count} validation corrections {before} were right "
                f"before and {after} are now. No model is written; correct the program on more "
                "days, and give the command again."
            )
        if self.lost_fires > self.may_lose:
            raise TrainingError(
                f"It costs too many right fires: {self.lost_fires} of "
                f"{self.validation[RIGHT_FIRES][1]} would fire no more, and {self.may_lose} may be "
                f"lost; of {count} corrections {before} were right before and {after} are now. No "
                "model is written; give a smaller --weight, or correct the program on more days."
            )
        if self.lost > MAX_LOSS:
            raise TrainingError(
                f"It forgot what it knew: {self.reference[1]:.1%} of the {self.reference[0]} "
                f"reference hands were right before and {self.reference[2]:.1%} are now. No model "
                "is written; give a smaller --weight, or prepared real hands with --rehearse."
            )


def evaluate(
    models: tuple[EvaluatedClassifier, EvaluatedClassifier],
    corrections: Path,
    held: Sequence[tuple[Moment, int]],
    reference: Sequence[Path],
) -> Verdict:
    """Return what the model before and the one after make of both.

    `held` are the moments in the split `val` of the prepared folder `corrections`, each with its
    number of hands. Raises `TrainingError` when a folder cannot be read.
    """
    hands = open_prepared([corrections], "val").hands
    right = [_right(model, hands) for model in models]
    order = {name: place for place, name in enumerate(_names(hands))}
    found: Right = {}
    lost = 0
    for moment, count in held:
        names = [name for name in order if name.startswith(f"{moment.kind}/{moment.when:.3f}/")]
        assert len(names) == count, (moment, count, names)
        good = [np.mean([one[order[name]] for name in names]) >= MAJORITY for one in right]
        lost += moment.kind == RIGHT_FIRES and bool(good[0]) and not good[1]
        before = found.get(moment.kind, (0, 0, 0))
        found[moment.kind] = (before[0] + 1, before[1] + int(good[0]), before[2] + int(good[1]))
    known = open_prepared(reference, "val").hands
    share = [float(_right(model, known).mean()) for model in models]
    return Verdict(found, (len(known), share[0], share[1]), lost)


def _names(hands: HandSet) -> list[str]:
    return [str(hands.canvas(place)[1]["picture"]) for place in range(len(hands))]


def _right(model: EvaluatedClassifier, hands: HandSet) -> Scores:
    """Return 1 for every hand (N,) of which the program would do the right thing, else 0."""
    known, (said,) = ask([model], hands)
    acts = acted_on(said.gesture, known.labels, model.thresholds)
    nothing = known.gesture == known.labels.index(NO_GESTURE)
    named = acts & (said.gesture.argmax(1) == known.gesture)
    return np.where(nothing, ~acts, named).astype(np.float64)


SAYS = {
    "wrong": "wrong fires that would not fire",
    "missed": "missed gestures that are seen",
    RIGHT_FIRES: "right fires that still fire",
}


def print_verdict(verdict: Verdict, console: Console) -> None:
    """Print before and after as a table."""
    table = Table(title="Before and after", title_justify="left")
    for name in ("validation", "of", "before", "after"):
        table.add_column(name, justify="left" if name == "validation" else "right")
    for kind, says in SAYS.items():
        if kind in verdict.validation:
            table.add_row(says, *(str(n) for n in verdict.validation[kind]))
    table.add_section()
    count, before, after = verdict.reference
    table.add_row("reference hands that are right", str(count), f"{before:.1%}", f"{after:.1%}")
    console.print(table)
    if RIGHT_FIRES in verdict.validation:
        console.print(
            f"Right fires that fire no more: {verdict.lost_fires}; {verdict.may_lose} may be lost."
        )
