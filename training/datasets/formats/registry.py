"""Recognise what a folder of data is."""

from collections.abc import Callable, Mapping
from pathlib import Path

from training.datasets.annotations import Source
from training.datasets.formats.hagrid import Hagrid
from training.datasets.formats.hagrid_zip import Archives
from training.datasets.formats.image_folder import OwnFolder
from training.datasets.formats.rendered import Rendered
from training.errors import TrainingError


def _archives(folder: Path) -> Source | None:
    paths = [folder] if folder.suffix == ".zip" else sorted(folder.glob("*.zip"))
    return Archives(paths) if paths else None


LAYOUTS: Mapping[str, Callable[[Path], Source | None]] = {
    "hagrid": Hagrid.look,
    "rendered": Rendered.look,
    "archives": _archives,
    "own": OwnFolder.look,
}
"""How a folder is looked at, in this order, and what `--layout` calls it."""


def recognise(folder: Path, layout: str = "auto") -> Source:
    """Return a folder's pictures as a source. Raises `TrainingError` when it is none."""
    if not folder.exists():
        raise TrainingError(
            f"There is no {folder}: give --data the folder that holds the pictures."
        )
    for name, look in LAYOUTS.items():
        if layout in ("auto", name) and (source := look(folder)):
            return source
    raise TrainingError(f"{folder} holds no data: see training/README.md for what is read.")
