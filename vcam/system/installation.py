"""What to tell a person whose installation lacks something: a program without Python has no pip."""

import sys
from pathlib import Path

from vcam.system.child_process import is_frozen

PACKAGE = "vcam-gestures"
ANEW = "install Gesture Cam again: a part of it is missing or damaged"


def reinstall(package: str = PACKAGE) -> str:
    """Return what to do when a part that always comes with the program does not work."""
    return ANEW if is_frozen() else f"run `pip install --force-reinstall {package}`"


def add(package: str) -> str:
    """Return what to do to have a package that does not come with the program."""
    if is_frozen():
        return f"install vcam with Python for it (this program cannot take up {package})"
    if "pipx" in Path(sys.prefix).parts:
        return f"run `pipx inject {PACKAGE} {package}`"
    return f"run `pip install {package}`"
