"""Who is trained on, and who is kept for validation: decided once, written down, used again.

What the data say goes first. Otherwise people are split as HaGRID's authors and their tutorial do:
sorted ids, shuffled with seed 42, the first 80 % for training. Pictures of unknown people are
split by their own name.
"""

import hashlib
import json
import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from training.datasets.annotations import HALF_BODY, LabelledPicture
from training.datasets.shards import replace_text
from training.errors import TrainingError

SEED = 42
TRAIN_SHARE = 0.8
HALVED = frozenset({HALF_BODY})
"""Sources of unknown people, few pictures and every gesture: one half teaches, one is kept."""
SPLITS = ("train", "val", "test")


def split_of(picture: LabelledPicture) -> str:
    """Return what the data say, or one of both halves; `train` where nothing is said.

    Only for data that say something of some of their pictures.
    """
    kept = picture.source in HALVED and _hashed(picture.name) < 0.5
    return picture.split or ("val" if kept else "train")


@dataclass(slots=True)
class Census:
    """What the data themselves say about sides, gathered in one pass."""

    users: set[str] = field(default_factory=set)
    """People of pictures whose side is still open."""
    has_validation: bool = False
    """True when the data name pictures to validate on, or hold a source that is halved."""

    def add(self, picture: LabelledPicture) -> None:
        """Count one picture in."""
        self.has_validation |= picture.split == "val" or picture.source in HALVED
        if not picture.split and picture.user:
            self.users.add(picture.user)


@dataclass(frozen=True, slots=True)
class Split:
    """The rule that puts every picture on one side."""

    rule: str
    """`official`: as the data say. `users`: people are shuffled."""
    val_users: frozenset[str]

    @classmethod
    def decide(cls, census: Census) -> "Split":
        """Split by people, unless the data say it."""
        if census.has_validation:
            return cls("official", frozenset())
        return cls("users", frozenset(split_users(census.users)[1]))

    def side(self, picture: LabelledPicture) -> str:
        """Return `train`, `val` or `test`."""
        if picture.split or self.rule == "official":
            return split_of(picture)
        if picture.user:
            return "val" if picture.user in self.val_users else "train"
        return "train" if _hashed(picture.name) < TRAIN_SHARE else "val"


def split_users(users: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the people to train on and those to validate on: the split of HaGRID's tutorial."""
    shuffled = sorted(set(users))
    random.Random(SEED).shuffle(shuffled)
    count = int(len(shuffled) * TRAIN_SHARE)
    return shuffled[:count], shuffled[count:]


def _hashed(name: str) -> float:
    """Return a number in 0..1 that is the same everywhere and always."""
    digest = hashlib.sha256(f"{SEED}:{name}".encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def write_split(path: Path, splits: dict[str, Split], counts: dict[str, int]) -> None:
    """Write the split down. Raises `TrainingError` when another one stands there."""
    content: dict[str, Any] = {
        "seed": SEED,
        "train_share": TRAIN_SHARE,
        "halved": sorted(HALVED),
        "rules": {
            name: {"rule": split.rule, "val_users": sorted(split.val_users)}
            for name, split in splits.items()
        },
        "pictures": counts,
    }
    text = json.dumps(content, indent=1) + "\n"
    if path.exists() and path.read_text(encoding="utf-8") != text:
        raise TrainingError(
            f"{path} was written for other pictures: prepare these into another folder with --out, "
            "or delete it to split again."
        )
    replace_text(path, text)
