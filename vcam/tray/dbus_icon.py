"""The item of `status_notifier` on the session's bus; a notification where nobody shows it."""

import contextlib
import logging
import time
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any, Final

from vcam.core.texts import _, marked
from vcam.system.session_bus import bus_address
from vcam.tray.appearance import ICONS, NAME, Appearance, Order
from vcam.tray.status_notifier import UNKNOWN, Answer, StatusNotifier, own_name

WATCHER: Final = "org.kde.StatusNotifierWatcher"
NOTIFICATIONS: Final = "org.freedesktop.Notifications"
PATIENCE_S: Final = 10.0
"""At login the tray may come up after us."""
SHOWN_MS: Final = 15_000
NOTICE: Final = marked(
    "Your gestures are recognised. This desktop has no tray: open the panel "
    'with "Gesture Cam" in the menu of programs.'
)
RULES: Final = (
    f"type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='{WATCHER}'",
    f"type='signal',interface='{NOTIFICATIONS}',member='ActionInvoked'",
)

log = logging.getLogger(__name__)


def why_not() -> str | None:
    """Return why there can be no icon, as a sentence; None where there can."""
    if find_spec("jeepney") is None:
        return "The tray needs the package jeepney: install it beside vcam."
    return None if bus_address() else "The tray needs a desktop session with D-Bus."


class DBusIcon:
    """Offers the item to the tray that there is, and to each that comes later."""

    def __init__(
        self,
        shown: Appearance,
        choose: Callable[[Order], None],
        notified: Callable[[], None] | None,
    ) -> None:
        """Connect; raises OSError, or RuntimeError for a bus that cannot be reached.

        Where there is no tray, a notification says how to open the panel, and `notified` is called;
        without `notified`, nothing is said.
        """
        import jeepney
        from jeepney.io.threading import open_dbus_connection

        self._jeepney: Any = jeepney
        self._bus: Any = open_dbus_connection(bus=bus_address() or "")
        self._choose, self._notified = choose, notified
        self._item = StatusNotifier(shown, choose)
        self._registered = False
        self._registering = self._notifying = self._notice = -1
        self._stopped = False

    def show(self, shown: Appearance) -> None:
        """Change over to another appearance; from any thread."""
        for path, interface, name, content in self._item.show(shown):
            emitter = self._jeepney.DBusAddress(path, interface=interface)
            with contextlib.suppress(OSError):  # `run` sees it as well
                self._bus.send(self._jeepney.new_signal(emitter, name, *_body(content)))

    def run(self) -> None:
        """Be the item until `stop`, or until the bus goes away."""
        from jeepney.io.threading import ReceiveStopped

        with self._bus, contextlib.suppress(OSError, ReceiveStopped):
            self._introduce()
            notice_at = time.perf_counter() + PATIENCE_S
            while not self._stopped:
                wait = None if self._notified is None else max(0.0, notice_at - time.perf_counter())
                try:
                    self._take(self._bus.receive(timeout=wait))
                except TimeoutError:
                    self._notify()

    def _introduce(self) -> None:
        dbus = ("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
        self._call(dbus, "RequestName", ("su", (own_name(), 0)))
        for rule in RULES:
            self._call(dbus, "AddMatch", ("s", (rule,)))
        self._register()

    def stop(self) -> None:
        """Let `run` end; from any thread."""
        self._stopped = True
        with contextlib.suppress(OSError):
            self._bus.interrupt()

    def _register(self) -> None:
        address = ("/StatusNotifierWatcher", WATCHER, WATCHER)
        self._registering = self._call(address, "RegisterStatusNotifierItem", ("s", (own_name(),)))

    def _notify(self) -> None:
        """Say once that there is no tray; where there is one by now, nothing."""
        notified, self._notified = self._notified, None
        if self._registered or notified is None:
            return
        title, icon = _("{name} is running").format(name=NAME), "vcam-recognising.png"
        words = (NAME, 0, str(ICONS / icon), title, _(NOTICE))
        content: tuple[Any, ...] = (*words, ["default", _("Open panel")], {}, SHOWN_MS)
        address = ("/org/freedesktop/Notifications", NOTIFICATIONS, NOTIFICATIONS)
        self._notifying = self._call(address, "Notify", ("susssasa{sv}i", content))
        notified()

    def _call(self, address: tuple[str, str, str], method: str, content: Answer) -> int:
        """Send a call and return its number; the answer comes to `_take`."""
        number: int = next(self._bus.outgoing_serial)
        call = self._jeepney.new_method_call(
            self._jeepney.DBusAddress(*address), method, *_body(content)
        )
        self._bus.send(call, serial=number)
        return number

    def _take(self, message: Any) -> None:
        kinds, fields = self._jeepney.MessageType, self._jeepney.HeaderFields
        header = message.header
        if header.message_type is kinds.method_call:
            self._bus.send(self._answer(message))
        elif header.message_type is kinds.signal:
            self._hear(header.fields.get(fields.member), message.body)
        else:
            worked = header.message_type is kinds.method_return
            self._returned(header.fields.get(fields.reply_serial), worked, message.body)

    def _returned(self, number: int | None, worked: bool, body: tuple[Any, ...]) -> None:
        if number == self._registering:
            self._registered = worked
            log.info("the tray %s", "shows the icon" if worked else "is not there")
        elif number == self._notifying and worked:
            self._notice = body[0]

    def _hear(self, signal: str | None, body: tuple[Any, ...]) -> None:
        if signal == "NameOwnerChanged" and body[0] == WATCHER:
            self._registered = False
            if body[2]:
                self._register()
        elif signal == "ActionInvoked" and body[0] == self._notice:
            self._choose("panel")

    def _answer(self, message: Any) -> Any:
        names, fields = self._jeepney.HeaderFields, message.header.fields
        asked = [fields.get(name) for name in (names.path, names.interface, names.member)]
        path, interface, method = (str(each or "") for each in asked)
        try:
            content = self._item.answer(path, interface, method, message.body)
            return self._jeepney.new_method_return(message, *_body(content))
        except (KeyError, IndexError):
            return self._jeepney.new_error(message, UNKNOWN)


def _body(content: Answer) -> tuple[str | None, tuple[Any, ...]]:
    """Return signature and values; D-Bus has no signature for nothing."""
    return content[0] or None, content[1]
