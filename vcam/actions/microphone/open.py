"""The interface between the program and the system's microphone."""

import sys

from vcam.actions.microphone.microphone import Microphone


def open_microphone() -> Microphone:
    """Return this system's microphone; raises one `ActionError` with reasons and the remedy."""
    if sys.platform == "darwin":
        from vcam.actions.microphone.mac import MacMicrophone

        return MacMicrophone()
    if sys.platform == "win32":
        from vcam.actions.microphone.windows import WindowsMicrophone

        return WindowsMicrophone()
    from vcam.actions.microphone.linux import open_linux_microphone

    return open_linux_microphone()
