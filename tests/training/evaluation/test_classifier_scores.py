"""Scores against figures that were worked out by hand, and at their edges."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.datasets.dataset import UNKNOWN
from training.datasets.hand_canvas import clean_crop
from training.errors import TrainingError
from training.evaluation.brightness import brightness
from training.evaluation.calibrate import best_temperature, tempered
from training.evaluation.classifier_scores import (
    acted_on,
    calibration_error,
    false_gestures,
    score_classifier,
    uncalibrated,
)
from training.evaluation.detector_scores import Detections, score_detections
from training.evaluation.predictions import Answers, Hands, to_labels
from training.evaluation.thresholds import Bound, choose
from training.metrics.classification import head_scores, share
from training.metrics.detection import average_precision, curve
from vcam.core.hand import Detection

LABELS = ("palm", "fist", "ok", "no_gesture")


def _hands(gesture: list[int], images: list[int] | None = None) -> Hands:
    count = len(gesture)
    return Hands(
        LABELS,
        np.array(gesture),
        np.full(count, UNKNOWN),
        np.full(count, np.nan),
        np.full(count, 100.0),
        np.array(images or range(count)),
    )


def _said(pairs: list[tuple[int, float]]) -> np.ndarray:
    said = np.zeros((len(pairs), len(LABELS)))
    for row, (place, score) in zip(said, pairs, strict=True):
        row[:] = (1 - score) / (len(LABELS) - 1)
        row[place] = score
    return said


def test_head_scores_by_hand() -> None:
    """F1 of each class, its means and its confusion matrix are those worked out by hand."""
    scores = head_scores(np.array([0, 0, 0, 1]), np.array([0, 0, 1, 1]), ("a", "b", "c"))
    assert scores["classes"]["a"] == {"precision": 1.0, "recall": 0.6667, "f1": 0.8, "support": 3}
    assert scores["classes"]["b"] == {"precision": 0.5, "recall": 1.0, "f1": 0.6667, "support": 1}
    assert scores["f1_macro"] == pytest.approx((0.8 + 2 / 3) / 2, abs=1e-4)
    assert scores["f1_weighted"] == pytest.approx((3 * 0.8 + 2 / 3) / 4, abs=1e-4)
    assert scores["confusion"] == [[2, 1, 0], [0, 1, 0], [0, 0, 0]]


def test_a_class_without_an_image_has_no_f1() -> None:
    """What no picture shows is told as such, and weighs nothing in the mean."""
    scores = head_scores(np.array([0]), np.array([0]), ("a", "b"))
    assert scores["classes"]["b"] == {"precision": None, "recall": None, "f1": None, "support": 0}
    assert scores["f1_macro"] == 1.0
    empty = head_scores(np.array([], int), np.array([], int), ("a", "b"))
    assert (empty["accuracy"], empty["f1_macro"], empty["f1_weighted"]) == (None, None, None)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=40))
def test_f1_agrees_with_the_plain_definition(pairs: list[tuple[int, int]]) -> None:
    """F1 out of the confusion matrix is F1 counted label by label."""
    true, said = (np.array(one) for one in zip(*pairs, strict=True))
    scores = head_scores(true, said, LABELS)
    count = {k: int((true == k).sum()) for k in set(true.tolist())}
    f1 = {
        k: 2 * ((true == k) & (said == k)).sum() / ((true == k).sum() + (said == k).sum())
        for k in count
    }
    weighted = sum(f1[k] * n for k, n in count.items()) / len(true)
    assert scores["accuracy"] == pytest.approx((true == said).mean(), abs=1e-4)
    assert scores["f1_macro"] == pytest.approx(np.mean(list(f1.values())), abs=1e-4)
    assert scores["f1_weighted"] == pytest.approx(weighted, abs=1e-4)


def test_calibration_error_by_hand() -> None:
    """Four hands at 0.9 of which three are right are off by 0.15."""
    right = np.array([True, True, True, False])
    assert calibration_error(np.full(4, 0.9), right) == pytest.approx(0.15)
    assert calibration_error(np.ones(3), np.ones(3, bool)) == 0


def test_false_gestures_by_hand() -> None:
    """Only gestures at or above their thresholds count; two wrong hands can be on one picture."""
    hands = _hands([0, 3, 3, 1], images=[0, 1, 1, 2])
    said = _said([(0, 0.9), (1, 0.8), (0, 0.7), (3, 0.9)])
    counted = false_gestures(hands, said, {"default": 0.5, "palm": 0.75})
    assert counted == {"nothing": 2, "rate": 0.5, "wrong": 0.3333, "hit": 0.5}
    assert acted_on(said, LABELS, {"default": 0.8}).tolist() == [True, True, False, False]


def test_temperature_is_found_and_undone() -> None:
    """Overconfident answers get a temperature above 1, and taking it away gives them back."""
    truth = np.array([0, 0, 0, 1, 1, 2] * 5)
    said = _said([(0, 0.99), (0, 0.99), (1, 0.99), (1, 0.99), (0, 0.99), (2, 0.99)] * 5)
    temperature = best_temperature(said, truth)
    assert temperature > 1
    back = uncalibrated(tempered(said, temperature), temperature)
    assert back == pytest.approx(said, abs=1e-9)
    assert uncalibrated(said, None) is None


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 3), st.floats(0.3, 0.97)),
        min_size=1,
        max_size=60,
    ),
    st.sampled_from([0.01, 0.05, 0.2]),
)
def test_thresholds_keep_the_bound(answers: list[tuple[int, int, float]], max_wrong: float) -> None:
    """Where every shown class may be silenced, no more pictures are wrong than allowed."""
    hands = _hands([true for true, *_ in answers] + [0, 1, 2])
    said = _said([(place, score) for _, place, score in answers] + [(3, 0.9)] * 3)
    thresholds, empty = choose(hands, said, Bound(max_wrong), 0.55)
    assert empty == []
    wrong = false_gestures(hands, said, thresholds)["wrong"]
    assert wrong is not None
    assert wrong <= max_wrong + 1e-4


def test_an_empty_class_keeps_the_default() -> None:
    """No threshold is chosen for what no picture shows."""
    thresholds, empty = choose(
        _hands([0, 0, 3]), _said([(0, 0.9)] * 2 + [(3, 0.9)]), Bound(0.01), 0.6
    )
    assert empty == ["fist", "ok"]
    assert set(thresholds) == {"default", "palm"}
    assert thresholds["default"] == 0.6


def test_judging_without_sizes_or_hands() -> None:
    """Unknown sizes have a group of their own, and a hand head that is not there is None."""
    scores = score_classifier(_hands([0, 1]), Answers(_said([(0, 0.9), (0, 0.9)]), None), {}, None)
    assert scores["by_size"]["unknown"]["hands"] == 2
    assert scores["by_size"]["far"]["f1_weighted"] is None
    assert scores["hand"] is None
    assert scores["calibration"]["error_before"] is None
    assert share(1, 0) is None


def test_other_classes_are_no_gesture() -> None:
    """Labels are brought into order by name; what is not ours counts as no gesture."""
    said = np.array([[0.1, 0.7, 0.2], [0.6, 0.3, 0.1]])
    out = to_labels(said, ("fist", "wave", "palm"), LABELS)
    assert out.argmax(1).tolist() == [3, 1]
    with pytest.raises(TrainingError, match="none of the gestures"):
        to_labels(said, ("a", "b", "c"), LABELS)


def test_average_precision_by_hand() -> None:
    """Hit, miss, hit for two hands: precision 1 to recall 0.5, then 2/3, over 101 points."""
    scores, right = np.array([0.9, 0.8, 0.7]), np.array([True, False, True])
    assert average_precision(scores, right, 2) == pytest.approx((51 + 50 * 2 / 3) / 101, abs=1e-4)
    assert average_precision(scores, right, 0) is None
    assert average_precision(np.array([]), np.array([], bool), 3) == 0
    assert len(curve(scores, right, 2)) == 101


def test_detections_are_matched_once() -> None:
    """A second box on a hand is wrong, one on an ignored place counts for nothing."""
    detections = Detections()
    row = {"width": 200, "height": 100, "boxes": [[0, 0, 50, 50]], "ignore": [[100, 0, 150, 50]]}
    boxes = [(0.0, 0.0, 50.0, 50.0), (2.0, 0.0, 50.0, 50.0), (100.0, 0.0, 150.0, 50.0)]
    detections.add([Detection(box, 0.9 - place / 10) for place, box in enumerate(boxes)], row)
    assert detections.right == [True, False]
    scores = score_detections(detections, 0.85)
    assert (scores["recall"], scores["false_boxes"], scores["map_50"]) == (1.0, 0.0, 1.0)
    assert scores["recall_by_size"]["mid"] == {"hands": 1, "recall": 1.0}
    assert score_detections(detections, 0.5)["false_boxes"] == 1.0
    assert score_detections(detections, 0.95)["recall"] == 0.0


def test_clean_crop_is_centred_and_black_outside() -> None:
    """The hand fills the crop but for its margin; what is beyond the picture is black."""
    canvas = np.full((160, 160, 4), 200, np.uint8)
    canvas[40:120, 40:120, 0] = 0
    canvas[..., 3] = 128
    canvas[:, :70, 3] = 0
    crop = clean_crop(canvas, 100, 1.25)
    assert crop.shape == (100, 100, 3)
    rows, columns = np.nonzero((crop[..., 0] < 60) & (crop[..., 1] > 150))
    assert (rows.min(), rows.max()) == pytest.approx((10, 89), abs=1)
    assert columns.min() == 40
    assert not crop[:, :40].any()
    assert clean_crop(canvas, 24, 1.25).shape == (24, 24, 3)
    assert brightness(canvas) == pytest.approx(200 * (0.587 + 0.114), abs=1)
    assert brightness(np.zeros((160, 160, 4), np.uint8)) == 0


def test_few_hands_without_a_mistake_change_little() -> None:
    """35 perfect hands neither sharpen the scores nor loosen the thresholds much."""
    truth = [place % 3 for place in range(35)]
    said = _said([(label, 0.8) for label in truth])
    assert 0.75 <= best_temperature(said, np.array(truth)) <= 1.0
    thresholds, _ = choose(_hands(truth), said, Bound(0.01), 0.55, {"palm": 0.66, "fist": 0.7})
    assert thresholds["palm"] >= 0.6
    assert thresholds["fist"] >= 0.6
