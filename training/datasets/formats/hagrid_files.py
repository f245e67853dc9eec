"""Where a release of HaGRID keeps its annotations and its pictures.

Annotation files are recognised by the folder they lie in (`train`, `ann_test`, …) and the gesture
they are named after, at any depth, unpacked or in a zip as downloaded; pictures by their ids.
"""

import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import IO

from training.datasets.annotations import stored_at, unheard
from training.datasets.formats.file_tree import ENDINGS, files_below
from training.datasets.formats.hagrid_annotations import stream_entries
from training.errors import TrainingError
from vcam.core.labels import HAGRID_V2_GESTURES, LABELS

KNOWN = frozenset({*LABELS, *HAGRID_V2_GESTURES})
MERGED = "ann_subsample"
"""The file of v1's sub-sample that holds all gestures, and what copies of it are called."""
FOLDERS = {
    "ann_train_val": "",
    "ann_test": "test",
    "ann_subsample": "",
    "annotations": "",
    "train": "train",
    "val": "val",
    "test": "test",
}
"""Folders of annotations, and the split that they say."""
DEPTH = 5
ANNOTATION_GLOBS = ("*ann*.json", "*ann*.zip", "*ann*/*.json", "*ann*/*/*.json")
"""Where annotations lie that stand beside a folder of pictures."""

ImageIndex = dict[str, tuple[Path, str, tuple[int, int, int] | None] | None]
"""Archive or folder, member and place of every picture by its id; None once it was annotated."""


@dataclass(frozen=True, slots=True)
class AnnotationFile:
    """One annotation file, unpacked or in a zip."""

    path: Path
    split: str
    """What its folder says; empty where that is nothing."""
    member: str = ""
    """Its name in the zip `path`; empty where it is unpacked."""

    @property
    def gesture(self) -> str:
        """What the file is named after."""
        return PurePath(self.member or self.path).stem

    @property
    def where(self) -> str:
        """What to call the file in a report."""
        return "/".join((self.member or str(self.path)).split("/")[-3:])

    def open(self) -> IO[bytes]:
        """Open the file for reading."""
        if not self.member:
            return self.path.open("rb")
        return zipfile.ZipFile(self.path).open(self.member)

    def ids(self) -> Iterator[str]:
        """Yield the ids of the pictures that it annotates."""
        with self.open() as file:
            for key, _ in stream_entries(file, self.where, unheard):
                yield key

    def has_leading_hand(self) -> bool:
        """Tell whether its first entry says which hand leads."""
        with self.open() as file:
            _, entry = next(stream_entries(file, self.where, unheard), ("", {}))
        return bool(entry.get("leading_hand"))


def find_annotations(root: Path) -> list[AnnotationFile]:
    """Return HaGRID's annotation files at or below a path."""
    files = [root] if root.is_file() else files_below(root, DEPTH)
    return list(_recognised(files))


def annotations_named(root: Path) -> list[AnnotationFile]:
    """Return the annotation files of `--annotations`: named after gestures, in any folder."""
    found = find_annotations(root)
    if found or root.suffix == ".zip":
        return found
    files = [root] if root.is_file() else sorted(root.glob("*.json"))
    return [AnnotationFile(path, "") for path in files]


def annotations_beside(folder: Path, images: Iterable[str]) -> list[AnnotationFile]:
    """Return annotation files that stand beside a folder and know pictures of it."""
    parent, ids = folder.resolve().parent, frozenset(images)
    files = sorted({path for pattern in ANNOTATION_GLOBS for path in parent.glob(pattern)})
    found = list(_recognised(path for path in files if folder.resolve() not in path.parents))
    return [one for one in found if ids and any(key in ids for key in one.ids())]


def _recognised(files: Iterable[Path]) -> Iterator[AnnotationFile]:
    for path in files:
        if path.suffix == ".zip":
            yield from _in_zip(path)
        elif path.suffix == ".json" and (split := _split_of(path)) is not None:
            yield AnnotationFile(path, split)


def _split_of(path: PurePath) -> str | None:
    """Return the split that a file of annotations says, or None when it is no such file."""
    if path.stem == MERGED:
        return ""
    return FOLDERS.get(path.parent.name) if path.stem in KNOWN else None


def _in_zip(path: Path) -> Iterator[AnnotationFile]:
    """Yield the annotation files in a download; archives that hold pictures too are none."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (OSError, zipfile.BadZipFile):
        return  # the pictures' search names it
    if any(PurePath(name).suffix.lower() in ENDINGS for name in names):
        return
    for name in sorted(names):
        below = PurePath(path.stem, name)  # `ann_test.zip` may hold `call.json` at its top
        if name.endswith(".json") and (split := _split_of(below)) is not None:
            yield AnnotationFile(path, split, name)


def find_images(folder: Path) -> ImageIndex:
    """Return archive or folder, member and place of every picture by its id."""
    found: ImageIndex = {}
    for path in files_below(folder):
        if path.suffix.lower() in ENDINGS:
            found[path.stem] = (folder, str(path.relative_to(folder)), None)
    for path in sorted(folder.glob("*.zip")):
        try:
            with zipfile.ZipFile(path) as archive:
                for entry in archive.infolist():
                    member = PurePath(entry.filename)
                    if member.suffix.lower() in ENDINGS:
                        place = (path, entry.filename, stored_at(entry))
                        found.setdefault(member.stem, place)
        except zipfile.BadZipFile:
            raise TrainingError(f"{path} is no whole zip archive: download it again.") from None
    return found
