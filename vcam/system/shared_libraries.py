"""A library of the system that a package of ours needs and does not find."""

from typing import Final

from vcam.core.texts import _

_MISSING: Final = "cannot open shared object file"
REMEDY: Final = (
    "sudo apt install libgl1 libglib2.0-0 (Debian, Ubuntu) "
    "or sudo dnf install mesa-libGL glib2 (Fedora)"
)
"""What brings all that OpenCV's wheels expect of a Linux; the README names the same packages."""


def missing_library(error: BaseException) -> str | None:
    """Return one sentence about the shared library that an import missed; None for other errors.

    A small Linux, such as a container or a server, comes without libGL, and OpenCV does not load.
    """
    name, found, _rest = str(error).partition(f": {_MISSING}")
    if not isinstance(error, ImportError) or not found:
        return None
    return _("the system library {name} is missing: {remedy}").format(name=name, remedy=REMEDY)
