"""Train the one-class hand detector."""

import argparse
from dataclasses import asdict
from typing import Any

import cv2
import numpy as np
import torch
from torch import Tensor, nn

from training.augmentation.frame_dataset import FrameBatch, FrameBatches, FrameRecipe
from training.datasets.dataset import Prepared, open_prepared
from training.errors import SchoolError
from training.metrics.detection import found_share
from training.models.inference import AREA, find
from training.models.small import DetectorShape, HandDetector
from training.provenance import git_commit
from training.train.cli_options import (
    add_options,
    check_streams,
    folders_with,
    learn_on,
    schedule_of,
    train,
)
from training.train.detection_loss import detection_loss
from training.train.distributed import World, join
from training.train.optim import Schedule
from training.train.trainer import Scores

LEAST = 0.4
"""Least score of what counts as found while training."""
SCHEDULE = Schedule(epochs=90, pictures=8_000, batch=32, rate=3e-3)


class DetectorTask:
    """Finds hands in whole pictures."""

    watch = "found"

    def __init__(
        self,
        schedule: Schedule,
        taught: Prepared,
        held_back: Prepared,
        world: World,
        streams: int = 1,
    ) -> None:
        """Build the net. Raises `SchoolError` when there is nothing to learn or to judge by."""
        if not len(held_back.frames):
            raise SchoolError(
                "No whole picture is held back to judge by: prepare pictures with surroundings."
            )
        self.schedule, self.recipe, self.held_back = schedule, FrameRecipe(), held_back
        torch.manual_seed(schedule.seed)
        self.net = HandDetector(DetectorShape())
        mine = world.mine(schedule.batch)
        self.batches = FrameBatches(taught, self.recipe, schedule.batch, mine, streams)

    def loss(self, net: nn.Module, batch: FrameBatch, world: World) -> tuple[Tensor, Scores]:
        """Return the loss to learn from and its parts, each for the whole global batch."""
        score, sides = net(batch.images.to(world.device, non_blocking=True))
        hands = max(1.0, world.total(float(sum(map(len, batch.boxes))))[0])
        scored, boxed = detection_loss(score.float(), sides.float(), batch.boxes, batch.ignore)
        loss = (scored + boxed) / hands
        mine = (float(loss.detach()), float(scored.detach() / hands), float(boxed.detach() / hands))
        names = ("loss", "loss_scores", "loss_boxes")
        return loss * world.size, dict(zip(names, world.total(*mine), strict=True))

    @torch.no_grad()
    def evaluate(self, net: nn.Module) -> Scores:
        """Return the share of hands found (IoU 0.5), and boxes elsewhere for each picture.

        At one look: what the net learns is to see far hands as well.
        """
        net.eval()
        found, true = [], []
        for place in range(len(self.held_back.frames)):
            picture, row = self.held_back.frames.picture(place)
            bgr = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR).astype(np.uint8, copy=False)
            found.append([d.box_xyxy for d in find(net, bgr, LEAST, refine=False)])
            true.append([tuple(box) for box in row["boxes"]])
        given = sum(map(len, found))
        wrong = given - found_share(true, found) * given
        return {
            "found": round(found_share(found, true), 4),
            "elsewhere": round(wrong / len(found), 4),
        }

    def facts(self) -> dict[str, Any]:
        """Return what a checkpoint says beside its weights."""
        return {
            "task": "detect",
            "shape": self.net.describe(),
            "area": AREA,
            "recipe": {**asdict(self.recipe), **asdict(self.schedule)},
            "commit": git_commit(),
        }


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `train detector`."""
    add_options(parser, "runs/detector")


def run(args: argparse.Namespace) -> int:
    """Train as the options say."""
    schedule = schedule_of(args, SCHEDULE)
    world = join(schedule.batch, args.device)
    check_streams(args.streams, world)
    taught = open_prepared(args.cache, "train")
    held_back = open_prepared(folders_with(args.cache, "val"), "val")
    task = DetectorTask(schedule, taught, held_back, world, args.streams)
    learn_on(task.net, args.start, lambda: task.batches[0].images)
    return train(task, schedule, args, world)
