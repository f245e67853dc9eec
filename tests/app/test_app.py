"""The program as a whole, in this process: settings that change while it runs."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from vcam.app.app import App, RunOptions
from vcam.core.event import Event
from vcam.errors import ConfigError

FIRST = """
profile = "mine"
[profiles.mine]
bindings = [ { gesture = "stop", action = "video.blank" } ]
"""


class Running:
    """A program that plays the demo clip to nobody, in a thread of its own."""

    def __init__(self, settings: Path) -> None:
        self.events: list[Event] = []
        options = RunOptions(
            camera="demo", outputs=("null",), config=settings, dry_run=True, duration_s=30
        )
        self.app = App(options, [self.events.append])
        self._thread = threading.Thread(target=self.app.run)
        self._thread.start()

    def reported(self, text: str, seconds: float = 6) -> bool:
        """Wait until the overlay says something with that text."""
        return _comes_true(lambda: text in (self.app.toast or ""), seconds)

    def close(self) -> None:
        """Stop and wait."""
        self.app.stop()
        self._thread.join(10)
        assert not self._thread.is_alive()


def _comes_true(condition: "object", seconds: float) -> bool:
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        if condition():  # type: ignore[operator]  # any callable
            return True
        time.sleep(0.02)
    return False


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """Return a settings file."""
    path = tmp_path / "settings.toml"
    path.write_text(FIRST)
    return path


@pytest.fixture
def running(settings: Path) -> Iterator[Running]:
    """Return a running program."""
    running = Running(settings)
    yield running
    running.close()


def test_a_good_edit_takes_effect(running: Running, settings: Path) -> None:
    """Another binding in the file is in force without a restart."""
    settings.write_text(FIRST.replace("stop", "palm").replace("video.blank", "overlay.off"))
    assert running.reported("Settings reloaded")
    assert _comes_true(lambda: any(e.action == "overlay.off" for e in running.events), 8)


def test_a_bad_edit_changes_nothing(running: Running, settings: Path) -> None:
    """A mistake in the file is reported, and the last good settings stay."""
    settings.write_text(FIRST.replace("video.blank", "video.blnak"))
    assert running.reported("stay as they were")
    assert _comes_true(lambda: any(e.action == "video.blank" for e in running.events), 8)


def test_what_needs_a_restart_is_said(running: Running, settings: Path) -> None:
    """Settings of devices that are open already are announced for the next start."""
    settings.write_text(FIRST + "[camera]\nfps = 15.0\n")
    assert running.reported("camera at the next start")


def test_an_unknown_profile(settings: Path) -> None:
    """An unknown profile is refused before anything is opened."""
    with pytest.raises(ConfigError, match="mine"):
        App(RunOptions(camera="demo", outputs=("null",), config=settings, profile="min"))


def test_practice_shows_what_would_fire_and_does_nothing(settings: Path) -> None:
    """With `--practice` gestures fire in the events, and the picture that goes out stays live."""
    fired: list[Event] = []
    options = RunOptions(
        camera="demo", outputs=("null",), config=settings, practice=True, every_frame=True
    )
    app = App(options, [fired.append])
    app.run()
    assert "video.blank" in [event.action for event in fired if event.phase == "fire"]
    assert app._state.video == "live"
    assert "PRACTICE" in app._state.badges
