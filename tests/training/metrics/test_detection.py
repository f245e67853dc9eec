"""Average precision is COCO's own."""

import contextlib
import io
from typing import Any

import numpy as np
import pytest
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from training.evaluation.detector_scores import Detections
from training.metrics.detection import average_precision
from vcam.core.hand import Detection


def _box(random: np.random.Generator) -> tuple[float, float, float, float]:
    x, y = random.uniform(0, 60, 2)
    w, h = random.uniform(15, 40, 2)
    return float(x), float(y), float(x + w), float(y + h)


def _near(box: tuple[float, ...], random: np.random.Generator) -> tuple[float, ...]:
    return tuple(float(edge) for edge in np.array(box) + random.uniform(-6, 6, 4))


def _reference(images: list[dict[str, Any]]) -> float:
    """Return pycocotools' average precision at IoU 0.5."""
    truth: dict[str, Any] = {"images": [], "annotations": [], "categories": [{"id": 1}]}
    found = []
    for place, image in enumerate(images, 1):
        truth["images"].append({"id": place})
        for x0, y0, x1, y1 in image["boxes"]:
            box = [x0, y0, x1 - x0, y1 - y0]
            annotation = {"id": len(truth["annotations"]) + 1, "image_id": place, "category_id": 1}
            truth["annotations"].append(
                {**annotation, "bbox": box, "area": box[2] * box[3], "iscrowd": 0}
            )
        for (x0, y0, x1, y1), score in image["found"]:
            one = {"image_id": place, "category_id": 1, "score": score}
            found.append({**one, "bbox": [x0, y0, x1 - x0, y1 - y0]})
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO()
        coco.dataset = truth
        coco.createIndex()
        evaluated = COCOeval(coco, coco.loadRes(found), "bbox")
        evaluated.evaluate()
        evaluated.accumulate()
    return float(evaluated.eval["precision"][0, :, 0, 0, -1].mean())


@pytest.mark.parametrize("seed", range(20))
def test_average_precision_equals_pycocotools(seed: int) -> None:
    """On random boxes, near misses and false ones the figure is that of pycocotools."""
    random = np.random.default_rng(seed)
    images, detections = [], Detections()
    for _ in range(12):
        boxes = [_box(random) for _ in range(random.integers(1, 4))]
        found = [(_near(box, random), float(random.random())) for box in boxes]
        found += [(_box(random), float(random.random())) for _ in range(random.integers(0, 3))]
        images.append({"boxes": boxes, "found": found})
        row = {"width": 100, "height": 100, "boxes": boxes}
        detections.add([Detection(box, score) for box, score in found], row)  # type: ignore[arg-type]
    ours = average_precision(
        np.array(detections.scores), np.array(detections.right, bool), len(detections.best)
    )
    assert ours == pytest.approx(_reference(images), abs=1e-4)
