"""Write a trained net as the two files that `vcam` reads: NAME.onnx and its card NAME.json.

`python -m training export runs/classifier/model.pt --name gesture_classifier --out models`
"""

import math
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from training.errors import TrainingError
from training.export import onnx_file
from training.export.calibration_data import (
    boxed_frame,
    crop_batches,
    open_frames,
    open_hands,
    some,
)
from training.export.model_card import add_facts, card_of, gather_facts
from training.export.onnx_file import Array
from training.models.load import load_net, read_checkpoint
from training.models.small import HandDetector
from training.option_parser import OptionParser
from vcam.core.labels import LABELS
from vcam.system.overwrite_guard import refuse_overwriting

MAX_HANDS = 32
"""Boxes that a detector gives before overlapping ones are taken out."""
TOLERANCE = 1e-3
"""Largest difference between torch's and ONNX Runtime's outputs on the same pictures; for boxes,
which are pixels, a hundred times that."""
COMPARED = 64
"""Crops that torch and ONNX Runtime are compared on."""
FIRST_OUTPUTS = ("gesture", "hand")
"""What the runtime reads stands first; more outputs follow."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What the person chose about the files."""

    name: str
    out: Path
    half: bool = True
    """Whether large weights are stored as float16."""
    cache: Path | None = None
    """Prepared folder with real pictures to compare on; None: random ones."""


class DetectorOutputs(nn.Module):
    """The detector as it is exported: the best cells of one picture as boxes with scores."""

    names = ("boxes", "scores")
    outwards: Tensor

    def __init__(self, net: HandDetector) -> None:
        super().__init__()
        self.net = net
        self.register_buffer("outwards", torch.tensor([-1.0, -1.0, 1.0, 1.0]))

    def forward(self, frame: Tensor) -> tuple[Tensor, ...]:
        """Map uint8 RGB (1, H, W, 3) to boxes (32, 4) xyxy pixels and scores (32,)."""
        features = self.net.features(frame)
        cells = features.permute(0, 2, 3, 1).flatten(0, 2)
        best, chosen = self._of(self.net.score, cells).flatten().topk(MAX_HANDS)
        return self._boxes(cells[chosen], chosen, features.shape[3]), torch.sigmoid(best)

    def _of(self, head: nn.Conv2d, cells: Tensor) -> Tensor:
        """Return what a 1x1 convolution gives for cells (M, C), which need be no picture."""
        return nn.functional.linear(cells, head.weight.flatten(1), head.bias)

    def _boxes(self, cells: Tensor, places: Tensor, wide: int) -> Tensor:
        """Place the chosen cells (32, C) only: the others' sides are never worked out."""
        away = self.net.distances(self._of(self.net.sides, cells))
        place = places[:, None]
        column = torch.fmod(place, wide)
        row = torch.div(place, wide, rounding_mode="trunc")
        middle = (torch.cat([column, row, column, row], 1) + 0.5) * self.net.stride
        return middle + away * self.outwards


class ClassifierOutputs(nn.Module):
    """A classifier as it is exported: all that it gives, in a fixed order.

    Logits of gestures are divided by the temperature that calibration found.
    """

    def __init__(self, net: nn.Module, temperature: float, size: int) -> None:
        super().__init__()
        self.net, self.temperature = net, temperature
        with torch.no_grad():
            given: dict[str, Tensor] = net(torch.zeros(1, size, size, 3))
        self.names = (*FIRST_OUTPUTS, *(name for name in given if name not in FIRST_OUTPUTS))

    def forward(self, crops: Tensor) -> tuple[Tensor, ...]:
        """Map uint8 RGB (N, S, S, 3) to one tensor for each of `names`."""
        given = dict(self.net(crops))
        given["gesture"] = given["gesture"] / self.temperature
        return tuple(given[name] for name in self.names)


def export(checkpoint_path: Path, choice: Choice, facts: Mapping[str, Any]) -> Path:
    """Write the model and its card; say how near ONNX Runtime comes to torch.

    Raises `TrainingError` when the checkpoint or the prepared folder is no good, RuntimeError when
    ONNX Runtime does not agree with torch: that is a mistake of this program.
    """
    checkpoint = read_checkpoint(checkpoint_path)
    checkpoint = {"arch": "small", "labels": list(LABELS), **checkpoint}
    net = load_net(checkpoint)
    parameters = sum(
        weight.numel()
        for name, weight in net.named_parameters()
        if ".joints." not in name  # which only training reads
    )
    if callable(fold := getattr(net, "fold_scale", None)):
        fold()
    outputs, size = _outputs(net, checkpoint, float(facts.get("temperature", 1.0)))
    images = _images(checkpoint, size, choice.cache)
    choice.out.mkdir(parents=True, exist_ok=True)
    path = choice.out / f"{choice.name}.onnx"
    with tempfile.TemporaryDirectory(dir=choice.out, prefix=".export") as folder:
        made = Path(folder) / path.name
        parity = _write(outputs, images, made, choice)
        said = {
            **card_of(choice.name, checkpoint, size, outputs.names),
            "opset": onnx_file.OPSET,
            "quantization": "none" + ("; weights stored as float16" if choice.half else ""),
            "parameters": parameters,
            "parity": {**parity, "pictures": "real" if choice.cache else "random"},
        }
        onnx_file.put_in_place(made, add_facts(said, facts), path)
    _tell(path, parity, choice)
    return path


