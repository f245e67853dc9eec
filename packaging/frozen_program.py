"""Where the frozen program begins: `vcam` with an environment that other programs can live in."""

import os
import sys

if sys.platform.startswith("linux"):
    # PyInstaller points LD_LIBRARY_PATH at its own folder. The loader has read it by now, and
    # wpctl, xdg-open and the person's own commands must not get our libraries.
    before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    os.environ.pop("LD_LIBRARY_PATH", None)
    if before is not None:
        os.environ["LD_LIBRARY_PATH"] = before

from vcam.cli.main import main  # after the environment is right

sys.exit(main())
