"""Detect, then classify: what hands there are in one picture and what they show."""

import math
import time
from dataclasses import dataclass, replace
from pathlib import Path

from vcam.classify.face_cue import skin_above
from vcam.classify.onnx_classifier import OnnxClassifier
from vcam.detect.detector import Detector
from vcam.detect.open import open_detector
from vcam.frame import Image
from vcam.gesture import NO_GESTURE
from vcam.hand import Detection, Hand
from vcam.models import shipped_model
from vcam.recognition_settings import RecognitionSettings


@dataclass(frozen=True, slots=True)
class Recognition:
    """The hands in one picture, and what finding and naming them took."""

    hands: tuple[Hand, ...]
    detect_ms: float
    classify_ms: float


class Recognizer:
    """A detector and a classifier in one call. Used from one thread at a time."""

    def __init__(self, detector: Detector, classifier: OnnxClassifier) -> None:
        self._detector, self._classifier = detector, classifier

    def recognize(self, image: Image) -> Recognition:
        """Return the hands in uint8 (H, W, 3) BGR."""
        began = time.perf_counter()
        detections = self._detector.detect(image)
        found = time.perf_counter()
        sound = [each for each in detections if _is_sound(each)]
        hands = map(self._believed, self._classifier.classify(image, sound))
        placed = tuple(_placed(hand, image) for hand in hands)
        named = time.perf_counter()
        return Recognition(placed, 1000 * (found - began), 1000 * (named - found))

    def _believed(self, hand: Hand) -> Hand:
        """Doubtful finds are hands that show nothing: lamps and elbows make no gestures.

        So is a hand whose score is no number: a broken model must not press keys.
        """
        if hand.score < self._detector.least_to_act or not math.isfinite(hand.gesture_score):
            return replace(hand, gesture=NO_GESTURE, gesture_score=0.0)
        if hand.gesture == NO_GESTURE:
            return hand
        joined = self._detector.trust.score(hand.gesture_score, hand.score)
        return replace(hand, gesture_score=joined)

    @property
    def thresholds(self) -> dict[str, float]:
        """Least score to act on, by gesture, from the classifier's card."""
        card = self._classifier.card
        return {label: card.threshold(label) for label in card.labels}

    def acted_on(self, hand: Hand) -> str:
        """Return the gesture that the program would act on, or `no_gesture`."""
        sure = hand.gesture_score >= self._classifier.card.threshold(hand.gesture)
        return hand.gesture if sure else NO_GESTURE


def _placed(hand: Hand, image: Image) -> Hand:
    """Return a hand that shows something with word of whether it does so in front of a face."""
    if hand.gesture == NO_GESTURE:
        return hand
    return replace(hand, before_face=skin_above(image, hand.box_xyxy))


def _is_sound(found: Detection) -> bool:
    """Return whether a find is made of numbers; a model that fails may give anything."""
    return math.isfinite(found.score) and all(map(math.isfinite, found.box_xyxy))


def with_classifier(settings: RecognitionSettings, path: Path | None) -> RecognitionSettings:
    """Return the settings with another classifier; None: as they are."""
    return settings if path is None else replace(settings, classifier=str(path))


def open_recognizer(settings: RecognitionSettings) -> Recognizer:
    """Load what the settings name; raises `ModelError` when a model is not usable."""
    chosen = Path(settings.classifier) if settings.classifier else shipped_model("classify")
    classifier = OnnxClassifier(chosen, settings.threads)
    return Recognizer(open_detector(settings), classifier)
