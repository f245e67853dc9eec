"""Where a crash of a library, which no exception tells of, leaves its traces."""

import faulthandler
import os
import sys

from vcam.core.texts import _
from vcam.errors import VcamError
from vcam.system.paths import state_folder


def log_crashes() -> None:
    """From now on, write the stacks of all threads to a file when a library crashes.

    Says so when that has happened the last time. Where no file can be written, does nothing.
    """
    try:
        path = state_folder() / "crash.log"
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size:
            kept = path.replace(path.with_name("crash.last.log"))
            print(
                _("vcam: the last run was ended by a crash; please report it with {kept}").format(
                    kept=kept
                ),
                file=sys.stderr,
            )
        # A number and no file object: it stays open to the very end, as no file object may.
        faulthandler.enable(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))
    except (OSError, VcamError):
        return
