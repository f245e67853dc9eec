"""Find hands whose source names them wrong, and write down what they show.

`python -m training relabel --model CLASSIFIER.onnx --cache runs/cache --out corrections.json`

Crops that somebody cut out of HaGRID for seventeen of its classes name the hands of the others
`no_gesture`. This looks again at every tight crop of that name: a linear classifier on the model's
embedding learns from all other hands what each gesture looks like, names the doubted ones, learns
on from those it is confident of (self-training), and says so again. Where a source has landmarks
they tell the palm from the back of a hand, in which two such gestures differ. What is beyond
doubt is renamed, what stays doubtful is left out. `prepare --corrections FILE` goes by it; look at
the sheet that is written beside the file first.
"""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from rich.progress import track
from torch.nn import functional

from training.datasets.contact_sheet import write_tiles
from training.datasets.dataset import HandSet, open_prepared
from training.datasets.hand_canvas import clean_crop
from training.datasets.shards import replace_text
from training.errors import TrainingError
from training.option_parser import OptionParser
from vcam.core.labels import NO_GESTURE
from vcam.errors import ModelError
from vcam.system.overwrite_guard import refuse_overwriting
from vcam.vision.models.session import ModelSession

BATCH = 64
SHARPNESS = 8.0
"""Embeddings have length 1; logits of a linear layer on them need more."""
DECAY = 1e-4
BALANCE = 0.7
"""Classes count by their weight to the power of minus this."""
ROUNDS = 4
MIN_TRAIN_SCORE = 0.9
"""Probability from which a doubted hand teaches the next round…"""
MIN_CONFIDENCE = 0.8
"""…and from which, after the last one, its name is written down."""
SEEN_FACING = 0.1
"""Minimum `facing` that tells the palm from the back."""

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class DoubtedHands:
    """What is known of N hands."""

    embedding: Array
    """(N, E), of length 1."""
    label: npt.NDArray[np.int64]
    """(N,): what their source names them."""
    doubted: npt.NDArray[np.bool_]
    """(N,)"""
    facing: npt.NDArray[np.int64]
    """(N,): 1 palm, -1 back, 0 not known."""
    weight: Array
    """(N,): how much each teaches."""


def main(argv: Sequence[str]) -> int:
    """Run `python -m training relabel`."""
    parser = OptionParser(
        prog="python -m training relabel",
        description=__doc__,
    )
    parser.add_argument("--model", type=Path, required=True, help="classifier with an embedding")
    parser.add_argument("--cache", type=Path, nargs="+", required=True, help="prepared folders")
    parser.add_argument("--doubt", default=NO_GESTURE, help="the name that is doubted")
    parser.add_argument("--among", required=True, help="what those hands may show: names, commas")
    parser.add_argument("--out", type=Path, default=Path("runs/corrections.json"))
    args = parser.parse_args(argv)
    refuse_overwriting([args.model, args.model.with_suffix(".json"), *args.cache], [args.out])
    hands = open_prepared(args.cache, "train").hands
    among = [name.strip() for name in args.among.split(",")]
    if strange := sorted({args.doubt, *among} - set(hands.labels)):
        raise TrainingError(
            f"No hand can show {', '.join(strange)} here: name some of {', '.join(hands.labels)}."
        )
    doubts, names = infer_embeddings(_session(args.model), hands, hands.labels.index(args.doubt))
    if not doubts.doubted.any():
        raise TrainingError(f"There is no tight crop of {args.doubt}: nothing is doubted.")
    if not (doubts.label == hands.labels.index(args.doubt))[~doubts.doubted].any():
        raise TrainingError(
            f"Every {args.doubt} is doubted, so that none can teach what it looks like: give a "
            "folder with others too, such as what `synthesize` and `hard-negatives` write."
        )
    said = name_again(doubts, len(hands.labels))
    found = corrections(said, doubts, names, hands.labels, among)
    replace_text(args.out, json.dumps(found, indent=0, sort_keys=True) + "\n")
    _write_sheet(args.out.with_suffix(".jpg"), said, names, found, hands)
    for label, count in Counter(name or "left out" for name in found.values()).most_common():
        print(f"{label:16} {count:6,}")
    print(f"of {int(doubts.doubted.sum()):,}; look at {args.out.with_suffix('.jpg')}")
    return 0


def _session(path: Path) -> ModelSession:
    try:
        session = ModelSession(path, "classify")
    except ModelError as error:
        raise TrainingError(str(error)) from None
    size = session.card.height
    if "embedding" not in session.run_all(np.zeros((1, size, size, 3), np.uint8)):
        raise TrainingError(f"{path.name} gives no embedding: train and export the small net.")
    return session


