"""The two nets that ship: a hand detector and a two-head crop classifier.

Both are plain 3x3 convolutions with residuals. On the two CPU cores this product is sized for they
train about four times as fast as nets of depthwise convolutions, and run no slower. Both take
uint8 RGB in NHWC and normalise inside, so that training and runtime cannot drift apart.
"""

from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor, nn

from vcam.gesture import LABELS, LEADING_HANDS


def normalise(images: Tensor) -> Tensor:
    """Turn uint8 or float RGB (N, H, W, 3), 0..255, into float (N, 3, H, W), -1..1."""
    return images.permute(0, 3, 1, 2).float() / 127.5 - 1.0


class ConvBlock(nn.Sequential):
    """3x3 convolution, batch norm, ReLU."""

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


@dataclass(frozen=True, slots=True)
class ClassifierShape:
    """What a `CropClassifier` is built from; stored beside its weights."""

    size: int = 96
    """Side of the square crop in pixels."""
    stem: int = 24
    widths: tuple[int, ...] = (32, 64, 112, 160)
    """Channels of the residual blocks; each but the last halves the picture."""
    dropout: float = 0.2


class CropClassifier(nn.Module):
    """Names the gesture of a hand crop, and which of the person's hands it is."""

    def __init__(self, shape: ClassifierShape | None = None) -> None:
        super().__init__()
        self.shape = shape or ClassifierShape()
        layers: list[nn.Module] = [ConvBlock(3, self.shape.stem, 2)]
        inputs = self.shape.stem
        for place, width in enumerate(self.shape.widths):
            stride = 1 if place == len(self.shape.widths) - 1 else 2
            layers.append(Residual(inputs, width, stride))
            inputs = width
        self.body = nn.Sequential(*layers)
        self.dropout = nn.Dropout(self.shape.dropout)
        self.gesture = nn.Linear(inputs, len(LABELS))
        self.hand = nn.Linear(inputs, len(LEADING_HANDS))

    def forward(self, crops: Tensor) -> tuple[Tensor, Tensor]:
        """Map RGB (N, S, S, 3), 0..255, to logits (N, 19) of gestures and (N, 2) of hands."""
        features = self.dropout(self.body(normalise(crops)).mean((2, 3)))
        return self.gesture(features), self.hand(features)

    def describe(self) -> dict[str, Any]:
        """Return what `CropClassifier(ClassifierShape(**…))` needs to build this net again."""
        return asdict(self.shape)


@dataclass(frozen=True, slots=True)
class DetectorShape:
    """What a `HandDetector` is built from; stored beside its weights."""

    stem: tuple[int, int] = (16, 24)
    """Channels at strides 2 and 4."""
    widths: tuple[int, int, int] = (32, 64, 96)
    """Channels at strides 8, 16 and 32."""
    depth: int = 1
    """Residual blocks at stride 8, where small hands are seen."""
    head: int = 32


class HandDetector(nn.Module):
    """Finds hands: every cell of a grid with stride 8 gives a score and the way to four sides.

    Anchor-free and single-scale, after FCOS (Tian et al., arXiv 1904.01355); what lies around a
    hand comes from strides 16 and 32 by upsampling, after FPN (Lin et al., arXiv 1612.03144).
    """

    stride = 8

    def __init__(self, shape: DetectorShape | None = None) -> None:
        super().__init__()
        self.shape = shape or DetectorShape()
        fine, middle, coarse = self.shape.widths
        first, second = self.shape.stem
        self.stem = nn.Sequential(ConvBlock(3, first, 2), ConvBlock(first, second, 2))
        more = [Residual(fine, fine) for _ in range(self.shape.depth)]
        self.fine = nn.Sequential(ConvBlock(second, fine, 2), *more)
        self.middle = nn.Sequential(Residual(fine, middle, 2), Residual(middle, middle))
        self.coarse = nn.Sequential(Residual(middle, coarse, 2), Residual(coarse, coarse))
        self.from_coarse = ConvBlock(coarse, middle, kernel=1)
        self.from_middle = ConvBlock(middle, self.shape.head, kernel=1)
        self.from_fine = ConvBlock(fine, self.shape.head, kernel=1)
        self.head = ConvBlock(self.shape.head, self.shape.head)
        self.score = nn.Conv2d(self.shape.head, 1, 1)
        self.sides = nn.Conv2d(self.shape.head, 4, 1)
        nn.init.constant_(self.score.bias, -4.6)  # type: ignore[arg-type]  # 1 % to start with

    def forward(self, frames: Tensor) -> tuple[Tensor, Tensor]:
        """Map RGB (N, H, W, 3), H and W multiples of 32, to logits (N, 1, H/8, W/8) and sides.

        Sides are (N, 4, H/8, W/8): distance in pixels from the cell's middle to the left, top,
        right and bottom of the hand.
        """
        fine = self.fine(self.stem(normalise(frames)))
        middle = self.middle(fine)
        coarse = self.from_coarse(self.coarse(middle))
        middle = middle + nn.functional.interpolate(coarse, scale_factor=2.0)
        middle = self.from_middle(middle)
        fine = self.from_fine(fine) + nn.functional.interpolate(middle, scale_factor=2.0)
        fine = self.head(fine)
        return self.score(fine), self.sides(fine).clamp(-4, 6).exp() * self.stride

    def describe(self) -> dict[str, Any]:
        """Return what `HandDetector(DetectorShape(**…))` needs to build this net again."""
        return asdict(self.shape)
