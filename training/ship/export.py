"""Write a trained net as the two files that `vcam` reads: NAME.onnx and its card NAME.json.

`python -m training export runs/classifier/model.pt --name gesture_classifier --out models`
"""

import argparse
import hashlib
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from torch import Tensor, nn

from training.learn.engine import git_commit
from training.nets.small import ClassifierShape, CropClassifier, DetectorShape, HandDetector
from vcam.card import FORMAT_VERSION
from vcam.gesture import LABELS, LEADING_HANDS

OPSET = 17
MOST_HANDS = 32
"""Boxes that a detector gives before overlapping ones are taken out."""
TOLERANCE = 1e-3
"""Largest difference between torch's and ONNX Runtime's outputs on the same pictures."""


class DetectorOutputs(nn.Module):
    """The detector as it is exported: the best cells of one picture as boxes with scores."""

    def __init__(self, net: HandDetector) -> None:
        super().__init__()
        self.net = net

    def forward(self, frame: Tensor) -> tuple[Tensor, Tensor]:
        """Map uint8 RGB (1, H, W, 3) to boxes (32, 4) xyxy pixels and scores (32,)."""
        score, sides = self.net(frame)
        scores, cells = torch.sigmoid(score).flatten().topk(MOST_HANDS)
        return self._boxes(sides)[cells], scores

    def _boxes(self, sides: Tensor) -> Tensor:
        """Place every cell by running sums, so that the graph takes any picture size."""
        left, top, right, bottom = sides[0].unbind(0)
        x = (torch.ones_like(left).cumsum(1) - 0.5) * self.net.stride
        y = (torch.ones_like(left).cumsum(0) - 0.5) * self.net.stride
        return torch.stack([x - left, y - top, x + right, y + bottom], -1).reshape(-1, 4)


class ClassifierOutputs(nn.Module):
    """The classifier as it is exported: logits divided by the temperature found in calibration."""

    def __init__(self, net: CropClassifier, temperature: float) -> None:
        super().__init__()
        self.net, self.temperature = net, temperature

    def forward(self, crops: Tensor) -> tuple[Tensor, Tensor]:
        """Map uint8 RGB (N, S, S, 3) to logits (N, 19) of gestures and (N, 2) of hands."""
        gesture, hand = self.net(crops)
        return gesture / self.temperature, hand


def load_net(checkpoint: Mapping[str, Any]) -> CropClassifier | HandDetector:
    """Build the net that a checkpoint describes, with its weights, ready to be run."""
    shape: dict[str, Any] = {
        k: tuple(v) if isinstance(v, list) else v for k, v in checkpoint["shape"].items()
    }
    net: CropClassifier | HandDetector
    if checkpoint["task"] == "detect":
        net = HandDetector(DetectorShape(**shape))
    else:
        net = CropClassifier(ClassifierShape(**shape))
    net.load_state_dict(checkpoint["weights"])
    return net.eval()


def write_onnx(net: nn.Module, pictures: Tensor, path: Path, names: Sequence[str]) -> None:
    """Export to ONNX; the batch of a classifier and the sides of a detector stay free."""
    free = {"input": {0: "n"}, names[0]: {0: "n"}, names[1]: {0: "n"}}
    if names[0] == "boxes":
        free = {"input": {1: "height", 2: "width"}}
    torch.onnx.export(
        net,
        (pictures,),
        path,
        input_names=["input"],
        output_names=list(names),
        dynamic_axes=free,
        opset_version=OPSET,
        dynamo=False,
    )


def parity(net: nn.Module, path: Path, pictures: Tensor) -> float:
    """Return the largest difference between torch and ONNX Runtime on uint8 pictures."""
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    with torch.no_grad():
        expected = net(pictures)
    given = session.run(None, {"input": pictures.numpy()})
    wanted = [want.numpy() for want in expected]
    if isinstance(net, DetectorOutputs):
        alone = _stand_alone(wanted[1])
        wanted, given = ([boxes[alone], scores] for boxes, scores in (wanted, given))
    differences = [np.abs(want - got) for want, got in zip(wanted, given, strict=True)]
    return max(float(one.max()) for one in differences if one.size)


def _stand_alone(scores: np.ndarray) -> np.ndarray:
    """Mark scores that no neighbour in rank comes near: the others may change places."""
    near = np.abs(np.diff(scores)) < TOLERANCE
    return ~(np.append(near, True) | np.insert(near, 0, False))


def halve_weights(path: Path) -> None:
    """Store large weights as float16, widened again by the graph when it is loaded.

    ONNX Runtime folds the widening away at load time, so that nothing is slower; files halve.
    """
    model = onnx.load(path)
    for weight in [w for w in model.graph.initializer if _is_large(w)]:
        values = onnx.numpy_helper.to_array(weight)
        small = onnx.numpy_helper.from_array(values.astype(np.float16), f"{weight.name}_half")
        wide = onnx.helper.make_node("Cast", [small.name], [weight.name], to=onnx.TensorProto.FLOAT)
        model.graph.initializer.remove(weight)
        model.graph.initializer.append(small)
        model.graph.node.insert(0, wide)
    onnx.checker.check_model(model)
    onnx.save(model, path)