def infer_embeddings(
    session: ModelSession, hands: HandSet, doubted: int
) -> tuple[DoubtedHands, list[str | None]]:
    """Return what the model sees in every hand, and the pictures' names."""
    size, margin = session.card.height, session.card.margin
    seen: list[Any] = []
    names: list[str | None] = []
    facing: list[int] = []
    for start in track(range(0, len(hands), BATCH), "looking again", transient=True):
        read = [hands.canvas(place) for place in range(start, min(start + BATCH, len(hands)))]
        crops = np.stack([clean_crop(canvas, size, margin) for canvas, _ in read])
        seen.append(session.run_all(crops)["embedding"])
        names += [row.get("picture") for _, row in read]
        facing += [_sign(row.get("facing")) for _, row in read]
    embedding = np.concatenate(seen).astype(np.float64)
    embedding /= np.maximum(np.linalg.norm(embedding, axis=1, keepdims=True), 1e-9)
    suspect = hands.tight & (hands.gesture == doubted) & (hands.source != "mined")
    weight = np.minimum(hands.weight, 4.0).astype(np.float64)
    weight[np.isin(hands.source, ("rendered", "mined"))] = 0.3
    return DoubtedHands(embedding, hands.gesture, suspect, np.array(facing), weight), names


def _sign(facing: float | None) -> int:
    if facing is None or abs(facing) < SEEN_FACING:
        return 0
    return 1 if facing > 0 else -1


def name_again(doubts: DoubtedHands, classes: int) -> Array:
    """Return probabilities (N, classes) of what every hand shows."""
    palm = _palms(doubts, classes)
    label = np.where(doubts.doubted, -1, doubts.label)
    for _ in range(ROUNDS):
        said = _linear(doubts, label, classes) * palm
        said /= said.sum(1, keepdims=True)
        confident = np.where(said.max(1) > MIN_TRAIN_SCORE, said.argmax(1), -1)
        label = np.where(doubts.doubted, confident, doubts.label)
    return np.asarray(said)


def _palms(doubts: DoubtedHands, classes: int) -> Array:
    """Return (N, classes): how likely each hand's facing is for each class; 1 where unknown."""
    known = ~doubts.doubted & (doubts.facing != 0)
    share = np.full(classes, 0.5)
    for label in range(classes):
        of = doubts.facing[known & (doubts.label == label)]
        share[label] = ((of > 0).sum() + 1) / (len(of) + 2)
    facing = doubts.facing[:, None]
    return np.asarray(np.where(facing > 0, share, np.where(facing < 0, 1 - share, 1.0)))


def _linear(doubts: DoubtedHands, label: npt.NDArray[np.int64], classes: int) -> Array:
    """Fit a linear classifier to the hands with a label, and return what it says of all."""
    torch.manual_seed(0)
    inputs = torch.from_numpy(doubts.embedding * SHARPNESS).float()
    trusted = torch.from_numpy(np.flatnonzero(label >= 0))
    wanted = torch.from_numpy(label)[trusted]
    weight = torch.from_numpy(doubts.weight).float()[trusted]
    mass = torch.zeros(classes).index_add_(0, wanted, weight).clamp(min=1e-6)
    weight = weight * mass[wanted] ** -BALANCE
    weight /= weight.mean()
    layer = torch.nn.Linear(inputs.shape[1], classes)
    best = torch.optim.LBFGS(layer.parameters(), max_iter=150)

    def step() -> torch.Tensor:
        best.zero_grad()
        each = functional.cross_entropy(layer(inputs[trusted]), wanted, reduction="none")
        loss = (each * weight).mean() + DECAY * (layer.weight**2).sum()
        loss.backward()  # type: ignore[no-untyped-call]  # torch does not say
        return loss

    best.step(step)  # type: ignore[no-untyped-call]  # torch does not say
    with torch.no_grad():
        return np.asarray(torch.softmax(layer(inputs), 1).numpy(), np.float64)


def corrections(
    said: Array,
    doubts: DoubtedHands,
    names: Sequence[str | None],
    labels: Sequence[str],
    among: Sequence[str],
) -> dict[str, str | None]:
    """Return the new label of every doubted picture that gets one; None: leave it out.

    Only labels in `among` are new names; any other one is a doubt, since the source has its own.
    """
    found: dict[str, str | None] = {}
    for place in np.flatnonzero(doubts.doubted):
        best, name = int(said[place].argmax()), names[int(place)]
        confident = said[place, best] >= MIN_CONFIDENCE
        if name is None or (confident and best == doubts.label[place]):
            continue
        found[name] = labels[best] if confident and labels[best] in among else None
    return found


def _write_sheet(
    path: Path,
    said: Array,
    names: Sequence[str | None],
    found: dict[str, str | None],
    hands: HandSet,
) -> None:
    """Show the least confident hands of every new name, and of those that are left out."""
    rows: dict[str, list[int]] = {}
    for place in np.argsort(said.max(1)):
        name = names[int(place)]
        if name in found:
            rows.setdefault(found[name] or "left out", []).append(int(place))
    write_tiles(path, hands, dict(sorted(rows.items())))
