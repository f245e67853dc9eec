"""Learn a gesture of the person's own from pictures of it, and of idle hands."""

import contextlib
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from vcam.camera.image_folder import read_picture
from vcam.core.frame import Image
from vcam.core.gesture_names import gesture_title
from vcam.core.hand import Hand
from vcam.core.labels import NO_GESTURE, THEN
from vcam.core.texts import _
from vcam.errors import ConfigError, ModelError
from vcam.history.fire_history import around
from vcam.settings.settings import Settings
from vcam.system.paths import custom_gestures_folder
from vcam.vision import custom_gestures
from vcam.vision.recognizer import Recognizer, load_custom_gestures

MIN_SCORE: Final = 0.5
"""Minimum score of a hand to learn from."""
MAX_KNOWN_SHARE: Final = 0.2
"""Maximum share of pictures that the program takes for a gesture that it knows."""


@dataclass(frozen=True, slots=True)
class Learnt:
    """A gesture that counts from now on."""

    path: Path
    images: int
    """How many of them showed a hand to learn from."""


def learn(
    name: str, recognizer: Recognizer, pose: Iterable[Image], idle: Iterable[Image]
) -> Learnt:
    """Learn `name` from uint8 (H, W, 3) BGR pictures of the pose and of idle hands, and keep it.

    `idle` is read only after `pose`, and only when the pose is fit to learn. Raises `ConfigError`
    when the name is taken, a hand is seen too seldom, or the pose looks like something else.
    """
    custom_gestures.check_name(name)
    seen, taken = _embeddings(recognizer, pose)
    _check_known(name, len(seen), taken)
    away, _taken = _embeddings(recognizer, idle)
    if len(away) < custom_gestures.MIN_EXAMPLES:  # poses without a name lie near to idle hands
        raise ConfigError(
            _(
                "Only {count} pictures show idle hands, and {min} are needed to "
                "tell your gesture from them: keep your hands in the picture."
            ).format(count=len(away), min=custom_gestures.MIN_EXAMPLES)
        )
    gesture = custom_gestures.distil(name, recognizer.model, seen, away)
    return Learnt(custom_gestures.save(custom_gestures_folder(), gesture), len(seen))


def forget(name: str, settings: Settings) -> None:
    """Delete what was learnt as `name`. Raises `ConfigError` while it is bound, or is not there."""
    for profile, bindings in settings.profiles.items():
        if any(name in each.gesture.split(THEN) for each in bindings):
            raise ConfigError(
                _("{name} is bound in profile {profile}: take that binding out first.").format(
                    name=name, profile=profile
                )
            )
    custom_gestures.forget(custom_gestures_folder(), name)


class Learner:
    """Learns and forgets while the program runs; called from any thread, one call at a time.

    It looks with a recogniser of its own, so that neither recognition nor the video waits.
    """

    def __init__(self, open_another: Callable[[], Recognizer], changed: Callable[[], None]) -> None:
        """`changed` is called when what was learnt has to be read again."""
        self._open_another, self._changed = open_another, changed
        self._lock = threading.Lock()
        self._recognizer: Recognizer | None = None

    def learn(self, name: str, pose: Sequence[Path], idle: Sequence[Path]) -> int:
        """Learn from picture files, the oldest first; return how many showed a hand."""
        with self._lock:
            recognizer = self._opened()
            recognizer.use_custom_gestures(load_custom_gestures(recognizer.model))
            learnt = learn(name, recognizer, map(read_picture, pose), map(read_picture, idle))
            self._changed()
        return learnt.images

    def forget(self, name: str, settings: Settings) -> None:
        """Delete what was learnt. Raises `ConfigError` while it is bound, or is not there."""
        with self._lock:
            forget(name, settings)
            self._changed()

    def portrait(self, image: Image) -> Image:
        """Return the part of uint8 (H, W, 3) BGR around its largest hand, or all where none is."""
        hand = None
        with self._lock, contextlib.suppress(ModelError):
            hand = _largest_hand(self._opened(), image)
        return image if hand is None else around(image, hand.box_xyxy)[0]

    def _opened(self) -> Recognizer:
        """It is opened when it is first needed, and then kept."""
        self._recognizer = self._recognizer or self._open_another()
        return self._recognizer


def _largest_hand(recognizer: Recognizer, image: Image) -> Hand | None:
    min_score = max(MIN_SCORE, recognizer.min_score_to_act)
    hands = [hand for hand in recognizer.recognize(image).hands if hand.score >= min_score]
    return max(hands, key=lambda each: each.size, default=None)


def _embeddings(
    recognizer: Recognizer, images: Iterable[Image]
) -> tuple[custom_gestures.Array, Counter[str]]:
    """Return the largest hand's embedding (N, F) of each picture, and what it was taken for."""
    rows, taken = [], Counter[str]()
    for image in images:
        hand = _largest_hand(recognizer, image)
        if hand is None:
            continue
        if hand.embedding is None:
            raise ConfigError(_("This classifier gives no embeddings: own gestures need one."))
        rows.append(hand.embedding)
        taken[recognizer.acted_on(hand)] += 1
    return np.array(rows, np.float32), taken


def _check_known(name: str, count: int, taken: Counter[str]) -> None:
    """Raise `ConfigError` when the program takes the pose for something else that it knows."""
    known = {label: n for label, n in taken.items() if label not in (name, NO_GESTURE)}
    label = max(known, key=known.__getitem__, default="")
    if sum(known.values()) > MAX_KNOWN_SHARE * count:
        raise ConfigError(
            _(
                "{name} is taken for {gesture} ({label}) in {known} of {count} pictures: "
                "choose a pose that differs more."
            ).format(
                name=name,
                gesture=gesture_title(label),
                label=label,
                known=known[label],
                count=count,
            )
        )
