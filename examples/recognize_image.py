"""Print the hands in one image: `python examples/recognize_image.py hand.jpg`."""

import sys
from pathlib import Path

import vcam


def main(path: str) -> None:
    """Recognise the image at `path` and print one line a hand."""
    try:
        image = vcam.read_picture(Path(path))  # uint8 (H, W, 3) BGR
    except vcam.VcamError as error:
        sys.exit(str(error))  # one sentence that says what to do
    recognizer = vcam.open_recognizer()
    for hand in recognizer.recognize(image).hands:
        left, top, right, bottom = (round(side) for side in hand.box_xyxy)
        # `acted_on` applies the shipped thresholds; `hand.gesture` is the likeliest label.
        gesture = recognizer.acted_on(hand)
        print(f"{gesture} by the {hand.leading_hand} hand at {left},{top} to {right},{bottom}")


if __name__ == "__main__":
    main(*sys.argv[1:])
