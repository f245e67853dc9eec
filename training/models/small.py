"""The two nets that ship: a hand detector and a crop classifier.

Both are plain 3x3 convolutions with residuals. On the two CPU cores this product is sized for they
train about four times as fast as nets of depthwise convolutions, and run no slower. Channels come
in sixteens, which is how wide processors with AVX-512 work. Both take uint8 RGB in NHWC and
normalise inside, so that training and runtime cannot drift apart.
"""

from dataclasses import asdict, dataclass
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from training.models.heads import Heads

WHITE = 255.0


def normalise(images: Tensor, scale: float = WHITE) -> Tensor:
    """Turn uint8 or float RGB (N, H, W, 3), 0..255, into float (N, 3, H, W), 0..255 / scale."""
    pixels = images.permute(0, 3, 1, 2).to(torch.get_default_dtype())
    return pixels if scale == 1 else pixels / scale


class ConvBlock(nn.Sequential):
    """Convolution, batch norm, ReLU."""

    def __init__(self, inputs: int, outputs: int, stride: int = 1, kernel: int = 3) -> None:
        super().__init__(
            nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(inplace=True),
        )


class Residual(nn.Module):
    """Two 3x3 convolutions around a skip; the skip is projected where the shape changes."""

    def __init__(self, inputs: int, outputs: int, stride: int = 1) -> None:
        super().__init__()
        self.first = ConvBlock(inputs, outputs, stride)
        self.second = nn.Sequential(
            nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False), nn.BatchNorm2d(outputs)
        )
        self.skip: nn.Module = nn.Identity()
        if stride != 1 or inputs != outputs:
            self.skip = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs)
            )

    def forward(self, x: Tensor) -> Tensor:
        """Map (N, inputs, H, W) to (N, outputs, H / stride, W / stride)."""
        return torch.relu(self.second(self.first(x)) + self.skip(x))


class FoldsScale(Protocol):
    """A net that divides pixels before its first convolution."""

    scale: float


def fold_scale(net: FoldsScale, first: nn.Conv2d) -> None:
    """Let the first convolution do the division by 255: the same net, one pass less over pixels."""
    with torch.no_grad():
        first.weight /= net.scale
    net.scale = 1.0


@dataclass(frozen=True, slots=True)
class ClassifierShape:
    """What a `CropClassifier` is built from; stored beside its weights."""

    size: int = 80
    """Side of the square crop in pixels."""
    stem: int = 16
    widths: tuple[int, ...] = (32, 64, 112, 160)
    """Channels of the residual blocks; each but the last halves the picture."""
    dropout: float = 0.2
    joints: bool = False
    """Whether it has learnt where landmarks are; nothing reads it but training."""


class CropClassifier(nn.Module):
    """Names the gesture of a hand crop, which of the person's hands it is, and how it is turned."""

    def __init__(self, shape: ClassifierShape, labels: int) -> None:
        super().__init__()
        self.shape, self.scale, self.size = shape, WHITE, shape.size
        layers: list[nn.Module] = [ConvBlock(3, shape.stem, 2)]
        inputs = shape.stem
        for place, width in enumerate(shape.widths):
            stride = 1 if place == len(shape.widths) - 1 else 2
            layers.append(Residual(inputs, width, stride))
            inputs = width
        self.body = nn.Sequential(*layers)
        self.heads = Heads(inputs, labels, shape.dropout, joints=shape.joints)

    def forward(self, crops: Tensor) -> dict[str, Tensor]:
        """Map RGB (N, S, S, 3), 0..255, to what `Heads` gives."""
        heads: dict[str, Tensor] = self.heads(self.body(normalise(crops, self.scale)).mean((2, 3)))
        return heads

    def fold_scale(self) -> None:
        """Let the first convolution do the division by 255."""
        fold_scale(self, self.body[0][0])  # type: ignore[index]  # a ConvBlock

    def describe(self) -> dict[str, Any]:
        """Return what `ClassifierShape(**…)` needs to build this net again."""
        return asdict(self.shape)


@dataclass(frozen=True, slots=True)
class DetectorShape:
    """What a `HandDetector` is built from; stored beside its weights."""

    patch: int = 6
    """Side of the patches that the first convolution looks at, four pixels apart."""
    stem: int = 16
    """Channels at stride 4."""
    widths: tuple[int, int, int] = (32, 64, 96)
    """Channels at strides 8, 16 and 32."""
    depth: int = 0
    """Residual blocks at stride 8, where small hands are seen."""
    head: int = 16


class HandDetector(nn.Module):
    """Finds hands: every cell of a grid with stride 8 gives a score and the way to four sides.

    Anchor-free and single-scale, after FCOS (Tian et al., arXiv 1904.01355); what lies around a
    hand comes from strides 16 and 32 by upsampling, after FPN (Lin et al., arXiv 1612.03144).
    """

    stride = 8

    def __init__(self, shape: DetectorShape) -> None:
        super().__init__()
        self.shape, self.scale = shape, WHITE
        fine, middle, coarse = shape.widths
        self.stem = nn.Sequential(
            nn.Conv2d(3, shape.stem, shape.patch, 4, shape.patch // 2 - 1, bias=False),
            nn.BatchNorm2d(shape.stem),
            nn.ReLU(inplace=True),
        )
        more = [Residual(fine, fine) for _ in range(shape.depth)]
        self.fine = nn.Sequential(ConvBlock(shape.stem, fine, 2), *more)
        self.middle = nn.Sequential(Residual(fine, middle, 2), Residual(middle, middle))
        self.coarse = nn.Sequential(Residual(middle, coarse, 2), Residual(coarse, coarse))
        self.from_coarse = ConvBlock(coarse, middle, kernel=1)
        self.from_middle = ConvBlock(middle, shape.head, kernel=1)
        self.from_fine = ConvBlock(fine, shape.head, kernel=1)
        self.head = ConvBlock(shape.head, shape.head)
        self.score = nn.Conv2d(shape.head, 1, 1)
        self.sides = nn.Conv2d(shape.head, 4, 1)
        nn.init.constant_(self.score.bias, -4.6)  # type: ignore[arg-type]  # 1 % to start with

    def forward(self, frames: Tensor) -> tuple[Tensor, Tensor]:
        """Map RGB (N, H, W, 3), H and W multiples of 32, to logits (N, 1, H/8, W/8) and sides.

        Sides are (N, 4, H/8, W/8): distance in pixels from the cell's middle to the left, top,
        right and bottom of the hand.
        """
        fine = self.features(frames)
        return self.score(fine), self.distances(self.sides(fine))

    def features(self, frames: Tensor) -> Tensor:
        """Return what score and sides of every cell follow from: (N, C, H/8, W/8)."""
        fine = self.fine(self.stem(normalise(frames, self.scale)))
        middle = self.middle(fine)
        coarse = self.from_coarse(self.coarse(middle))
        middle = middle + nn.functional.interpolate(coarse, scale_factor=2.0)
        middle = self.from_middle(middle)
        fine = self.from_fine(fine) + nn.functional.interpolate(middle, scale_factor=2.0)
        return self.head(fine)  # type: ignore[no-any-return]  # torch's modules return Any

    def distances(self, sides: Tensor) -> Tensor:
        """Turn the raw sides of any number of cells into pixels."""
        return sides.clamp(-4, 6).exp() * self.stride

    def fold_scale(self) -> None:
        """Let the first convolution do the division by 255."""
        fold_scale(self, self.stem[0])  # type: ignore[arg-type]  # a convolution

    def describe(self) -> dict[str, Any]:
        """Return what `DetectorShape(**…)` needs to build this net again."""
        return asdict(self.shape)
