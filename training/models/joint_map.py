"""A crop classifier that looks for the joints first, and names what they and the crop show.

A classifier that knows nothing but names gives every hand the name of its nearest neighbour. Where
the 21 landmarks are is a question of another kind: it has an answer for every hand, whatever it
shows. This net has a map for each landmark and reads its place as the map's mean (soft-argmax, as
Sun et al., Integral Human Pose Regression, arXiv 1711.08229). What a small perceptron makes of bent
and stretched fingers stands beside the features of the crop, and the heads read both.
"""

from dataclasses import asdict, dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.datasets.hand_canvas import INDEX_ROOT, LANDMARKS, LITTLE_ROOT, WRIST
from training.models.heads import Heads
from training.models.small import WHITE, ConvBlock, Residual, fold_scale, normalise

MAP_STRIDE = 4
"""Pixels between two cells of a joint's map."""
FINGERS = [[WRIST, *range(root, root + 4)] for root in range(1, LANDMARKS, 4)]
"""The landmarks of each finger from the wrist to its tip, the thumb first."""
TIPS = [finger[-1] for finger in FINGERS]
THUMB_TIP = TIPS[0]
SPANS = [
    *((tip, other) for place, tip in enumerate(TIPS) for other in TIPS[place + 1 :]),
    *((THUMB_TIP, lower) for lower in (5, 6, 9, 10, 13, 14, 17)),
    *((WRIST, finger[joint]) for finger in FINGERS for joint in (2, 4)),
]
"""Pairs of landmarks whose distance tells poses apart: tips from each other, the thumb from the
lower joints of the fingers, bent fingers from the wrist."""
MIN_LENGTH = 1e-3
"""Minimum length, in parts of the hand, that something is divided by."""


@dataclass(frozen=True, slots=True)
class JointMapShape:
    """What a `JointMapClassifier` is built from; stored beside its weights."""

    size: int = 96
    """Side of the square crop in pixels, a multiple of 16."""
    stem: int = 16
    widths: tuple[int, int, int, int] = (32, 64, 112, 160)
    """Channels of the residual blocks, as in `ClassifierShape`: its body can be started from."""
    middle: int = 64
    """Channels of the map branch at stride 8."""
    fine: int = 32
    """Channels of the map branch at stride 4."""
    hidden: int = 192
    """Width of the perceptron that reads fingers."""
    fingers: int = 96
    """What it gives to the heads."""
    dropout: float = 0.2
    bare_fingers: bool = False
    """Whether the heads also read what the perceptron reads. It forgets what tells poses apart that
    have had one name, and names of one's own (`--learn names`) are for such poses."""


class JointMapClassifier(nn.Module):
    """Names the gesture of a hand crop, which of the person's hands it is, and how it is turned."""

    def __init__(self, shape: JointMapShape, labels: int) -> None:
        super().__init__()
        self.shape, self.scale, self.size = shape, WHITE, shape.size
        small, low, mid, high = shape.widths
        self.body = nn.Sequential(
            ConvBlock(3, shape.stem, 2),
            Residual(shape.stem, small, 2),
            Residual(small, low, 2),
            Residual(low, mid, 2),
            Residual(mid, high, 1),
        )
        self.maps = JointMaps(shape)
        self.fingers = FingerReader(shape.hidden, shape.fingers)
        more = self.fingers.first.in_features if shape.bare_fingers else 0
        self.heads = Heads(high + shape.fingers + more, labels, shape.dropout)

    def forward(self, crops: Tensor) -> dict[str, Tensor]:
        """Map RGB (N, S, S, 3), 0..255, to what `Heads` gives.

        In training there are `joints` (N, 21, 2), in parts of the crop, and the logits of their
        maps, `joint_maps` (N, 21, S/4 * S/4).
        """
        stem, first, second, third, fourth = self.body
        fine = first(stem(normalise(crops, self.scale)))
        middle = second(fine)
        coarse = fourth(third(middle))
        maps, joints = self.maps(fine, middle, coarse)
        bare, read = self.fingers(joints)
        features = [coarse.mean((2, 3)), read, *([bare] if self.shape.bare_fingers else [])]
        given: dict[str, Tensor] = self.heads(torch.cat(features, 1))
        if self.shape.bare_fingers:  # embeddings are the same with them and without
            given["embedding"] = F.normalize(torch.cat(features[:2], 1), dim=1)
        return given | {"joints": joints, "joint_maps": maps} if self.training else given

    def fold_scale(self) -> None:
        """Let the first convolution do the division by 255."""
        fold_scale(self, self.body[0][0])  # type: ignore[index]  # a ConvBlock

    def describe(self) -> dict[str, Any]:
        """Return what `JointMapShape(**…)` needs to build this net again."""
        return asdict(self.shape)


