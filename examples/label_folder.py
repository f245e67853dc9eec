"""Name the gestures in a folder of images: `python examples/label_folder.py FOLDER OUT.csv`."""

import csv
import sys
from pathlib import Path

import vcam


def main(folder: str, out: str) -> None:
    """Write one CSV row for each hand in each image of `folder`."""
    recognizer = vcam.open_recognizer()
    camera = vcam.open_camera(folder)  # a folder is read like a camera: one image a frame
    with Path(out).open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["image", "gesture", "score", "leading_hand"])
        while (frame := camera.read()) is not None:
            for hand in recognizer.recognize(frame.image).hands:
                score = f"{hand.gesture_score:.3f}"
                rows.writerow([frame.index, recognizer.acted_on(hand), score, hand.leading_hand])
    camera.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
