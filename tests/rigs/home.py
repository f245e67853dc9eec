"""A home of a test's own: nobody's real settings and logs are read or written."""

import sys
from pathlib import Path

import pytest


def use_home(patch: pytest.MonkeyPatch, folder: Path) -> Path:
    """Let settings and logs be kept below `folder`; return where the settings file would be.

    Where the system has no such variables, the program believes to be on Linux.
    """
    settings, state = str(folder / "config"), str(folder / "state")
    if sys.platform == "win32":
        patch.setenv("WIN_PD_OVERRIDE_APPDATA", settings)
        patch.setenv("WIN_PD_OVERRIDE_LOCAL_APPDATA", state)
    else:
        patch.setattr(sys, "platform", "linux")
        patch.setenv("XDG_CONFIG_HOME", settings)
        patch.setenv("XDG_STATE_HOME", state)
    return folder / "config" / "vcam" / "settings.toml"
