"""The shipped hand detector."""

from pathlib import Path

from vcam.core.frame import Image
from vcam.core.hand import Detection
from vcam.vision.models.session import ModelSession
from vcam.vision.score_fusion import Trust
from vcam.vision.zoom_refinement import search


class OnnxDetector:
    """Finds hands with a one-class ONNX model that takes a letterboxed picture."""

    def __init__(self, path: Path, threads: int = 1, least_score: float | None = None) -> None:
        """Load the model; raises `ModelError`. `least_score` None: as its card says."""
        self._session = ModelSession(path, "detect", threads)
        card = self._session.card
        self._area = card.height * card.width
        self._least = card.threshold("detection") if least_score is None else least_score
        self._least_to_act = float(card.thresholds.get("acting", self._least))
        self._trust = Trust(**card.trust)

    @property
    def least_to_act(self) -> float:
        """Score below which a find is shown as a hand, but its gesture is not believed."""
        return self._least_to_act

    @property
    def trust(self) -> Trust:
        """How far a gesture is believed, given a find's score: as the card says."""
        return self._trust

    def detect(self, image: Image, *, closely: bool = True) -> list[Detection]:
        """Return the hands in uint8 (H, W, 3) BGR, best score first, boxes in its pixels."""
        return search(image, self._area, self._least, self._session.run, closely=closely)
