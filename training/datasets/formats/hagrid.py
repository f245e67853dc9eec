"""HaGRID's releases as they are unpacked: v1 with `leading_hand`, "2.0" and v2-1M without.

Annotation files are recognised by where they lie, pictures by their ids: so the folders that the
zips unpack to (`call`, `train_val_call`, `test/call`, `hagrid_dataset/call`, `hagridv2_512/call`),
full pictures and 512-pixel packs are all read alike, and a pack's zip also without being unpacked.
"""

import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

from training.datasets.annotations import LabelledPicture, Report, stored_at
from training.datasets.formats.hagrid_annotations import (
    NO_ANNOTATION,
    NO_PICTURE,
    TWICE,
    hands_of,
    stream_entries,
)
from training.errors import TrainingError
from vcam.core.labels import HAGRID_V2_GESTURES, LABELS, NO_GESTURE

V1_FOLDERS = {"ann_train_val": "", "ann_test": "test", "ann_subsample": ""}
"""Folders of v1's annotations, and the split that they say."""
V2_FOLDERS = {"train": "train", "val": "val", "test": "test"}
MERGED = "ann_subsample"
"""The file of v1's sub-sample that holds all gestures, and what copies of it are called."""
ENDINGS = frozenset({".jpg", ".jpeg", ".png"})
_KNOWN = frozenset({*LABELS, *HAGRID_V2_GESTURES})

Pictures = dict[str, tuple[Path, str, tuple[int, int, int] | None] | None]
"""Archive or folder, member and place of every picture by its id; None once it was annotated."""


class Hagrid:
    """A folder with a release of HaGRID, as a source."""

    def __init__(self, folder: Path, files: list[tuple[Path, str]]) -> None:
        """Take annotation files with the split that each says."""
        self._folder, self._files = folder, files
        self._second = any(split in ("train", "val") for _, split in files)

    @classmethod
    def look(cls, folder: Path) -> "Hagrid | None":
        """Return the source when the folder holds HaGRID's annotation files."""
        files = sorted(_annotations(folder))
        return cls(folder, files) if files else None

    @property
    def about(self) -> str:
        """What was recognised."""
        release = "HaGRID 2.0 or v2-1M (no leading hand)" if self._second else "HaGRID v1"
        return f"{release}, {len(self._files)} annotation files"

    def names_of(self, classes: str) -> frozenset[str]:
        """Return our labels, or with `all` also those of the release's annotation files."""
        if classes == "ours":
            return frozenset(LABELS)
        return frozenset(LABELS) | {path.stem for path, _ in self._files} & _KNOWN

    def pictures(self, report: Report) -> Iterator[LabelledPicture]:
        """Yield every annotated picture, by file. Raises `TrainingError` when there is none."""
        left = _find_pictures(self._folder)
        if not left:
            raise TrainingError(
                f"There are annotations in {self._folder} but no pictures: unpack HaGRID's "
                "pictures there too, or put a 512-pixel pack's zip there."
            )
        for path, split in self._files:
            with path.open("rb") as file:
                where = str(path.relative_to(self._folder))
                for key, entry in stream_entries(file, where, report):
                    found = left.get(key)
                    if found is None:
                        report(TWICE if key in left else NO_PICTURE, f"{where}: {key}")
                        continue
                    left[key] = None
                    archive, member, stored = found
                    gesture = path.stem if path.stem in _KNOWN else _shown(entry.get("labels"))
                    hands = hands_of(entry, gesture, _KNOWN, f"{where}: {key}", report)
                    if not hands:  # what is wrong with them was reported
                        continue
                    yield LabelledPicture(
                        archive=archive,
                        member=member,
                        source="hagrid",
                        split=split,
                        gesture=gesture,
                        boxes="official",
                        hands=hands,
                        user=str(entry.get("user_id") or ""),
                        stored=stored,
                    )
        for archive, member, _ in filter(None, left.values()):
            report(NO_ANNOTATION, f"{archive.name}/{member}")


def _shown(labels: object) -> str:
    """Return what a picture of a merged file shows: its first label that is a gesture."""
    names = [name for name in labels if isinstance(name, str)] if isinstance(labels, list) else []
    return next((name for name in names if name in _KNOWN and name != NO_GESTURE), NO_GESTURE)


def _annotations(folder: Path) -> Iterator[tuple[Path, str]]:
    for root in (folder, folder / "annotations"):
        for name, split in {**V1_FOLDERS, **V2_FOLDERS}.items():
            for path in (root / name).glob("*.json"):
                if path.stem in (*_KNOWN, MERGED):
                    yield path, split
        if (merged := root / f"{MERGED}.json").is_file():
            yield merged, ""


def _find_pictures(folder: Path) -> Pictures:
    """Return archive or folder, member and place of every picture by its id."""
    found: Pictures = {}
    for root, folders, names in os.walk(folder):
        folders.sort()
        below = os.path.relpath(root, folder)
        for name in names:
            stem, ending = os.path.splitext(name)  # noqa: PTH122  # a million times
            if ending.lower() in ENDINGS:
                found[stem] = (folder, f"{below}/{name}", None)
    for path in sorted(folder.glob("*.zip")):
        try:
            with zipfile.ZipFile(path) as archive:
                for entry in archive.infolist():
                    stem, ending = os.path.splitext(entry.filename.rpartition("/")[2])  # noqa: PTH122
                    if ending.lower() in ENDINGS:
                        found.setdefault(stem, (path, entry.filename, stored_at(entry)))
        except zipfile.BadZipFile:
            raise TrainingError(f"{path} is no whole zip archive: download it again.") from None
    return found
