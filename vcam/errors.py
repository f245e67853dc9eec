"""Errors that a person can cause or fix.

Every `VcamError` carries one sentence that says what is wrong and what to do about it. The command
line prints that sentence alone and exits with 2; anything else is our fault, and exits with 1.
"""


class VcamError(Exception):
    """Base of all errors whose message is meant for the person in front of the screen."""


class CameraError(VcamError):
    """A camera, video or picture that cannot be opened or read."""


class OutputError(VcamError):
    """A virtual camera, window or file that cannot be written."""


class ModelError(VcamError):
    """A model file that is missing, damaged, or not what its card says."""


class ConfigError(VcamError):
    """A settings file or an option that makes no sense; names the line and what is allowed."""


class ActionError(VcamError):
    """A key, microphone or command that cannot be used on this machine."""
