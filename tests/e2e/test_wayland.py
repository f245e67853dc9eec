"""The whole program on Wayland: a gesture in the film becomes a key in another program's window."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.rigs.portal_desktop import portal
from tests.rigs.tray_desktop import bus
from tests.rigs.wayland_desktop import person, wayland_desktop, wayland_window
from vcam.core.labels import GESTURES

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Wayland is Linux' own")

RUN = ("run", "--camera", "demo", "--output", "null", "--no-panel")


def _settings(folder: Path, action: str) -> str:
    rows = ", ".join(f'{{ gesture = "{each}", action = "{action}" }}' for each in GESTURES)
    path = folder / "settings.toml"
    path.write_text(f'profile = "mine"\n[profiles.mine]\nbindings = [{rows}]\n')
    return str(path)


def _vcam(environment: dict[str, str], *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "vcam", *words],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_gestures_press_keys_in_sway(tmp_path: Path) -> None:
    """On a French desktop, Alt+A of a binding is Alt+A in the window; doctor and check say how."""
    with (
        wayland_desktop(tmp_path) as environment,
        person(environment, "fr"),
        wayland_window(environment, tmp_path) as window,
    ):
        config = _settings(tmp_path, "key:alt+a")
        command = [sys.executable, "-m", "vcam", *RUN, "--config", config]
        with subprocess.Popen(command, env=environment) as program:
            try:
                heard = window.keys(4, within_s=60)
            finally:
                program.terminate()
        assert program.returncode == 0
        assert [each.symbol for each in heard][:4] == ["Alt_L", "a", "a", "Alt_L"]
        reported = _vcam(environment, "doctor", "--config", config)
        assert "keys can be pressed by a virtual keyboard of the compositor" in reported.stdout
        checked = _vcam(environment, "config", "check", "--config", config)
        assert "keys go by a virtual keyboard of the compositor" in checked.stdout


@pytest.mark.parametrize(("action", "asked"), [("key:alt+a", True), ("mic.mute", False)])
def test_the_desktop_asks_at_the_start(tmp_path: Path, action: str, asked: bool) -> None:
    """Where a portal gives leave it asks when the program starts, not in the call; if need be."""
    with bus(tmp_path, services=False) as address, portal(address, "asks") as desktop:
        environment = {k: v for k, v in os.environ.items() if "DISPLAY" not in k}
        environment |= {"XDG_SESSION_TYPE": "wayland", "DBUS_SESSION_BUS_ADDRESS": address}
        environment |= {"HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path / "state")}
        config = _settings(tmp_path, action)
        reported = _vcam(environment, "config", "check", "--config", config)
        assert ("by the desktop's portal, which asks you once" in reported.stdout) == asked
        done = _vcam(environment, *RUN, "--config", config, "--duration", "3")
        assert done.returncode == 0, done.stderr
        assert desktop.line(0.5 if not asked else 5).startswith("select") == asked
