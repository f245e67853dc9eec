"""A model's card: what the file beside an `.onnx` says about it.

The card is also embedded in the model's own metadata, under the key `card`, so that a model that
was copied without its `.json` still says what it is.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vcam.core.labels import GESTURE_NAME, LEADING_HANDS, NO_GESTURE, SWIPES
from vcam.core.texts import _
from vcam.errors import ModelError
from vcam.system.json_files import read_json

FORMAT_VERSION = 1
"""Raised when a card of an older program would be misread."""
TASKS = ("detect", "classify")
FUSION_KEYS = ("gesture", "find", "offset")


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What the runtime needs to know of a model; the whole text is in `content`."""

    name: str
    task: str
    sha256: str
    """Of the `.onnx` file."""
    height: int
    width: int
    margin: float
    """Side of the square crop over the longer side of the box; 1 for detectors."""
    thresholds: Mapping[str, float]
    """Minimum score to act on: by gesture (`default` for the others), or `detection`."""
    fusion: Mapping[str, float]
    """Detectors: the numbers of `score_fusion.ScoreFusion` that differ from its defaults."""
    content: Mapping[str, Any]

    @property
    def labels(self) -> tuple[str, ...]:
        """What the gesture head gives, in its order; empty for detectors."""
        return tuple(self.content.get("labels") or ())

    @property
    def hands(self) -> tuple[str, ...]:
        """What the hand head gives, in its order; empty for detectors."""
        return tuple(self.content.get("hands") or ())

    @property
    def knows_hands(self) -> bool:
        """Whether the hand head has learnt anything; cards that say nothing are believed."""
        return float(self.content.get("hands_known", 1.0)) > 0

    def threshold(self, name: str) -> float:
        """Return the threshold for a gesture or `detection`."""
        return float(self.thresholds.get(name, self.thresholds.get("default", 0.5)))


def read_card(path: Path, task: str) -> ModelCard:
    """Read and check the card beside an `.onnx` file; raises `ModelError` in one sentence."""
    card_path = path.with_suffix(".json")
    try:
        content = read_json(card_path)
    except FileNotFoundError:
        raise ModelError(
            _(
                "{name} has no card: put {name2} beside it, or write both with `python -m "
                "training export`."
            ).format(name=path.name, name2=card_path.name)
        ) from None
    except (OSError, ValueError) as error:
        raise ModelError(
            _("The card {card_path} cannot be read ({error}): export it again.").format(
                card_path=card_path, error=error
            )
        ) from None
    return parse_card(content, card_path, task)


def parse_card(content: Any, where: Path, task: str) -> ModelCard:
    """Turn a card's JSON into a `ModelCard`; raises `ModelError` when it is not one for `task`."""
    try:
        card = _build(content)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise ModelError(
            _("The card {where} is not complete ({error!r}): export it again.").format(
                where=where, error=error
            )
        ) from None
    if content["format_version"] != FORMAT_VERSION:
        raise ModelError(
            _(
                "The card {where} has format {content}, this program reads {known}: export the "
                "model again with this version."
            ).format(where=where, content=content["format_version"], known=FORMAT_VERSION)
        )
    if card.task != task:
        raise ModelError(
            _("{stem} is made to {task}, not to {task2}: choose another model.").format(
                stem=where.stem, task=card.task, task2=task
            )
        )
    if task == "classify":
        _check_labels(content.get("labels"), where)
        _check_hands(content.get("hands"), where)
    return card


def _build(content: Mapping[str, Any]) -> ModelCard:
    wants = content["input"]
    if (wants["layout"], wants["dtype"]) != ("NHWC", "uint8"):
        raise ValueError(f"input {wants['layout']} {wants['dtype']}, not NHWC uint8")
    return ModelCard(
        name=str(content["name"]),
        task=str(content["task"]),
        sha256=str(content["sha256"]),
        height=int(wants["height"]),
        width=int(wants["width"]),
        margin=float((content.get("crop") or {}).get("scale", 1.0)),
        thresholds={str(k): float(v) for k, v in content["thresholds"].items()},
        fusion={k: float(v) for k, v in content.get("trust", {}).items() if k in FUSION_KEYS},
        content=content,
    )


def _check_labels(labels: Any, where: Path) -> None:
    """Any gestures will do, as long as each has a name of its own and "none" is one of them."""
    if not isinstance(labels, list) or not all(isinstance(label, str) for label in labels):
        raise ModelError(
            _("The card {where} has no list of labels: export the model again.").format(where=where)
        )
    if twice := [label for label, count in Counter(labels).items() if count > 1]:
        raise ModelError(
            _(
                "{stem} gives labels twice ({twice}): give each class its own name and "
                "export it again."
            ).format(stem=where.stem, twice=", ".join(twice))
        )
    wrong = [label for label in labels if not GESTURE_NAME.fullmatch(label) or label in SWIPES]
    if wrong:
        raise ModelError(
            _(
                "{stem} has labels that cannot name a gesture ({labels}): rename the classes "
                "in snake_case, such as 'vulcan', and export it again."
            ).format(stem=where.stem, labels=", ".join(map(repr, wrong)))
        )
    if NO_GESTURE not in labels or len(labels) < 2:
        raise ModelError(
            _(
                "{stem} needs the label {no_gesture} and at least one gesture: train it with "
                "pictures of hands that show none, and export it again."
            ).format(stem=where.stem, no_gesture=NO_GESTURE)
        )


def _check_hands(hands: Any, where: Path) -> None:
    if not isinstance(hands, list) or sorted(map(str, hands)) != sorted(LEADING_HANDS):
        raise ModelError(
            _("{stem} names the hands {hands}, not {leading_hands}.").format(
                stem=where.stem, hands=hands, leading_hands=list(LEADING_HANDS)
            )
        )
