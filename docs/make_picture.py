"""Make the README's moving picture from what `vcam demo` wrote.

`vcam demo && python docs/make_picture.py vcam-demo.mp4 docs/demo.webp`
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from vcam.system.image_files import open_film

SIZE = (640, 360)
EVERY = 3
"""One frame of so many: ten a second."""
LAST_S = 12.0


def frames(video: Path) -> Iterator[npt.NDArray[np.uint8]]:
    """Yield uint8 (360, 640, 3) BGR."""
    opened = open_film(video)
    count = 0
    while opened.get(cv2.CAP_PROP_POS_MSEC) < 1000 * LAST_S:
        there, frame = opened.read()
        if not there:
            break
        if count % EVERY == 0:
            small = cv2.resize(frame, SIZE, interpolation=cv2.INTER_AREA)
            yield small.astype(np.uint8, copy=False)
        count += 1
    opened.release()


def main(video: Path, image_path: Path) -> None:
    """Write the animation."""
    animation = cv2.Animation()
    animation.frames = list(frames(video))
    animation.durations = [100] * len(animation.frames)
    cv2.imwriteanimation(str(image_path), animation, [cv2.IMWRITE_WEBP_QUALITY, 70])


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
