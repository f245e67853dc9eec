"""Following edits of the settings file."""

import os
import sys
import threading
from pathlib import Path

import pytest

from vcam.errors import ConfigError
from vcam.settings import Settings, SettingsWatch, load_settings
from vcam.settings.watch import POLL_S


class _Seen:
    """A watch on a file, polled by hand, and what it said."""

    def __init__(self, path: Path, profile: str | None = None) -> None:
        self.settings: list[Settings] = []
        self.errors: list[str] = []
        self.now = 0.0
        self.watch = SettingsWatch(
            path,
            self.settings.append,
            lambda error: self.errors.append(str(error)),
            profile=profile,
        )

    def poll(self, times: int = 2) -> None:
        for _ in range(times):
            self.now += POLL_S
            self.watch.poll(self.now)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "settings.toml"
    path.write_text("[camera]\nwidth = 640\n", encoding="utf-8")
    return path


def test_no_edit_says_nothing(path: Path) -> None:
    """A file that is touched but says the same is not told again."""
    seen = _Seen(path)
    path.write_text(path.read_text("utf-8"), encoding="utf-8")
    seen.poll(5)
    assert (seen.settings, seen.errors) == ([], [])
    assert seen.watch.settings.camera.width == 640


def test_good_edit(path: Path) -> None:
    """A good edit is reported once, and is what the watch then holds."""
    seen = _Seen(path)
    path.write_text("[camera]\nwidth = 320\n", encoding="utf-8")
    seen.poll(5)
    assert [each.camera.width for each in seen.settings] == [320]
    assert seen.watch.settings is seen.settings[0]


def test_bad_edit_keeps_the_last_good(path: Path) -> None:
    """A bad edit is reported once with its line and ignored; the edit that fixes it is reported."""
    seen = _Seen(path)
    path.write_text("[camera]\nwidth = 'x'\n", encoding="utf-8")
    seen.poll(5)
    assert len(seen.errors) == 1
    assert "line 2" in seen.errors[0]
    assert seen.watch.settings.camera.width == 640
    path.write_text("[camera]\nwidth = 640\n", encoding="utf-8")
    seen.poll(5)
    assert [each.camera.width for each in seen.settings] == [640]


def test_bytes_that_are_no_text(path: Path) -> None:
    """A file in another encoding is a bad edit like any other."""
    seen = _Seen(path)
    path.write_bytes(b"\xff\xfe")
    seen.poll()
    assert "UTF-8" in seen.errors[0]


def test_half_written(path: Path) -> None:
    """What an editor has written half is never evaluated, however often the watch is asked."""
    seen = _Seen(path)
    path.write_text("[camera]\nwid", encoding="utf-8")
    seen.poll(1)
    for _ in range(10):
        seen.watch.poll(seen.now + 0.01)
    path.write_text("[camera]\nwidth = 320\n", encoding="utf-8")
    seen.poll(2)
    assert seen.errors == []
    assert seen.settings[0].camera.width == 320


def test_deleted_and_back(path: Path) -> None:
    """A file that is gone changes nothing; when it is back with other words they count."""
    seen = _Seen(path)
    path.unlink()
    seen.poll(5)
    assert (seen.settings, seen.errors) == ([], [])
    path.write_text("[camera]\nwidth = 320\n", encoding="utf-8")
    seen.poll()
    assert seen.watch.settings.camera.width == 320


def test_replaced_by_renaming(path: Path) -> None:
    """A new file of the same size in the same place is noticed."""
    seen = _Seen(path)
    new = path.with_suffix(".new")
    new.write_text("[camera]\nwidth = 960\n", encoding="utf-8")
    new.replace(path)
    seen.poll()
    assert seen.watch.settings.camera.width == 960


def test_created_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With no file in the default place the defaults hold, until one is written."""
    place = tmp_path / "settings.toml"
    monkeypatch.setattr("vcam.settings.watch.default_settings_path", lambda: place)
    got: list[Settings] = []
    watch = SettingsWatch(None, got.append, _fail)
    assert watch.settings == Settings()
    place.write_text("[camera]\nwidth = 320\n", encoding="utf-8")
    watch.poll(1.0)
    watch.poll(2.0)
    assert got[0].camera.width == 320


def test_profile_from_outside_stays(path: Path) -> None:
    """A profile that was chosen on the command line outlives edits of the file."""
    seen = _Seen(path, profile="zoom")
    path.write_text('profile = "meet"\n', encoding="utf-8")
    seen.poll()
    assert seen.watch.settings.profile == "zoom"


def test_bad_from_the_start(path: Path) -> None:
    """A file that is bad at the start is an error at once: there are no good settings to keep."""
    path.write_text("x = 1", encoding="utf-8")
    with pytest.raises(ConfigError, match="line 1"):
        _Seen(path)


def test_thread(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The watch polls by itself between `start` and `stop`, and leaves no thread behind."""
    monkeypatch.setattr("vcam.settings.watch.POLL_S", 0.01)
    monkeypatch.setattr("vcam.settings.watch.SETTLE_S", 0.02)
    done = threading.Event()
    with SettingsWatch(path, lambda _: done.set(), _fail) as watch:
        path.write_text("[camera]\nwidth = 320\n", encoding="utf-8")
        assert done.wait(10)
    assert watch.settings.camera.width == 320
    assert "settings watch" not in [thread.name for thread in threading.enumerate()]


def _fail(error: ConfigError) -> None:
    pytest.fail(str(error))


@pytest.mark.parametrize("emptied", [b"", b"\n \n"])
def test_an_emptied_file_is_no_good_edit(path: Path, emptied: bytes) -> None:
    """A file that a full disk has emptied is reported once; the settings stay."""
    seen = _Seen(path)
    path.write_bytes(emptied)
    seen.poll(5)
    assert len(seen.errors) == 1
    assert "is empty" in seen.errors[0]
    assert (seen.settings, seen.watch.settings.camera.width) == ([], 640)


@pytest.mark.skipif(sys.platform == "win32", reason="os.mkfifo is for Unix")
def test_a_pipe_is_read_once(tmp_path: Path) -> None:
    """Settings that came out of a pipe stay for good, and every reader gets the same."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=("[camera]\nwidth = 320\n",))
    writer.start()
    seen = _Seen(pipe)
    writer.join()
    seen.poll(5)
    assert (seen.settings, seen.errors) == ([], [])
    assert seen.watch.settings.camera.width == load_settings(pipe).camera.width == 320
