"""Plug-ins that are installed for a test alone, as pip installs them."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Installs = Callable[[str, str], None]

WELL = """
class Plugin:
    verbs = {"on": "Switch it on", "paint": "Paint it {}", "fails": "Fail"}
    def __init__(self, settings):
        self.settings = settings
    def check(self, verb, argument):
        if argument == "invisible":
            raise ValueError("nobody can see that colour")
    def perform(self, call):
        if call.verb == "fails":
            raise RuntimeError("the bulb is broken")
        print("a plug-in may print what it likes", flush=True)
        return f"{call.verb} {call.argument} {call.gesture} {call.hand} {dict(self.settings)}"
    def choices(self, verb):
        return ["red", "green"]
    def state(self):
        return "lamp is on"
    def close(self):
        pass
"""


def installs_into(folder: Path, patch: pytest.MonkeyPatch) -> Installs:
    """Return what installs a plug-in: its name, and the code of a module with a `Plugin`."""
    patch.setattr(sys, "path", [str(folder), *sys.path])
    patch.setenv("PYTHONPATH", os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")]))

    def install(name: str, code: str) -> None:
        (folder / f"plugin_{name}.py").write_text(code)
        info = folder / f"vcam_{name}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: vcam-{name}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[vcam.actions]\n{name} = plugin_{name}:Plugin\n")

    return install
