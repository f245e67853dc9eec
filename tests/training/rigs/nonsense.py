"""Annotation files in HaGRID's schema, made up by hypothesis; see `tests.rigs.nonsense`."""

import contextlib
import json
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from tests.rigs.nonsense import JSON, Target
from training.datasets.annotations import unheard
from training.datasets.formats.hagrid import Hagrid
from training.datasets.formats.hagrid_zip import list_images
from training.datasets.split import split_of
from training.errors import TrainingError

GOOD: Mapping[str, Any] = {
    "bboxes": [[0.2, 0.2, 0.3, 0.3], [0.6, 0.2, 0.2, 0.3]],
    "labels": ["call", "no_gesture"],
    "leading_hand": "left",
    "leading_conf": 0.98,
    "landmarks": [[[0.2, 0.3]] * 21, []],
    "hand_landmarks": [[[0.2, 0.3]] * 21, []],
    "user_id": "someone",
    "source": "hagrid",
    "boxes": "official",
    "split": "val",
}
NAMES = st.sampled_from(["call", "no_gesture", "left", "train", "nobody", ""])
SLIP = st.recursive(
    JSON | NAMES | st.lists(NAMES, max_size=2),
    lambda inner: st.lists(inner, min_size=1, max_size=2),
    max_leaves=4,
)
ENTRIES = st.dictionaries(st.sampled_from(sorted(GOOD)), SLIP, max_size=4).map(
    lambda slips: {**GOOD, **slips}
)


def read_archive(content: bytes) -> None:
    """List the pictures of a zip archive with one picture and these annotations."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "own.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("annotations/call.json", content)
            archive.writestr("call/a.jpg", b"")
        for image in list_images(path):
            assert not image.tight
            split_of(image)


def read_annotations(content: bytes) -> None:
    """List the pictures of a folder with one picture and these annotations."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "ann_train_val").mkdir()
        for gesture in ("call", "ann_subsample"):  # of one gesture, and of several
            (folder / "ann_train_val" / f"{gesture}.json").write_bytes(content)
        for key in "ab":
            (folder / f"{key}.jpg").touch()
        source = Hagrid.detect(folder)
        assert source is not None
        with contextlib.suppress(TrainingError):
            for image in source.images(unheard):
                hash(image.hands)
                assert all(0 <= side <= 1 for hand in image.hands for side in hand.box_xywh)


def _file(entry: object) -> bytes:
    return json.dumps({"a": entry, "b": entry}).encode()


ANNOTATIONS = {
    "bytes as annotations": Target(read_annotations, st.binary(max_size=100)),
    "JSON as annotations": Target(
        read_annotations, JSON.map(lambda value: json.dumps(value).encode())
    ),
    "annotations with slips": Target(read_annotations, ENTRIES.map(_file), 300),
    "an archive's annotations with slips": Target(read_archive, ENTRIES.map(_file), 300),
    "annotations cut and spliced": Target(
        read_annotations,
        st.tuples(st.integers(0, 700), st.integers(0, 9), st.binary(max_size=5)).map(
            lambda cut: _file(GOOD)[: cut[0]] + cut[2] + _file(GOOD)[cut[0] + cut[1] :]
        ),
    ),
}
