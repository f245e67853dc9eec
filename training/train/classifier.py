"""Train a crop classifier: gesture, leading hand, orientation."""

import argparse
import copy
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from training.augmentation.crop_dataset import CropBatch, CropBatches
from training.augmentation.turned_hands import taken_turns
from training.datasets.dataset import UNKNOWN, Prepared, open_prepared
from training.datasets.hand_canvas import clean_crop
from training.datasets.people import FLATTERS, validates_on_training_people
from training.errors import TrainingError
from training.evaluation.load_model import facts_of_start, read_facts, write_facts
from training.metrics.classification import summary
from training.models.backbone import PREFIX, create, pixel_statistics
from training.models.load import JOINT_MAP, SHORT_NAMES, build_classifier, read_checkpoint
from training.provenance import git_commit, trained_on
from training.train.classifier_loss import heads_loss
from training.train.classifier_options import add_arguments, recipe_of
from training.train.cli_options import (
    check_streams,
    folders_with,
    start_from,
    train,
)
from training.train.distillation import Teacher
from training.train.distributed import Distributed, join
from training.train.names_command import hands_known_by, run_names
from training.train.own_turns import where_own_gestures_point
from training.train.preview import sheet
from training.train.recipes import ClassifierRecipe
from training.train.trainer import Scores
from vcam.core.labels import LEADING_HANDS

__all__ = ["ClassifierTask", "add_arguments", "run"]

FEW_SIDES = 0.2
"""Share of hands with a known side below which the leading hand is doubtful."""
SHEET_CROPS = 64
"""Crops of the first batch that TensorBoard shows."""
VALIDATION_BATCH = 128
"""Validation hands in one batch."""


class ClassifierTask:
    """Names gestures of hand crops, and whose hand it is."""

    watch = "f1_macro"

    def __init__(
        self,
        recipe: ClassifierRecipe,
        train_set: Prepared,
        validation: Prepared,
        distributed: Distributed,
        streams: int = 1,
    ) -> None:
        """Build the net, with the weights that the recipe begins with. Raises `TrainingError`."""
        self.recipe, self.validation, self.labels = recipe, validation, train_set.hands.labels
        self.train_hands = train_set.hands.hand
        self.hands_known = round(known_share(self.train_hands), 4)
        """Share of the hands that the head for the side learnt from of which the side is known."""
        self.known: Sequence[str] = ()
        """With `--learn names`: the labels that the start has rows for."""
        self._trained_on = trained_on(
            train_set.hands.source.tolist(), train_set.dataset.made_with.get("data", [])
        )
        check_classes(train_set, validation, learns_all=recipe.learn == "all")
        self.flatters = validates_on_training_people(train_set.hands, validation.hands)
        shape = {**recipe.shape, "size": recipe.crops.size}
        if recipe.loss.joints and recipe.arch != JOINT_MAP:
            shape["joints"] = True
        name = SHORT_NAMES.get(recipe.arch, recipe.arch)
        if recipe.weights != "none" and name.startswith(PREFIX) and not recipe.bare_pixels:
            shape |= pixel_statistics(name.removeprefix(PREFIX))
        torch.manual_seed(recipe.schedule.seed)
        self.net = build_classifier(recipe.arch, shape, len(self.labels))
        if recipe.weights != "none" and hasattr(self.net, "backbone"):
            self.net.backbone = create(name.removeprefix(PREFIX), recipe.weights)
        self._teacher: Teacher | None = None
        batch = recipe.schedule.batch
        self.batches = CropBatches(
            train_set, recipe.crops, batch, distributed.slots(batch), streams
        )

    def loss(
        self, net: nn.Module, batch: CropBatch, distributed: Distributed
    ) -> tuple[Tensor, Scores]:
        """Return the loss to learn from and its parts, each for the whole global batch."""
        crops = batch.crops.to(distributed.device, non_blocking=True)
        given = net(crops)
        loss, parts = heads_loss(given, batch, self.recipe.loss, distributed)
        if self._teacher is None:
            return loss, parts
        kept, whole = self._teacher.loss(crops, given, (batch.gesture, batch.hand), distributed)
        return loss + kept, {**parts, "loss": parts["loss"] + whole, "loss_distill": whole}

    def fine_tune(self, start: Path) -> None:
        """Begin with a model's weights; keep it, or the recipe's teacher, to teach.

        Raises `TrainingError`.
        """
        known = start_from(self.net, start, lambda: self.batches[0].crops, self.labels)
        self.batches.taken = taken_turns(
            where_own_gestures_point(
                self.net,
                self.batches.prepared.hands,
                self.recipe.crops.size,
                self.recipe.crops.margin,
            )
        )
        if self.batches.taken:
            print(
                "A gesture of yours lies on its side or hangs: other hands that are turned so are "
                "not taught to show nothing."
            )
        if self.recipe.learn == "names":
            new = [label for label in self.labels if label not in known]
            print(f"Learns what {start} sees to be called {', '.join(new) or 'as before'}.")
            self.known, self.hands_known = known, hands_known_by(start)
            return
        print(
            f"Fine-tunes {start}: peak learning rate {self.recipe.schedule.lr:g}, distillation "
            f"{self.recipe.loss.distill:g}."
        )
        if self.recipe.loss.distill:
            teaching: nn.Module = self.net
            if teacher := self.recipe.loss.teacher:
                teaching, known = self._read_teacher(Path(teacher))
            places = [place for place, label in enumerate(self.labels) if label in known]
            self._teacher = Teacher(teaching, places, self.recipe.loss.distill)

    def _read_teacher(self, path: Path) -> tuple[nn.Module, tuple[str, ...]]:
        """Return a net that teaches, of the same kind as this one or as its file says; its labels.

        Raises `TrainingError`.
        """
        if path.suffix == ".onnx":
            net = copy.deepcopy(self.net)
            return net, start_from(net, path, lambda: self.batches[0].crops, self.labels)
        checkpoint = read_checkpoint(path)
        net = build_classifier(checkpoint["arch"], checkpoint["shape"], len(self.labels))
        return net, start_from(net, path, lambda: self.batches[0].crops, self.labels)

    def evaluate(self, net: nn.Module) -> Scores:
        """Return F1 of both heads on validation hands, cut by their annotated boxes."""
        return evaluate(net, self.validation, self.recipe.crops.size, self.recipe.crops.margin)

    def sheet(self) -> npt.NDArray[np.uint8]:
        """Return what the net trains on, one batch as pictures: uint8 (H, W, 3) RGB."""
        return sheet(self.batches[0], self.labels, SHEET_CROPS)

    def facts(self) -> dict[str, Any]:
        """Return what a checkpoint says beside its weights."""
        return {
            "task": "classify",
            "arch": self.recipe.arch,
            "shape": self.net.describe(),
            "labels": list(self.labels),
            "margin": self.recipe.crops.margin,
            "hands_known": self.hands_known,
            "recipe": self.recipe.described(),
            "commit": git_commit(),
            "trained_on": self._trained_on,
            **({"validated_on": FLATTERS} if self.flatters else {}),
        }


