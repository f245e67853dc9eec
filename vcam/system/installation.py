"""What to tell a person whose installation lacks something: a program without Python has no pip."""

import sys
from pathlib import Path

from vcam.core.texts import _, marked
from vcam.system.child_process import is_frozen

PACKAGE = "vcam-gestures"
AGAIN = marked("install Gesture Cam again: a part of it is missing or damaged")


def reinstall(package: str = PACKAGE) -> str:
    """Return what to do when a part that always comes with the program does not work."""
    if is_frozen():
        return _(AGAIN)
    return _("run `{command}`").format(command=f"pip install --force-reinstall {package}")


def add(package: str) -> str:
    """Return what to do to have a package that does not come with the program."""
    if is_frozen():
        return _("install vcam with Python for it (this program cannot take up {package})").format(
            package=package
        )
    if "pipx" in Path(sys.prefix).parts:
        return _("run `{command}`").format(command=f"pipx inject {PACKAGE} {package}")
    return _("run `{command}`").format(command=f"pip install {package}")
