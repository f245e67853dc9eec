"""What is large in a built program: `python packaging/sizes.py FOLDER [PACKAGE ...]`.

Prints for each package below FOLDER (dist/vcam) how much it takes on disk and about how much of a
download, compressed as an MSI does it; then how large each PACKAGE (.deb, .msi, .dmg) is. Ends with
1 when one is larger than we promise.
"""

import re
import sys
import zlib
from collections import Counter
from pathlib import Path
from typing import Final

LIMIT_BYTES: Final = 120_000_000
"""No download is larger."""
MB: Final = 1_000_000
SHOWN: Final = 15
"""Packages that get a line of their own."""
REST: Final = "everything else"


def measure(folder: Path) -> tuple[Counter[str], Counter[str]]:
    """Return bytes on disk and compressed, of each package."""
    on_disk, packed = Counter[str](), Counter[str]()
    for file in folder.rglob("*"):
        if file.is_file() and not file.is_symlink():
            name, content = package_of(file.relative_to(folder)), file.read_bytes()
            on_disk[name] += len(content)
            packed[name] += len(zlib.compress(content))
    return on_disk, packed


def package_of(file: Path) -> str:
    """Return to which package a file belongs: `cv2` brings `opencv_python.libs`, for example."""
    parts = [part for part in file.parts if part != "_internal"]
    name = re.split(r"\.libs$|[-.](?=.*(?:dist-info|\.so|\.dll|\.pyd|\.dylib))", parts[0])[0]
    return {"opencv_python": "cv2", "numpy.libs": "numpy"}.get(name, name)


def table(folder: Path) -> str:
    """Return a line for each large package, the largest download first, and one for all."""
    on_disk, packed = measure(folder)
    names = [name for name, _ in packed.most_common(SHOWN)]
    lines = [_line("package", "on disk", "packed")]
    lines += [_line(name, _mb(on_disk[name]), _mb(packed[name])) for name in names]
    rest = [name for name in on_disk if name not in names]
    lines.append(_line(REST, *(_mb(sum(each[n] for n in rest)) for each in (on_disk, packed))))
    return "\n".join([*lines, _line("all", _mb(on_disk.total()), _mb(packed.total()))])


def _mb(size: int) -> str:
    return f"{size / MB:.1f} MB"


def _line(name: str, on_disk: str, packed: str) -> str:
    return f"{name:<24}{on_disk:>10}{packed:>10}"


def main(words: list[str]) -> int:
    """Print both; return the exit code."""
    print(table(Path(words[0])))
    sizes = {Path(word).name: Path(word).stat().st_size for word in words[1:]}
    for name, size in sizes.items():
        print(f"{name}: {size:,} bytes of {LIMIT_BYTES:,}")
    return int(any(size > LIMIT_BYTES for size in sizes.values()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
