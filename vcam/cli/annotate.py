"""Marked copies of pictures, for `vcam recognize --annotate`."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from vcam.core.frame import Image
from vcam.core.hand import Hand, TrackedHand
from vcam.core.labels import NO_GESTURE
from vcam.core.texts import _
from vcam.core.view import HandView, View
from vcam.errors import OutputError
from vcam.overlay.overlay import Overlay
from vcam.overlay.settings import OverlaySettings
from vcam.system.image_files import write_image
from vcam.vision.recognizer import Recognition, Recognizer


class Annotator:
    """Writes pictures with boxes and names into a folder."""

    def __init__(self, folder: Path, targets: Mapping[Path, Path]) -> None:
        """Make the folder; raises `OutputError` when that cannot be done.

        `targets` says where the marked copy of each picture goes.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(
                _("{folder} cannot be made ({reason}): name another.").format(
                    folder=folder, reason=error.strerror
                )
            ) from None
        self._targets = targets
        self._overlay = Overlay(OverlaySettings())

    def write(self, path: Path, image: Image, result: Recognition, recognizer: Recognizer) -> None:
        """Write one marked copy; raises `OutputError` when it cannot be written."""
        marked = image.copy()
        size = (image.shape[1], image.shape[0])
        hands = tuple(_view(hand, recognizer) for hand in result.hands)
        self._overlay.draw(marked, View(hands, size))
        target = self._targets[path]
        try:
            write_image(target, marked)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise OutputError(
                _(
                    "{target} cannot be written ({reason}): free some space, or name another "
                    "folder."
                ).format(target=target, reason=reason)
            ) from None


def marked_paths(folder: Path, image_paths: Sequence[Path]) -> dict[Path, Path]:
    """Return where each picture's marked copy goes; pictures of one name get different ones."""
    targets: dict[Path, Path] = {}
    taken: set[str] = set()
    for path in image_paths:
        name, count = f"{path.stem}.png", 1
        while name.casefold() in taken:  # some file systems take A.png and a.png for the same
            count += 1
            name = f"{path.stem}-{count}.png"
        taken.add(name.casefold())
        targets.setdefault(path, folder / name)
    return targets


def _view(hand: Hand, recognizer: Recognizer) -> HandView:
    gesture = recognizer.acted_on(hand)
    tracked = TrackedHand(track=1, hand=hand, seen=0.0, born=0.0)
    return HandView(tracked, None if gesture == NO_GESTURE else gesture)
