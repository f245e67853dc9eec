"""Archives in the schema of HaGRID v1: zips that are read in place.

An archive holds `<class>/<id>.jpg` and `annotations/<class>.json`. Beyond HaGRID's keys an entry
may hold `source`, `split` and `boxes` (how the boxes came about).
"""

import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from training.datasets.annotations import ANY_HAND, LabelledImage, Report, stored_at, unheard
from training.datasets.formats.hagrid_annotations import (
    NO_ANNOTATION,
    NO_IMAGE,
    Entry,
    hands_of,
    stream_entries,
)
from training.errors import TrainingError
from vcam.core.labels import LABELS

_KNOWN = frozenset(LABELS)


class Archives:
    """Zip archives of a folder, as a source."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = tuple(paths)

    def names_of(self, classes: str) -> frozenset[str]:
        """Archives hold our own classes only."""
        return _KNOWN

    @property
    def about(self) -> str:
        """What was recognised."""
        return f"{len(self._paths)} archive(s) in HaGRID's schema"

    def images(self, report: Report) -> Iterator[LabelledImage]:
        """Yield the pictures of all archives in order."""
        for path in self._paths:
            yield from list_images(path, report)


def list_images(archive: Path, report: Report = unheard) -> Iterator[LabelledImage]:
    """Yield every annotated picture of an archive, in a fixed order.

    Raises `TrainingError` when it is no zip archive.
    """
    try:
        opened = zipfile.ZipFile(archive)
    except (OSError, zipfile.BadZipFile) as error:
        raise TrainingError(f"{archive} cannot be read ({error}): download it again.") from None
    with opened:
        left = {entry.filename: entry for entry in opened.infolist() if not entry.is_dir()}
        for name in sorted(left):
            if not name.endswith(".json"):
                continue
            folder = Path(name).stem
            with opened.open(left.pop(name)) as file:
                for key, entry in stream_entries(file, f"{archive.name}/{name}", report):
                    member = f"{folder}/{key}.jpg"
                    found = left.pop(member, None)
                    if found is None:
                        report(NO_IMAGE, f"{archive.name}/{member}")
                        continue
                    yield _image(archive, found, entry, report)
        for member in left:
            report(NO_ANNOTATION, f"{archive.name}/{member}")


def _image(archive: Path, member: zipfile.ZipInfo, entry: Entry, report: Report) -> LabelledImage:
    folder, where = member.filename.partition("/")[0], f"{archive.name}/{member.filename}"
    return LabelledImage(
        archive=archive,
        member=member.filename,
        source=str(entry.get("source") or archive.stem),
        split=str(entry.get("split") or ""),
        gesture=folder,
        boxes=str(entry.get("boxes") or ""),
        hands=hands_of(entry, folder, _KNOWN | {ANY_HAND}, where, report),
        user=str(entry.get("user_id") or ""),
        stored=stored_at(member),
    )
