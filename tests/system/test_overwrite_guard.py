"""Outputs that are inputs."""

import os
import sys
from pathlib import Path

import pytest

from vcam.errors import ConfigError
from vcam.system.overwrite_guard import refuse_overwriting

unix = pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")


@pytest.fixture
def film(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    film = tmp_path / "talk.mp4"
    film.touch()
    return film


@pytest.mark.parametrize("name", ["talk.mp4", "./talk.mp4", "../{0}/talk.mp4", "x/../talk.mp4"])
def test_other_spellings(film: Path, name: str) -> None:
    """One file is recognised by whatever way it is named."""
    (film.parent / "x").mkdir()
    with pytest.raises(ConfigError, match="name another file to write"):
        refuse_overwriting([None, film], [None, Path(name.format(film.parent.name))])


@unix
def test_links(film: Path) -> None:
    """Links and hard links to the file, to its folder, and from the input, are seen through."""
    soft, hard, folder = Path("soft"), Path("hard"), film.parent / "folder"
    soft.symlink_to(film)
    os.link(film, hard)
    folder.symlink_to(film.parent)
    for other in (soft, hard, folder / "talk.mp4"):
        for read, written in ((film, other), (other, film)):
            with pytest.raises(ConfigError):
                refuse_overwriting([read], [written])


def test_twice(film: Path) -> None:
    """Two outputs cannot be one file, which need not be there yet."""
    with pytest.raises(ConfigError, match="twice"):
        refuse_overwriting([film], [Path("new"), Path("./new")])


def test_what_is_allowed(film: Path) -> None:
    """Other files, and devices that keep nothing, may be read and written."""
    null = Path(os.devnull)
    refuse_overwriting([film, Path("missing"), null], [Path("new"), null, Path("x" * 300), None])
