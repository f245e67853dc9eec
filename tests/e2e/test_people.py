"""The shipped models on people that they have never seen."""

from pathlib import Path

from training.datasets.annotations import ImageReader
from training.datasets.formats.hagrid_zip import list_images
from training.datasets.split import split_of
from training.evaluation.program_metrics import count
from vcam.vision.recognizer import Recognizer, open_recognizer
from vcam.vision.settings import RecognitionSettings

EVERY = 6
"""One of so many validation pictures is looked at, to be quick."""


def test_bars_on_validation_images(shared_data: Path) -> None:
    """Hands found, gestures named and false gestures keep clear of the first release's bars."""
    archives = [shared_data / "hagrid_frames.zip", shared_data / "extra.zip"]
    images = [p for archive in archives for p in list_images(archive) if split_of(p) == "val"]
    reader, recognizer = ImageReader(), open_recognizer(RecognitionSettings())
    total = sum(
        (count(p, _prediction(recognizer, reader.read(p))) for p in images[::EVERY]),
        start=count(images[0], _prediction(recognizer, reader.read(images[0]))),
    )
    assert total["found"] / total["hands"] >= 0.82
    assert total["hit"] / total["gestures"] >= 0.74
    assert total["wrong"] / total["pictures"] <= 0.08


def _prediction(recognizer: Recognizer, image: object) -> dict[str, object]:
    assert image is not None
    hands = [
        {
            "box": list(hand.box_xyxy),
            "gesture": recognizer.acted_on(hand),
            "leading_hand": hand.leading_hand,
        }
        for hand in recognizer.recognize(image).hands  # type: ignore[arg-type]  # checked above
    ]
    height, width = image.shape[:2]  # type: ignore[attr-defined]  # an array
    return {"width": width, "height": height, "hands": hands}
