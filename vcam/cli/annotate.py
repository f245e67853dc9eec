"""Marked copies of pictures, for `vcam recognize --annotate`."""

from pathlib import Path

from vcam.core.frame import Image
from vcam.core.hand import Hand, TrackedHand
from vcam.core.labels import NO_GESTURE
from vcam.core.view import HandView, View
from vcam.errors import OutputError
from vcam.overlay.overlay import Overlay
from vcam.overlay.settings import OverlaySettings
from vcam.system.image_files import write_image
from vcam.vision.recognizer import Recognition, Recognizer


class Annotator:
    """Writes pictures with boxes and names into a folder."""

    def __init__(self, folder: Path) -> None:
        """Make the folder; raises `OutputError` when that cannot be done."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(
                f"{folder} cannot be made ({error.strerror}): name another."
            ) from None
        self._folder = folder
        self._overlay = Overlay(OverlaySettings())
        self._written: set[str] = set()

    def write(self, path: Path, image: Image, result: Recognition, recognizer: Recognizer) -> None:
        """Write one marked copy; raises `OutputError` when it cannot be written."""
        marked = image.copy()
        size = (image.shape[1], image.shape[0])
        hands = tuple(_view(hand, recognizer) for hand in result.hands)
        self._overlay.draw(marked, View(hands, size))
        target = self._folder / self._free_name(path)
        try:
            write_image(target, marked)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise OutputError(
                f"{target} cannot be written ({reason}): free some space, or name another folder."
            ) from None

    def _free_name(self, path: Path) -> str:
        """Pictures of one name from two folders must not overwrite each other."""
        name, count = f"{path.stem}.png", 1
        while name in self._written:
            count += 1
            name = f"{path.stem}-{count}.png"
        self._written.add(name)
        return name


def _view(hand: Hand, recognizer: Recognizer) -> HandView:
    gesture = recognizer.acted_on(hand)
    tracked = TrackedHand(track=1, hand=hand, seen=0.0, born=0.0)
    return HandView(tracked, None if gesture == NO_GESTURE else gesture)
