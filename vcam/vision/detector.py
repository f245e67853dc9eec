"""The detector interface: whatever detects hands."""

from typing import Protocol

from vcam.core.frame import Image
from vcam.core.hand import Detection
from vcam.vision.score_fusion import ScoreFusion


class Detector(Protocol):
    """Finds hands in a picture. Called from one thread at a time."""

    @property
    def min_score_to_act(self) -> float:
        """Detections below this score count as hands, but are not classified."""

    @property
    def fusion(self) -> ScoreFusion:
        """How the scores of detection and gesture are joined."""

    def detect(self, image: Image, *, refine: bool = True) -> list[Detection]:
        """Return the hands in uint8 (H, W, 3) BGR, best score first, boxes in its pixels.

        With `refine`, small detections may get a second inference: better boxes, more time.
        """
