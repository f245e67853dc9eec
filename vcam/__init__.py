"""A webcam that understands your hands.

Importing this package needs no camera, display, driver or GPU: everything that does is imported
where it is used.
"""

__version__ = "0.1.0"
