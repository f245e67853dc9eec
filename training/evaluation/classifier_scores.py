"""Scores of a classifier's answers, all from arrays; every share without a whole is None.

F1 follows the usual definitions and comes out of one confusion matrix, so no library is needed.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from training.datasets.dataset import UNKNOWN
from training.evaluation.predictions import Answers, Hands
from training.evaluation.protocols import Scores
from training.metrics.classification import Counts, Flags, head_scores, share
from vcam.core.labels import LEADING_HANDS, NO_GESTURE
from vcam.vision.softmax import softmax_rows

FAR_MAX_SHARE, NEAR_MIN_SHARE = 0.12, 0.3
"""A hand's longer side as part of the picture's: below is far, from `NEAR_MIN_SHARE` on is near."""
DARK_MAX_LUMA, BRIGHT_MIN_LUMA = 80.0, 160.0
"""Mean luma of a hand's square, 0..255: below is dark, from `BRIGHT_MIN_LUMA` on is bright."""
BINS = 15


def score_classifier(
    hands: Hands,
    answers: Answers,
    thresholds: Mapping[str, float],
    temperature: float | None,
) -> dict[str, Any]:
    """Return every score of one classifier, ready to be written as JSON."""
    predicted = answers.gesture.argmax(1)
    right = predicted == hands.gesture
    top = answers.gesture.max(1)
    raw = uncalibrated(answers.gesture, temperature)
    return {
        "hands": len(hands),
        "gesture": head_scores(hands.gesture, predicted, hands.labels),
        "hand": _hand_scores(hands, answers.hand),
        "by_size": _by_group(size_groups(hands.share), hands.gesture, predicted),
        "by_brightness": _by_group(brightness_groups(hands.brightness), hands.gesture, predicted),
        "calibration": {
            "error": calibration_error(top, right),
            "error_before": None if raw is None else calibration_error(raw.max(1), right),
            "temperature": temperature,
            "bins": reliability(top, right),
            "bins_before": None if raw is None else reliability(raw.max(1), right),
        },
        "false_gestures": {
            "shipped": false_gestures(hands, answers.gesture, thresholds),
            "at_0.5": false_gestures(hands, answers.gesture, {"default": 0.5}),
        },
        "thresholds": dict(thresholds),
    }


def _hand_scores(hands: Hands, said: Scores | None) -> dict[str, Any] | None:
    known = hands.hand != UNKNOWN
    if said is None or not known.any():
        return None
    return head_scores(hands.hand[known], said[known].argmax(1), LEADING_HANDS)


def size_groups(shares: Scores) -> dict[str, Flags]:
    """Mark which hands are far, mid, near, or of unknown size."""
    return {
        "far": shares < FAR_MAX_SHARE,
        "mid": (shares >= FAR_MAX_SHARE) & (shares < NEAR_MIN_SHARE),
        "near": shares >= NEAR_MIN_SHARE,
        "unknown": np.isnan(shares),
    }


def brightness_groups(lights: Scores) -> dict[str, Flags]:
    """Mark which hands are dark, mid, or bright."""
    return {
        "dark": lights < DARK_MAX_LUMA,
        "mid": (lights >= DARK_MAX_LUMA) & (lights < BRIGHT_MIN_LUMA),
        "bright": lights >= BRIGHT_MIN_LUMA,
    }


def _by_group(groups: Mapping[str, Flags], true: Counts, predicted: Counts) -> dict[str, Any]:
    classes = int(max(true.max(), predicted.max())) + 1
    names = [str(place) for place in range(classes)]
    out: dict[str, Any] = {}
    for name, chosen in groups.items():
        scores = head_scores(true[chosen], predicted[chosen], names)
        wanted = ("accuracy", "f1_weighted", "f1_macro")
        out[name] = {"hands": int(chosen.sum()), **{key: scores[key] for key in wanted}}
    return out


def reliability(scores: Scores, right: Flags) -> list[dict[str, float]]:
    """Return for each of 15 equal bins that has hands: mean score, share right, and how many."""
    place = np.minimum((scores * BINS).astype(int), BINS - 1)
    return [
        {
            "score": float(scores[place == one].mean()),
            "right": float(right[place == one].mean()),
            "hands": int((place == one).sum()),
        }
        for one in range(BINS)
        if (place == one).any()
    ]


def calibration_error(scores: Scores, right: Flags) -> float:
    """Return the expected calibration error over 15 bins (Guo et al., arXiv 1706.04599)."""
    gaps = (abs(bin["score"] - bin["right"]) * bin["hands"] for bin in reliability(scores, right))
    return round(sum(gaps) / max(1, len(scores)), 4)


def uncalibrated(said: Scores, temperature: float | None) -> Scores | None:
    """Return the probabilities (N, C) before they were divided by the temperature, if it is known.

    Logits are known up to a constant from probabilities, and the constant falls out.
    """
    if temperature is None:
        return None
    return softmax_rows(temperature * np.log(np.maximum(said, 1e-30)))


def min_scores(labels: Sequence[str], thresholds: Mapping[str, float]) -> Scores:
    """Return the minimum score to act on for each label (C,); 0.5 where nothing is said."""
    default = thresholds.get("default", 0.5)
    return np.array([thresholds.get(label, default) for label in labels], np.float64)


def acted_on(said: Scores, labels: Sequence[str], thresholds: Mapping[str, float]) -> Flags:
    """Mark hands (N,) whose likeliest label is a gesture with a score that is acted on."""
    predicted = said.argmax(1)
    gesture = np.array([label != NO_GESTURE for label in labels])[predicted]
    enough = said.max(1) >= min_scores(labels, thresholds)[predicted]
    return np.asarray(gesture & enough, bool)


def false_gestures(
    hands: Hands, said: Scores, thresholds: Mapping[str, float]
) -> dict[str, float | int | None]:
    """Return what acting on the answers would do.

    `rate`: hands that show nothing and are given a gesture. `wrong`: pictures with a hand that is
    given a gesture it does not show. `hit`: hands of a gesture that are given it.
    """
    acted = acted_on(said, hands.labels, thresholds)
    right = said.argmax(1) == hands.gesture
    nothing = np.array([label == NO_GESTURE for label in hands.labels])[hands.gesture]
    wrong = np.unique(hands.image_id[acted & ~right])
    return {
        "nothing": int(nothing.sum()),
        "rate": share((acted & nothing).sum(), nothing.sum()),
        "wrong": share(len(wrong), len(np.unique(hands.image_id))),
        "hit": share((acted & right).sum(), (~nothing).sum()),
    }
