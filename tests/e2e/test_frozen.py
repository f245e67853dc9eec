"""A built program without Python: VCAM_PROGRAM=dist/vcam/vcam pytest tests/e2e/test_frozen.py"""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rigs.keyring_desktop import keyring_desktop
from tests.rigs.tray_desktop import comes
from tests.rigs.xvfb import display, heard, listener

PROGRAM = os.environ.get("VCAM_PROGRAM", "")
pytestmark = [
    pytest.mark.skipif(not PROGRAM, reason="VCAM_PROGRAM names no built program"),
    pytest.mark.skipif(sys.platform != "linux", reason="needs X11 and /proc"),
]
SETTINGS = """
profile = "mine"
[profiles.mine]
bindings = [{ gesture = "stop", action = "hold:f9" }]
"""
"""The first gesture of the demo clip holds a key."""


@contextlib.contextmanager
def _running(desktop: dict[str, str], folder: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    """Run the built program on the demo clip, without anything of this repository."""
    (folder / "settings.toml").write_text(SETTINGS)
    ours = {"PYTHONPATH", "VIRTUAL_ENV", "PYTHONHOME"}
    environment = {name: value for name, value in desktop.items() if name not in ours}
    command = [PROGRAM, "run", "--camera", "demo", "--no-panel", *words]
    with subprocess.Popen(
        [*command, "--config", str(folder / "settings.toml")],
        env=environment | {"HOME": str(folder), "XDG_STATE_HOME": str(folder)},
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def _children(process: "subprocess.Popen[str]") -> list[list[str]]:
    """Return the command lines of the children."""
    found = Path(f"/proc/{process.pid}/task").glob("*/children")
    pids = {pid for each in found for pid in each.read_text().split()}
    lines = []
    for pid in pids:
        with contextlib.suppress(OSError):
            lines.append(Path(f"/proc/{pid}/cmdline").read_text().split("\0")[1:])
    return lines


def test_a_killed_program_lets_go(tmp_path: Path) -> None:
    """The guardian is the program itself, by its hidden word; it lets go after SIGKILL."""
    with (
        display() as desktop,
        listener(desktop) as ears,
        _running(desktop, tmp_path, "--output", "null") as program,
    ):
        assert heard(ears, 1) == ["+ f9"]
        assert comes(
            lambda: any(line[:2] == ["--child", "guardian"] for line in _children(program))
        )
        program.send_signal(signal.SIGKILL)
        killed = time.perf_counter()
        while (line := heard(ears, 1)[0]) == "+ f9":  # held down it repeats itself
            pass
        assert line == "- f9"
        assert time.perf_counter() - killed < 2


def test_the_preview_opens(tmp_path: Path) -> None:
    """The window, too, is a child by the hidden word, and stays."""
    with (
        display() as desktop,
        _running(desktop, tmp_path, "--output", "window", "--dry-run") as program,
    ):
        assert comes(lambda: any(line[:2] == ["--child", "window"] for line in _children(program)))
        with pytest.raises(subprocess.TimeoutExpired):
            program.wait(3)
        program.terminate()
        assert program.wait(20) == 0


def test_advice_fits() -> None:
    """The doctor of a program without Python tells nobody to use pip."""
    done = subprocess.run([PROGRAM, "doctor"], capture_output=True, text=True, check=False)
    assert "packages" in done.stdout
    assert re.search(r"\bpipx?\b", done.stdout) is None


@pytest.mark.parametrize(("language", "says"), [("de", "virtuelle Kamera"), ("fr", "caméra")])
def test_it_brings_its_languages(language: str, says: str) -> None:
    """The catalogues are files beside the modules, which a recipe can forget."""
    desktop = os.environ | {"LC_ALL": f"{language}.UTF-8", "LANGUAGE": language}
    done = subprocess.run(
        [PROGRAM, "doctor"], env=desktop, capture_output=True, text=True, check=False
    )
    assert says in done.stdout
    assert "virtual camera" not in done.stdout


def test_it_keeps_a_password_in_the_keyring(tmp_path: Path) -> None:
    """The keyring's ways to the system are found by metadata, which a recipe can forget, too."""
    settings = tmp_path / "settings.toml"
    settings.write_text('[mqtt]\nhost = "127.0.0.1"\nport = 1\nkeyring = true\n')
    command = [PROGRAM, "doctor", "--json", "--config", str(settings)]
    folder = tmp_path / "desktop"
    folder.mkdir()
    with keyring_desktop(folder) as desktop:
        before = subprocess.run(command, env=desktop, capture_output=True, text=True, check=False)
        subprocess.run(
            [PROGRAM, "config", "password", "mqtt"],
            env=desktop,
            input="secret\n",
            text=True,
            check=True,
        )
        after = subprocess.run(command, env=desktop, capture_output=True, text=True, check=False)
    assert "the keyring holds no password for mqtt" in before.stdout
    assert "127.0.0.1:1 cannot be reached" in after.stdout  # so it had the password
