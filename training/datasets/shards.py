"""Shards: what `prepare` writes once and training reads for ever after.

A prepared folder holds `dataset.json` (see `Dataset`) and a folder for each split with shards of
three kinds: `hands-00000.tar`, `frames-00000.tar`, `backgrounds-00000.tar`. A shard is a plain tar
in WebDataset's convention: the files of one sample stand together and share the name before the
first dot, `<key>.jpg`, `<key>.json` and, where an outline is known, `<key>.mask.png`. So any tool
reads them, in order and from anywhere.

Beside each shard lies its index, `hands-00000.json`: where each sample begins and ends, and what is
needed to choose samples. With it training reads any sample with one `pread`, in any order, and a
machine needs the pictures of its own shards only. A shard without an index is still being written.
"""

import io
import json
import os
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from training.errors import TrainingError
from vcam.system.atomic_write import write_atomic

FORMAT_VERSION = 1
BLOCK = 512
"""Tar files are made of blocks of so many bytes."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Dataset:
    """What is common to all shards of a prepared folder: the content of `dataset.json`."""

    labels: tuple[str, ...]
    """What hands may show, in the order of the gesture head."""
    side: int
    """Side of the square hand canvases in pixels; a hand's box is half as long."""
    frame: int
    """Longer side of whole pictures in pixels."""
    made_with: Mapping[str, Any] = field(default_factory=dict)
    """Options, counts and what was left out."""
    format_version: int = FORMAT_VERSION

    def write(self, folder: Path) -> None:
        """Write `dataset.json`."""
        replace_text(folder / "dataset.json", json.dumps(asdict(self), indent=2) + "\n")

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read `dataset.json`. Raises `TrainingError` when there is none or another format's."""
        try:
            content = json.loads((folder / "dataset.json").read_text(encoding="utf-8"))
            known = cls(**{**content, "labels": tuple(content["labels"])})
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise TrainingError(
                f"{folder} is no prepared folder ({error}): run `python -m training prepare` first."
            ) from None
        if known.format_version != FORMAT_VERSION:
            raise TrainingError(
                f"{folder} has format {known.format_version}, this program reads {FORMAT_VERSION}: "
                "prepare it again."
            )
        return known


class ShardWriter:
    """Writes one shard: under a temporary name until it is whole, then its index.

    Used as a context manager; when the block raises, nothing is left behind. The temporary name is
    always the same, so that a prepare that was killed writes over its own large part, where names
    that are drawn would fill the disk.
    """

    def __init__(self, path: Path) -> None:
        """Begin `path`, whose name ends in `-00000.tar`."""
        self.path, self._part = path, path.with_suffix(".tar.part")
        self._rows: list[Row] = []
        self._image: tuple[str | None, int] = (None, -1)
        path.parent.mkdir(parents=True, exist_ok=True)
        self._tar = tarfile.open(self._part, "w", format=tarfile.USTAR_FORMAT)  # noqa: SIM115

    def __enter__(self) -> Self:
        return self

    def add(self, files: Mapping[str, bytes], row: Row) -> None:
        """Add a sample: its files by suffix (`jpg`, `mask.png`), and its row as `json`.

        All rows of a shard have the same keys, and hands of one `image` follow each other.
        """
        key = f"{self.path.stem.rpartition('-')[2]}{len(self._rows):05}"
        begin = self._tar.offset
        for suffix, content in (*files.items(), ("json", json.dumps(row).encode())):
            entry = tarfile.TarInfo(f"{key}.{suffix}")
            entry.size = len(content)
            self._tar.addfile(entry, io.BytesIO(content))
        if not self._rows or row.get("picture") != self._image[0]:
            self._image = (row.get("picture"), self._image[1] + 1)
        place = {"begin": begin, "end": self._tar.offset, "of": self._image[1]}
        self._rows.append({**place, **_to_choose_by(row)})

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self._tar.close()
            if kind is None:
                self._part.replace(self.path)
                replace_text(index_path(self.path), json.dumps(columns(self._rows)))
        finally:
            self._part.unlink(missing_ok=True)


