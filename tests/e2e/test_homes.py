"""Homes as people have them: letters of any language, spaces, long paths, and no right to write."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "darwin", reason="no variable moves its folders")
ROOT = Path(__file__).parents[2]
NOBODY = 65534
LONG = "/".join(["Mein langer Ordner mit vielen Worten für Jürgen Größe und Mária"] * 4)
"""248 letters, which are more bytes."""
PANEL: Final = [sys.executable, "-m", "vcam", "panel", "--camera", "demo", "--output", "null"]
PANEL.extend(["--dry-run", "--no-browser", "--no-tray"])
MAX_WINDOWS: Final = 200
"""Letters of a home on Windows, where a whole path has at most 260."""


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
    variables = {"HOME": str(home)}
    if sys.platform == "win32":
        variables = {"WIN_PD_OVERRIDE_APPDATA": str(home / ".config")}
        variables["WIN_PD_OVERRIDE_LOCAL_APPDATA"] = str(home / "Local")
    return {**kept, **variables, "PYTHONPATH": str(ROOT), "BROWSER": "true"}


@pytest.mark.parametrize("name", ["Jürgen Größe", "手 势 (1) & 'more' %d", LONG])
def test_any_home_works(tmp_path: Path, name: str) -> None:
    """Settings are written, edited and read, a film is recorded and recognised, the panel comes."""
    home = tmp_path / name
    if sys.platform == "win32" and name == LONG:
        left = MAX_WINDOWS - len(str(tmp_path)) - 2  # in two folders: Wine's host allows 255 bytes
        home = tmp_path / ("ü" * (left // 2)) / ("ü" * (left - left // 2))
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
    with subprocess.Popen(
        PANEL,
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
        _end(running, home)
        assert running.wait(30) == 0


def _end(running: "subprocess.Popen[str]", home: Path) -> None:
    """End it in good order; on Windows as installers ask for it: there is no signal."""
    if sys.platform != "win32":
        running.send_signal(signal.SIGTERM)
        return
    quits = "from vcam.app.quit_running import main; raise SystemExit(main())"
    subprocess.run([sys.executable, "-c", quits], env=_environment(home), check=True, timeout=60)


@pytest.fixture
def locked(tmp_path: Path) -> tuple[Path, int | None]:
    """Return a home that may not be written, and who has to try: not root, who may everything."""
    home = tmp_path / "locked"
    home.mkdir()
    home.chmod(0o555)
    if sys.platform == "win32" or os.geteuid() != 0:
        return home, None
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    try:
        subprocess.run([sys.executable, "-c", "import cv2"], check=True, cwd="/", user=NOBODY)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this Python lies where only root may read it")
    return home, NOBODY


@pytest.mark.skipif(sys.platform == "win32", reason="rights are no numbers there")
def test_no_right_to_write(locked: tuple[Path, int | None]) -> None:
    """The panel comes all the same; what has to be written ends in one sentence, and 2."""
    home, user = locked
    _panel_comes(home, user)
    for words in (("config", "init"), ("bind", "rock", "pause"), ("demo",)):
        done = _vcam(home, *words, user=user)
        assert done.returncode == 2, (words, done.stderr)
        assert done.stderr.count("\n") == 1
        assert "ermission denied" in done.stderr or "cannot be written" in done.stderr


@pytest.mark.skipif(sys.platform != "win32", reason="elsewhere test_no_right_to_write")
def test_no_folder_on_windows(tmp_path: Path) -> None:
    """Where our folders cannot be made, the panel comes, and writing is one sentence."""
    for name in (".config", "Local"):
        (tmp_path / name).touch()  # a file in its place
    with subprocess.Popen(
        PANEL,
        env=_environment(tmp_path),
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as running:
        assert running.stdout is not None
        lines = [running.stdout.readline() for _ in range(3)]
        running.kill()
    assert any("control panel: http" in line for line in lines), lines
    for words in (("config", "init"), ("bind", "rock", "pause")):
        done = _vcam(tmp_path, *words)
        assert done.returncode == 2, (words, done.stderr)
        assert done.stderr.count("\n") == 1
