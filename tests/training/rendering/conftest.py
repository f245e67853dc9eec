"""The rigged hand, which is fetched once and kept."""

import shutil
from pathlib import Path

import pytest

from training.rendering import assets


@pytest.fixture(scope="session")
def hands() -> Path:
    """The checked right.glb, or a skip that says why there is none."""
    cached = assets.CACHE.expanduser() / "right.glb"
    if not cached.is_file() and shutil.which("npm") is None:
        pytest.skip("the rigged hand is not cached and npm is not installed")
    try:
        return assets.hand_file()
    except assets.AssetError as error:
        pytest.skip(f"the rigged hand cannot be fetched: {error}")
