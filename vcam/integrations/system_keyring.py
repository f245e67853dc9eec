"""Passwords in the system's keyring: Secret Service, macOS' Keychain, Windows' Credential Manager.

The only file that imports keyring. A keyring that is locked asks the person and waits; we do not.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from importlib.util import find_spec
from typing import Final, TypeVar

from vcam.core.texts import _
from vcam.errors import ActionError
from vcam.system.installation import add

SERVICE: Final = "vcam"
"""What our passwords are kept under; the name beside it is that of the settings' section."""
READ_S: Final = 3.0
"""How long a program that is running waits for the keyring."""
UNLOCK_S: Final = 120.0
"""How long a person may take to unlock it, where nothing else waits for it."""
REFUSED_S: Final = 600.0
"""A keyring that fails, or whose person says no, is not asked again before that: connections are
tried again every few seconds, and each time it would ask its person."""

T = TypeVar("T")

_reading: dict[str, Future[str | None]] = {}
"""What is being read: a keyring that asks its person is not asked a second time meanwhile.

What has failed stays for a while, see `REFUSED_S`.
"""
_failed: dict[str, float] = {}
"""When that was, in seconds of the performance counter."""
_lock = threading.RLock()
"""A keyring that has answered already forgets on the thread that asked, which holds the lock."""


def read_from_keyring(name: str, seconds: float | None = None) -> str:
    """Return the password of `obs` or `mqtt`; waits so long at most. Raises `ActionError`.

    None: `READ_S`.
    """
    _check_package()
    with _lock:
        now = time.perf_counter()
        reading = _reading.get(name)
        if reading is None or now - _failed.get(name, now) > REFUSED_S:
            _failed.pop(name, None)
            reading = _reading[name] = _begin(lambda: _get(name))
            reading.add_done_callback(lambda done: _ended(name, done))
    found = _wait(reading, READ_S if seconds is None else seconds)
    if not found:
        raise ActionError(
            _(
                "the keyring holds no password for {name}: `vcam config password {name}` "
                "puts it there"
            ).format(name=name)
        )
    return found


def write_to_keyring(name: str, password: str) -> None:
    """Keep a password; waits while the person unlocks the keyring. Raises `ActionError`."""
    _check_package()
    _wait(_begin(lambda: _set(name, password)), UNLOCK_S)


def _check_package() -> None:
    if find_spec("keyring") is None:
        raise ActionError(
            _("the keyring needs the package keyring: {add}").format(add=add("keyring"))
        )


def _get(name: str) -> str | None:
    import keyring

    return keyring.get_password(SERVICE, name)


def _set(name: str, password: str) -> None:
    import keyring

    keyring.set_password(SERVICE, name, password)


def _begin(work: Callable[[], T]) -> Future[T]:
    """Do it on a thread that ends with the program, however long it takes."""
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # noqa: BLE001  # every keyring has errors of its own
            future.set_exception(error)

    threading.Thread(target=run, name="keyring", daemon=True).start()
    return future


def _wait(future: Future[T], seconds: float) -> T:
    try:
        return future.result(seconds)
    except TimeoutError:
        if not future.done():
            raise ActionError(
                _("the keyring does not answer: unlock it, or name a file in password_file instead")
            ) from None
        reason: str = _("no answer in time")
    except Exception as error:  # noqa: BLE001  # as above
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    raise ActionError(
        _(
            "this system's keyring cannot be used ({reason}): name a file in password_file instead"
        ).format(reason=reason)
    )


def _ended(name: str, reading: "Future[str | None]") -> None:
    with _lock:
        if reading.exception() is None:
            _reading.pop(name, None)
        else:
            _failed[name] = time.perf_counter()
