"""Teach a net new names, and leave what it sees as it is (`train classifier --learn names`).

Photos of one or two people are too few to change what a net sees by: it learns their rooms. But the
features of a net that was trained on many people already tell poses apart that it has no name for.
So only the rows that turn features into names are fitted: logistic regression on augmented crops,
which has one best solution and needs no schedule. Rows of names that the net knew are held thirty
times as tightly as new ones; leading hand and orientation do not change at all.
"""

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from rich.console import Console
from rich.progress import track
from torch import Tensor, nn
from torch.utils.data import DataLoader

from training.augmentation.crop_dataset import CropBatches
from training.datasets.dataset import UNKNOWN
from training.errors import TrainingError
from training.models.heads import Heads
from training.train.process import ignore_ctrl_c
from vcam.core.labels import NO_GESTURE

STAY = 0.01
"""What it costs a new row to leave its beginning: the squared way, features being of variance 1."""
KEEP = 0.3
"""What it costs a row of a known name: rendered hands must not make it forget real ones."""
LESS_LIKELY = 1.0
"""By how much the logit of a new name is below that of `no_gesture`, before anything is learnt."""
MIN_SPREAD = 1e-3
"""Features that vary less are counted as if they varied so much."""
ITERATIONS = 300
"""At most; about 60 are enough."""


class Names:
    """What a net sees of augmented crops, and the rows that name it."""

    def __init__(
        self, net: nn.Module, known: Sequence[str], batches: CropBatches, steps: int, workers: int
    ) -> None:
        """Look at `steps` batches of crops.

        `known` are the labels of which the head has rows to stay near to; all others begin as
        `no_gesture` does, since that is what the net took them for. Raises `TrainingError` when
        there is no other, or the hands show fewer than two of the labels.
        """
        self._net = net
        self._heads: Heads = net.heads  # type: ignore[assignment]  # of whatever classifier it is
        self._labels = batches.prepared.hands.labels
        self._known = frozenset(known)
        self._new = torch.tensor([label not in known for label in self._labels])
        if not self._new.any():
            raise TrainingError(
                "There is no new name to learn: put photos of a gesture that the model does not "
                "know into a folder with its name, or leave --learn names out."
            )
        shown = {self._labels[place] for place in set(batches.prepared.hands.gesture.tolist())}
        if len(shown) < 2:
            raise TrainingError(
                f"All hands show {', '.join(shown) or 'nothing'}: add photos of hands that do "
                "something else, in a folder no_gesture, and rendered hands of the other gestures."
            )
        if not shown & self._known - {NO_GESTURE}:
            print(
                "No hand shows a gesture that the model knew: many of those will be taken for "
                "yours. Add rendered hands of them, as training/README.md says."
            )
        self._extract(batches, steps, workers)
        self._first = self._first_rows()

    def learn(self) -> float:
        """Give the net the rows that name all crops best; return the loss that is left."""
        rows, loss = fit_rows(self._features, self._truth, self._first, self._new)
        gesture = self._heads.gesture
        with torch.no_grad():
            gesture.weight.copy_(rows[:, :-1])
            gesture.bias.copy_(rows[:, -1])
        return loss

    @torch.no_grad()
    def named_without(
        self, left_out: npt.NDArray[np.intp], crops: npt.NDArray[np.uint8]
    ) -> npt.NDArray[np.int64]:
        """Return what crops (N, S, S, 3) show (N,), as if some hands had not been learnt from.

        `left_out` are their places in the set that was drawn from; the net stays as it is.
        """
        kept = torch.from_numpy(~np.isin(self._places, left_out))
        with torch.enable_grad():
            rows, _ = fit_rows(self._features[kept], self._truth[kept], self._first, self._new)
        seen = self._embed(torch.from_numpy(crops))
        return (seen @ rows[:, :-1].T + rows[:, -1]).argmax(1).numpy()

    def _first_rows(self) -> Tensor:
        """Return the rows before anything is learnt, (C, F + 1), biases last."""
        head = self._heads.gesture
        start = torch.cat([head.weight, head.bias[:, None]], 1).detach().cpu().clone()
        nothing = start[self._labels.index(NO_GESTURE)].clone()
        nothing[-1] -= LESS_LIKELY
        start[self._new] = nothing
        return start

    def _extract(self, batches: CropBatches, steps: int, workers: int) -> None:
        """Note features (N, F), what is shown (N,) and which hand it is (N,), where it is known."""
        cv2.setNumThreads(1)  # here, since a forked worker would wait for threads that it lacks
        loader = DataLoader(
            batches,
            batch_size=None,
            sampler=range(steps),
            num_workers=workers,
            worker_init_fn=ignore_ctrl_c,
        )
        console, seen, shown = Console(stderr=True), [], []
        for batch in track(
            loader, "crops", steps, console=console, transient=True, disable=not console.is_terminal
        ):
            seen.append(self._embed(batch.crops))
            shown.append(batch.gesture)
        truth, told = torch.cat(shown), torch.cat(shown) != UNKNOWN
        places = np.concatenate([batches.places(step) for step in range(steps)])
        self._features, self._truth = torch.cat(seen)[told], truth[told]
        self._places = places[told.numpy()]

    @torch.no_grad()
    def _embed(self, crops: Tensor) -> Tensor:
        """Return what the gesture head is given of crops, (N, F)."""
        given: list[Tensor] = []
        hook = self._heads.gesture.register_forward_pre_hook(lambda _, x: given.append(x[0].cpu()))
        try:
            self._net.eval()(crops.to(next(self._net.parameters()).device))
        finally:
            hook.remove()
        return given[0]


def fit_rows(features: Tensor, truth: Tensor, first: Tensor, new: Tensor) -> tuple[Tensor, float]:
    """Return rows (C, F + 1), biases last, that name features (N, F) as `truth` (N,) does.

    They are those with the least cross-entropy, plus what it costs to leave the `first` (C, F + 1),
    which is less for those that are `new` (C,).
    """
    x = features.double()
    scale = 1 / x.std(0).clamp(min=MIN_SPREAD)
    first = first.double()
    cost = torch.where(new, STAY, KEEP).double()[:, None]
    moved = torch.zeros_like(first, requires_grad=True)

    def rows() -> Tensor:
        return first + torch.cat([moved[:, :-1] * scale, moved[:, -1:]], 1)

    def loss() -> Tensor:
        fitted = rows()
        logits = F.linear(x, fitted[:, :-1], fitted[:, -1])
        return F.cross_entropy(logits, truth) + (cost * moved.square()).sum()

    optimizer = torch.optim.LBFGS([moved], max_iter=ITERATIONS, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        optimizer.zero_grad()
        value = loss()
        value.backward()  # type: ignore[no-untyped-call]  # torch has no types
        return value

    optimizer.step(closure)  # type: ignore[no-untyped-call]  # torch has no types
    with torch.no_grad():
        return rows().float(), float(loss())
