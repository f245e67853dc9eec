"""Any backbone that timm knows, with our heads: ResNet-18 of HaGRID's tutorial among them."""

import contextlib
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from training.errors import TrainingError
from training.models.heads import Heads
from training.models.small import WHITE

PREFIX = "timm:"
SIGNATURE = "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"
HELP = "supply a file of them with --weights FILE, or start from nothing with --weights none"


class BackboneClassifier(nn.Module):
    """A timm backbone up to its pooled features, then linear heads.

    Pixels become 0..1. With `mean` and `std`, three numbers each, they are normalised further, as
    pretrained weights expect; HaGRID's own training leaves them as they are.
    """

    mean: Tensor
    std: Tensor

    def __init__(self, shape: dict[str, Any], labels: int) -> None:
        """Build from `name`, `size`; perhaps `dropout`, `mean`, `std`, `orientation`, `joints`."""
        super().__init__()
        self.shape, self.size = shape, int(shape["size"])
        self.backbone = create(shape["name"], None)
        with torch.no_grad():
            self.backbone.eval()
            features = self._features(shape["name"])
        dropout, orientation = shape.get("dropout", 0.0), shape.get("orientation", True)
        self.heads = Heads(
            features, labels, float(dropout), bool(orientation), bool(shape.get("joints"))
        )
        for name, value in (("mean", 0.0), ("std", 1.0)):
            values = torch.tensor(shape.get(name) or [value] * 3).view(1, 3, 1, 1)
            self.register_buffer(name, values, persistent=False)

    def _features(self, name: str) -> int:
        """Return how many features the backbone gives. Raises `TrainingError` at a wrong size."""
        try:
            count: int = self.backbone(torch.zeros(1, 3, self.size, self.size)).shape[1]
        except (AssertionError, RuntimeError) as error:
            wanted = (getattr(self.backbone, "pretrained_cfg", None) or {}).get("input_size")
            size = f", for example --size {wanted[-1]}" if wanted else ""
            raise TrainingError(
                f"{name} does not take crops of {self.size} pixels ({error}): give another --size"
                f"{size}."
            ) from None
        return count

    def forward(self, crops: Tensor) -> dict[str, Tensor]:
        """Map RGB (N, S, S, 3), 0..255, to what `Heads` gives."""
        pixels = crops.permute(0, 3, 1, 2).float() / WHITE
        heads: dict[str, Tensor] = self.heads(self.backbone((pixels - self.mean) / self.std))
        return heads

    def describe(self) -> dict[str, Any]:
        """Return what this net is built from."""
        return self.shape


def create(name: str, weights: str | Path | None) -> nn.Module:
    """Return timm's backbone without its head.

    `weights` is None for none, `download` for timm's own, or a file. Raises `TrainingError` when
    timm does not know the name, or the weights cannot be had.
    """
    timm = _timm()
    if name not in timm.list_models() and name not in timm.list_models(pretrained=True):
        near = (
            ", ".join(timm.list_models(f"*{name[:6]}*")[:4]) or "resnet18, mobilenetv4_conv_small"
        )
        raise TrainingError(f"timm knows no backbone {name!r}: choose another, for example {near}.")
    if weights != "download":
        net: nn.Module = timm.create_model(name, pretrained=False, num_classes=0)
        if weights is not None:
            load_weights(net, Path(weights))
        return net
    try:
        net = timm.create_model(name, pretrained=True, num_classes=0)
    except Exception as error:  # noqa: BLE001  # the hub's client raises many kinds
        kind = type(error).__name__
        raise TrainingError(
            f"The pretrained weights of {name} cannot be downloaded ({kind}): {HELP}."
        ) from None
    return net


def pixel_statistics(name: str) -> dict[str, list[float]]:
    """Return mean and std, each of RGB in 0..1, that a backbone's pretrained weights expect.

    Raises `TrainingError` when timm cannot be imported.
    """
    cfg = _timm().get_pretrained_cfg(name)
    if cfg is None or cfg.mean is None or cfg.std is None:
        return {}
    return {"mean": list(cfg.mean), "std": list(cfg.std)}


def load_weights(net: nn.Module, path: Path) -> None:
    """Load a backbone's weights from a `.pth` or `.safetensors` file; heads in it are left out.

    Raises `TrainingError` when they are another net's.
    """
    try:
        if path.suffix == ".safetensors":
            from safetensors.torch import load_file

            found: dict[str, Any] = load_file(path)
        else:
            found = torch.load(path, weights_only=True, map_location="cpu")
    except Exception as error:  # noqa: BLE001  # unpickling raises many kinds
        raise TrainingError(f"{path} holds no weights ({error}): give another file.") from None
    for key in ("state_dict", "model", "MODEL_STATE"):
        found = found.get(key, found)
    found = {name.removeprefix("module.").removeprefix("backbone."): w for name, w in found.items()}
    wanted = net.state_dict()
    fitting = {n: w for n, w in found.items() if n in wanted and w.shape == wanted[n].shape}
    missing = [name for name in wanted if name not in fitting and "num_batches" not in name]
    if missing:
        raise TrainingError(
            f"{path} lacks {len(missing)} of {len(wanted)} weights, {missing[0]} first: "
            "it was made for another net."
        )
    net.load_state_dict(fitting, strict=False)


def _timm() -> Any:
    """Import timm. It wants torchvision, but none of torchvision's compiled operators.

    A torchvision that was compiled for another build of torch (the usual wheel beside a CPU-only
    torch) fails on import only because these two are not declared; so they are declared first.
    """
    library = torch.library.Library("torchvision", "FRAGMENT")  # type: ignore[no-untyped-call]
    for operator in ("nms", "qnms"):
        with contextlib.suppress(RuntimeError):  # they are there already
            library.define(operator + SIGNATURE)  # type: ignore[no-untyped-call]
    _KEPT.append(library)
    try:
        import timm
    except (ImportError, RuntimeError) as error:
        raise TrainingError(
            f"timm cannot be imported ({error}): `pip install timm torchvision`, both for the "
            "torch that is installed."
        ) from None
    return timm


_KEPT: list[torch.library.Library] = []
"""Operators are forgotten with their library, so that it has to stay."""