def check_classes(train_set: Prepared, validation: Prepared, *, learns_all: bool = True) -> None:
    """Raise `TrainingError` when there is nothing to validate on; name classes without a hand.

    Where only names are learnt, the others are known already.
    """
    if not len(validation.hands):
        raise TrainingError(
            "There is no hand to validate on: prepare more pictures, or other people's."
        )
    count = np.bincount(train_set.hands.gesture, minlength=len(train_set.hands.labels))
    empty = [name for name, n in zip(train_set.hands.labels, count, strict=True) if n == 0]
    if learns_all and empty and len(empty) < len(count):
        print(f"No picture to learn {', '.join(empty)} from: the model will never say so.")


def known_share(hands: npt.NDArray[np.int64]) -> float:
    """Return the share of hands (N,) that are known to be left or right; 0 of none."""
    return float((hands != UNKNOWN).mean()) if len(hands) else 0.0


def warn_of_hands(hands: npt.NDArray[np.int64]) -> None:
    """Say so when few training hands are known to be left or right."""
    known = known_share(hands)
    if known == 0:
        print(
            "No hand is known to be left or right: the model's leading hand will be mere chance. "
            "Fine-tune a model that knows it (--start), or add data that say it."
        )
    elif known < FEW_SIDES:
        print(f"Only {known:.0%} of the hands are known to be left or right.")


@torch.no_grad()
def evaluate(net: nn.Module, validation: Prepared, size: int, margin: float) -> Scores:
    """Return F1 of the gesture head, and of the hand head where the hand is known."""
    net.eval()
    hands = validation.hands
    device = next(net.parameters()).device
    gestures: list[int] = []
    sides: list[int] = []
    for start in range(0, len(hands), VALIDATION_BATCH):
        places = range(start, min(len(hands), start + VALIDATION_BATCH))
        crops = np.stack([clean_crop(hands.canvas(place)[0], size, margin) for place in places])
        given = net(torch.from_numpy(crops).to(device))
        gestures += given["gesture"].argmax(1).tolist()
        sides += given["hand"].argmax(1).tolist()
    known = hands.hand != UNKNOWN
    scores = summary(hands.gesture, np.array(gestures), hands.labels)
    if not known.any():
        return scores
    described = summary(hands.hand[known], np.array(sides)[known], LEADING_HANDS)
    return scores | {f"hand_{name}": value for name, value in described.items()}


def run(args: argparse.Namespace) -> int:
    """Train as the options say."""
    recipe = recipe_of(args)
    distributed = join(recipe.schedule.batch, args.device)
    check_streams(args.streams, distributed)
    task = ClassifierTask(
        recipe,
        open_prepared(args.cache, "train"),
        open_prepared(folders_with(args.cache, "val"), "val"),
        distributed,
        args.streams,
    )
    if args.start:
        task.fine_tune(args.start)
        if distributed.first and (facts := facts_of_start(args.start)):
            write_facts(args.out / "model.pt", {**facts, **read_facts(args.out / "model.pt")})
    else:
        warn_of_hands(task.train_hands)
    if task.flatters and distributed.first:
        print(FLATTERS)
    if recipe.learn == "names":
        return run_names(task, recipe.schedule, args)
    return train(task, recipe.schedule, args, distributed)
