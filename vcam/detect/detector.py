"""The seam between the program and whatever finds hands."""

from typing import Protocol

from vcam.frame import Image
from vcam.hand import Detection


class Detector(Protocol):
    """Finds hands in a picture. Called from one thread at a time."""

    def detect(self, image: Image) -> list[Detection]:
        """Return the hands in uint8 (H, W, 3) BGR, best score first, boxes in its pixels."""
