"""Find hands with a trained detector, where nobody has drawn boxes."""

from dataclasses import replace
from pathlib import Path, PurePath

from training.datasets.annotations import HandLabel, LabelledImage
from training.errors import TrainingError
from vcam.core.frame import Box, Image
from vcam.core.hand import Detection
from vcam.core.labels import NO_GESTURE, Side
from vcam.errors import ModelError
from vcam.vision.models.session import ModelSession
from vcam.vision.zoom_refinement import search

MIN_SCORE = 0.4
"""Minimum score of a box that is taken for a hand."""
FOUND = "found by the detector"


def find_hands(session: ModelSession, image: Image, min_score: float) -> list[Detection]:
    """Return what an exported detector finds in uint8 (H, W, 3) BGR, boxes in pixels, best first.

    Searched for as at run time; hands have a score of `min_score` or more.
    """
    return search(image, session.card.height * session.card.width, min_score, session.run)


class Finder:
    """The detector, asked for hands."""

    def __init__(self, model: Path) -> None:
        """Load the model. Raises `TrainingError` when it is not usable."""
        try:
            self._session = ModelSession(model, "detect")
        except ModelError as error:
            raise TrainingError(str(error)) from None

    def detect(self, image: Image, min_score: float = MIN_SCORE) -> list[Detection]:
        """Return the hands in uint8 (H, W, 3) BGR, boxes in pixels, the most confident first."""
        return find_hands(self._session, image, min_score)

    def label(self, labelled: LabelledImage, image: Image) -> LabelledImage:
        """Return the picture with its hands.

        The hand with the highest score shows what the folder says: size counts for nothing, since
        beds and curtains are large. Others may show it as well or may not: they are hands for the
        detector, and nothing for the classifier, which is why they are named `unknown`. Where the
        folder is `no_gesture` none of them shows one.
        """
        found = self.detect(image)
        if not found:
            return replace(labelled, boxes=FOUND)
        leading = max(found, key=lambda hand: hand.score)
        others = NO_GESTURE if labelled.gesture == NO_GESTURE else "unknown"
        side = _side_in(labelled.member)
        hands = tuple(
            box_label(hand.box_xyxy, image, labelled.gesture, side)
            if hand is leading
            else box_label(hand.box_xyxy, image, others, None)
            for hand in found
        )
        return replace(labelled, hands=hands, boxes=FOUND)


def box_label(
    box: Box, image: Image, gesture: str = NO_GESTURE, side: Side | None = None
) -> HandLabel:
    """Turn a box, xyxy pixels of an image, into a label; what is outside is cut off."""
    height, width = image.shape[:2]
    left, top = max(0.0, min(width - 1.0, box[0])), max(0.0, min(height - 1.0, box[1]))
    right, bottom = max(left + 1, min(width, box[2])), max(top + 1, min(height, box[3]))
    size = ((right - left) / width, (bottom - top) / height)
    return HandLabel((left / width, top / height, *size), gesture, side, 1.0 if side else 0.0)


def _side_in(member: str) -> Side | None:
    """Return what a folder `left` or `right` above the photo says."""
    above = PurePath(member).parts[1:-1]
    if "left" in above:
        return "left"
    return "right" if "right" in above else None
