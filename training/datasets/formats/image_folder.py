"""A person's own photos: a folder for each gesture, the shipped detector finds the hands.

`FOLDER/<gesture>/*.jpg`; below a gesture the folders `left` and `right` may say which hand shows
it, and any other folder names the person. `FOLDER/{train,val,test}/<gesture>` says the split. A
name that is not one of ours becomes a new class.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cached_property
from pathlib import Path

import PIL.Image
from PIL import ExifTags

from training.datasets.annotations import TO_BE_FOUND, USER_PHOTOS, LabelledImage, Report
from training.datasets.formats.file_tree import (
    ENDINGS,
    SPLIT_FOLDERS,
    files_below,
    images_below,
)
from training.datasets.formats.hagrid_files import KNOWN
from training.datasets.split import TRAIN_SHARE
from training.errors import TrainingError
from vcam.core.labels import NO_GESTURE
from vcam.system.image_formats import HEIC_SUFFIXES, heic_remedy, reads_heic

UNREADABLE = f"HEIC picture: {heic_remedy()}"
NOT_A_IMAGE = "file that is no picture"
BURST_S = 10.0
"""Photos that were taken within so many seconds show the same hand."""
FEW_PEOPLE = 3
"""Up to so many people are all trained on, a fifth of the photos of each gesture for validation:
a net that has seen one hand alone knows no other."""
SIDES = frozenset({"left", "right"})
HARMLESS = frozenset({"thumbs.db", "desktop.ini", "readme.md", "readme.txt", "license", "licence"})
"""Files beside pictures that are no labels."""
LABEL_FILES = frozenset({".json", ".csv", ".xml", ".txt", ".tsv"})
_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


class OwnFolder:
    """A folder of photos, as a source."""

    def __init__(self, folder: Path, roots: dict[str, list[Path]]) -> None:
        """Take the class folders of each split; the split is empty where the folders say none."""
        self._folder, self._roots = folder, roots

    @classmethod
    def detect(cls, folder: Path, *, ignore_labels: bool = False) -> "OwnFolder | None":
        """Return the source when folders with pictures stand in it.

        Raises `TrainingError` when a folder cannot be a class, or, unless `ignore_labels`, when
        label files lie there that would be lost.
        """
        if not folder.is_dir():
            return None
        inside = _with_images(folder)
        if inside and not ignore_labels:
            _refuse_labels(folder)
        splits = [path for path in inside if path.name.lower() in SPLIT_FOLDERS]
        if splits and len(splits) < len(inside):
            others = ", ".join(path.name for path in inside if path not in splits)
            raise TrainingError(
                f"{folder} holds {splits[0].name} beside {others}: name either splits or gestures "
                "there, or give --data the folder that is meant."
            )
        if not splits:
            _check(folder, inside)
            return cls(folder, {"": inside}) if inside else None
        roots: dict[str, list[Path]] = {}
        for path in splits:
            classes = _with_images(path)
            _check(path, classes)
            if not classes:
                raise TrainingError(
                    f"{path} holds pictures without a folder for each gesture: sort them into "
                    f"{path.name}/<gesture>, or give --annotations."
                )
            roots.setdefault(SPLIT_FOLDERS[path.name.lower()], []).extend(classes)
        return cls(folder, roots)

    @cached_property
    def _photos(self) -> list[tuple[str, str, Path]]:
        """Split, gesture and path of every photo."""
        return [
            (split, root.name, path)
            for split, roots in self._roots.items()
            for root in roots
            for path in images_below(root)
        ]

    @property
    def about(self) -> str:
        """What was recognised."""
        counts = Counter(gesture for _, gesture, _ in self._photos)
        of = ", ".join(f"{count:,} of {gesture}" for gesture, count in counts.items())
        people = {self._person(path) for _, _, path in self._photos} - {""}
        sides = any(SIDES & set(path.parts) for _, _, path in self._photos)
        return (
            f"your own photos: {of}"
            f"{f'; {len(people)} people' if people else ''}"
            f"{'; split by folder' if '' not in self._roots else ''}; the detector finds the "
            f"hands; {'left and right by folder' if sides else 'no leading hand'}"
        )

    def names_of(self, classes: str) -> frozenset[str]:
        """Return the folders' names: whoever made a folder wants it learnt."""
        return frozenset({root.name for roots in self._roots.values() for root in roots}) | {
            NO_GESTURE
        }

    def images(self, report: Report) -> Iterator[LabelledImage]:
        """Yield the photos. Of few people a fifth of them is for `val`; bursts stay together."""
        for roots in self._roots.values():
            for root in roots:
                for path in files_below(root):
                    if path.suffix.lower() not in ENDINGS:
                        report(NOT_A_IMAGE, str(path))
                    elif _needs_package(path):
                        report(UNREADABLE, str(path))
        people = len({self._person(path) for _, _, path in self._photos} - {""})
        for (split, gesture), photos in self._by_class().items():
            train = max(1, int(len(photos) * TRAIN_SHARE))
            for place, path in _apart(photos):
                if _needs_package(path):
                    continue
                drawn = "" if people > FEW_PEOPLE else "train" if place < train else "val"
                yield LabelledImage(
                    archive=self._folder,
                    member=str(path.relative_to(self._folder)),
                    source=USER_PHOTOS,
                    split=split or drawn,
                    gesture=gesture,
                    boxes=TO_BE_FOUND,
                    hands=(),
                    user=self._person(path),
                )

    def _by_class(self) -> dict[tuple[str, str], list[Path]]:
        classes: dict[tuple[str, str], list[Path]] = {}
        for split, gesture, path in self._photos:
            classes.setdefault((split, gesture), []).append(path)
        return classes

    def _person(self, path: Path) -> str:
        """Return the name of the folder below the gesture's that names a person, if any."""
        parts = path.relative_to(self._folder).parts[1 if "" in self._roots else 2 : -1]
        return next((part for part in parts if part not in SIDES), "")


