"""A D-Bus session with GNOME's keyring, whose password we know."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.rigs.tray_desktop import bus


@contextmanager
def keyring_desktop(folder: Path) -> Iterator[dict[str, str]]:
    """Start it, unlocked; give the environment that leads to it. Skips where it is missing."""
    if shutil.which("gnome-keyring-daemon") is None:
        pytest.skip("gnome-keyring is not installed: apt install gnome-keyring")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "PYTHON_KEYRING"))}
    with bus(folder, services=False) as address:
        environment = {
            **kept,
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(folder),
            "DBUS_SESSION_BUS_ADDRESS": address,
        }
        command = ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"]
        with subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as daemon:
            assert daemon.stdin is not None
            daemon.stdin.write(b"a password of its own\n")
            daemon.stdin.close()
            try:
                yield environment | {"KEYRING_PID": str(daemon.pid)}
            finally:
                daemon.kill()