def _to_choose_by(row: Row) -> Row:
    """Keep of a row what samples are chosen by; the rest is read with the picture."""
    wanted = ("gesture", "side", "side_confidence", "source", "tight", "cut", "weight")
    return {name: row[name] for name in wanted if name in row}


def columns(rows: list[Row]) -> dict[str, list[Any]]:
    """Turn rows with the same keys into columns, which are a fifth as long as text."""
    return {name: [row[name] for row in rows] for name in rows[0]} if rows else {}


def index_path(shard: Path) -> Path:
    """Return where a shard's index lies."""
    return shard.with_suffix(".json")


def whole_shards(folder: Path, kind: str) -> list[Path]:
    """Return the shards of one kind in a split's folder that have an index, in order.

    The pictures themselves may be elsewhere: an index is enough to be listed.
    """
    return [path.with_suffix(".tar") for path in sorted(folder.glob(f"{kind}-*.json"))]


def read_index(shard: Path) -> dict[str, list[Any]]:
    """Return a shard's columns. Raises `TrainingError` when the index is damaged."""
    try:
        content: dict[str, list[Any]] = json.loads(index_path(shard).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise TrainingError(
            f"The index {index_path(shard)} cannot be read ({error}): delete it and its shard, "
            "and run `prepare` again."
        ) from None
    return content


MAX_OPEN_SHARDS = 128
"""Systems allow a process about a thousand open files, and large sets have more shards."""


class ShardReader:
    """Reads samples out of shards by their place; keeps shards open. Safe after a fork."""

    def __init__(self) -> None:
        self._open: dict[Path, int] = {}
        """Descriptors, the one that was used last at the end."""
        self._process = os.getpid()

    def __del__(self) -> None:
        """Close what is open, unless another process opened it."""
        if self._process == os.getpid():
            for descriptor in self._open.values():
                os.close(descriptor)

    def read(self, shard: Path, begin: int, end: int) -> dict[str, bytes]:
        """Return a sample's files by suffix. Raises `TrainingError` when the shard is not whole."""
        if self._process != os.getpid():
            self._open, self._process = {}, os.getpid()
        try:
            descriptor = self._descriptor(shard)
            blocks = os.pread(descriptor, end - begin, begin)
            if len(blocks) < end - begin:
                raise ValueError("it ends too early")
            return dict(members(blocks))
        except (OSError, ValueError) as error:
            raise TrainingError(
                f"{shard} cannot be read ({error}): delete it and its index, and run `prepare` "
                "again; what is whole is kept."
            ) from None

    def _descriptor(self, shard: Path) -> int:
        descriptor = self._open.pop(shard, None)
        if descriptor is None:
            descriptor = os.open(shard, os.O_RDONLY)
            if len(self._open) >= MAX_OPEN_SHARDS:
                os.close(self._open.pop(next(iter(self._open))))
        self._open[shard] = descriptor
        return descriptor


def members(blocks: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield suffix and content of every file in a run of tar blocks, as `ShardWriter` writes them.

    Raises ValueError when they are cut short. Short names and plain files only, which is why it is
    many times as fast as `tarfile` on one sample.
    """
    place = 0
    while place < len(blocks):
        name = blocks[place : place + 100].rstrip(b"\0").decode()
        size = int(blocks[place + 124 : place + 135].strip(b" \0") or b"0", 8)
        place += BLOCK
        if not name or place + size > len(blocks):
            raise ValueError("a sample is cut short")
        yield name.partition(".")[2], blocks[place : place + size]
        place += -(-size // BLOCK) * BLOCK


def replace_text(path: Path, text: str) -> None:
    """Write a text file so that a kill leaves the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(path, text.encode("utf-8", "surrogateescape"))
