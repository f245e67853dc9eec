"""The classifier interface: whatever names gestures."""

from collections.abc import Sequence
from typing import Protocol

from vcam.core.frame import Image
from vcam.core.hand import Detection, Hand


class Classifier(Protocol):
    """Names the gestures of detected hands. Called from one thread at a time."""

    def classify(self, image: Image, detections: Sequence[Detection]) -> list[Hand]:
        """Return one `Hand` for each detection, in order; image is uint8 (H, W, 3) BGR."""
