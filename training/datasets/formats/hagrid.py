"""HaGRID's releases: v1 with `leading_hand`, "2.0" and v2-1M without.

The folders that the zips unpack to (`call`, `train_val_call`, `hagrid_dataset/call`,
`hagridv2_512/call`), full pictures and 512-pixel packs are all read alike, and a zip also without
being unpacked. Annotations may lie below the pictures, beside them, or where `--annotations` says.
"""

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from training.datasets.annotations import LabelledImage, Report
from training.datasets.formats.hagrid_annotations import (
    NO_ANNOTATION,
    NO_IMAGE,
    TWICE,
    hands_of,
    stream_entries,
)
from training.datasets.formats.hagrid_files import (
    KNOWN,
    AnnotationFile,
    ImageIndex,
    annotations_beside,
    find_annotations,
    find_images,
)
from training.errors import TrainingError
from vcam.core.labels import LABELS, NO_GESTURE


class Hagrid:
    """A folder with a release of HaGRID, as a source."""

    def __init__(self, folder: Path, files: list[AnnotationFile]) -> None:
        self._folder, self._files = folder, files

    @classmethod
    def detect(cls, folder: Path) -> "Hagrid | None":
        """Return the source when the folder holds HaGRID's annotations."""
        files = find_annotations(folder) if folder.is_dir() else []
        return cls(folder, files) if files else None

    @classmethod
    def detect_beside(cls, folder: Path) -> "Hagrid | None":
        """Return the source when annotations of its pictures stand beside the folder."""
        if not folder.is_dir():
            return None
        files = annotations_beside(folder, find_images(folder))
        return cls(folder, files) if files else None

    @cached_property
    def _found(self) -> ImageIndex:
        return find_images(self._folder)

    @property
    def about(self) -> str:
        """What was recognised."""
        official = any(one.split in ("train", "val") for one in self._files)
        gestures = {one.gesture for one in self._files} & KNOWN - {NO_GESTURE}
        leads = any(one.has_leading_hand() for one in self._files[:3])
        release = "2.0" if gestures <= frozenset(LABELS) else "v2-1M"
        of = f"of {len(gestures)} gestures" if gestures else "in one file for all gestures"
        return (
            f"HaGRID {release if official else 'v1'}: {len(self._found):,} pictures, annotations "
            f"{of}, {'official split' if official else 'split by person'}; "
            f"{'with' if leads else 'no'} leading hand"
        )

    def names_of(self, classes: str) -> frozenset[str]:
        """Return our labels, or with `all` also those of the release's annotation files."""
        if classes == "ours":
            return frozenset(LABELS)
        return frozenset(LABELS) | {one.gesture for one in self._files} & KNOWN

    def images(self, report: Report) -> Iterator[LabelledImage]:
        """Yield every annotated picture, by file. Raises `TrainingError` when there is none."""
        left = dict(self._found)
        if not left:
            raise TrainingError(
                f"There are annotations in {self._folder} but no pictures: unpack HaGRID's "
                "pictures there too, or put a 512-pixel pack's zip there."
            )
        for one in self._files:
            yield from _annotated(one, left, report)
        for archive, member, _ in filter(None, left.values()):
            report(NO_ANNOTATION, f"{archive.name}/{member}")


def _annotated(one: AnnotationFile, left: ImageIndex, report: Report) -> Iterator[LabelledImage]:
    """Yield the pictures of one annotation file, and take them from those that are left."""
    with one.open() as file:
        for key, entry in stream_entries(file, one.where, report):
            found = left.get(key)
            if found is None:
                report(TWICE if key in left else NO_IMAGE, f"{one.where}: {key}")
                continue
            left[key] = None
            archive, member, stored = found
            gesture = one.gesture if one.gesture in KNOWN else _shown(entry.get("labels"))
            hands = hands_of(entry, gesture, KNOWN, f"{one.where}: {key}", report)
            if not hands:  # what is wrong with them was reported
                continue
            yield LabelledImage(
                archive=archive,
                member=member,
                source=str(entry.get("source") or "hagrid"),
                split=one.split or str(entry.get("split") or ""),
                gesture=gesture,
                boxes=str(entry.get("boxes") or "official"),
                hands=hands,
                user=str(entry.get("user_id") or ""),
                stored=stored,
            )


def _shown(labels: object) -> str:
    """Return what a picture of a merged file shows: its first label that is a gesture."""
    names = [name for name in labels if isinstance(name, str)] if isinstance(labels, list) else []
    return next((name for name in names if name in KNOWN and name != NO_GESTURE), NO_GESTURE)
