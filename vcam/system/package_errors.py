"""A package of ours that is there and does not load: half removed, built for another, twice there.

Two distributions of OpenCV share one folder: what removes one breaks the other. On Windows, ONNX
Runtime does not load without Microsoft's C++ runtime.
"""

import re
import sys
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Final

from vcam.core.texts import _, marked
from vcam.system.child_process import is_frozen
from vcam.system.installation import reinstall
from vcam.system.shared_libraries import missing_library

OPENCV: Final = (
    "opencv-python",
    "opencv-contrib-python",
    "opencv-python-headless",
    "opencv-contrib-python-headless",
)
"""Distributions that all bring the same folder, cv2."""
DISTRIBUTIONS: Final[Mapping[str, str]] = {
    "numpy": "numpy",
    "cv2": "opencv-python",
    "onnxruntime": "onnxruntime",
    "av": "av",
    "pyvirtualcam": "pyvirtualcam",
    "pynput": "pynput",
    "Xlib": "python-xlib",
    "evdev": "evdev",
    "platformdirs": "platformdirs",
    "rich": "rich",
    "tomlkit": "tomlkit",
    "mediapipe": "mediapipe",
    "pycaw": "pycaw",
    "comtypes": "comtypes",
    "sounddevice": "sounddevice",
}
"""What the runtime imports, and the distribution that brings it."""
CPP_RUNTIME: Final = marked(
    "install the Microsoft Visual C++ Redistributable (vc_redist.x64.exe), then {install}"
)


def unloadable_package(error: BaseException) -> str | None:
    """Return one sentence about a package that does not load; None for other errors.

    A part after the first colon says what to do.
    """
    missing = missing_library(error)
    if missing is not None or not isinstance(error, ImportError | AttributeError):
        return missing
    name = _package(error)
    if name is None:
        return None
    said = " ".join(str(error).split()).replace(": ", ", ")
    return _("the package {package} does not load ({said}): {remedy}").format(
        package=DISTRIBUTIONS[name], said=said, remedy=remedy(name)
    )


def remedy(name: str) -> str:
    """Return what makes a package load again, by the name that is imported."""
    if is_frozen():
        return reinstall()
    distribution = DISTRIBUTIONS[name]
    install = f'"{sys.executable}" -m pip install --force-reinstall --no-deps {distribution}'
    if name == "cv2" and len(opencvs()) > 1:
        uninstall = f'"{sys.executable}" -m pip uninstall -y {" ".join(opencvs())}'
        return _("{uninstall}, then {install}").format(uninstall=uninstall, install=install)
    if name == "onnxruntime" and sys.platform == "win32":
        return _(CPP_RUNTIME).format(install=install)
    return install


def opencvs() -> dict[str, str]:
    """Return the versions of all distributions of OpenCV that are installed, by name."""
    from importlib.metadata import PackageNotFoundError, version

    found = {}
    for name in OPENCV:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _package(error: ImportError | AttributeError) -> str | None:
    """Return the package that an import failed in: as the error says, or by where it was raised."""
    named = error.name if isinstance(error, ImportError) else None
    if isinstance(error, AttributeError):  # what is left of a package that was half removed
        found = re.match(r"(?:partially initialized )?module '(\w+)", str(error))
        named = found.group(1) if found and "has no attribute" in str(error) else None
        if named is None or not _is_hollow(named):
            return None
    for name in (named, *_raised_in(error.__traceback__)):
        top = (name or "").partition(".")[0]
        if top in DISTRIBUTIONS:
            return top
    return None


def _is_hollow(name: str) -> bool:
    """Tell whether a package is an empty folder, or broke off while it was loaded."""
    module = sys.modules.get(name)
    return module is None or getattr(module, "__file__", None) is None


def _raised_in(trace: TracebackType | None) -> Iterator[str]:
    """Yield the names of the modules that were running, the innermost first."""
    names = []
    while trace is not None:
        names.append(str(trace.tb_frame.f_globals.get("__name__", "")))
        trace = trace.tb_next
    yield from reversed(names)
