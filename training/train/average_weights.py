"""Put the mean of several trainings of one net in their place.

`python -m training average runs/a/model.pt runs/b/model.pt --out runs/mean`

Where one training learnt on from the other, the mean of their weights often does what either does
best (model soups, Wortsman et al., arXiv 2203.05482): the shipped detector is the mean of one that
knows upright hands and one that learnt on with hands that lie sideways or hang down.
"""

from collections.abc import Sequence
from pathlib import Path

import torch

from training.errors import TrainingError
from training.models.load import read_checkpoint
from training.option_parser import OptionParser
from vcam.system.atomic_write import replacing
from vcam.system.overwrite_guard import refuse_overwriting

MUST_MATCH = ("task", "shape", "labels", "arch")


def main(argv: Sequence[str]) -> int:
    """Run `python -m training average`."""
    parser = OptionParser(
        prog="python -m training average",
        description=__doc__,
    )
    parser.add_argument(
        "models", type=Path, nargs="+", metavar="MODEL", help="two or more model.pt"
    )
    parser.add_argument("--out", type=Path, required=True, help="folder for the mean")
    args = parser.parse_args(argv)
    refuse_overwriting(args.models, [args.out / "model.pt"])
    path = average(args.models, args.out)
    print(f"The mean of {len(args.models)} models is in {path}")
    return 0


def average(models: Sequence[Path], out: Path) -> Path:
    """Write the mean of all weights as OUT/model.pt. Raises `TrainingError` when nets differ."""
    if len(models) < 2:
        raise TrainingError("One model is its own mean: name two or more.")
    checkpoints = [read_checkpoint(path) for path in models]
    last = checkpoints[-1]
    for path, each in zip(models, checkpoints, strict=True):
        if any(each.get(name) != last.get(name) for name in MUST_MATCH) or (
            each["weights"].keys() != last["weights"].keys()
        ):
            raise TrainingError(f"{path} is of another net than {models[-1]}: they have no mean.")
    weights = {
        name: torch.stack([each["weights"][name] for each in checkpoints]).mean(0).to(value.dtype)
        if value.dtype.is_floating_point
        else value
        for name, value in last["weights"].items()
    }
    recipe = {**last["recipe"], "mean_of": len(models)}
    out.mkdir(parents=True, exist_ok=True)
    path = out / "model.pt"
    with replacing(path) as part:
        torch.save({**last, "weights": weights, "recipe": recipe}, part)
    return path
