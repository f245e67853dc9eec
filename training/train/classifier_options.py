"""The options of `train classifier`, and the recipe that they make."""

import argparse
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from training.augmentation.crop_dataset import CORRECTIONS, SOURCE_SHARES
from training.errors import TrainingError
from training.models.load import JOINT_MAP, SMALL, read_checkpoint
from training.train.cli_options import add_options, schedule_of
from training.train.recipes import RECIPES, ClassifierRecipe

NAMES_IMAGES = 4000
"""Crops that `--learn names` learns from; more gave the same."""
NAMES_SHARES = {**SOURCE_SHARES, "rendered": 0.3}
"""Rendered hands stand for all names that photos of one's own do not show."""
NO_SCHEDULE = ("epochs", "lr", "patience", "keep", "stop_after", "distill", "teacher", "joints")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `train classifier`."""
    parser.add_argument(
        "--recipe", choices=sorted(RECIPES), help="default: that of the start's net, else small"
    )
    parser.add_argument("--arch", help="small, joint_map, resnet18, or timm:NAME")
    parser.add_argument("--size", type=int, help="side of the crops in pixels")
    parser.add_argument("--weights", help="of the backbone: none, download, or a file")
    parser.add_argument(
        "--learn",
        choices=("all", "names"),
        default="all",
        help="the whole net, or with --start only what its features are called, which is best for "
        "gestures of your own from few photos (default: all)",
    )
    parser.add_argument(
        "--distill",
        type=float,
        metavar="WEIGHT",
        help="with --start: how much the old model keeps the new one as it was (default 1; 0: off)",
    )
    parser.add_argument(
        "--teacher", type=Path, metavar="MODEL", help="with --start: teaches in its place"
    )
    parser.add_argument(
        "--joints",
        type=float,
        metavar="WEIGHT",
        help="also learn where landmarks are, which count so much (default 0: off)",
    )
    parser.add_argument(
        "--share",
        action="append",
        default=[],
        metavar="KIND=PART",
        help="part of all crops that a kind of source makes up, such as webcams=0.1; may repeat",
    )
    add_options(parser, "runs/classifier")


def recipe_of(args: argparse.Namespace) -> ClassifierRecipe:
    """Return the recipe that the options name, with what they change."""
    net = _net_of_start(args)
    recipe = RECIPES[args.recipe or net.get("arch", SMALL)]
    if (args.arch or recipe.arch) == JOINT_MAP:
        bare = args.learn == "names" or net.get("shape", {}).get("bare_fingers", False)
        recipe = replace(recipe, shape={**recipe.shape, "bare_fingers": bare})
    crops = replace(recipe.crops, size=args.size or recipe.crops.size)
    crops = replace(crops, shares={**crops.shares, **_shares(args.share)})
    if args.teacher and not args.start:
        raise TrainingError("--teacher keeps what a model knew: say with --start which learns on.")
    if args.learn == "names":
        crops = replace(crops, shares={**NAMES_SHARES, **_shares(args.share)})
    loss = replace(recipe.loss, teacher=str(args.teacher or ""))
    if args.joints is not None:
        loss = replace(loss, joints=args.joints)
    schedule = schedule_of(args, recipe.schedule)
    if args.learn == "names":
        _check_names(args)
        schedule = replace(schedule, pictures=args.pictures or NAMES_IMAGES)
    return replace(
        recipe,
        arch=args.arch or recipe.arch,
        crops=crops,
        schedule=schedule,
        learn=args.learn,
        weights=args.weights or recipe.weights,
        loss=loss if args.distill is None else replace(loss, distill=args.distill),
    )


def _net_of_start(args: argparse.Namespace) -> Mapping[str, Any]:
    """Return `arch` and `shape` of the net that the start holds, unless it is another kind."""
    if args.arch or not args.start or args.start.suffix == ".onnx":
        return {}
    net = read_checkpoint(args.start)
    return net if net.get("arch") in (SMALL, JOINT_MAP) else {}


def _check_names(args: argparse.Namespace) -> None:
    """Raise `TrainingError` for options that have no meaning beside `--learn names`."""
    if not args.start:
        raise TrainingError("--learn names needs features that are good already: give --start.")
    given = [name for name in NO_SCHEDULE if getattr(args, name) is not None]
    if given:
        options = ", ".join(f"--{name.replace('_', '-')}" for name in given)
        raise TrainingError(f"--learn names has no schedule: leave {options} out.")
    if int(os.environ.get("WORLD_SIZE", "1")) > 1:
        raise TrainingError(
            "--learn names takes a minute on one processor: start it without torchrun."
        )


def _shares(options: Sequence[str]) -> dict[str, float]:
    """Return what `--share` says of each kind. Raises `TrainingError`."""
    shares = {}
    for option in options:
        kind, _, part = option.rpartition("=")
        try:
            shares[kind] = float(part)
        except ValueError:
            shares[kind] = -1.0
        if kind not in {**SOURCE_SHARES, **CORRECTIONS} or not 0 <= shares[kind] < 1:
            raise TrainingError(
                f"--share {option!r} is not possible: give one of {', '.join(SOURCE_SHARES)}, with "
                "a part from 0 to 1, such as webcams=0.1."
            )
    return shares
