"""Homes as people have them: letters of any language, spaces, long paths, and no right to write."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="HOME decides on Linux alone")
ROOT = Path(__file__).parents[2]
NOBODY = 65534
LONG = "/".join(["Mein langer Ordner mit vielen Worten für Jürgen Größe und Mária"] * 4)
"""248 letters, which are more bytes."""


def _vcam(home: Path, *words: str, user: int | None = None) -> "subprocess.CompletedProcess[str]":
    """Run the program with everything of its own below `home`."""
    return subprocess.run(
        [sys.executable, "-m", "vcam", *words],
        env=_environment(home),
        cwd=home,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
        user=user,
    )


def _environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
    return {**kept, "HOME": str(home), "PYTHONPATH": str(ROOT), "BROWSER": "true"}


@pytest.mark.parametrize("name", ["Jürgen Größe", "手 势 (1) & 'more' %d", LONG])
def test_any_home_works(tmp_path: Path, name: str) -> None:
    """Settings are written, edited and read, a film is recorded and recognised, the panel comes."""
    home = tmp_path / name
    home.mkdir(parents=True)
    assert _vcam(home, "config", "init").returncode == 0
    assert (home / ".config" / "vcam" / "settings.toml").is_file()
    assert _vcam(home, "bind", "rock", "pause", "--profile", "mine").returncode == 0
    assert '"pause"' in _vcam(home, "config", "show").stdout
    clip = "große Probe.mp4"
    film = ("run", "--camera", "demo", "--output", clip, "--dry-run", "--duration", "2")
    assert _vcam(home, *film, "--no-panel").returncode == 0
    again = ("run", "--camera", clip, "--output", "null", "--dry-run", "--speed", "max")
    done = _vcam(home, *again)
    assert done.returncode == 0, done.stderr
    _panel_comes(home)


def _panel_comes(home: Path, user: int | None = None) -> None:
    command = [sys.executable, "-m", "vcam", "panel", "--camera", "demo", "--output", "null"]
    with subprocess.Popen(
        [*command, "--dry-run", "--no-browser", "--no-tray"],
        env=_environment(home),
        cwd=home,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        user=user,
    ) as running:
        assert running.stdout is not None
        assert "control panel: http" in running.stdout.readline()
        time.sleep(1)
        running.send_signal(signal.SIGTERM)
        assert running.wait(30) == 0


@pytest.fixture
def locked(tmp_path: Path) -> tuple[Path, int | None]:
    """Return a home that may not be written, and who has to try: not root, who may everything."""
    home = tmp_path / "locked"
    home.mkdir()
    home.chmod(0o555)
    if os.geteuid() != 0:
        return home, None
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    try:
        subprocess.run([sys.executable, "-c", "import cv2"], check=True, cwd="/", user=NOBODY)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this Python lies where only root may read it")
    return home, NOBODY


def test_no_right_to_write(locked: tuple[Path, int | None]) -> None:
    """The panel comes all the same; what has to be written ends in one sentence, and 2."""
    home, user = locked
    _panel_comes(home, user)
    for words in (("config", "init"), ("bind", "rock", "pause"), ("demo",)):
        done = _vcam(home, *words, user=user)
        assert done.returncode == 2, (words, done.stderr)
        assert done.stderr.count("\n") == 1
        assert "ermission denied" in done.stderr or "cannot be written" in done.stderr
