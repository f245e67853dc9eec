"""Open the control panel in a browser that has a window, without waiting for it."""

import shutil
import sys
import threading
from pathlib import Path
from typing import Final

TEXT_BROWSERS: Final = frozenset(
    {"w3m", "lynx", "links", "links2", "elinks", "www-browser", "browsh", "chawan", "cha"}
)
"""They take over the terminal, and know no JavaScript."""

HANDED_S: Final = 5.0
"""How long a browser may take to be started."""


def open_in_browser(address: str, *, wait: bool = False) -> None:
    """Open an address where there is a desktop; a browser that stays in front holds up nothing.

    `wait`, for a program that is about to end: until the browser has it, a few seconds at most.
    """
    if not _has_desktop() or _is_text_browser():
        return
    opening = threading.Thread(target=_open, args=(address,), name="browser", daemon=True)
    opening.start()
    if wait:
        opening.join(HANDED_S)


def _open(address: str) -> None:
    import webbrowser

    webbrowser.open(address)


def _has_desktop() -> bool:
    if sys.platform in {"win32", "darwin"}:
        return True
    from vcam.output.display import why_no_display

    return why_no_display() is None


def _is_text_browser() -> bool:
    """Tell whether the browser that Python would take writes into the terminal."""
    import webbrowser

    try:
        name = getattr(webbrowser.get(), "name", "")
    except webbrowser.Error:  # there is none: the address was printed
        return True
    if not isinstance(name, str):
        return False
    found = shutil.which(name) or name
    return bool({Path(name).name, Path(found).resolve().name} & TEXT_BROWSERS)
