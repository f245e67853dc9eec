"""The connection to D-Bus, with a bus that says odd things at odd times."""

import queue
import threading
from concurrent.futures import Future
from typing import Any

import pytest

from vcam.system.session_bus import Address, BusError, SessionBus, Signal

pytest.importorskip("jeepney", reason="D-Bus is Linux' own")

ANYWHERE: Address = ("/a", "b.c", "b.c")
WAIT_S = 10.0


class _Bus:
    """Gives out the messages that are put in; one that is an exception is raised."""

    unique_name = ":1.1"

    def __init__(self) -> None:
        self.outgoing_serial = iter(range(1, 100))
        self.messages: queue.Queue[Any] = queue.Queue()
        self.sent = threading.Event()

    def __enter__(self) -> "_Bus":
        return self

    def __exit__(self, *error: object) -> None:
        """Nothing is to be closed."""

    def receive(self) -> Any:
        message = self.messages.get()
        if isinstance(message, Exception):
            raise message
        return message

    def send(self, message: Any, serial: int) -> None:
        self.sent.set()

    def interrupt(self) -> None:
        self.messages.put(EOFError())


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> _Bus:
    """Return the bus that a `SessionBus` connects to."""
    made = _Bus()
    monkeypatch.setattr("vcam.system.session_bus.bus_address", lambda: "unix:path=/nowhere")
    monkeypatch.setattr("jeepney.io.threading.open_dbus_connection", lambda **options: made)
    return made


def _signal(name: str) -> Any:
    from jeepney import DBusAddress, new_signal

    return new_signal(DBusAddress("/a", interface="b.c"), name)


@pytest.mark.logs_errors
def test_a_signal_that_cannot_be_taken_in(fake: _Bus) -> None:
    """It is logged; the next one is heard, and so is the end."""
    heard: queue.Queue[str] = queue.Queue()
    ended = threading.Event()

    def hear(signal: Signal) -> None:
        if signal.name == "Odd":
            raise ValueError("not enough values to unpack")
        heard.put(signal.name)

    SessionBus(hear, ended.set)
    fake.messages.put(_signal("Odd"))
    fake.messages.put(_signal("Plain"))
    assert heard.get(timeout=WAIT_S) == "Plain"
    fake.messages.put(EOFError())
    assert ended.wait(WAIT_S)


def test_a_bus_that_ends_right_behind_an_answer(fake: _Bus) -> None:
    """The end is reported even while an answer waits to be taken, also to who waits."""
    ended = threading.Event()
    bus = SessionBus(ended=ended.set)
    answered: Future[tuple[Any, ...]] = Future()
    answered.set_result(())
    bus._answers[98] = answered
    refused: list[str] = []

    def call() -> None:
        with pytest.raises(BusError) as caught:
            bus.call(ANYWHERE, "Do", seconds=2 * WAIT_S)
        refused.append(str(caught.value))

    caller = threading.Thread(target=call, daemon=True)
    caller.start()
    assert fake.sent.wait(WAIT_S)
    fake.messages.put(EOFError())
    assert ended.wait(WAIT_S)
    caller.join(WAIT_S)
    assert refused == ["the D-Bus session has ended"]
