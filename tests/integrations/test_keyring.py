"""Passwords in GNOME's real keyring: kept, read, missing, locked and hanging; nobody waits long."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from types import ModuleType

import pytest

from tests.rigs.keyring_desktop import keyring_desktop
from tests.rigs.xvfb import ROOT
from vcam.errors import ActionError
from vcam.integrations import system_keyring
from vcam.integrations.check import check_links
from vcam.integrations.password import read_password
from vcam.integrations.settings import IntegrationSettings, MqttSettings, ObsSettings
from vcam.integrations.system_keyring import read_from_keyring

linux = pytest.mark.skipif(sys.platform != "linux", reason="the Secret Service is Linux' own")
pytest.importorskip("keyring")

READ = """
import sys, time
from vcam.errors import ActionError
from vcam.integrations import system_keyring
system_keyring.READ_S = float(sys.argv[2])
began = time.perf_counter()
try:
    print(system_keyring.read_from_keyring(sys.argv[1]))
except ActionError as error:
    print(error)
print(time.perf_counter() - began)
"""
LOCK = "import secretstorage as s; s.get_default_collection(s.dbus_init()).lock()"


@pytest.fixture(scope="module")
def desktop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Return the environment of a desktop with a keyring of its own."""
    with keyring_desktop(tmp_path_factory.mktemp("keyring")) as environment:
        yield environment | {"PYTHONPATH": str(ROOT)}


def _python(desktop: dict[str, str], *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", *words], env=desktop, capture_output=True, text=True, check=True
    )
    return done.stdout


def _vcam(
    desktop: dict[str, str], *words: str, said: str = ""
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "vcam", *words],
        env=desktop,
        input=said,
        capture_output=True,
        text=True,
        check=False,
    )


@linux
def test_a_password_is_kept_and_found(desktop: dict[str, str]) -> None:
    """`vcam config password` puts it there, for its section alone, and shows it nowhere."""
    done = _vcam(desktop, "config", "password", "obs", said="open sesame\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert "[obs] keyring = true" in done.stdout
    assert "sesame" not in done.stdout
    assert _python(desktop, READ, "obs", "20").splitlines()[0] == "open sesame"
    reported = _python(desktop, READ, "mqtt", "20")
    assert "holds no password for mqtt: `vcam config password mqtt` puts it there" in reported


@linux
def test_no_password_is_kept(desktop: dict[str, str]) -> None:
    """An empty line is a mistake of the person's, and so is a section that has none."""
    done = _vcam(desktop, "config", "password", "mqtt", said="\n")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert _vcam(desktop, "config", "password", "teams", said="x\n").returncode == 2


@linux
def test_a_keyring_that_hangs(desktop: dict[str, str]) -> None:
    """It is stopped: a sentence that says what to do, in the time that was set."""
    pid = int(desktop["KEYRING_PID"])
    os.kill(pid, signal.SIGSTOP)
    try:
        reported, seconds = _python(desktop, READ, "obs", "1").splitlines()
    finally:
        os.kill(pid, signal.SIGCONT)
    assert "does not answer: unlock it, or name a file in password_file" in reported
    assert float(seconds) < 2


@linux
def test_a_keyring_that_is_locked(desktop: dict[str, str]) -> None:
    """Where nobody can be asked to unlock it, it says so at once; the program continues."""
    _python(desktop, LOCK)
    reported = _python(desktop, READ, "obs", "20")
    assert "keyring cannot be used (Failed to unlock" in reported
    done = _vcam(desktop, "config", "password", "obs", said="other\n")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)


@linux
def test_a_desktop_without_a_keyring(tmp_path: Path) -> None:
    """No session, no keyring: one sentence."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    environment["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={tmp_path}/nothing"
    reported = _python(environment, READ, "obs", "20")
    assert "this system's keyring cannot be used" in reported
    assert reported.count("\n") == 2


class _Slow(ModuleType):
    """A keyring that waits for its person."""

    def __init__(self) -> None:
        super().__init__("keyring")
        self.asked, self.answer = 0, threading.Event()

    def get_password(self, service: str, name: str) -> str:
        """Answer when the person does."""
        assert (service, name) == ("vcam", "obs")
        self.asked += 1
        assert self.answer.wait(10)
        return "at last"


def test_a_person_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """While a keyring asks to be unlocked, further tries wait for that answer, not for another."""
    slow = _Slow()
    monkeypatch.setitem(sys.modules, "keyring", slow)
    monkeypatch.setattr(system_keyring, "find_spec", lambda name: True)
    monkeypatch.setattr(system_keyring, "READ_S", 0.05)
    for _ in range(3):
        with pytest.raises(ActionError, match="does not answer"):
            read_from_keyring("obs")
    slow.answer.set()
    monkeypatch.setattr(system_keyring, "READ_S", 5)
    assert read_password("obs", ObsSettings("localhost", keyring=True)) == "at last"
    assert slow.asked <= 2  # the first, and one more if that had been answered by then


def test_the_package_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence says what to install, also in the doctor."""
    monkeypatch.setattr(system_keyring, "find_spec", lambda name: None)
    (found,) = check_links(IntegrationSettings(mqtt=MqttSettings("localhost", keyring=True)), [])
    assert (found.name, found.status) == ("mqtt", "warn")
    assert "needs the package keyring" in found.text


def test_a_file_as_before(tmp_path: Path) -> None:
    """Without `keyring` nothing changes, and the keyring is not asked."""
    file = tmp_path / "password"
    file.write_text("from a file\n")
    file.chmod(0o600)
    assert read_password("obs", ObsSettings("localhost", password_file=str(file))) == "from a file"
    assert read_password("mqtt", MqttSettings("localhost")) is None


def test_a_keyring_that_has_answered_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for ever when the answer is there before we begin to wait for it."""

    def at_once(work: Callable[[], str | None]) -> "Future[str | None]":
        future: Future[str | None] = Future()
        future.set_result(work())
        return future

    monkeypatch.setattr(system_keyring, "_begin", at_once)
    monkeypatch.setattr(system_keyring, "_get", lambda name: f"for {name}")
    found: list[str] = []
    asking = threading.Thread(target=lambda: found.append(read_from_keyring("obs")), daemon=True)
    asking.start()
    asking.join(10)
    assert found == ["for obs"]
    assert not system_keyring._reading


def test_a_no_is_not_asked_about_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections are tried again every few seconds; the person is asked once in a long while."""
    asked: list[str] = []

    def locked(name: str) -> str:
        asked.append(name)
        raise RuntimeError("Failed to unlock the collection!")

    monkeypatch.setattr(system_keyring, "_get", locked)
    monkeypatch.setattr(system_keyring, "_reading", {})
    monkeypatch.setattr(system_keyring, "_failed", {})
    for _ in range(3):
        with pytest.raises(ActionError, match="Failed to unlock the collection!"):
            read_from_keyring("obs")
    assert asked == ["obs"]
    monkeypatch.setattr(system_keyring, "REFUSED_S", -1.0)
    with pytest.raises(ActionError, match="Failed to unlock the collection!"):
        read_from_keyring("obs")
    assert asked == ["obs", "obs"]
