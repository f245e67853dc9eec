"""Recognise what a folder of data is."""

from collections.abc import Callable, Mapping
from pathlib import Path

from training.data.archive import Archives
from training.data.pictures import Source
from training.errors import SchoolError


def _archives(folder: Path) -> Source | None:
    paths = [folder] if folder.suffix == ".zip" else sorted(folder.glob("*.zip"))
    return Archives(paths) if paths else None


LAYOUTS: Mapping[str, Callable[[Path], Source | None]] = {"archives": _archives}


def recognise(folder: Path, layout: str = "auto") -> Source:
    """Return a folder's pictures as a source. Raises `SchoolError` when it is none."""
    if not folder.exists():
        raise SchoolError(f"There is no {folder}: give --data the folder that holds the pictures.")
    for name, look in LAYOUTS.items():
        if layout in ("auto", name) and (source := look(folder)):
            return source
    raise SchoolError(f"{folder} holds no data: see training/README.md for what is read.")
