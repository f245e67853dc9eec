"""Make an exported model INT8, and say what that costs and gains beside the float one.

`python -m training quantize models/gesture_classifier.onnx --cache runs/cache`

Static quantization in QDQ form: weights as int8 with a scale for each channel, activations as uint8
with ranges seen on training pictures. Ranges are plain minima and maxima by default: activations
here come after ReLU and have no far outliers, and nothing has to be kept in memory; `--ranges` has
the others. The last weighted layer before each output stays float: it costs next to nothing, and
its rounding would go straight into the scores.
"""

import json
import logging
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnxruntime.quantization import (
    CalibrationDataReader,
    CalibrationMethod,
    QuantFormat,
    QuantType,
    quantize_static,
)
from onnxruntime.quantization.shape_inference import quant_pre_process
from rich.console import Console
from rich.progress import track
from rich.table import Table

from training.datasets.shards import replace_text
from training.errors import TrainingError
from training.export.calibration_data import (
    BATCH,
    Images,
    boxed_frame,
    crop_batches,
    open_frames,
    open_hands,
    some,
)
from training.export.compare import Scores, scores_of, speeds_of
from training.export.float_nodes import float_nodes
from training.export.model_card import scores_in
from training.export.onnx_file import drop_unused_domains, put_in_place, widen_weights
from training.export.optimize_first_conv import group_pixels, read_bytes
from training.option_parser import OptionParser
from vcam.errors import ModelError
from vcam.system.overwrite_guard import refuse_overwriting
from vcam.vision.models.card import ModelCard
from vcam.vision.models.session import ModelSession

RANGES = {
    "minmax": CalibrationMethod.MinMax,
    "entropy": CalibrationMethod.Entropy,
    "percentile": CalibrationMethod.Percentile,
}
QUANTIZED = ("Conv", "Gemm", "MatMul", "Add", "Mul", "Relu", "Clip", "MaxPool", "AveragePool",
             "GlobalAveragePool", "Concat", "Resize")  # fmt: skip
"""Kinds of nodes that run as INT8; the rest, such as pixels' first division, stays float."""
CALIBRATION_PROGRESS = "looking at training pictures"
PAYS_SPEED = 1.1
"""INT8 pays when it is faster by this factor…"""
PAYS_LOSS = 0.01
"""…and no score falls by more than this."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a model is made INT8."""

    cache: Path
    ranges: str = "minmax"
    images: int = 256
    """Training pictures that ranges are taken from."""
    bits: int = 7
    """Bits of a weight: 8 lose a little less, but processors without VNNI overflow with them."""
    scores: Path | None = None
    """What `evaluate --data --json` said of the models; stands on the card too."""


class Calibration(CalibrationDataReader):  # type: ignore[misc]  # onnxruntime is not annotated
    """Feeds training pictures to ONNX Runtime's calibrator, a batch at a time."""

    def __init__(self, batches: Iterator[Images]) -> None:
        self._batches = batches

    def get_next(self) -> dict[str, Images] | None:
        """Return the next batch, or None after the last."""
        batch = next(self._batches, None)
        return None if batch is None else {"input": batch}


def calibration_images(card: ModelCard, plan: Plan) -> Iterator[Images]:
    """Yield training pictures as the model takes them, uint8 (N, H, W, 3) RGB."""
    if card.task == "detect":
        frames = open_frames(plan.cache, "train")
        for place in track(some(len(frames), plan.images), CALIBRATION_PROGRESS):
            yield boxed_frame(frames, int(place), card.height * card.width)[0].image
        return
    hands = open_hands(plan.cache, "train", card.labels)
    places = some(len(hands), plan.images)
    crops = crop_batches(hands, places, card.height, card.margin)
    yield from track(crops, CALIBRATION_PROGRESS, total=-(-len(places) // BATCH))


def quantize(path: Path, out: Path, plan: Plan) -> None:
    """Write the INT8 graph of the model at `path` to `out`, without a card."""
    card = ModelSession(path, _task(path)).card
    model = onnx.load(path)
    if any(node.op_type == "DequantizeLinear" for node in model.graph.node):
        raise TrainingError(f"{path.name} is quantized already: give the float model.")
    widen_weights(model)
    group_pixels(model)
    ready = out.with_suffix(".ready.onnx")
    onnx.save(model, ready)
    quant_pre_process(ready, ready, skip_symbolic_shape=True)
    quantize_static(
        ready,
        out,
        Calibration(calibration_images(card, plan)),
        quant_format=QuantFormat.QDQ,
        op_types_to_quantize=list(QUANTIZED),
        per_channel=True,
        reduce_range=plan.bits == 7,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
        nodes_to_exclude=float_nodes(onnx.load(ready).graph),
        calibrate_method=RANGES[plan.ranges],
    )
    ready.unlink()
    made = onnx.load(out)
    read_bytes(made)
    drop_unused_domains(made)
    onnx.checker.check_model(made)
    onnx.save(made, out)


def _task(path: Path) -> str:
    try:
        return str(json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))["task"])
    except (OSError, ValueError, KeyError, TypeError):
        return "classify"  # opening the model says what is wrong with its card


