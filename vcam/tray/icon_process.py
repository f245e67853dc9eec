"""The icon, in a process of its own: what ends a tray does not end the call.

The libraries of some desktops end their process when the desktop goes away, and macOS wants its
menu bar on a main thread. Each line on standard input is an appearance (`appearance.to_line`); each
on standard output is an order of the person's, or `told`. The end of the input is the end of the
icon. A word `notify` on the command line: say so where there is no tray.
"""

import os
import sys
import threading
from collections.abc import Callable
from typing import BinaryIO, Final, Protocol

from vcam.system.display_scale import declare_dpi_awareness
from vcam.tray.appearance import Appearance, Order, from_line

NOTIFY: Final = "notify"
SHOWN: Final = "told"
NO_TRAY: Final = 3
"""Exit code: this desktop cannot be asked for a tray."""


class Icon(Protocol):
    """What each system's icon has to offer."""

    def show(self, shown: Appearance) -> None:
        """Change over to another appearance; from any thread."""

    def run(self) -> None:
        """Be there until `stop`."""

    def stop(self) -> None:
        """Let `run` end; from any thread."""


def why_no_icon() -> str | None:
    """Return why this system can show no icon, as a sentence; None when it can."""
    if sys.platform == "linux":
        from vcam.tray import dbus_icon

        return dbus_icon.why_not()
    from vcam.tray import pystray_icon

    return pystray_icon.why_not()


def open_icon(shown: Appearance, say: Callable[[str], None], *, notify: bool) -> Icon:
    """Return this system's icon. Raises OSError or RuntimeError where there is none."""

    def choose(order: Order) -> None:
        say(order)

    if sys.platform == "linux":
        from vcam.tray.dbus_icon import DBusIcon

        return DBusIcon(shown, choose, (lambda: say(SHOWN)) if notify else None)
    from vcam.tray.pystray_icon import PystrayIcon

    declare_dpi_awareness()  # Windows would stretch its menu
    return PystrayIcon(shown, choose)


def follow(icon: Icon, lines: BinaryIO) -> None:
    """Show what each line says, and stop at their end."""
    for line in lines:
        icon.show(from_line(line.decode()))
    icon.stop()


def main() -> int:
    """Show an icon for the program at the other end of standard input."""
    lines: BinaryIO = os.fdopen(0, "rb", closefd=False)
    first = lines.readline().decode()
    if not first:
        return 0
    try:
        icon = open_icon(from_line(first), _say, notify=NOTIFY in sys.argv[1:])
    except (OSError, RuntimeError):
        return NO_TRAY
    threading.Thread(target=follow, args=(icon, lines), name="lines", daemon=True).start()
    try:
        icon.run()
    except OSError:  # Windows says only here that it has no desktop
        os._exit(NO_TRAY)  # a thread of pystray's would wait for the icon for ever
    return 0


def _say(word: str) -> None:
    os.write(1, f"{word}\n".encode())


if __name__ == "__main__":
    sys.exit(main())
