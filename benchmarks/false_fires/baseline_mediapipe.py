"""MediaPipe's gesture recogniser: `python -m benchmarks.false_fires.baseline_mediapipe TASK CLIP`.

Prints event lines. TASK is a gesture recogniser bundle; needs the extra `mediapipe`.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import cv2

from benchmarks.false_fires.clips import frames
from benchmarks.false_fires.plain_hold import PlainHold, Seen

NAMES: Final = {
    "Closed_Fist": "fist",
    "Open_Palm": "palm",
    "Pointing_Up": "one",
    "Thumb_Down": "dislike",
    "Thumb_Up": "like",
    "Victory": "peace",
}
"""Its names for ours; the seventh, ILoveYou, is none of them."""
MIN_SCORE: Final = 0.5


def main() -> None:
    """Print what fires."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("task", type=Path)
    parser.add_argument("clip", type=Path)
    args = parser.parse_args()
    import mediapipe

    vision = mediapipe.tasks.vision
    options = vision.GestureRecognizerOptions(
        base_options=mediapipe.tasks.BaseOptions(model_asset_path=str(args.task)),
        running_mode=vision.RunningMode.VIDEO,
        num_hands=2,
    )
    hold = PlainHold()
    with vision.GestureRecognizer.create_from_options(options) as recognizer:
        for frame in frames(args.clip):
            rgb = cv2.cvtColor(frame.image, cv2.COLOR_BGR2RGB)
            image = mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=rgb)
            result = recognizer.recognize_for_video(image, round(1000 * frame.time))
            height, width = rgb.shape[:2]
            for line in hold.update(list(_hands(result, width, height)), frame.time):
                print(line)


def _hands(result: Any, width: int, height: int) -> Iterator[Seen]:
    for named, points in zip(result.gestures, result.hand_landmarks, strict=True):
        name = NAMES.get(named[0].category_name)
        if name and named[0].score >= MIN_SCORE:
            xs, ys = [p.x * width for p in points], [p.y * height for p in points]
            yield Seen(name, (min(xs), min(ys), max(xs), max(ys)))


if __name__ == "__main__":
    main()
