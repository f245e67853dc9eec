"""What a training leaves behind: checkpoints, one JSON line an epoch, TensorBoard's curves."""

import json
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from training.datasets.shards import replace_text
from training.errors import TrainingError
from vcam.system.atomic_write import replacing


class RunLog:
    """Writes a run's folder; only the first of several processes has one.

    `last.pt` is what to go on from, `model.pt` what to export, `log.jsonl` has one line an epoch.
    """

    def __init__(self, out: Path) -> None:
        """Open a run's folder, new or not."""
        self.out = out
        out.mkdir(parents=True, exist_ok=True)
        with warnings.catch_warnings():  # tensorboard's own imports are behind the times
            warnings.simplefilter("ignore")
            from torch.utils.tensorboard import SummaryWriter

            self._curves = SummaryWriter(str(out / "tensorboard"))

    def save(self, state: Mapping[str, Any]) -> None:
        """Write `last.pt`, and the log as the state has it."""
        save(self.out / "last.pt", state)
        lines = "".join(json.dumps(line) + "\n" for line in state["at"]["history"])
        replace_text(self.out / "log.jsonl", lines)

    def save_model(self, checkpoint: Mapping[str, Any]) -> None:
        """Write `model.pt`."""
        save(self.out / "model.pt", checkpoint)

    def curve(self, name: str, value: float, step: int) -> None:
        """Add a point to one of TensorBoard's curves."""
        self._curves.add_scalar(name, value, step)

    def image(self, name: str, pixels: npt.NDArray[np.uint8]) -> None:
        """Show uint8 (H, W, 3) RGB in TensorBoard."""
        self._curves.add_image(name, pixels, dataformats="HWC")

    def close(self) -> None:
        """Write what is still in memory."""
        self._curves.close()


def read_state(out: Path) -> dict[str, Any] | None:
    """Return what a run's folder saved last, or None. Raises `TrainingError` when it is damaged."""
    path = out / "last.pt"
    if not path.exists():
        return None
    try:
        state: dict[str, Any] = torch.load(path, weights_only=True, map_location="cpu")
    except Exception as error:  # noqa: BLE001  # unpickling raises many kinds
        raise TrainingError(
            f"{path} cannot be read ({type(error).__name__}): delete it to begin again, "
            "or give another --out."
        ) from None
    return state


def save(path: Path, content: Mapping[str, Any]) -> None:
    """Write a checkpoint so that a kill leaves either the old one or the new one."""
    try:
        with replacing(path) as part:
            torch.save(dict(content), part)
    except (OSError, RuntimeError) as error:  # torch reports a full disk as RuntimeError
        raise TrainingError(
            f"{path} cannot be written ({str(error).splitlines()[0]}): make room on the disk and "
            "give the same command again; what was saved before is kept."
        ) from None
