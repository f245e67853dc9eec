"""Detect, then classify."""

from collections.abc import Sequence

import numpy as np
import pytest

from vcam.core.frame import Image
from vcam.core.hand import Detection, Hand
from vcam.core.labels import GESTURES, NO_GESTURE
from vcam.errors import ModelError
from vcam.vision.models.bundled import shipped_model
from vcam.vision.onnx_classifier import OnnxClassifier
from vcam.vision.open_detector import open_detector
from vcam.vision.recognizer import Recognizer, open_recognizer, with_classifier
from vcam.vision.score_fusion import ScoreFusion
from vcam.vision.settings import RecognitionSettings
from vcam.vision.softmax import softmax

IMAGE = np.random.default_rng(0).integers(0, 255, (240, 320, 3), np.uint8)


class ScriptedDetector:
    """Finds what a test says."""

    min_score_to_act = 0.4

    def __init__(self, found: Sequence[Detection], fusion: ScoreFusion | None = None) -> None:
        self.found, self.fusion = list(found), fusion or ScoreFusion()

    def detect(self, image: Image, *, refine: bool = True) -> list[Detection]:
        """Return the scripted detections."""
        return self.found


def test_a_doubtful_detection_makes_no_gesture(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the detector is not confident of is shown as a hand, and no time goes into its name."""
    confident, doubtful = Detection((120, 10, 200, 90), 0.9), Detection((10, 10, 90, 90), 0.3)
    classifier = OnnxClassifier(shipped_model("classify"))
    named: list[Detection] = []

    def classify(image: Image, found: Sequence[Detection], *, refine: bool = True) -> list[Hand]:
        named.extend(found)
        return OnnxClassifier.classify(classifier, image, found, refine=refine)

    monkeypatch.setattr(classifier, "classify", classify)
    recognizer = Recognizer(ScriptedDetector([confident, doubtful]), classifier)
    hands = recognizer.recognize(IMAGE).hands
    assert [hand.box_xyxy for hand in hands] == [confident.box_xyxy, doubtful.box_xyxy]
    assert hands[0].gesture_score > 0
    assert hands[1] == Hand(doubtful.box_xyxy, 0.3, NO_GESTURE, 0.0)
    assert named == [confident]
    assert [hand.gesture_score > 0 for hand in recognizer.recognize_all(IMAGE).hands] == [True] * 2
    assert named == [confident, confident, doubtful]


def test_a_gesture_is_believed_as_far_as_its_hand() -> None:
    """The detector's score counts where the card says so, and nothing changes where it does not."""
    assert ScoreFusion().score(0.7, 0.1) == pytest.approx(0.7)
    assert ScoreFusion(1.0, 1.0, 0.5).score(0.5, 0.9) > 0.9
    assert ScoreFusion(1.0, 1.0, 0.5).score(0.5, 0.1) < 0.5
    assert 0 <= ScoreFusion(3.0, 3.0).score(0.0, 0.0) < ScoreFusion(3.0, 3.0).score(1.0, 1.0) <= 1
    classifier = OnnxClassifier(shipped_model("classify"))
    detections = [Detection((10, 10, 90, 90), score) for score in (0.5, 0.9)]
    plain = Recognizer(ScriptedDetector(detections), classifier).recognize(IMAGE).hands
    fusion = ScoreFusion(1.0, 2.0, 1.0)
    for before, hand in zip(
        plain,
        Recognizer(ScriptedDetector(detections, fusion), classifier).recognize(IMAGE).hands,
        strict=True,
    ):
        wanted = fusion.score(before.gesture_score, before.score)
        score = before.gesture_score if before.gesture == NO_GESTURE else wanted
        assert hand.gesture_score == pytest.approx(score)


def test_no_hand_costs_no_classification() -> None:
    """A picture without a hand gives none, and is no error."""
    recognizer = Recognizer(ScriptedDetector([]), OnnxClassifier(shipped_model("classify")))
    assert recognizer.recognize(IMAGE).hands == ()


@pytest.mark.parametrize("size", [(1, 1), (3, 2000), (2000, 3), (720, 1280)])
def test_any_image_is_searched(size: tuple[int, int]) -> None:
    """Pictures of any size are recognised without an error, black ones without a hand."""
    recognizer = open_recognizer(RecognitionSettings())
    assert recognizer.recognize(np.zeros((*size, 3), np.uint8)).hands == ()


def test_every_gesture_has_a_threshold() -> None:
    """The shipped card says for each gesture when it may be acted on."""
    thresholds = open_recognizer(RecognitionSettings()).thresholds
    assert all(0.3 <= thresholds[gesture] <= 0.95 for gesture in GESTURES)


def test_softmax_of_large_logits() -> None:
    """Logits of any size become probabilities."""
    probabilities = [softmax([1000.0, 0.0]), softmax([-5.0, -5.0])]
    assert [sum(each) for each in probabilities] == pytest.approx([1, 1])
    assert probabilities[1] == pytest.approx([0.5, 0.5])


def test_another_classifier_that_is_missing(tmp_path: object) -> None:
    """`--classifier` with a path that leads nowhere is reported in a sentence."""
    from pathlib import Path

    settings = with_classifier(RecognitionSettings(), Path(str(tmp_path)) / "mine.onnx")
    with pytest.raises(ModelError, match=r"mine\.onnx"):
        open_recognizer(settings)


def test_mediapipe_without_its_file() -> None:
    """The opt-in detector says what it needs."""
    with pytest.raises(ModelError, match="MediaPipe"):
        open_detector(RecognitionSettings(detector="mediapipe"))
