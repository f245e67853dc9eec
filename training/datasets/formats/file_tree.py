"""Every file below a folder; symbolic links are followed, each folder is entered once."""

import os
from collections.abc import Iterator
from pathlib import Path

from vcam.system.image_formats import IMAGE_SUFFIXES, is_of_system

ENDINGS = IMAGE_SUFFIXES
"""Of pictures that are read."""
SPLIT_FOLDERS = {
    "train": "train",
    "training": "train",
    "val": "val",
    "valid": "val",
    "validation": "val",
    "test": "test",
}
"""What folders are called that hold one side of a split."""


def files_below(folder: Path, depth: int = 12) -> Iterator[Path]:
    """Yield all files in a fixed order; hidden ones are left out."""
    entered: set[str] = set()
    for root, folders, names in os.walk(folder, followlinks=True):
        if (real := os.path.realpath(root)) in entered:  # a link that leads back up
            folders.clear()
            continue
        entered.add(real)
        deep = len(Path(root).relative_to(folder).parts)
        folders[:] = sorted(one for one in folders if deep < depth and not is_of_system(one))
        yield from (Path(root, name) for name in sorted(names) if not is_of_system(name))


def images_below(folder: Path) -> Iterator[Path]:
    """Yield all pictures in a fixed order."""
    return (path for path in files_below(folder) if path.suffix.lower() in ENDINGS)


def split_in(path: Path) -> str:
    """Return which split a path's folders or its name speak of, or an empty string."""
    for part in reversed((*path.parts[:-1], path.stem)):
        for word in part.lower().replace("-", "_").replace(".", "_").split("_"):
            if (name := word.rstrip("0123456789")) in SPLIT_FOLDERS:
                return SPLIT_FOLDERS[name]
    return ""
