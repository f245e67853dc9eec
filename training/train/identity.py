"""What a run's folder belongs to: its data, its net, its recipe and where it started."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from training.datasets.shards import index_path, whole_shards
from training.errors import TrainingError

Identity = dict[str, Any]

MAY_CHANGE = frozenset({"epochs", "patience", "keep"})
"""Parts of a recipe that may change when a training continues."""


def identity_of(
    facts: Mapping[str, Any], caches: Sequence[Path], start: Path | None, epochs: int
) -> Identity:
    """Return what tells this training from others, as JSON has it."""
    recipe = {name: value for name, value in facts["recipe"].items() if name not in MAY_CHANGE}
    net = {name: facts.get(name) for name in ("task", "arch", "shape", "labels", "area")}
    said = {
        **net,
        **recipe,
        "data": [_shards(cache) for cache in caches],
        "start": _hash_of(start.read_bytes()) if start else None,
        "epochs": epochs,
    }
    content: Identity = json.loads(json.dumps(said, default=str))
    return content


def check_same(saved: Identity | None, asked: Identity, out: Path) -> None:
    """Raise `TrainingError` when a run's folder belongs to another training; say what differs."""
    if saved is None:
        raise TrainingError(
            f"{out} holds a training of an older version, which cannot be continued: give another "
            "--out, or delete it."
        )
    differ = [
        _difference(name, saved.get(name), asked.get(name))
        for name in (*asked, *(name for name in saved if name not in asked))
        if name != "epochs" and saved.get(name) != asked.get(name)
    ]
    if differ:
        raise TrainingError(
            f"{out} holds another training ({'; '.join(differ)}): give another --out, or the same "
            "options and data to continue it."
        )


def _difference(name: str, was: object, now: object) -> str:
    said = f"{name} {was}, now {now}"
    plain = all(isinstance(one, int | float | str | None) for one in (was, now))
    return said if plain and name not in ("data", "start") else f"another {name}"


def _shards(cache: Path) -> str:
    """Return a hash of what a prepared folder holds to train on."""
    described = cache / "dataset.json"
    parts = [described.read_bytes() if described.exists() else b""]
    for kind in ("hands", "frames", "backgrounds"):
        parts += [index_path(path).read_bytes() for path in whole_shards(cache / "train", kind)]
    return _hash_of(b"\n".join(parts))


def _hash_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]