def _needs_package(path: Path) -> bool:
    return path.suffix.lower() in HEIC_SUFFIXES and not reads_heic()


def _with_images(folder: Path) -> list[Path]:
    inside = sorted(path for path in folder.iterdir() if path.is_dir())
    return [path for path in inside if next(images_below(path), None)]


def _check(folder: Path, classes: list[Path]) -> None:
    """Raise `TrainingError` when a folder cannot be a class."""
    for path in classes:
        if not _NAME.fullmatch(path.name):
            raise TrainingError(
                f"The folder {path} cannot name a gesture: use small letters, digits "
                "and underscores, as in thumbs_sideways."
            )
        below = {one.name for one in _with_images(path)}
        if gestures := sorted(below & KNOWN):
            raise TrainingError(
                f"{path} holds folders of gestures ({', '.join(gestures)}): give --data {path}, "
                "and --annotations where theirs lie."
            )


def _refuse_labels(folder: Path) -> None:
    """Raise `TrainingError` when files lie among the pictures that look like labels."""
    for path in files_below(folder, 4):
        if path.suffix.lower() in LABEL_FILES and path.name.lower() not in HARMLESS:
            raise TrainingError(
                f"{folder} holds labels that would be lost ({path.relative_to(folder)}): name them "
                "with --annotations, or say that they do not matter with --layout own."
            )


def _apart(photos: Iterable[Path]) -> Iterator[tuple[int, Path]]:
    """Yield photos in an order by chance, each with how many came before its burst.

    What was taken within seconds shows the same hand, and belongs on one side of a split. The order
    follows from the photos' content, so that copies stand together.
    """
    bursts = _bursts(photos)
    if len(bursts) == 1:  # then they say nothing
        bursts = [[path] for path in bursts[0]]
    keyed = sorted((min(map(_hashed, burst)), burst) for burst in bursts)
    before = 0
    for _, burst in keyed:
        for path in burst:
            yield before, path
        before += len(burst)


def _bursts(photos: Iterable[Path]) -> list[list[Path]]:
    """Group photos that were taken within `BURST_S`; one whose time is unknown stands alone."""
    alone, dated = [], []
    for path in photos:
        taken = _taken_at(path)
        if taken is None:
            alone.append([path])
        else:
            dated.append((taken, path))
    bursts: list[list[Path]] = []
    began: datetime | None = None
    for taken, path in sorted(dated):
        if began is None or (taken - began).total_seconds() > BURST_S:
            bursts.append([])
            began = taken
        bursts[-1].append(path)
    return bursts + alone


def _taken_at(path: Path) -> datetime | None:
    """Return when a photo was taken, as its EXIF says; None where it says nothing."""
    try:
        with PIL.Image.open(path) as image:
            exif = image.getexif()
        taken = exif.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal)
        return datetime.strptime(str(taken), "%Y:%m:%d %H:%M:%S")  # it has no zone
    except (OSError, ValueError, SyntaxError, PIL.Image.DecompressionBombError):
        return None


def _hashed(path: Path) -> bytes:
    """Return the hash of a photo: copies of one photo stand together."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
