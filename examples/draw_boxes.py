"""A loop of your own: `python examples/draw_boxes.py SOURCE OUT.png`; SOURCE may be `demo` or 0.

Reads two seconds from the source, draws a box around each hand, and saves the last frame that
showed one.
"""

import sys
from pathlib import Path

import cv2

import vcam

SECONDS = 2.0
GREEN = (80, 200, 120)  # BGR


def main(source: str, out: str) -> None:
    """Draw what the recogniser sees on frames of `source`."""
    camera, recognizer = vcam.open_camera(source), vcam.open_recognizer()
    first: float | None = None
    drawn: vcam.Image | None = None
    while (frame := camera.read()) is not None:
        first = frame.time if first is None else first
        if frame.time - first > SECONDS:
            break
        hands = recognizer.recognize(frame.image).hands
        if not hands:
            continue
        drawn = frame.image.copy()  # a frame's own image is never written to
        for hand in hands:
            left, top, right, bottom = (round(side) for side in hand.box_xyxy)
            cv2.rectangle(drawn, (left, top), (right, bottom), GREEN, 2)
            name = recognizer.acted_on(hand)
            cv2.putText(drawn, name, (left, top - 8), cv2.FONT_HERSHEY_SIMPLEX, 0.8, GREEN, 2)
    camera.close()
    if drawn is None:
        sys.exit(f"{source} showed no hand in {SECONDS:g} seconds.")
    Path(out).write_bytes(cv2.imencode(Path(out).suffix, drawn)[1].tobytes())  # any letters


if __name__ == "__main__":
    main(*sys.argv[1:])
