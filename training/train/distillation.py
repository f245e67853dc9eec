"""Fine-tuning that keeps what the net knew: the net as it started teaches the net that learns.

Learning without forgetting (Li and Hoiem, arXiv 1606.09282): among the classes that the start knew,
the new net's probabilities stay near the old one's, unless the data contradict it: where a picture
has a label that the start knew, and the start says something else, it is not listened to. The same
holds for left and right wherever the data do not say which hand it is.
"""

import copy
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.datasets.dataset import UNKNOWN
from training.train.distributed import Distributed

TEMPERATURE = 2.0
"""Temperature of the distillation: above 1, so that also unlikely classes are kept apart."""


class Teacher:
    """A net as it was before fine-tuning."""

    def __init__(self, net: nn.Module, known: Sequence[int], weight: float) -> None:
        """Copy the net; `known` are the places of the labels that it has learnt."""
        self._net = copy.deepcopy(net).eval().requires_grad_(False)
        self._known, self._weight = torch.tensor(known), weight

    @torch.no_grad()
    def _answer(self, crops: Tensor) -> dict[str, Tensor]:
        answer: dict[str, Tensor] = self._net.to(crops.device)(crops)
        return answer

    def loss(
        self,
        crops: Tensor,
        given: dict[str, Tensor],
        shown: tuple[Tensor, Tensor],
        distributed: Distributed,
    ) -> tuple[Tensor, float]:
        """Return this process's part of the loss times their number, and the whole loss.

        `given` are the learning net's logits for crops (N, S, S, 3); `shown` the true gestures (N,)
        and the true sides (N,), UNKNOWN where nobody says.
        """
        answer = self._answer(crops)
        known = self._known.to(crops.device)
        truth, hand = shown[0].to(crops.device), shown[1]
        said = known[answer["gesture"][:, known].argmax(1)]
        heard = (said == truth) | ~torch.isin(truth, known)
        gesture = _divergence(
            given["gesture"][heard][:, known], answer["gesture"][heard][:, known], TEMPERATURE
        )
        open_hands = hand.to(crops.device) == UNKNOWN
        side = _divergence(given["hand"][open_hands], answer["hand"][open_hands], 1.0)
        count = distributed.total(float(len(crops)))[0]
        part = self._weight * (gesture + side) / max(1.0, count)
        return part * distributed.size, distributed.total(float(part.detach()))[0]


def _divergence(student: Tensor, teacher: Tensor, softness: float) -> Tensor:
    """Return the summed Kullback-Leibler divergence of softened probabilities."""
    return softness**2 * F.kl_div(
        F.log_softmax(student.float() / softness, 1),
        F.log_softmax(teacher.float() / softness, 1),
        reduction="sum",
        log_target=True,
    )
