"""The pictures of the report: the worst mistakes and a sample of what was right."""

import base64
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np

from training.datasets.dataset import HandSet, RgbImage, SampleSet
from training.datasets.hand_canvas import clean_crop
from training.evaluation.detector_scores import Detections
from training.evaluation.predictions import Answers, Hands
from vcam.core.frame import Box

MAX_MISTAKES = 36
"""Pictures of mistakes in the report."""
SAMPLE_SIZE = 18
CROP_SIDE_PX = 128
"""Side of crops in the report, in pixels."""
IMAGE_SIDE_PX = 320
"""Longer side of whole pictures in the report, in pixels."""

Sheet = dict[str, Any]


def hand_sheets(hands: Hands, said: Answers, images: HandSet, margin: float) -> list[Sheet]:
    """Return the mistakes with the highest scores, and right ones chosen by a fixed seed."""
    predicted, score = said.gesture.argmax(1), said.gesture.max(1)
    right = predicted == hands.gesture
    wrong = np.flatnonzero(~right)
    worst = wrong[np.argsort(-score[wrong], kind="stable")][:MAX_MISTAKES]
    good = np.flatnonzero(right)
    some = np.random.default_rng(0).permutation(good)[:SAMPLE_SIZE]

    def shown(place: int) -> dict[str, str]:
        true, given = hands.labels[hands.gesture[place]], hands.labels[predicted[place]]
        text = f"{true} taken for {given}" if true != given else true
        crop = clean_crop(images.canvas(place)[0], CROP_SIDE_PX, margin)
        return {"data": as_uri(crop), "text": f"{text}, {score[place]:.2f}"}

    return [
        {
            "name": "The worst mistakes",
            "note": f"{len(worst)} of {len(wrong)}, the most confident first: what is shown by the "
            "label, what was said, and its score. Some are mistakes of the labels.",
            "style": "crops",
            "pictures": [shown(int(place)) for place in worst],
        },
        {
            "name": "What was right",
            "note": f"{len(some)} of {len(good)}, drawn at random.",
            "style": "crops",
            "pictures": [shown(int(place)) for place in some],
        },
    ]


def frame_sheets(found: Detections, threshold: float, frames: SampleSet) -> list[Sheet]:
    """Return images with the most confident false boxes, and with the largest missed hands."""
    false = [
        (-score, image_id)
        for score, right, image_id in zip(found.scores, found.right, found.image_id, strict=True)
        if score >= threshold and not right
    ]
    missed = [
        (-share, image_id)
        for share, best, image_id in zip(found.share, found.best, found.hand_image_id, strict=True)
        if best < threshold
    ]
    shown: dict[int, list[Box]] = {}
    for score, image_id, box in zip(found.scores, found.image_id, found.box, strict=True):
        if score >= threshold:
            shown.setdefault(image_id, []).append(box)

    def sheet(name: str, order: str, what: str, ranked: list[tuple[float, int]]) -> Sheet:
        first: dict[int, float] = {}
        for value, place in sorted(ranked):
            first.setdefault(place, -value)
        chosen = list(first.items())[: MAX_MISTAKES // 3]
        return {
            "name": name,
            "note": f"{len(chosen)} of {len(first)} pictures, {order}. Green: labelled; "
            "orange: found.",
            "style": "frames",
            "pictures": [
                {
                    "data": as_uri(_outlined(frames, place, shown.get(place, []))),
                    "text": f"{what} {value:.2f}",
                }
                for place, value in chosen
            ],
        }

    return [
        sheet("Boxes where no hand is labelled", "the most confident first", "score", false),
        sheet("Hands that were missed", "the largest first", "part of the picture", missed),
    ]


def _outlined(frames: SampleSet, place: int, found: Sequence[Box]) -> RgbImage:
    image, row = frames.image(place)
    image = image.copy()
    for colour, boxes in (((80, 220, 120), row["boxes"]), ((255, 140, 40), found)):
        for left, top, right, bottom in boxes:
            corners = (round(left), round(top)), (round(right), round(bottom))
            cv2.rectangle(image, *corners, colour, 3)
    scale = min(1.0, IMAGE_SIDE_PX / max(image.shape[:2]))
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return small.astype(np.uint8, copy=False)


def as_uri(image: RgbImage) -> str:
    """Return uint8 (H, W, 3) RGB as a data URI."""
    bgr = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    data = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, 88])[1]
    return "data:image/jpeg;base64," + base64.b64encode(data.tobytes()).decode()
