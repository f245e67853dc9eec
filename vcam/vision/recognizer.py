"""Detect, then classify: what hands there are in one picture and what they show."""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from vcam.core.frame import Image
from vcam.core.hand import Detection, Hand
from vcam.core.labels import NO_GESTURE
from vcam.errors import ConfigError
from vcam.system.paths import custom_gestures_folder
from vcam.vision import custom_gestures
from vcam.vision.detector import Detector
from vcam.vision.models.bundled import shipped_model
from vcam.vision.onnx_classifier import OnnxClassifier
from vcam.vision.open_detector import open_detector
from vcam.vision.settings import RecognitionSettings


@dataclass(frozen=True, slots=True)
class Recognition:
    """The hands in one picture, and what finding and naming them took."""

    hands: tuple[Hand, ...]
    detect_ms: float
    classify_ms: float


class Recognizer:
    """A detector and a classifier in one call. Used from one thread at a time."""

    def __init__(
        self,
        detector: Detector,
        classifier: OnnxClassifier,
        learnt: Sequence[custom_gestures.CustomGesture] = (),
    ) -> None:
        """`learnt`: gestures of the person's own, learnt with this very classifier."""
        self._detector, self._classifier = detector, classifier
        self._learnt = tuple(learnt)

    def recognize(self, image: Image) -> Recognition:
        """Return the hands in uint8 (H, W, 3) BGR."""
        return self._recognize(image, self._detector.min_score_to_act, refine=True)

    def recognize_all(self, image: Image) -> Recognition:
        """Return all hands of a single inference, classified down to the lowest detection score."""
        return self._recognize(image, 0.0, refine=False)

    def _recognize(self, image: Image, min_score: float, *, refine: bool) -> Recognition:
        began = time.perf_counter()
        detections = self._detector.detect(image, refine=refine)
        found = time.perf_counter()
        sound = [each for each in detections if _is_sound(each)]
        likely = [each for each in sound if each.score >= min_score]
        shown = self._classifier.classify(image, likely, refine=refine)
        hands = [self._checked(hand) for hand in shown]
        # Uncertain detections are hands that show nothing, and need no classifier: lamps and
        # elbows make no gestures.
        hands += [Hand(each.box_xyxy, each.score) for each in sound if each.score < min_score]
        named = time.perf_counter()
        return Recognition(tuple(hands), 1000 * (found - began), 1000 * (named - found))

    def _checked(self, hand: Hand) -> Hand:
        """A hand whose score is no number shows nothing: a broken model must not press keys."""
        if not math.isfinite(hand.gesture_score):
            return replace(hand, gesture=NO_GESTURE, gesture_score=0.0)
        return self._with_custom_gestures(self._fused(hand))

    def _fused(self, hand: Hand) -> Hand:
        if hand.gesture == NO_GESTURE:
            return hand
        joined = self._detector.fusion.score(hand.gesture_score, hand.score)
        return replace(hand, gesture_score=joined)

    def _with_custom_gestures(self, hand: Hand) -> Hand:
        """A hand that shows none of the usual gestures may show one of the person's own."""
        if not self._learnt or hand.embedding is None:
            return hand
        usual = hand.gesture != NO_GESTURE and self.acted_on(hand) != NO_GESTURE
        found = None if usual else custom_gestures.best(self._learnt, hand.embedding)
        return hand if found is None else replace(hand, gesture=found[0], gesture_score=found[1])

    def use_custom_gestures(self, learnt: Sequence[custom_gestures.CustomGesture]) -> None:
        """Take other gestures of the person's own from the next picture on; from any thread."""
        self._learnt = tuple(learnt)

    @property
    def min_score_to_act(self) -> float:
        """Detections from this score on are classified; below, a hand shows nothing."""
        return self._detector.min_score_to_act

    @property
    def model(self) -> str:
        """SHA-256 of the classifier, which says what its embeddings mean."""
        return self._classifier.card.sha256

    @property
    def labels(self) -> tuple[str, ...]:
        """What the classifier can say, `no_gesture` among it; not what was learnt beside it."""
        return tuple(self._classifier.card.labels)

    @property
    def thresholds(self) -> dict[str, float]:
        """Minimum score to act on, by gesture, from the classifier's card."""
        card = self._classifier.card
        usual = {label: card.threshold(label) for label in card.labels}
        return usual | {
            gesture.name: custom_gestures.SCORE_AT_THRESHOLD for gesture in self._learnt
        }

    def acted_on(self, hand: Hand) -> str:
        """Return the gesture that the program would act on, or `no_gesture`."""
        if any(hand.gesture == gesture.name for gesture in self._learnt):
            return hand.gesture
        confident = hand.gesture_score >= self._classifier.card.threshold(hand.gesture)
        return hand.gesture if confident else NO_GESTURE


def _is_sound(found: Detection) -> bool:
    """Return whether a detection is finite; a model that fails may give anything."""
    return math.isfinite(found.score) and all(map(math.isfinite, found.box_xyxy))


def with_classifier(settings: RecognitionSettings, path: Path | None) -> RecognitionSettings:
    """Return the settings with another classifier; None: as they are."""
    return settings if path is None else replace(settings, classifier=str(path))


def open_recognizer(settings: RecognitionSettings | None = None) -> Recognizer:
    """Load what the settings name, or the shipped models; raises `ModelError` for unusable ones."""
    settings = settings or RecognitionSettings()
    chosen = Path(settings.classifier) if settings.classifier else shipped_model("classify")
    classifier = OnnxClassifier(chosen, settings.threads)
    return Recognizer(
        open_detector(settings), classifier, load_custom_gestures(classifier.card.sha256)
    )


def load_custom_gestures(model: str) -> list[custom_gestures.CustomGesture]:
    """Return the person's own gestures that were learnt with the classifier of this SHA-256."""
    try:
        return custom_gestures.usable(custom_gestures_folder(), model)
    except ConfigError:  # there is no home folder, and so nothing learnt
        return []
