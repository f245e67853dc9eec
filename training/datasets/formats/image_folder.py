"""A person's own photos: a folder for each gesture, the shipped detector finds the hands.

`FOLDER/<gesture>/*.jpg`; below a gesture the folders `left` and `right` may say which hand shows
it. A name that is not one of ours becomes a new class.
"""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from training.datasets.annotations import TO_BE_FOUND, LabelledPicture, Report
from training.datasets.split import TRAIN_SHARE
from training.errors import TrainingError
from vcam.core.labels import NO_GESTURE

ENDINGS = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp"})
UNREADABLE = "HEIC picture: save it as JPEG"
NOT_A_PICTURE = "file that is no picture"
_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


class OwnFolder:
    """A folder of photos, as a source."""

    def __init__(self, folder: Path, gestures: tuple[str, ...]) -> None:
        self._folder, self._gestures = folder, gestures

    @classmethod
    def look(cls, folder: Path) -> "OwnFolder | None":
        """Return the source when folders with pictures stand in it.

        Raises `TrainingError` when one of them has a name that no class can have.
        """
        if not folder.is_dir():
            return None
        inside = sorted(path for path in folder.iterdir() if path.is_dir())
        gestures = tuple(path.name for path in inside if any(_photos(path)))
        for name in gestures:
            if not _NAME.fullmatch(name):
                raise TrainingError(
                    f"The folder {folder / name} cannot name a gesture: use small letters, digits "
                    "and underscores, as in thumbs_sideways."
                )
        return cls(folder, gestures) if gestures else None

    @property
    def about(self) -> str:
        """What was recognised."""
        return f"your own photos of {', '.join(self._gestures)}; the detector finds the hands"

    def names_of(self, classes: str) -> frozenset[str]:
        """Return the folders' names: whoever made a folder wants it learnt."""
        return frozenset({*self._gestures, NO_GESTURE})

    def pictures(self, report: Report) -> Iterator[LabelledPicture]:
        """Yield the photos of each gesture; every fifth, by a hash of its content, is for `val`."""
        for gesture in self._gestures:
            photos = []
            for path in sorted((self._folder / gesture).rglob("*")):
                if path.suffix.lower() in ENDINGS:
                    photos.append(path)
                elif path.is_file():
                    heic = path.suffix.lower() in (".heic", ".heif")
                    report(UNREADABLE if heic else NOT_A_PICTURE, str(path))
            photos.sort(key=_hashed)
            for place, path in enumerate(photos):
                split = "train" if place < max(1, int(len(photos) * TRAIN_SHARE)) else "val"
                yield self._picture(path, gesture, split)

    def _picture(self, path: Path, gesture: str, split: str) -> LabelledPicture:
        return LabelledPicture(
            archive=self._folder,
            member=str(path.relative_to(self._folder)),
            source="own",
            split=split,
            gesture=gesture,
            boxes=TO_BE_FOUND,
            hands=(),
        )


def _photos(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.suffix.lower() in ENDINGS)


def _hashed(path: Path) -> bytes:
    """Return the hash of a photo: copies of one photo stand together."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
