"""What is read from a classifier's features: gesture, leading hand, orientation, embedding."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.datasets.hand_canvas import LANDMARKS
from vcam.core.labels import LEADING_HANDS, ORIENTATIONS


class FeatureDropout(nn.Module):
    """Dropout whose mask belongs to a sample's place in the global batch, not to a process.

    One process with the whole batch and several with a part of it each leave out the same features,
    so that they learn the same. The place is set with `at` before every step.
    """

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share
        self._seed, self._total, self._slots = 0, 0, slice(None)

    def at(self, seed: int, total: int, slots: slice) -> None:
        """Say which step this is, how large its global batch is, and which part is looked at."""
        self._seed, self._total, self._slots = seed, total, slots

    def forward(self, features: Tensor) -> Tensor:
        """Map (N, F) to (N, F); in evaluation nothing happens."""
        if not self.training or self.share == 0:
            return features
        generator = torch.Generator().manual_seed(self._seed)
        size = (self._total or len(features), features.shape[1])
        kept = torch.rand(size, generator=generator)[self._slots] >= self.share
        return features * kept.to(features) / (1 - self.share)


class Heads(nn.Module):
    """Linear heads over one feature vector."""

    def __init__(
        self,
        features: int,
        labels: int,
        dropout: float,
        orientation: bool = True,
        joints: bool = False,
    ) -> None:
        """Build them; nets of others may have learnt no `orientation`.

        `joints` says where a hand's landmarks are, while it learns: whoever knows that sees which
        fingers are stretched, on hands of people that taught no gesture.
        """
        super().__init__()
        self.dropout = FeatureDropout(dropout)
        self.gesture = nn.Linear(features, labels)
        self.hand = nn.Linear(features, len(LEADING_HANDS))
        self.orientation = nn.Linear(features, len(ORIENTATIONS)) if orientation else None
        self.joints = nn.Linear(features, 2 * LANDMARKS) if joints else None

    def forward(self, features: Tensor) -> dict[str, Tensor]:
        """Map features (N, F) to logits of `gesture` (N, C), `hand` (N, 2), `orientation` (N, 4).

        `embedding` (N, F) is the features themselves at length 1: what two hands that show the
        same have alike, whatever the gesture is called. In training there may be
        `joints` (N, 21, 2).
        """
        kept = self.dropout(features)
        given = {"gesture": self.gesture(kept), "hand": self.hand(kept)}
        if self.orientation is not None:
            given["orientation"] = self.orientation(kept)
        if self.joints is not None and self.training:
            given["joints"] = self.joints(features).unflatten(1, (LANDMARKS, 2))
        return given | {"embedding": F.normalize(features, dim=1)}
