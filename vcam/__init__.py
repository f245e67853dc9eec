"""A webcam that understands your hands.

Importing this package needs no camera, display, driver or GPU: everything that does is imported
where it is used.
"""

import os

__version__ = "0.1.0"

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