def compare(paths: tuple[Path, Path], cache: Path) -> dict[str, Any]:
    """Return scores and speed of the float model and the INT8 one, measured in one run."""
    task = _task(paths[0])
    sessions = [ModelSession(path, task) for path in paths]
    scores = [scores_of(session, cache) for session in sessions]
    card = sessions[0].card
    image = np.random.default_rng(0).integers(0, 256, (1, card.height, card.width, 3), np.uint8)
    slow, fast = speeds_of(sessions, image)
    sizes = [path.stat().st_size for path in paths]
    rows = {
        kind: {"scores": score, "median_ms": round(ms, 4), "bytes": size}
        for kind, score, ms, size in zip(
            ("float", "int8"), scores, (slow, fast), sizes, strict=True
        )
    }
    pays = slow / fast >= PAYS_SPEED and _loss(*scores) <= PAYS_LOSS
    return {**rows, "times_as_fast": round(slow / fast, 3), "pays": pays}


def _loss(before: Scores, after: Scores) -> float:
    """Return the largest fall among scores that should be high."""
    high = [name for name in before if name not in ("images", "boxes_per_picture")]
    return max(before[name] - after[name] for name in high)


def run(path: Path, out: Path, plan: Plan) -> dict[str, Any]:
    """Write the INT8 model with its card, and return how it compares with the float one.

    Nothing is written to `out` before the new model has run and was scored.
    """
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".quantize") as folder:
        made = Path(folder) / out.name
        quantize(path, made, plan)
        card = _card(path, out.stem, plan)
        put_in_place(made, card, made)
        found = compare((path, made), plan.cache)
        scores = [*_rows(found, plan.cache), *(scores_in(plan.scores) if plan.scores else ())]
        put_in_place(made, {**card, "scores": scores}, out)
    replace_text(out.with_name(f"{out.stem}.comparison.json"), json.dumps(found, indent=2) + "\n")
    return found


def _card(path: Path, name: str, plan: Plan) -> dict[str, Any]:
    before = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    said = (
        f"int8: {plan.bits}-bit weights per channel, uint8 activations, ranges by {plan.ranges} "
        f"of at most {plan.images} training pictures; last layers in float"
    )
    origin = {"name": before["name"], "sha256": before["sha256"]}
    return {**before, "name": name, "quantization": said, "quantized_from": origin}


def _rows(found: dict[str, Any], cache: Path) -> list[dict[str, Any]]:
    """Return the scores that were just measured as rows of a card."""
    scores = dict(found["int8"]["scores"])
    where = {"dataset": cache.name, "split": "val", "images": scores.pop("images")}
    return [{**where, "metric": metric, "value": value} for metric, value in scores.items()]


def tell(found: dict[str, Any], names: tuple[str, str]) -> None:
    """Print the comparison as a table, and whether INT8 pays."""
    table = Table("", *names)
    for metric in found["float"]["scores"]:
        cells = [found[kind]["scores"][metric] for kind in ("float", "int8")]
        table.add_row(metric, *(f"{cell:g}" for cell in cells))
    table.add_row("median ms", *(f"{found[k]['median_ms']:.3f}" for k in ("float", "int8")))
    table.add_row("MB", *(f"{found[k]['bytes'] / 1e6:.2f}" for k in ("float", "int8")))
    Console().print(table)
    how = f"{found['times_as_fast']:.2f} times as fast as float"
    if found["pays"]:
        print(f"INT8 pays on this machine: {how}.")
    else:
        print(f"INT8 does not pay on this machine: it is {how}, or loses too much; both are kept.")


def main(argv: Sequence[str]) -> int:
    """Run `python -m training quantize`."""
    parser = OptionParser(
        prog="python -m training quantize",
        description=__doc__,
    )
    parser.add_argument("model", type=Path, help="an .onnx file with its card beside it")
    parser.add_argument("--cache", type=Path, required=True, help="prepared folder")
    parser.add_argument("--out", type=Path, help="folder; the model's own unless given")
    parser.add_argument("--name", help="NAME_int8 unless given")
    parser.add_argument("--ranges", choices=tuple(RANGES), default="minmax")
    parser.add_argument(
        "--pictures", dest="images", type=int, default=256, help="to take ranges from (256)"
    )
    parser.add_argument("--bits", type=int, choices=(7, 8), default=7, help="of a weight (7)")
    parser.add_argument("--scores", type=Path, help="what `evaluate --data --json` wrote")
    args = parser.parse_args(argv)
    out = (args.out or args.model.parent) / f"{args.name or args.model.stem + '_int8'}.onnx"
    if out.resolve() == args.model.resolve():
        raise TrainingError("The INT8 model would replace the float one: give another --name.")
    refuse_overwriting(
        [args.model, args.model.with_suffix(".json"), args.scores], [out, out.with_suffix(".json")]
    )
    if args.images < 1:
        raise TrainingError("--pictures must be 1 or more.")
    out.parent.mkdir(parents=True, exist_ok=True)
    logging.disable(logging.WARNING)  # onnxruntime's advice to pre-process, which was done
    try:
        found = run(
            args.model, out, Plan(args.cache, args.ranges, args.images, args.bits, args.scores)
        )
    except ModelError as error:
        raise TrainingError(str(error)) from None
    finally:
        logging.disable(logging.NOTSET)
    tell(found, (args.model.stem, out.stem))
    return 0
