"""What kind of desktop this is."""

import os


def on_wayland() -> bool:
    """Return whether this desktop is Wayland, where X11 keys reach few windows or none."""
    return bool(os.environ.get("WAYLAND_DISPLAY")) or (
        os.environ.get("XDG_SESSION_TYPE") == "wayland"
    )
