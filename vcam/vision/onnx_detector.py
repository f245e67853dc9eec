"""The shipped hand detector."""

from pathlib import Path

from vcam.core.frame import Image
from vcam.core.hand import Detection
from vcam.vision.models.session import ModelSession
from vcam.vision.score_fusion import ScoreFusion
from vcam.vision.zoom_refinement import search


class OnnxDetector:
    """Finds hands with a one-class ONNX model that takes a letterboxed picture."""

    def __init__(self, path: Path, threads: int = 1, min_score: float | None = None) -> None:
        """Load the model; raises `ModelError`. `min_score` None: as its card says."""
        self._session = ModelSession(path, "detect", threads)
        card = self._session.card
        self._area = card.height * card.width
        self._min_score = card.threshold("detection") if min_score is None else min_score
        self._min_score_to_act = float(card.thresholds.get("acting", self._min_score))
        self._fusion = ScoreFusion(**card.fusion)

    @property
    def min_score_to_act(self) -> float:
        """Detections below this score count as hands, but are not classified."""
        return self._min_score_to_act

    @property
    def fusion(self) -> ScoreFusion:
        """How the scores of detection and gesture are joined: as the card says."""
        return self._fusion

    def detect(self, image: Image, *, refine: bool = True) -> list[Detection]:
        """Return the hands in uint8 (H, W, 3) BGR, best score first, boxes in its pixels."""
        return search(image, self._area, self._min_score, self._session.run, refine=refine)
