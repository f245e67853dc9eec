"""Writing the settings file."""

import os
import sys
from pathlib import Path

import pytest

from vcam.errors import ConfigError
from vcam.settings import load_settings, settings_file
from vcam.settings.settings_file import create_settings, write_settings

GOOD = "[camera]\nwidth = 640 # mine\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "settings.toml"
    path.write_text(GOOD, encoding="utf-8")
    return path


def test_bad_text_never_replaces(path: Path) -> None:
    """A text that does not read leaves the good file, and nothing beside it."""
    with pytest.raises(ConfigError, match="line 1"):
        write_settings(path, "widht = 3")
    assert path.read_text("utf-8") == GOOD
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("step", ["os.fsync", "pathlib.Path.replace"])
def test_failing_disk(path: Path, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fails in the middle leaves the good file, and nothing beside it."""

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(step, fail)
    with pytest.raises(ConfigError, match="No space left"):
        write_settings(path, "[camera]\nwidth = 320\n")
    monkeypatch.undo()
    assert path.read_text("utf-8") == GOOD
    assert [each for each in path.parent.iterdir() if each.suffix != ".lock"] == [path]


def test_folders_are_made(tmp_path: Path) -> None:
    """The first settings file comes with the folders that it needs."""
    path = tmp_path / "a" / "b" / "settings.toml"
    assert write_settings(path, GOOD).camera.width == 640
    assert load_settings(path).camera.width == 640


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
def test_links_and_rights_stay(path: Path, tmp_path: Path) -> None:
    """A link to the settings stays a link, and who may read them stays the same."""
    path.chmod(0o640)
    link = tmp_path / "link.toml"
    link.symlink_to(path)
    write_settings(link, "[camera]\nwidth = 320\n")
    assert link.is_symlink()
    assert load_settings(path).camera.width == 320
    assert path.stat().st_mode & 0o777 == 0o640


def test_create_never_overwrites(path: Path) -> None:
    """A new file is not written over one that is there."""
    with pytest.raises(ConfigError, match="left alone"):
        create_settings(path, "")
    assert path.read_text("utf-8") == GOOD


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
def test_other_names_of_the_file_stay(path: Path) -> None:
    """A hard link to the settings, as some backup programs make, goes on seeing them."""
    other = path.with_name("other.toml")
    os.link(path, other)
    write_settings(path, "[camera]\nwidth = 320\n")
    assert load_settings(other).camera.width == 320
    assert path.samefile(other)


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away"
)
def test_root_leaves_the_file_to_its_owner(path: Path) -> None:
    """A person whose settings root has changed can still read them."""
    path.chmod(0o600)
    os.chown(path, 54321, 54321)
    write_settings(path, "[camera]\nwidth = 320\n")
    status = path.stat()
    assert (status.st_uid, status.st_gid, status.st_mode & 0o777) == (54321, 54321, 0o600)


def test_a_folder_that_may_not_be_written(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that may be written in a folder that may not is written all the same."""

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(settings_file, "write_atomic", refuse)
    write_settings(path, "[camera]\nwidth = 32\n")
    assert path.read_text("utf-8") == "[camera]\nwidth = 32\n"
