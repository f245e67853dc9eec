"""Who is trained on, and who is kept for validation: decided once, written down, used again.

What the data say goes first. Otherwise people are split as HaGRID's authors and their tutorial do:
sorted ids, shuffled with seed 42, the first 80 % for training. Pictures of unknown people are
split by their own name.
"""

import hashlib
import json
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any

from training.datasets.annotations import CUTOUT, HALF_BODY, TO_BE_FOUND, LabelledImage
from training.datasets.shards import replace_text
from training.errors import TrainingError

SEED = 42
TRAIN_SHARE = 0.8
HALVED_SOURCES = frozenset({HALF_BODY})
"""Sources of unknown people, few pictures and every gesture: one half teaches, one is kept."""
UNTOUCHED_SOURCES = frozenset({"anupam1612", "saign"})
"""Of the validation people, those on whom nothing is chosen: looked at once, at the end."""
SPLITS = ("train", "val", "test")


def split_of(labelled: LabelledImage) -> str:
    """Return what the data say, or one of both halves; `train` where nothing is said.

    Only for data that say something of some of their pictures.
    """
    if labelled.split == "val" and labelled.source in UNTOUCHED_SOURCES:
        return "test"
    kept = labelled.source in HALVED_SOURCES and _hashed(labelled.name) < 0.5
    return labelled.split or ("val" if kept else "train")


@dataclass(frozen=True, slots=True)
class Fold:
    """One of several ways to split the same people: each is validated on in one fold alone."""

    number: int
    """From 1."""
    of: int

    @classmethod
    def parse(cls, text: str) -> "Fold":
        """Read `2/5`. Raises `TrainingError`."""
        try:
            number, of = map(int, text.split("/"))
        except ValueError:
            number, of = 0, 0
        if not 1 <= number <= of or of < 2:
            raise TrainingError(f"--fold {text} is none: say 1/5 for the first of five, and so on.")
        return cls(number, of)

    def users(self, users: Iterable[str]) -> list[str]:
        """Return the people to validate on. Raises `TrainingError` when they are too few."""
        shuffled = sorted(set(users))
        random.Random(SEED).shuffle(shuffled)
        if len(shuffled) < self.of:
            raise TrainingError(
                f"{self.of} folds need {self.of} people at least, and {len(shuffled)} are told "
                "apart: put a folder for each person below each gesture, or ask for fewer folds."
            )
        return shuffled[self.number - 1 :: self.of]


@dataclass(slots=True)
class Census:
    """What the data themselves say about sides, gathered in one pass over all sources."""

    users: set[str] = field(default_factory=set)
    """People of pictures whose side is still open."""
    official: set[str] = field(default_factory=set)
    """Sources that name pictures to validate on, or are halved."""
    people: dict[str, tuple[str, str]] = field(default_factory=dict)
    """The source that first puts a person on a side, and the side; empty where it is both."""
    ids: dict[int, tuple[str, str]] = field(default_factory=dict)
    """The same of pictures, by a hash of their id."""

    def add(self, source: str, labelled: LabelledImage) -> None:
        """Count one picture in."""
        if labelled.split == "val" or labelled.source in HALVED_SOURCES:
            self.official.add(source)
        if not labelled.split:
            if labelled.user:
                self.users.add(labelled.user)
            return
        if labelled.user:
            claim = self.people.setdefault(labelled.user, (source, labelled.split))
            if claim[0] == source and claim[1] != labelled.split:
                self.people[labelled.user] = (source, "")
        if (key := _id_of(labelled)) is not None:
            self.ids.setdefault(key, (source, labelled.split))


@dataclass(frozen=True, slots=True)
class Split:
    """The rule that puts every picture on one side.

    There is one for all sources: whom or which picture an earlier source puts on a side, a later
    one leaves there. So HaGRID v1 beside 2.0, which show the same people, do not leak.
    """

    official: frozenset[str]
    """Sources that are split as the data say; of all others people are shuffled."""
    val_users: frozenset[str]
    people: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    ids: Mapping[int, tuple[str, str]] = field(default_factory=dict)

    @classmethod
    def decide(cls, census: Census, fold: Fold | None = None) -> "Split":
        """Split by people, unless the data say it. Raises `TrainingError` for too few people."""
        free = {user for user in census.users if not census.people.get(user, ("", ""))[1]}
        val = frozenset(fold.users(free) if fold else split_users(free)[1])
        return cls(frozenset(census.official), val, census.people, census.ids)

    def side(self, source: str, labelled: LabelledImage) -> str:
        """Return `train`, `val` or `test`."""
        for claim in (self.ids.get(_id_of(labelled) or -1), self.people.get(labelled.user)):
            if claim and claim[1] and (claim[0] != source or not labelled.split):
                return claim[1]
        if labelled.split or source in self.official:
            return split_of(labelled)
        if labelled.user:
            return "val" if labelled.user in self.val_users else "train"
        return "train" if _hashed(labelled.name) < TRAIN_SHARE else "val"


def _id_of(labelled: LabelledImage) -> int | None:
    """Return a hash of the picture's id; None where names are no ids, such as a phone's."""
    if labelled.boxes in (TO_BE_FOUND, CUTOUT):
        return None
    stem = PurePath(labelled.member).stem.encode("utf-8", "surrogateescape")
    digest = hashlib.blake2b(stem, digest_size=7).digest()
    return int.from_bytes(digest, "big")


def split_users(users: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the people to train on and those to validate on: the split of HaGRID's tutorial."""
    shuffled = sorted(set(users))
    random.Random(SEED).shuffle(shuffled)
    count = int(len(shuffled) * TRAIN_SHARE)
    return shuffled[:count], shuffled[count:]


def _hashed(name: str) -> float:
    """Return a number in 0..1 that is the same everywhere and always."""
    digest = hashlib.sha256(f"{SEED}:{name}".encode("utf-8", "surrogateescape")).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def write_split(path: Path, sources: Iterable[str], split: Split, counts: dict[str, int]) -> None:
    """Write the split down. Raises `TrainingError` when another one stands there."""
    content: dict[str, Any] = {
        "seed": SEED,
        "train_share": TRAIN_SHARE,
        "halved": sorted(HALVED_SOURCES),
        "rules": {name: "official" if name in split.official else "users" for name in sources},
        "val_users": sorted(split.val_users),
        "pictures": counts,
    }
    text = json.dumps(content, indent=1) + "\n"
    if path.exists() and path.read_text(encoding="utf-8") != text:
        raise TrainingError(
            f"{path} was written for other pictures: prepare these into another folder with --out, "
            "or delete it to split again."
        )
    replace_text(path, text)
