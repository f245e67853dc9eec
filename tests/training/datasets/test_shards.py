"""Shards are read at random places without running out of open files."""

import sys
from pathlib import Path

import pytest

from training.datasets import shards
from training.datasets.shards import ShardReader, ShardWriter, read_index


def _shards(folder: Path, count: int) -> list[Path]:
    paths = [folder / f"hands-{number:05}.tar" for number in range(count)]
    for number, path in enumerate(paths):
        with ShardWriter(path) as shard:
            shard.add({"txt": b"%d" % number}, {"number": number})
    return paths


def _open_files(folder: Path) -> int:
    links = list(Path("/proc/self/fd").iterdir())
    return sum(link.exists() and link.resolve().parent == folder for link in links)


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_few_shards_are_open_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is read again when it is wanted, and a reader that goes closes what is open."""
    monkeypatch.setattr(shards, "MAX_OPEN_SHARDS", 3)
    folder = tmp_path.resolve()
    paths = _shards(folder, 8)
    reader = ShardReader()
    for _ in range(2):
        for number, path in enumerate(paths):
            index = read_index(path)
            files = reader.read(path, index["begin"][0], index["end"][0])
            assert files["txt"] == b"%d" % number
            assert _open_files(folder) <= 3
    assert _open_files(folder) == 3
    del reader
    assert _open_files(folder) == 0
