"""Where the frozen program begins: `vcam` with an environment that other programs can live in."""

import contextlib
import os
import sys

if sys.platform.startswith("linux"):
    # PyInstaller points LD_LIBRARY_PATH at its own folder. The loader has read it by now, and
    # wpctl, xdg-open and the person's own commands must not get our libraries.
    before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    os.environ.pop("LD_LIBRARY_PATH", None)
    if before is not None:
        os.environ["LD_LIBRARY_PATH"] = before
    # Modules are read from our own file when they are first needed. An update replaces that file
    # while we run; this name continues to mean the old one.
    with contextlib.suppress(ImportError, AttributeError):
        import pyimod02_importers  # PyInstaller's

        pyimod02_importers.pyz_archive._filename = "/proc/self/exe"

if len(sys.argv) == 1 and (sys.stdout is None or (sys.platform == "darwin" and os.getppid() == 1)):
    sys.argv.append("panel")  # a double click, on Windows' vcamw.exe or a Mac's app

from vcam.cli.main import main  # after the environment is right

sys.exit(main())