def _is_large(weight: onnx.TensorProto) -> bool:
    return weight.data_type == onnx.TensorProto.FLOAT and int(np.prod(weight.dims)) > 1024


def finish(path: Path, card: dict[str, Any]) -> None:
    """Embed the card in the model and write it, with the file's checksum, beside it."""
    model = onnx.load(path)
    del model.metadata_props[:]
    model.metadata_props.add(key="card", value=json.dumps(card))
    onnx.save(model, path)
    card = {**card, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    part = path.with_suffix(".json.part")
    part.write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
    part.replace(path.with_suffix(".json"))


def export(checkpoint_path: Path, name: str, out: Path, facts: Mapping[str, Any]) -> Path:
    """Write the model and its card; raises RuntimeError when ONNX Runtime does not agree."""
    checkpoint = torch.load(checkpoint_path, weights_only=True)
    net = load_net(checkpoint)
    detects = checkpoint["task"] == "detect"
    temperature = float(facts.get("temperature", 1.0))
    outputs: nn.Module
    if isinstance(net, HandDetector):
        outputs, names = DetectorOutputs(net), ("boxes", "scores")
        size = math.isqrt(checkpoint["area"])  # what it was trained on
    else:
        outputs = ClassifierOutputs(net, temperature)
        size, names = net.shape.size, ("gesture", "hand")
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"{name}.onnx"
    pictures = torch.randint(0, 255, (1, size, size, 3), dtype=torch.uint8)
    write_onnx(outputs.eval(), pictures, path, names)
    difference = parity(outputs, path, pictures)
    if difference > TOLERANCE * (100 if detects else 1):  # boxes are pixels
        raise RuntimeError(f"torch and ONNX Runtime differ by {difference:.2g}")
    halve_weights(path)
    finish(path, _card(name, checkpoint, size, net, facts))
    return path


def _card(
    name: str,
    checkpoint: Mapping[str, Any],
    size: int,
    net: nn.Module,
    facts: Mapping[str, Any],
) -> dict[str, Any]:
    detects = checkpoint["task"] == "detect"
    return {
        "name": name,
        "task": checkpoint["task"],
        "format_version": FORMAT_VERSION,
        "input": {"height": size, "width": size, "layout": "NHWC", "dtype": "uint8"},
        "outputs": ["boxes", "scores"] if detects else ["gesture", "hand"],
        "labels": None if detects else list(LABELS),
        "hands": None if detects else list(LEADING_HANDS),
        "crop": None
        if detects
        else {"scale": checkpoint["margin"], "square": True, "pad": "black"},
        "thresholds": facts.get("thresholds", {"default": 0.5}),
        "opset": OPSET,
        "quantization": "none; weights stored as float16",
        "parameters": sum(weight.numel() for weight in net.parameters()),
        "trained_on": facts.get("trained_on", []),
        "trained_with": {
            "git commit": checkpoint.get("commit") or git_commit(),
            "recipe": checkpoint["recipe"],
            "seed": checkpoint["recipe"]["seed"],
        },
        "scores": facts.get("scores", []),
        "licence": facts.get("licence", "CC BY-SA 4.0"),
    }


def _gather(calibration: Path, facts: Path | None, scores: Path | None) -> dict[str, Any]:
    """Return all that the card should say: from calibration, from a file, from an evaluation."""
    said: dict[str, Any] = {}
    for path in (calibration, facts):
        if path and path.exists():
            said |= json.loads(path.read_text(encoding="utf-8"))
    if scores:
        said["scores"] = list(_card_scores(json.loads(scores.read_text(encoding="utf-8"))))
    return said


def _card_scores(evaluation: Mapping[str, Mapping[str, float | None]]) -> Iterator[dict[str, Any]]:
    """Yield one row for each source and metric of an evaluation of both models together."""
    for dataset, shares in evaluation.items():
        if dataset.startswith("gesture:"):
            continue
        for metric in ("found", "hit", "wrong", "hand"):
            yield {
                "dataset": dataset,
                "split": "held back",
                "images": shares["pictures"],
                "metric": metric,
                "value": shares[metric],
            }


def main(argv: Sequence[str]) -> int:
    """Run `python -m training export`."""
    parser = argparse.ArgumentParser(prog="python -m training export", description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--name", required=True)
    parser.add_argument("--out", type=Path, default=Path("models"))
    parser.add_argument("--facts", type=Path, help="JSON with thresholds, trained_on, licence")
    parser.add_argument("--scores", type=Path, help="what `evaluate --json` wrote")
    args = parser.parse_args(argv)
    if not args.checkpoint.is_file():
        parser.error(f"no checkpoint at {args.checkpoint}: train one first")
    facts = _gather(args.checkpoint.with_name("facts.json"), args.facts, args.scores)
    path = export(args.checkpoint, args.name, args.out, facts)
    print(f"{path}: {path.stat().st_size / 1e6:.2f} MB")
    return 0
