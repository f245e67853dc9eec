"""The room needs no display until a key is pressed."""

import os
import subprocess
import sys
from pathlib import Path

import vcam.act

FOLDER = Path(vcam.act.__file__).parent


def test_every_module_imports_without_a_display() -> None:
    """No file of the room needs a display or loads a device library when it is imported."""
    names = [f"vcam.act.{path.stem}" for path in sorted(FOLDER.glob("[!_]*.py"))]
    assert "vcam.act.keyboard_pynput" in names
    code = (
        "import importlib, sys\n"
        f"for name in {names!r}: importlib.import_module(name)\n"
        "print([name for name in ('pynput', 'evdev', 'Xlib') if name in sys.modules])"
    )
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR", "XAUTHORITY")
    environment = {key: value for key, value in os.environ.items() if key not in hidden}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**environment, "PYTHONPATH": str(FOLDER.parents[1])},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"
