"""The icon beside the clock of Windows, and in the menu bar of macOS, by pystray."""

import sys
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any, Final

from vcam.system.installation import add
from vcam.tray.appearance import ICONS, NAME, Appearance, Entry, Order

MAX_TITLE: Final = 127
"""Windows takes no longer text beside an icon."""


def why_not() -> str | None:
    """Return why there can be no icon, as a sentence; None where there can."""
    if find_spec("pystray") is None:
        return f"The tray needs pystray: {add('pystray')}."
    return None


class PystrayIcon:
    """The icon and its menu; runs on the main thread, as macOS wants it."""

    def __init__(self, shown: Appearance, choose: Callable[[Order], None]) -> None:
        import pystray

        self._pystray: Any = pystray
        self._choose = choose
        self._icon: Any = pystray.Icon(
            NAME, _image(shown), shown.title[:MAX_TITLE], self._menu(shown)
        )

    def show(self, shown: Appearance) -> None:
        """Change over to another appearance; from any thread."""
        self._icon.icon = _image(shown)
        self._icon.title = shown.title[:MAX_TITLE]
        self._icon.menu = self._menu(shown)

    def run(self) -> None:
        """Show it until `stop`."""
        self._icon.run()

    def stop(self) -> None:
        """Let `run` end; from any thread."""
        self._icon.stop()

    def _menu(self, shown: Appearance) -> Any:
        return self._pystray.Menu(*(self._line(entry) for entry in shown.entries))

    def _line(self, entry: Entry) -> Any:
        order = entry.order

        def chosen() -> None:
            if order is not None:
                self._choose(order)

        return self._pystray.MenuItem(
            entry.label.replace("&", "&&") if sys.platform == "win32" else entry.label,
            lambda _icon, _item: chosen(),
            default=order == "panel",  # what a click on the icon does
            enabled=order is not None,
        )


def _image(shown: Appearance) -> Any:
    from PIL import Image

    return Image.open(ICONS / f"{shown.icon_name}.png")
