"""Collect training pictures: what the camera sees, a folder for each gesture and hand."""

import os
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np

from vcam.core.frame import Image
from vcam.core.labels import GESTURE_NAME, HandChoice
from vcam.core.texts import _
from vcam.errors import ConfigError
from vcam.panel.preview import encoded
from vcam.system.atomic_write import write_private
from vcam.system.image_files import read_image

QUALITY: Final = 95
THUMBNAIL: Final = 320
MAX_BROUGHT_BACK: Final = 60
"""Deleted pictures that can be brought back: of about 100 kB each."""
PLACE: Final = re.compile(r"[a-z0-9_]+/(?:(?:left|right)/)?[0-9]+-[0-9]+\.jpg")


@dataclass(frozen=True, slots=True)
class Collected:
    """The pictures of one gesture."""

    gesture: str
    images: tuple[str, ...]
    """Newest first, each as `gesture/hand/file.jpg` or `gesture/file.jpg`."""


class Collection:
    """A folder of pictures that only their owner can read, as `prepare --data FOLDER` takes it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._deleted: list[tuple[str, bytes]] = []

    def take(self, image: Image, gesture: str, hand: HandChoice) -> str:
        """Save uint8 (H, W, 3) BGR and return its place. Raises `ConfigError`."""
        if not GESTURE_NAME.fullmatch(gesture):
            raise ConfigError(
                _(
                    "{gesture!r} is no name for a gesture: use small letters, digits and _, "
                    "such as vulcan"
                ).format(gesture=gesture)
            )
        below = Path(gesture) if hand == "any" else Path(gesture, hand)
        place = below / f"{time.time_ns() // 1_000_000}-{os.getpid()}.jpg"
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            (self.folder / below).mkdir(mode=0o700, parents=True, exist_ok=True)
            write_private(self.folder / place, encoded(image, QUALITY))
        except OSError as error:
            raise ConfigError(
                _("the picture cannot be saved in {folder}: {error}").format(
                    folder=self.folder, error=error
                )
            ) from None
        return place.as_posix()

    def all(self) -> list[Collected]:
        """Return what was collected so far, by gesture."""
        if not self.folder.is_dir():
            return []
        found = []
        for folder in sorted(each for each in self.folder.iterdir() if each.is_dir()):
            places = (path.relative_to(self.folder).as_posix() for path in folder.rglob("*.jpg"))
            images = sorted(
                filter(PLACE.fullmatch, places), key=lambda p: p.rpartition("/")[2], reverse=True
            )
            if images:
                found.append(Collected(folder.name, tuple(images)))
        return found

    def paths(self, gesture: str) -> list[Path]:
        """Return the files of one gesture, the oldest first."""
        found = [each.images for each in self.all() if each.gesture == gesture]
        return [self.folder / place for places in found for place in reversed(places)]

    def example(self, gesture: str) -> str | None:
        """Return the place of a gesture's middle picture, when the hand was up; None: none."""
        found = (each.images for each in self.all() if each.gesture == gesture)
        return next((places[len(places) // 2] for places in found), None)

    def table(self) -> dict[str, Any]:
        """Return the same as plain data."""
        return {
            "folder": str(self.folder),
            "collected": [
                {"gesture": each.gesture, "pictures": each.images} for each in self.all()
            ],
        }

    def image(self, place: str) -> Image | None:
        """Return one of them, uint8 (H, W, 3) BGR; None when there is none at that place."""
        found = read_image(self.folder / place) if PLACE.fullmatch(place) else None
        return None if found is None else np.asarray(found, np.uint8)

    def delete_all(self, gesture: str) -> None:
        """Delete every picture of one gesture; raises `ConfigError` when that cannot be done."""
        for path in self.paths(gesture):
            self.delete(path.relative_to(self.folder).as_posix())

    def delete(self, place: str) -> None:
        """Delete one of them; raises `ConfigError` when that cannot be done."""
        if not PLACE.fullmatch(place):
            raise ConfigError(_("there is no picture {place!r}").format(place=place))
        path = self.folder / place
        try:
            content = path.read_bytes() if path.is_file() else None
            path.unlink(missing_ok=True)
        except OSError as error:
            raise ConfigError(
                _("{place} cannot be deleted: {error}").format(place=place, error=error)
            ) from None
        if content is not None:
            self._deleted = [*self._deleted[1 - MAX_BROUGHT_BACK :], (place, content)]

    def undelete(self) -> str:
        """Bring back the picture that was deleted last, and return its place.

        Deleted pictures are kept in memory alone, until the program ends. Raises `ConfigError`.
        """
        if not self._deleted:
            raise ConfigError(_("no picture was deleted that could be brought back"))
        place, content = self._deleted[-1]
        path = self.folder / place
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_private(path, content)
        except OSError as error:
            raise ConfigError(
                _("{place} cannot be brought back: {error}").format(place=place, error=error)
            ) from None
        self._deleted.pop()
        return place


def thumbnail(image: Image) -> bytes:
    """Return a small JPEG."""
    share = THUMBNAIL / max(image.shape[:2])
    small = cv2.resize(image, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    return encoded(np.asarray(small, np.uint8))
