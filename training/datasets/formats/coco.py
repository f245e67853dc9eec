"""Detection sets in COCO's format: one JSON file of images, boxes and categories a split."""

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ijson

from training.datasets.annotations import HandLabel, LabelledImage, Report
from training.datasets.formats.class_names import class_name
from training.datasets.formats.file_tree import files_below, images_below, split_in
from training.datasets.formats.hagrid_annotations import (
    BAD_ENTRY,
    NO_ANNOTATION,
    NO_IMAGE,
    clipped,
)
from training.errors import TrainingError
from vcam.core.labels import NO_GESTURE

KEYS = frozenset({"info", "licenses", "images", "annotations", "categories", "type"})
"""What the first key of such a file is."""


class Coco:
    """A folder with pictures and COCO files, as a source."""

    def __init__(self, folder: Path, files: list[Path]) -> None:
        """Read the files. Raises `TrainingError` when one is broken or names no categories."""
        self._folder = folder
        self._files = [(path, _read(path)) for path in files]

    @classmethod
    def detect(cls, folder: Path, annotations: Path | None = None) -> "Coco | None":
        """Return the source when COCO files lie in the folder, or where `annotations` says."""
        root = annotations or folder
        files = [root] if root.is_file() else files_below(root, 3)
        found = [path for path in files if path.suffix == ".json" and _is_coco(path)]
        return cls(folder, found) if found else None

    @property
    def about(self) -> str:
        """What was recognised."""
        images = sum(len(content["images"]) for _, content in self._files)
        splits = {split_in(path.relative_to(path.parents[1])) for path, _ in self._files} - {""}
        return (
            f"COCO: {images:,} pictures of {', '.join(sorted(self._names()))}, "
            f"{'split ' + ', '.join(sorted(splits)) if splits else 'no split'}; no leading hand"
        )

    def _names(self) -> frozenset[str]:
        return frozenset(
            class_name(one["name"]) for _, content in self._files for one in content["categories"]
        )

    def names_of(self, classes: str) -> frozenset[str]:
        """Return the categories: whoever marked hands with them wants them learnt."""
        return self._names() | {NO_GESTURE}

    def images(self, report: Report) -> Iterator[LabelledImage]:
        """Yield every picture that has a box, file by file."""
        paths = {path.name: path for path in images_below(self._folder)}
        for path, content in self._files:
            split = split_in(path.relative_to(path.parents[1]))
            names = {one["id"]: class_name(one["name"]) for one in content["categories"]}
            hands = defaultdict(list)
            for one in content["annotations"]:
                hands[one.get("image_id")].append(one)
            for image in content["images"]:
                member = paths.get(str(image.get("file_name", "")).rpartition("/")[2])
                if member is None:
                    report(NO_IMAGE, f"{path.name}: {image.get('file_name')}")
                elif not hands[image["id"]]:
                    report(NO_ANNOTATION, member.name)
                elif labels := _labels(hands[image["id"]], image, names, report):
                    yield LabelledImage(
                        archive=self._folder,
                        member=str(member.relative_to(self._folder)),
                        source="coco",
                        split=split,
                        gesture=labels[0].gesture,
                        boxes="official",
                        hands=labels,
                    )


def _labels(
    boxes: list[dict[str, Any]], image: dict[str, Any], names: dict[int, str], report: Report
) -> tuple[HandLabel, ...]:
    where, labels = str(image.get("file_name")), []
    for one in boxes:
        try:
            x, y, w, h = one["bbox"]
            wide, high = float(image["width"]), float(image["height"])
            box, name = [x / wide, y / high, w / wide, h / high], names[one["category_id"]]
        except (KeyError, TypeError, ValueError, ZeroDivisionError):
            report(BAD_ENTRY, where)
            continue
        if whole := clipped(box, where, report):
            labels.append(HandLabel(whole, name, None, 0.0))
    return tuple(labels)


def _is_coco(path: Path) -> bool:
    """Tell by the first key of the file."""
    try:
        with path.open("rb") as file:
            for _, event, value in ijson.parse(file):
                if event == "map_key":
                    return value in KEYS
                if event != "start_map":
                    return False
    except (ijson.JSONError, OSError, UnicodeDecodeError):
        pass
    return False


def _read(path: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if not all(isinstance(content[key], list) for key in ("images", "annotations")):
            raise TypeError("images and annotations are no lists")
        if not content["categories"]:
            raise KeyError("categories")
    except (ValueError, KeyError, TypeError) as error:
        raise TrainingError(f"{path} is no whole COCO file ({error}): write it again.") from None
    return content
