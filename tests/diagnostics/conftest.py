"""A home of its own for every test of the doctor."""

from pathlib import Path

import pytest

from tests.rigs.home import use_home


@pytest.fixture(autouse=True)
def settings_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where the settings file would be; nobody's real settings are touched."""
    return use_home(monkeypatch, tmp_path)
