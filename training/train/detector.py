"""Train the one-class hand detector."""

import argparse
from dataclasses import asdict
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from training.augmentation.frame_dataset import FrameBatch, FrameBatches, FrameRecipe
from training.datasets.dataset import Prepared, open_prepared
from training.errors import TrainingError
from training.metrics.detection import found_share
from training.models.inference import INPUT_AREA_PX, detect
from training.models.small import DetectorShape, HandDetector
from training.provenance import git_commit, trained_on
from training.train.cli_options import (
    add_options,
    check_streams,
    folders_with,
    schedule_of,
    start_from,
    train,
)
from training.train.detection_loss import detection_loss
from training.train.distributed import Distributed, join
from training.train.optim import Schedule
from training.train.trainer import Scores

MIN_SCORE = 0.4
"""Minimum score of what counts as found while training."""
SHEET_IMAGES = 12
"""Pictures of the first batch that TensorBoard shows."""
BOX_RGB = (80, 220, 100)
SCHEDULE = Schedule(epochs=90, pictures=8_000, batch=32, lr=3e-3)


class DetectorTask:
    """Finds hands in whole pictures."""

    watch = "found"

    def __init__(
        self,
        schedule: Schedule,
        train_set: Prepared,
        validation: Prepared,
        distributed: Distributed,
        streams: int = 1,
    ) -> None:
        """Build the net. Raises `TrainingError` when there is nothing to validate on."""
        if not len(validation.frames):
            raise TrainingError(
                "There is no whole picture to validate on: prepare pictures with surroundings."
            )
        self.schedule, self.recipe, self.validation = schedule, FrameRecipe(), validation
        self._trained_on = trained_on(
            train_set.frames.column("source"), train_set.dataset.made_with.get("data", [])
        )
        torch.manual_seed(schedule.seed)
        self.net = HandDetector(DetectorShape())
        slots = distributed.slots(schedule.batch)
        self.batches = FrameBatches(train_set, self.recipe, schedule.batch, slots, streams)

    def loss(
        self, net: nn.Module, batch: FrameBatch, distributed: Distributed
    ) -> tuple[Tensor, Scores]:
        """Return the loss to learn from and its parts, each for the whole global batch."""
        score, sides = net(batch.images.to(distributed.device, non_blocking=True))
        hands = max(1.0, distributed.total(float(sum(map(len, batch.boxes))))[0])
        scored, boxed = detection_loss(score.float(), sides.float(), batch.boxes, batch.ignore)
        loss = (scored + boxed) / hands
        parts = (
            float(loss.detach()),
            float(scored.detach() / hands),
            float(boxed.detach() / hands),
        )
        names = ("loss", "loss_scores", "loss_boxes")
        return loss * distributed.size, dict(zip(names, distributed.total(*parts), strict=True))

    @torch.no_grad()
    def evaluate(self, net: nn.Module) -> Scores:
        """Return the share of hands found (IoU 0.5), and boxes elsewhere for each picture.

        Without refining: what the net learns is to see far hands as well.
        """
        net.eval()
        found, true = [], []
        for place in range(len(self.validation.frames)):
            image, row = self.validation.frames.image(place)
            bgr = cv2.cvtColor(image, cv2.COLOR_RGB2BGR).astype(np.uint8, copy=False)
            found.append([d.box_xyxy for d in detect(net, bgr, MIN_SCORE, refine=False)])
            true.append([tuple(box) for box in row["boxes"]])
        given = sum(map(len, found))
        wrong = given - found_share(true, found) * given
        return {
            "found": round(found_share(found, true), 4),
            "elsewhere": round(wrong / len(found), 4),
        }

    def sheet(self) -> npt.NDArray[np.uint8]:
        """Return what the net trains on, pictures with their boxes: uint8 (H, W, 3) RGB."""
        batch = self.batches[0]
        images = [np.ascontiguousarray(one.numpy()) for one in batch.images[:SHEET_IMAGES]]
        for image, boxes in zip(images, batch.boxes, strict=False):
            for left, top, right, bottom in boxes.round().astype(int).tolist():
                cv2.rectangle(image, (left, top), (right, bottom), BOX_RGB, 2)
        rows = [np.hstack(images[at : at + 4]) for at in range(0, len(images) - 3, 4)]
        return np.vstack(rows or images[:1]).astype(np.uint8, copy=False)

    def facts(self) -> dict[str, Any]:
        """Return what a checkpoint says beside its weights."""
        return {
            "task": "detect",
            "shape": self.net.describe(),
            "area": INPUT_AREA_PX,
            "recipe": {**asdict(self.recipe), **asdict(self.schedule)},
            "commit": git_commit(),
            "trained_on": self._trained_on,
        }


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `train detector`."""
    add_options(parser, "runs/detector")


def run(args: argparse.Namespace) -> int:
    """Train as the options say."""
    schedule = schedule_of(args, SCHEDULE)
    distributed = join(schedule.batch, args.device)
    check_streams(args.streams, distributed)
    train_set = open_prepared(args.cache, "train")
    validation = open_prepared(folders_with(args.cache, "val"), "val")
    task = DetectorTask(schedule, train_set, validation, distributed, args.streams)
    if args.start:
        start_from(task.net, args.start, lambda: task.batches[0].images)
    return train(task, schedule, args, distributed)
