"""Detection sets in YOLO's format: `images/…/x.jpg` beside `labels/…/x.txt`, names in a YAML file.

A label file has a line for every box: class, then centre and size as parts of the picture.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from training.datasets.annotations import HandLabel, LabelledImage, Report
from training.datasets.formats.class_names import class_name
from training.datasets.formats.file_tree import files_below, images_below, split_in
from training.datasets.formats.hagrid_annotations import BAD_ENTRY, NO_ANNOTATION, clipped
from training.errors import TrainingError
from vcam.core.labels import NO_GESTURE

NAME_FILES = ("classes.txt", "obj.names")


class Yolo:
    """A folder with pictures and label files, as a source."""

    def __init__(self, folder: Path, names: list[str], labels: Path) -> None:
        self._folder, self._labels = folder, labels
        self._names = [class_name(name) for name in names]

    @classmethod
    def detect(cls, folder: Path, annotations: Path | None = None) -> "Yolo | None":
        """Return the source when label files lie in the folder, or where `annotations` says.

        Raises `TrainingError` when they have numbers that nothing names.
        """
        root = annotations or folder
        if not root.is_dir():
            return None
        if not any(_boxes_in(path) for path in files_below(root) if path.suffix == ".txt"):
            return None
        for path in (*files_below(root, 2), *files_below(folder, 2)):
            if names := _names_in(path):
                return cls(folder, names, root)
        raise TrainingError(
            f"{root} holds YOLO's labels, but no data.yaml or classes.txt that names the classes: "
            "put one there."
        )

    @property
    def about(self) -> str:
        """What was recognised."""
        count = sum(1 for _ in images_below(self._folder))
        return f"YOLO: {count:,} pictures of {', '.join(self._names)}; no leading hand"

    def names_of(self, classes: str) -> frozenset[str]:
        """Return the classes: whoever marked hands with them wants them learnt."""
        return frozenset({*self._names, NO_GESTURE})

    def images(self, report: Report) -> Iterator[LabelledImage]:
        """Yield every picture that has a box."""
        labels = {path.stem: path for path in files_below(self._labels) if path.suffix == ".txt"}
        for path in images_below(self._folder):
            member = path.relative_to(self._folder)
            if path.stem not in labels:
                report(NO_ANNOTATION, str(member))
            elif hands := self._hands(labels[path.stem], report):
                yield LabelledImage(
                    archive=self._folder,
                    member=str(member),
                    source="yolo",
                    split=split_in(member.parent),
                    gesture=hands[0].gesture,
                    boxes="official",
                    hands=hands,
                )

    def _hands(self, path: Path, report: Report) -> tuple[HandLabel, ...]:
        hands = []
        for number, (x, y, w, h) in _boxes_in(path):
            whole = clipped([x - w / 2, y - h / 2, w, h], path.name, report)
            if number >= len(self._names):
                report(BAD_ENTRY, f"{path.name}: class {number}")
            elif whole:
                hands.append(HandLabel(whole, self._names[number], None, 0.0))
        return tuple(hands)


def _boxes_in(path: Path) -> list[tuple[int, tuple[float, ...]]]:
    """Return class and box of every line; none when it is another kind of text."""
    try:
        lines = [line.split() for line in path.read_text(encoding="utf-8").splitlines()]
        return (
            [(int(line[0]), tuple(float(one) for one in line[1:5])) for line in lines if line]
            if all(len(line) in (0, 5) for line in lines)
            else []
        )
    except (OSError, ValueError):
        return []


def _names_in(path: Path) -> list[str]:
    """Return the names of classes that a file lists, if it does."""
    try:
        if path.name in NAME_FILES:
            return path.read_text(encoding="utf-8").split("\n")[:-1]
        if path.suffix not in (".yaml", ".yml"):
            return []
        content: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return []
    names = content.get("names") if isinstance(content, dict) else None
    if isinstance(names, dict):
        names = [names[number] for number in sorted(names)]
    return [str(name) for name in names] if isinstance(names, list) else []
