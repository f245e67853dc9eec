"""Recognise what a folder of data is."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from training.datasets.annotations import Source
from training.datasets.formats.coco import Coco
from training.datasets.formats.hagrid import Hagrid
from training.datasets.formats.hagrid_files import annotations_named
from training.datasets.formats.hagrid_zip import Archives
from training.datasets.formats.image_folder import OwnFolder
from training.datasets.formats.rendered import Rendered
from training.datasets.formats.yolo import Yolo
from training.errors import TrainingError


def _archives(folder: Path) -> Source | None:
    paths = [folder] if folder.suffix == ".zip" else sorted(folder.glob("*.zip"))
    return Archives(paths) if paths else None


LAYOUTS: Mapping[str, Callable[[Path], Source | None]] = {
    "rendered": Rendered.detect,
    "hagrid": Hagrid.detect,
    "archives": _archives,
    "coco": Coco.detect,
    "yolo": Yolo.detect,
    "hagrid beside": Hagrid.detect_beside,
    "own": OwnFolder.detect,
}
"""How a folder is looked at, in this order, and what `--layout` calls it."""


def layouts() -> tuple[str, ...]:
    """Return what `--layout` may be."""
    return ("auto", *(name for name in LAYOUTS if " " not in name))


def recognise(folder: Path, layout: str = "auto", annotations: Path | None = None) -> Source:
    """Return a folder's pictures as a source. Raises `TrainingError` when it is none."""
    if not folder.exists():
        raise TrainingError(
            f"There is no {folder}: give --data the folder that holds the pictures."
        )
    if annotations is not None:
        return _annotated(folder, annotations)
    layouts: dict[str, Callable[[Path], Source | None]] = {**LAYOUTS}
    layouts["own"] = partial(OwnFolder.detect, ignore_labels=layout == "own")
    for name, detect in layouts.items():
        if layout in ("auto", name.partition(" ")[0]) and (source := detect(folder)):
            return source
    raise TrainingError(f"{folder} holds no data: see training/README.md for what is read.")


def _annotated(folder: Path, annotations: Path) -> Source:
    """Return a folder's pictures with annotations from elsewhere."""
    if not annotations.exists():
        raise TrainingError(f"There is no {annotations}: give --annotations a file or a folder.")
    source: Source | None = Coco.detect(folder, annotations) or Yolo.detect(folder, annotations)
    if source:
        return source
    if files := annotations_named(annotations):
        return Hagrid(folder, files)
    raise TrainingError(
        f"{annotations} holds no annotations in HaGRID's, COCO's or YOLO's format: name others."
    )
