"""What an installer calls before it replaces or removes the files of a program that runs.

With the word `uninstall` the start at login goes, too: it would start what is no longer there.
"""

import sys

from vcam.app.single_instance import quit_running
from vcam.diagnostics.login_start import set_login_start
from vcam.errors import VcamError

UNINSTALL = "uninstall"


def main() -> int:
    """End the running program; return 0 when none runs afterwards, otherwise 1."""
    try:
        if UNINSTALL in sys.argv[1:]:
            set_login_start(on=False)
        return 0 if quit_running() else 1
    except (OSError, VcamError):
        return 1