def _outputs(
    net: nn.Module, checkpoint: Mapping[str, Any], temperature: float
) -> tuple[DetectorOutputs | ClassifierOutputs, int]:
    """Return what is exported, and the side of the pictures that it was trained on."""
    if isinstance(net, HandDetector):
        return DetectorOutputs(net).eval(), math.isqrt(checkpoint["area"])
    size = int(getattr(net, "size"))  # noqa: B009  # every classifier here has it
    return ClassifierOutputs(net, temperature, size).eval(), size


def _images(checkpoint: Mapping[str, Any], size: int, cache: Path | None) -> list[Tensor]:
    """Return batches of uint8 RGB (N, H, W, 3) to compare on."""
    detects = checkpoint["task"] == "detect"
    if cache is None:
        shape = (1 if detects else 4, size, size, 3)
        return [torch.randint(0, 255, shape, dtype=torch.uint8)]
    if detects:
        frames = open_frames(cache, "val")
        places = some(len(frames), 8)
        return [torch.from_numpy(boxed_frame(frames, int(p), size**2)[0].image) for p in places]
    hands = open_hands(cache, "val", checkpoint["labels"])
    crops = crop_batches(hands, some(len(hands), COMPARED), size, checkpoint["margin"])
    return [torch.from_numpy(batch) for batch in crops]


def _write(
    outputs: DetectorOutputs | ClassifierOutputs, images: list[Tensor], path: Path, choice: Choice
) -> dict[str, float]:
    """Write the graph; return how far it is from torch, before and after weights are halved."""
    detects = isinstance(outputs, DetectorOutputs)
    free = {1: "height", 2: "width"} if detects else {0: "n"}
    onnx_file.write_onnx(outputs, images[0], path, outputs.names, free)
    difference = max(parity(outputs, path, batch) for batch in images)
    if not difference <= TOLERANCE * (100 if detects else 1):
        raise RuntimeError(f"torch and ONNX Runtime differ by {difference:.2g}")
    found = {"largest_difference": difference}
    if choice.half:
        onnx_file.halve_weights(path)
        found["with_float16_weights"] = max(parity(outputs, path, batch) for batch in images)
    return found


def parity(net: nn.Module, path: Path, images: Tensor) -> float:
    """Return the largest difference between torch and ONNX Runtime on uint8 pictures."""
    with torch.no_grad():
        wanted = [want.numpy() for want in net(images)]
    given = onnx_file.outputs_of(path, images)
    if isinstance(net, DetectorOutputs):
        alone = _stand_alone(wanted[1])
        wanted, given = ([boxes[alone], scores] for boxes, scores in (wanted, given))
    return onnx_file.largest_difference(wanted, given)


def _stand_alone(scores: Array) -> Array:
    """Mark scores that no neighbour in rank comes near: the others may change places."""
    near = np.abs(np.diff(scores)) < TOLERANCE
    return np.asarray(~(np.append(near, True) | np.insert(near, 0, False)))


def _tell(path: Path, found: Mapping[str, float], choice: Choice) -> None:
    on = "pictures" if choice.cache else "random pictures (give --cache for real ones)"
    stored = "float16" if choice.half else "float32"
    print(f"{path}: {path.stat().st_size / 1e6:.2f} MB, weights stored as {stored}")
    print(f"largest difference from torch on {on}: {found['largest_difference']:.2g}")
    if choice.half:
        print(f"and with weights rounded to float16: {found['with_float16_weights']:.2g}")


def main(argv: Sequence[str]) -> int:
    """Run `python -m training export`."""
    parser = OptionParser(prog="python -m training export", description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--name", required=True)
    parser.add_argument("--out", type=Path, default=Path("models"))
    parser.add_argument("--cache", type=Path, help="prepared folder: compare on its pictures")
    parser.add_argument("--weights", choices=("float32", "float16"), default="float16")
    parser.add_argument("--facts", type=Path, help="JSON with thresholds, trained_on, licence")
    parser.add_argument(
        "--scores", type=Path, help="what `evaluate --data FOLDER --json FILE` wrote"
    )
    args = parser.parse_args(argv)
    if Path(args.name).name != args.name:
        raise TrainingError(f"{args.name!r} is no file name: give folders with --out.")
    path = args.out / f"{args.name}.onnx"
    refuse_overwriting(
        [args.checkpoint, args.facts, args.scores], [path, path.with_suffix(".json")]
    )
    facts = gather_facts(args.checkpoint.with_name("facts.json"), args.facts, args.scores)
    choice = Choice(args.name, args.out, args.weights == "float16", args.cache)
    export(args.checkpoint, choice, facts)
    return 0