class JointMaps(nn.Module):
    """A map of each joint at a quarter of the crop's side, and the place that it stands for."""

    def __init__(self, shape: JointMapShape) -> None:
        super().__init__()
        small, low, _, high = shape.widths
        self.from_coarse = ConvBlock(high, shape.middle, kernel=1)
        self.from_middle = ConvBlock(low, shape.middle, kernel=1)
        self.middle = ConvBlock(shape.middle, shape.middle)
        self.to_fine = ConvBlock(shape.middle, shape.fine, kernel=1)
        self.from_fine = ConvBlock(small, shape.fine, kernel=1)
        self.fine = ConvBlock(shape.fine, shape.fine)
        self.joints = nn.Conv2d(shape.fine, LANDMARKS, 1)
        cells = shape.size // MAP_STRIDE
        middles = (torch.arange(cells) + 0.5) / cells
        places = torch.stack([middles.repeat(cells), middles.repeat_interleave(cells)], 1)
        self.register_buffer("places", places, persistent=False)
        self.places: Tensor

    def forward(self, fine: Tensor, middle: Tensor, coarse: Tensor) -> tuple[Tensor, Tensor]:
        """Map features at strides 4, 8 and 16 to maps (N, 21, M) and joints (N, 21, 2)."""
        above = F.interpolate(self.from_coarse(coarse), scale_factor=2.0)
        middle = self.to_fine(self.middle(self.from_middle(middle) + above))
        fine = self.fine(self.from_fine(fine) + F.interpolate(middle, scale_factor=2.0))
        maps = self.joints(fine).flatten(2)
        return maps, maps.softmax(-1) @ self.places


class FingerReader(nn.Module):
    """Reads joints alone, wherever in the crop and however large the hand is."""

    def __init__(self, hidden: int, given: int) -> None:
        super().__init__()
        features = finger_features(torch.zeros(1, LANDMARKS, 2)).shape[1]
        self.norm = nn.BatchNorm1d(features, affine=False)
        self.first, self.second = nn.Linear(features, hidden), nn.Linear(hidden, given)

    def forward(self, joints: Tensor) -> tuple[Tensor, Tensor]:
        """Map joints (N, 21, 2) to normalised `finger_features` (N, F) and what is read in them.

        Joints learn from their own truth alone.
        """
        features = finger_features(joints.detach())
        if self.training:
            features = self.norm(features)
        else:  # the same; torch cannot export a batch norm that learns no scale
            mean, spread = self.norm.running_mean, self.norm.running_var
            assert mean is not None
            assert spread is not None
            features = (features - mean) * (spread + self.norm.eps).rsqrt()
        return features, torch.relu(self.second(torch.relu(self.first(features))))


def finger_features(joints: Tensor) -> Tensor:
    """Return what tells finger poses apart (N, F), of joints (N, 21, 2) in any unit.

    Places from the hand's middle in parts of its longer side; of each finger its bones' lengths,
    how far it bends at each joint, how straight it is and where it points; the `SPANS`, and which
    way round the palm is.
    """
    hand = hand_frame(joints)
    chains = hand[:, FINGERS]
    bones = chains[:, :, 1:] - chains[:, :, :-1]
    lengths = _length(bones)
    along = bones / lengths[..., None]
    before, after = along[:, :, :-1], along[:, :, 1:]
    reach = chains[:, :, 4] - chains[:, :, 1]
    extent = _length(reach)
    one, other = ([pair[end] for pair in SPANS] for end in (0, 1))
    palm = hand[:, [INDEX_ROOT, LITTLE_ROOT]] - hand[:, :1]
    features = [
        hand,
        lengths,
        (before * after).sum(-1),
        _cross(before, after),
        extent / lengths[:, :, 1:].sum(-1),
        reach / extent[..., None],
        _length(hand[:, one] - hand[:, other]),
        _cross(palm[:, :1], palm[:, 1:]),
    ]
    return torch.cat([feature.flatten(1) for feature in features], 1)


def hand_frame(joints: Tensor) -> Tensor:
    """Return joints (N, 21, 2) from their middle, in parts of the hand's longer side."""
    away = joints - joints.mean(1, keepdim=True)
    side = (away.amax(1) - away.amin(1)).amax(1).clamp_min(MIN_LENGTH)
    return away / side[:, None, None]


def _length(vectors: Tensor) -> Tensor:
    return (vectors * vectors).sum(-1).clamp_min(MIN_LENGTH**2).sqrt()


def _cross(one: Tensor, other: Tensor) -> Tensor:
    return one[..., 0] * other[..., 1] - one[..., 1] * other[..., 0]
