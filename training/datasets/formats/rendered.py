"""Hands that `python -m training synthesize` rendered, as a source: RGBA cutouts to train on."""

from collections.abc import Iterator
from pathlib import Path

from training.datasets.annotations import CUTOUT, LabelledImage, Report
from training.datasets.formats.hagrid_annotations import NO_IMAGE, hands_of, stream_entries
from vcam.core.labels import LABELS

_KNOWN = frozenset(LABELS)
COLOUR_TYPE = 25
"""Place of PNG's colour type in the file; `RGBA` is its value for pictures with alpha."""
RGBA = 6


class Rendered:
    """A folder with `<gesture>/<id>.png` and `annotations/<gesture>.json`."""

    about = "rendered hands on nothing, to train on"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @classmethod
    def detect(cls, folder: Path) -> "Rendered | None":
        """Return the source when the folder holds cutouts and annotations."""
        files = (folder / "annotations").glob("*.json")
        cutouts = (next((folder / path.stem).glob("*.png"), None) for path in files)
        return cls(folder) if any(path and _has_alpha(path) for path in cutouts) else None

    def names_of(self, classes: str) -> frozenset[str]:
        """Our own labels: nothing else is rendered."""
        return _KNOWN

    def images(self, report: Report) -> Iterator[LabelledImage]:
        """Yield every cutout; all are for training."""
        for annotations in sorted((self._folder / "annotations").glob("*.json")):
            with annotations.open("rb") as file:
                for key, entry in stream_entries(file, annotations.name, report):
                    member = f"{annotations.stem}/{key}.png"
                    if not (self._folder / member).exists():
                        report(NO_IMAGE, member)
                        continue
                    sided = {**entry, "leading_conf": 1.0}
                    yield LabelledImage(
                        archive=self._folder,
                        member=member,
                        source="rendered",
                        split="train",
                        gesture=annotations.stem,
                        boxes=CUTOUT,
                        hands=hands_of(sided, annotations.stem, _KNOWN, member, report),
                    )


def _has_alpha(path: Path) -> bool:
    """Tell a cutout from a photo that happens to be a PNG."""
    with path.open("rb") as file:
        return file.read(COLOUR_TYPE + 1)[COLOUR_TYPE:] == bytes([RGBA])
