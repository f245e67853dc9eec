"""The room needs no display until a key is pressed."""

import os
import subprocess
import sys
from pathlib import Path

import vcam.actions

FOLDER = Path(vcam.actions.__file__).parent


def test_every_module_imports_without_a_display() -> None:
    """No file of the room needs a display or loads a device library when it is imported."""
    names = [_module(path) for path in sorted(FOLDER.rglob("[!_]*.py"))]
    assert "vcam.actions.keyboard.pynput_backend" in names
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


def _module(path: Path) -> str:
    return ".".join(path.relative_to(FOLDER.parents[1]).with_suffix("").parts)
