"""A webcam that understands your hands.

The public interface, for programs of your own (see `examples/`):

- `open_recognizer()` returns a `Recognizer`: one image in, the hands in it out;
- `read_picture(path)` reads an image file;
- `open_camera(source)` returns a camera, film, folder of images or the demo, all read alike;
- `App(RunOptions(...), listeners)` is the whole program, and `App.run` runs it; every `Event` goes
  to the listeners;
- `load_settings()` reads the person's `Settings`;
- `VcamError` is what all of it raises for mistakes that a person can correct.

Images are uint8 (H, W, 3) in OpenCV's BGR order; boxes are xyxy pixels. Importing this package
needs no camera, display, driver or GPU: each name above is imported when it is first used.
"""

import importlib
import os
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from vcam.app.app import App as App
    from vcam.app.options import RunOptions as RunOptions
    from vcam.camera.image_folder import read_picture as read_picture
    from vcam.camera.open import open_camera as open_camera
    from vcam.core.event import Event as Event
    from vcam.core.frame import Frame as Frame
    from vcam.core.frame import Image as Image
    from vcam.core.hand import Hand as Hand
    from vcam.errors import VcamError as VcamError
    from vcam.settings.load import load_settings as load_settings
    from vcam.settings.settings import Settings as Settings
    from vcam.vision.recognizer import Recognition as Recognition
    from vcam.vision.recognizer import Recognizer as Recognizer
    from vcam.vision.recognizer import open_recognizer as open_recognizer

__version__ = "0.2.0"

# OpenCV reads these when it is first imported, so they stand here; values set outside win.
# The camera of Windows opens in a second, not in half a minute:
os.environ.setdefault("OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS", "0")
# A camera that hangs is noticed after 3 seconds, not 10 (Linux):
os.environ.setdefault("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", "3")
# Damaged files are reported in our one sentence, not in decoder messages:
os.environ.setdefault("OPENCV_LOG_LEVEL", "FATAL")
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")

# ONNX Runtime from 1.29 on sends usage data to Microsoft unless this is set before it starts
# (microsoft/onnxruntime #27379). Nothing leaves this machine, so a value set outside does not win.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

_PUBLIC: Final = {
    "App": "vcam.app.app",
    "Event": "vcam.core.event",
    "Frame": "vcam.core.frame",
    "Hand": "vcam.core.hand",
    "Image": "vcam.core.frame",
    "Recognition": "vcam.vision.recognizer",
    "Recognizer": "vcam.vision.recognizer",
    "RunOptions": "vcam.app.options",
    "Settings": "vcam.settings.settings",
    "VcamError": "vcam.errors",
    "load_settings": "vcam.settings.load",
    "read_picture": "vcam.camera.image_folder",
    "open_camera": "vcam.camera.open",
    "open_recognizer": "vcam.vision.recognizer",
}
"""Where each public name is defined; see `__getattr__`."""


def __getattr__(name: str) -> Any:  # a module's attributes have no one type
    """Import a public name when it is first used, so that `import vcam` stays light."""
    if name not in _PUBLIC:
        raise AttributeError(f"module 'vcam' has no attribute {name!r}")
    value = getattr(importlib.import_module(_PUBLIC[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_PUBLIC})
