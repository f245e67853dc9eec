"""Gestures of the person's own: told apart by what the classifier's embedding says of them.

Each is one JSON file in a folder beside the settings, readable by its owner alone: a few examples
(embeddings, no pictures) and how near to one of them a hand must come. Embeddings of another model
mean something else, so a gesture counts only with the classifier that it was learnt with.
"""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from vcam.core.labels import GESTURE_NAME, HAGRID_V2_GESTURES, LABELS, SWIPES, names_in
from vcam.core.texts import _
from vcam.errors import ConfigError
from vcam.system.atomic_write import write_private
from vcam.system.json_files import MALFORMED, read_json

log = logging.getLogger(__name__)

Array = npt.NDArray[np.float32]

MAX_EXAMPLES: Final = 32
MIN_EXAMPLES: Final = 8
FOLDS: Final = 5
"""Parts that a recording is cut into; each is compared with the others, never with itself."""
MIN_COSINE: Final = 0.88
"""Minimum cosine that counts, however scattered the examples are."""
MAX_MISSED_SHARE: Final = 0.1
"""Share of the examples that may lie farther from the others than the threshold."""
IDLE_MARGIN: Final = 0.03
"""How much nearer than nearly all idle hands a hand must come."""
SCORE_AT_THRESHOLD: Final = 0.5
"""The score of a hand that is just near enough; 1.0 is a hand like an example."""


@dataclass(frozen=True, slots=True)
class CustomGesture:
    """One gesture as it was learnt."""

    name: str
    model: str
    """SHA-256 of the classifier."""
    min_cosine: float
    """Minimum cosine with an example, 0..1."""
    examples: Array
    """float32 (N, F), each of length 1."""

    def fits(self, embedding: Array) -> bool:
        """Tell whether an embedding has as many numbers as the examples: a file may be edited."""
        return self.examples.shape[1:] == embedding.shape

    def score(self, embedding: Array) -> float:
        """Return how surely a hand shows this, 0..1: from `SCORE_AT_THRESHOLD` on it does."""
        cosine = float((self.examples @ embedding).max())
        span = (1 - self.min_cosine) if cosine >= self.min_cosine else (self.min_cosine + 1)
        return float(
            np.clip(
                SCORE_AT_THRESHOLD
                + (1 - SCORE_AT_THRESHOLD) * (cosine - self.min_cosine) / max(span, 1e-6),
                0,
                1,
            )
        )


def check_name(name: str) -> None:
    """Raise `ConfigError` when a gesture of one's own cannot be called so."""
    if not GESTURE_NAME.fullmatch(name) or len(name) > 40:
        raise ConfigError(
            _(
                "{name!r} is no name for a gesture: use small letters, digits and _, as in my_sign."
            ).format(name=name)
        )
    if name in (*LABELS, *SWIPES, *HAGRID_V2_GESTURES):
        raise ConfigError(
            _("{name} is a gesture of HaGRID's already: choose another name.").format(name=name)
        )


def distil(name: str, model: str, seen: Array, idle: Array) -> CustomGesture:
    """Return a gesture from embeddings (N, F) of its pose, and (M, F) of idle hands (M may be 0).

    Raises `ConfigError` when there is too little to learn from, or idle hands look like it.
    """
    if len(seen) < MIN_EXAMPLES:
        raise ConfigError(
            _(
                "Only {seen} pictures show a hand, and {min} are needed: hold it nearer to "
                "the camera, in better light."
            ).format(seen=len(seen), min=MIN_EXAMPLES)
        )
    near = _nearest_elsewhere(seen)
    min_cosine = max(MIN_COSINE, float(np.quantile(near, MAX_MISSED_SHARE)))
    if len(idle):
        min_cosine = max(min_cosine, float(np.quantile((idle @ seen.T).max(1), 0.99)) + IDLE_MARGIN)
    if float((near >= min_cosine).mean()) < 0.5:
        why = _("your idle hands look too much like it") if len(idle) else _("it differs too much")
        raise ConfigError(
            _("{name} cannot be told apart ({why}): choose a plainer pose.").format(
                name=name, why=why
            )
        )
    return CustomGesture(name, model, min(min_cosine, 0.995), seen[_spread(len(seen))])


def _nearest_elsewhere(seen: Array) -> Array:
    """Return each example's cosine with the nearest one of the other parts of the recording."""
    part = np.arange(len(seen)) * FOLDS // len(seen)
    cosines = seen @ seen.T
    cosines[part[:, None] == part[None, :]] = -1.0
    return np.asarray(cosines.max(1))


def _spread(count: int) -> npt.NDArray[np.intp]:
    return np.linspace(0, count - 1, min(count, MAX_EXAMPLES)).round().astype(np.intp)


def save(folder: Path, gesture: CustomGesture) -> Path:
    """Write a gesture, whole or not at all, for its owner alone. Raises `ConfigError`."""
    path = folder / f"{gesture.name}.json"
    content = {
        "name": gesture.name,
        "model": gesture.model,
        "least": round(gesture.min_cosine, 4),
        "examples": [[round(float(each), 5) for each in row] for row in gesture.examples],
    }
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(path, json.dumps(content).encode())
    except OSError as error:
        raise ConfigError(
            _("{path} cannot be written ({reason}).").format(path=path, reason=error.strerror)
        ) from None
    return path


def forget(folder: Path, name: str) -> None:
    """Delete a gesture. Raises `ConfigError` when there is none of that name."""
    if name not in names_in(folder):
        known = ", ".join(names_in(folder)) or "none"
        raise ConfigError(
            _("There is no gesture {name} of your own; there are: {known}.").format(
                name=name, known=known
            )
        )
    try:
        (folder / f"{name}.json").unlink(missing_ok=True)
    except OSError as error:
        raise ConfigError(
            _("{name} cannot be deleted from {folder} ({reason}).").format(
                name=name, folder=folder, reason=error.strerror
            )
        ) from None


def read(path: Path) -> CustomGesture:
    """Read one gesture. Raises `ConfigError` when its file is damaged."""
    try:
        content: Any = read_json(path)
        examples = np.asarray(content["examples"], np.float32)
        min_cosine = float(content["least"])
        if examples.ndim != 2 or not len(examples) or not np.isfinite(examples).all():
            raise ValueError("examples")
        if not 0 < min_cosine <= 1:
            raise ValueError("least")
        return CustomGesture(path.stem, str(content["model"]), min_cosine, examples)
    except MALFORMED:
        raise ConfigError(
            _("{path} is damaged: run `vcam learn {stem} --again`.").format(
                path=path, stem=path.stem
            )
        ) from None


def usable(folder: Path, model: str) -> list[CustomGesture]:
    """Return the gestures that were learnt with this model; the others are named in the log."""
    found = []
    for name in names_in(folder):
        try:
            gesture = read(folder / f"{name}.json")
        except ConfigError as error:
            log.warning("%s", error)
            continue
        if gesture.model == model:
            found.append(gesture)
        else:
            log.warning("%s was learnt with another model: run `vcam learn %s --again`", name, name)
    return found


def best(gestures: Sequence[CustomGesture], embedding: Array) -> tuple[str, float] | None:
    """Return the gesture that a hand shows and how surely; None when it shows none of them."""
    scores = [
        (gesture.score(embedding), gesture.name) for gesture in gestures if gesture.fits(embedding)
    ]
    score, name = max(scores, default=(0.0, ""))
    return (name, score) if score >= SCORE_AT_THRESHOLD else None
