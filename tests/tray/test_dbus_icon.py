"""The icon on a real D-Bus session: a tray that comes and goes, and a desktop that has none."""

import queue
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.rigs.tray_desktop import bus, comes
from vcam.tray import dbus_icon
from vcam.tray.appearance import Order, TrayState, appearance
from vcam.tray.dbus_icon import NOTIFICATIONS, WATCHER, DBusIcon, why_not
from vcam.tray.status_notifier import ITEM_PATH, PROPERTIES, own_name

if sys.platform != "linux":
    pytest.skip("D-Bus is for Linux", allow_module_level=True)
jeepney = pytest.importorskip("jeepney", reason="jeepney is not installed: pip install -e .[dev]")
ORDERS: "queue.Queue[Order]" = queue.Queue()


class Service:
    """A program on the bus that has a name, and answers every call with the same."""

    def __init__(self, name: str, signature: str | None, body: tuple[Any, ...]) -> None:
        from jeepney.io.threading import open_dbus_connection

        self.calls: list[tuple[str, tuple[Any, ...]]] = []
        self._answer = signature, body
        self._bus = open_dbus_connection(bus="SESSION")
        address = jeepney.DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus")
        message = jeepney.new_method_call(
            address.with_interface("org.freedesktop.DBus"), "RequestName", "su", (name, 0)
        )
        self._bus.send(message)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def emit(self, path: str, interface: str, name: str, kind: str, body: tuple[Any, ...]) -> None:
        address = jeepney.DBusAddress(path, interface=interface)
        self._bus.send(jeepney.new_signal(address, name, kind, body))

    def close(self) -> None:
        self._bus.interrupt()
        self._thread.join(5)
        self._bus.close()

    def _serve(self) -> None:
        from jeepney.io.threading import ReceiveStopped

        fields = jeepney.HeaderFields
        while True:
            try:
                message = self._bus.receive()
            except (ReceiveStopped, OSError):
                return
            if message.header.message_type is jeepney.MessageType.method_call:
                self.calls.append((message.header.fields[fields.member], message.body))
                self._bus.send(jeepney.new_method_return(message, *self._answer))


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Be in a D-Bus session without any service."""
    with bus(tmp_path) as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        monkeypatch.setattr(dbus_icon, "PATIENCE_S", 0.5)
        yield


@contextmanager
def _shown(reported: Callable[[], None] | None = None) -> Iterator[DBusIcon]:
    icon = DBusIcon(appearance(TrayState("recognising")), ORDERS.put, reported)
    running = threading.Thread(target=icon.run)
    running.start()
    try:
        yield icon
    finally:
        icon.stop()
        running.join(5)
        assert not running.is_alive()


def _ask(path: str, interface: str, method: str, kind: str, body: tuple[Any, ...]) -> Any:
    """Call the item, as a tray does, and return the answering message."""
    from jeepney.io.blocking import open_dbus_connection

    with open_dbus_connection(bus="SESSION") as asking:
        address = jeepney.DBusAddress(path, own_name(), interface)
        call = jeepney.new_method_call(address, method, kind, body)
        return asking.send_and_get_reply(call, timeout=5)


def test_a_tray_is_offered_the_item_each_time_it_comes(session: None) -> None:
    """At login the tray may come later, and a panel that is started again is told again."""
    with _shown():
        for _ in range(2):
            _is_offered_the_item()


def _is_offered_the_item() -> None:
    tray = Service(WATCHER, None, ())
    assert comes(lambda: ("RegisterStatusNotifierItem", (own_name(),)) in tray.calls, 5)
    tray.close()


def test_the_item_answers(session: None) -> None:
    """Properties arrive as asked for, also after a change; what there is not is an error."""
    with _shown() as icon:
        asked = (ITEM_PATH, PROPERTIES, "Get", "ss")
        item = "org.kde.StatusNotifierItem"
        assert comes(lambda: _ask(*asked, (item, "IconName")).body == (("s", "vcam-recognising"),))
        icon.show(appearance(TrayState("recognising", muted=True)))
        assert _ask(*asked, (item, "IconName")).body == (("s", "vcam-muted"),)
        refused = _ask(ITEM_PATH, item, "Explode", "s", ("",))
        assert refused.header.message_type is jeepney.MessageType.error
        elsewhere = _ask("/", item, "Activate", "ii", (0, 0))
        assert elsewhere.header.message_type is jeepney.MessageType.error
        assert ORDERS.empty()


def test_without_a_tray_the_person_is_reported_once(session: None) -> None:
    """One notification says how to open the panel, and a click on it does so."""
    reported: list[bool] = []
    desktop = Service(NOTIFICATIONS, "u", (7,))
    with _shown(lambda: reported.append(True)):
        assert comes(lambda: desktop.calls, 5)
        name, words = desktop.calls[0]
        assert (name, words[3], reported) == ("Notify", "Gesture Cam is running", [True])
        assert "has no tray" in words[4]
        assert Path(words[2]).is_file()
        time.sleep(0.2)  # the answer with the notification's number is on its way
        path = "/org/freedesktop/Notifications"
        desktop.emit(path, NOTIFICATIONS, "ActionInvoked", "us", (8, "default"))  # another's
        desktop.emit(path, NOTIFICATIONS, "ActionInvoked", "us", (7, "default"))
        assert ORDERS.get(timeout=5) == "panel"
        time.sleep(0.7)
        assert [each for each, _ in desktop.calls] == ["Notify"]
    assert ORDERS.empty()
    desktop.close()


def test_where_there_is_a_tray_nothing_is_said(session: None) -> None:
    """An icon that is shown needs no words."""
    tray, desktop = Service(WATCHER, None, ()), Service(NOTIFICATIONS, "u", (7,))
    with _shown(lambda: pytest.fail("the person was told")):
        time.sleep(1.2)
    assert desktop.calls == []
    tray.close()
    desktop.close()


def test_a_bus_that_goes_away_ends_the_icon(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the session ends, so does the icon, without a word."""
    with bus(tmp_path) as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        icon = DBusIcon(appearance(TrayState("recognising")), ORDERS.put, None)
        running = threading.Thread(target=icon.run)
        running.start()
        time.sleep(0.2)
    running.join(5)
    assert not running.is_alive()
    icon.show(appearance(TrayState("paused")))  # nobody is there to see it


def test_no_session_is_a_reason(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without a bus there is no icon, and a sentence says why."""
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert why_not() == "The tray needs a desktop session with D-Bus."
