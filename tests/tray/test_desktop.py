"""The whole program in a real tray, used with the mouse."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.rigs.tray_desktop import ICON, Person, comes, desktop_with_tray, vcam_command

pytest.importorskip("jeepney", reason="jeepney is not installed: pip install -e .[dev]")
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs Xvfb and Xfce's panel")
QUIET = ("--no-browser", "--dry-run", "--camera", "demo", "--output", "null")
GREEN, GREY = (0x4E, 0x7A, 0x0A), (0x64, 0x6B, 0x5D)
"""The icon's ground while it recognises, and while it is paused (BGR)."""
GROUND = (8, 10)
"""A place on the icon where there is nothing but its ground."""


@dataclass
class Running:
    """The program in the tray."""

    process: "subprocess.Popen[str]"
    person: Person
    opened: Path
    """What a browser was told to open, an address a line."""
    desktop: dict[str, str]
    address: str = ""

    def paused(self) -> bool:
        with urllib.request.urlopen(self.address + "state", timeout=5) as stream:
            return bool(json.loads(stream.readline().removeprefix(b"data: "))["paused"])

    def ground(self) -> tuple[int, ...]:
        return tuple(int(part) for part in self.person.screenshot()[GROUND])


@contextmanager
def _in_the_tray(folder: Path) -> Iterator[Running]:
    browser = folder / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" >>{folder}/opened\n')
    browser.chmod(0o755)
    with desktop_with_tray(folder) as desktop:
        environment = {**desktop, "BROWSER": f"{browser} %s"}
        with subprocess.Popen(
            vcam_command("panel", *QUIET), env=environment, stdout=subprocess.PIPE, text=True
        ) as process:
            try:
                with closing(Person(desktop)) as person:
                    running = Running(process, person, folder / "opened", environment)
                    assert process.stdout is not None
                    running.address = process.stdout.readline().partition("panel: ")[2].strip()
                    assert comes(lambda: running.ground() == GREEN), running.ground()
                    yield running
            finally:
                process.kill()


def test_it_lives_in_the_tray(tmp_path: Path) -> None:
    """It starts without a window; pause, panel and quit work from the icon, which shows the state;
    a second start opens the same panel."""
    with _in_the_tray(tmp_path) as running:
        assert not running.opened.exists()
        person = running.person
        person.click(ICON, 3)
        person.type("Down", "Down", "Return")  # Open panel, Pause
        assert comes(running.paused)
        assert comes(lambda: running.ground() == GREY)
        person.click(ICON, 1)
        assert comes(running.opened.exists)
        assert running.opened.read_text().splitlines() == [running.address]
        _start_again(running)
        person.click(ICON, 3)
        person.type("Down", "Down", "Return")  # Open panel, Resume
        assert comes(lambda: not running.paused())
        person.click(ICON, 3)
        person.type("Down", "Down", "Down", "Return")  # Quit
        assert running.process.wait(20) == 0
        assert comes(lambda: running.ground() not in (GREEN, GREY))


def _start_again(running: Running) -> None:
    done = subprocess.run(
        vcam_command("panel"),
        env=running.desktop,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == f"control panel: {running.address}"
    assert running.opened.read_text().splitlines() == [running.address] * 2
