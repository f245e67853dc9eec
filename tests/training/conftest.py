"""What training tests share."""

from pathlib import Path

import pytest

from tests.training.rigs.tiny import write_archive
from training.__main__ import main


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder prepared from the tiny archive; nobody writes to it."""
    folder = tmp_path_factory.mktemp("tiny")
    write_archive(folder / "tiny.zip")
    assert main(["prepare", "--data", str(folder), "--out", str(folder / "cache")]) == 0
    return folder / "cache"
