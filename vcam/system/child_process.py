"""The command that starts a part of this program in a process of its own.

A program that was installed by pip has a Python to start a module with. A frozen one (PyInstaller)
is its own interpreter and knows no `-m`: it starts itself again with a first word that no person
types, and `run_child` takes over from there.
"""

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Final

CHILD: Final = "--child"
"""The hidden first word of a frozen program's command line."""
CHILDREN: Final = {
    "guardian": "vcam.actions.keyboard.guardian",
    "plugin": "vcam.actions.plugins.host",
    "window": "vcam.output.window_process",
    "tray": "vcam.tray.icon_process",
    "quit": "vcam.app.quit_running",
}
"""What may be started so: its name, and the module whose `main()` it is."""


def is_frozen() -> bool:
    """Return whether this is an installed program with no Python beside it."""
    return bool(getattr(sys, "frozen", False))


def child_command(name: str, *words: str) -> list[str]:
    """Return the command that starts one of `CHILDREN` with words for it; raises KeyError else."""
    module = CHILDREN[name]
    if is_frozen():
        return [sys.executable, CHILD, name, *words]
    return [sys.executable, "-P", "-m", module, *words]


def child_environment() -> dict[str, str]:
    """Return the environment for `child_command`.

    The child imports this very package, wherever the person happens to be: `-P` keeps the current
    folder out, and PYTHONPATH names ours.
    """
    if is_frozen():
        return dict(os.environ)
    places = (str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH"))
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, places))}


def run_child(words: list[str]) -> int | None:
    """Be the child that a command line asks for and return its exit code; None for a person's."""
    if len(words) < 2 or words[0] != CHILD or words[1] not in CHILDREN:
        return None
    sys.argv[1:] = words[2:]  # where the child looks for what it was told
    code: int = import_module(CHILDREN[words[1]]).main()
    return code
