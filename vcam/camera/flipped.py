"""Turn a source that delivers mirror images the right way round."""

from dataclasses import replace

import cv2
import numpy as np

from vcam.camera.camera import Camera
from vcam.core.frame import Frame


class FlippedCamera:
    """Flips every frame of another source, so that left and right mean the person's own."""

    def __init__(self, camera: Camera) -> None:
        self._camera = camera

    @property
    def size(self) -> tuple[int, int]:
        """Width and height, those of the source."""
        return self._camera.size

    @property
    def fps(self) -> float:
        """Frames a second, those of the source."""
        return self._camera.fps

    @property
    def live(self) -> bool:
        """As the source."""
        return self._camera.live

    def read(self) -> Frame | None:
        """Return the source's next frame, flipped; raises what the source raises."""
        frame = self._camera.read()
        if frame is None:
            return None
        return replace(frame, image=cv2.flip(frame.image, 1).astype(np.uint8, copy=False))

    def close(self) -> None:
        """Close the source."""
        self._camera.close()
