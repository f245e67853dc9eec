"""No key stays down: killed, in whatever way, while a key is held on a real X11 display."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.rigs.xvfb import display, heard, listener, press

HOLDER = """
import sys, signal, threading, time
signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell in the background leaves both ignored
signal.signal(signal.SIGQUIT, signal.SIG_DFL)
from vcam.actions.open import open_worker
from vcam.system.clock import SystemClock
from vcam.core.event import Event
from vcam.pipeline.state import ProgramState

worker = open_worker(ProgramState(SystemClock(), print), dry_run=False, allow_commands=False)
for track, action in enumerate(sys.argv[1:]):
    worker.submit(Event(0.0, "fire", "fist", "right", track, action, (0, 0, 1, 1)))
while True:
    worker.heartbeat(time.perf_counter())
    time.sleep(0.05)
"""
"""Holds keys as the whole program does, and never lets go by itself."""

pytestmark = [
    pytest.mark.alone,  # a machine that stalls for a second makes keys come up by itself
    pytest.mark.skipif(sys.platform != "linux", reason="needs X11 and /proc"),
]


@contextmanager
def _holder(
    desktop: dict[str, str], *actions: str, code: str = HOLDER
) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-c", code, *actions]
    with subprocess.Popen(command, env=desktop, text=True, start_new_session=True) as program:
        try:
            yield program
        finally:
            program.kill()


def _released(ears: "subprocess.Popen[str]", count: int) -> list[str]:
    """Return the next keys that come up; a key that is held down repeats itself meanwhile."""
    said: list[str] = []
    while len(said) < count:
        (line,) = heard(ears, 1)
        assert line, "the listener has ended"
        said += [line] if line.startswith("-") else []
    return said


def _guardian(program: "subprocess.Popen[str]") -> int:
    """Return the process id of the guardian, the only child."""
    children = Path(f"/proc/{program.pid}/task").glob("*/children")
    (child,) = {pid for each in children for pid in each.read_text().split()}
    return int(child)


def _ends(pid: int, seconds: float = 5) -> bool:
    """Tell whether a process is gone, or a zombie that nobody has waited for, within that time."""
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.02)
    return False


def test_sigkill_releases_a_held_key() -> None:
    """A killed program's key comes up within a second, and the guardian ends with it."""
    with display() as desktop, listener(desktop) as ears, _holder(desktop, "hold:space") as program:
        assert heard(ears, 1) == ["+ space"]
        time.sleep(1)  # the guardian is ready by now
        guardian = _guardian(program)
        killed = time.perf_counter()
        program.kill()
        assert _released(ears, 1) == ["- space"]
        assert time.perf_counter() - killed < 1
        assert _ends(guardian)


def test_sigkill_at_once_releases_every_key() -> None:
    """Killed before the guardian has even started, the keys of two gestures still come up."""
    with (
        display() as desktop,
        listener(desktop) as ears,
        _holder(desktop, "hold:ctrl+space", "hold:f9") as program,
    ):
        assert heard(ears, 3) == ["+ ctrl", "+ space", "+ f9"]
        program.kill()
        assert _released(ears, 3) == ["- f9", "- space", "- ctrl"]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGQUIT])
def test_a_signal_to_the_whole_group(number: signal.Signals) -> None:
    """What ends the program and all that was started with it leaves the guardian to its work."""
    with display() as desktop, listener(desktop) as ears, _holder(desktop, "hold:space") as program:
        assert heard(ears, 1) == ["+ space"]
        os.killpg(program.pid, number)
        assert _released(ears, 1) == ["- space"]


def test_a_chord_that_is_cut_short() -> None:
    """Killed between a chord's press and its release, the program leaves nothing down."""
    code = HOLDER.replace(
        "import sys,",
        "from vcam.actions.keyboard import held_keys; held_keys.PRESS_SECONDS = 60\nimport sys,",
    )
    with (
        display() as desktop,
        listener(desktop) as ears,
        _holder(desktop, "key:alt+a", code=code) as program,
    ):
        assert heard(ears, 2) == ["+ alt", "+ a"]
        program.kill()
        assert _released(ears, 2) == ["- a", "- alt"]


def test_a_guardian_that_was_killed() -> None:
    """The next key gets a new guardian, which knows of the keys that went down before."""
    code = """
keyboard = __import__("vcam.actions.keyboard.open").actions.keyboard.open.open_keyboard()
keyboard.press("f9")
keyboard._guardian._process.kill()
keyboard._guardian._process.wait()
keyboard.press("f8")
import os, signal
os.kill(os.getpid(), signal.SIGKILL)
"""
    with display() as desktop, listener(desktop) as ears:
        press(desktop, code)
        assert _released(ears, 2) == ["- f8", "- f9"]


def test_our_connection_to_the_display_breaks() -> None:
    """A key that we can no longer release ourselves is released over the guardian's connection."""
    code = """
import socket
from vcam.actions.keyboard.open import open_keyboard
from vcam.errors import ActionError
guarded = open_keyboard()
guarded.press("f9")
guarded._sender._x11.display.display.socket.shutdown(socket.SHUT_RDWR)
try:
    guarded.release("f9")
except ActionError as error:
    print("told")
guarded.close()
"""
    with display() as desktop, listener(desktop) as ears:
        done = press(desktop, code)
        assert done.stdout.strip() == "told", done.stderr
        assert _released(ears, 1) == ["- f9"]


def test_an_orderly_end_leaves_no_guardian() -> None:
    """Closing lets go of keys once, and takes the guardian along."""
    code = """
from vcam.actions.keyboard.open import open_keyboard
guarded = open_keyboard()
guarded.press("f9")
guarded.release("f9")
process = guarded._guardian._process
guarded.close()
print(process.returncode)
"""
    with display() as desktop, listener(desktop) as ears:
        done = press(desktop, code)
        assert done.stdout.strip() == "0", done.stderr
        assert _released(ears, 1) == ["- f9"]


def test_the_guardian_is_small() -> None:
    """It takes less than 40 MiB, and 3 % of a core at most, while a key is held and beats come."""
    with display() as desktop, listener(desktop) as ears, _holder(desktop, "hold:f9") as program:
        assert heard(ears, 1) == ["+ f9"]
        time.sleep(1.5)
        guardian = Path(f"/proc/{_guardian(program)}")
        status = (guardian / "status").read_text()
        before = _ticks(guardian)
        time.sleep(1)
        assert _ticks(guardian) - before <= 3
    resident = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    assert int(resident.split()[1]) < 40 * 1024


def _ticks(process: Path) -> int:
    """Return the processor time of a process, in hundredths of a second."""
    return sum(int(number) for number in (process / "stat").read_text().split()[13:15])


def test_a_program_that_is_stopped() -> None:
    """Ctrl-Z or a debugger while a key is held: it comes up in a second, and stays up on `fg`."""
    with (
        display() as desktop,
        listener(desktop) as ears,
        _holder(desktop, "hold:right_ctrl") as program,
    ):
        assert heard(ears, 1) == ["+ ctrl_r"]
        time.sleep(1.5)  # beats keep it down meanwhile
        program.send_signal(signal.SIGSTOP)  # SIGTSTP does not stop a session of its own
        began = time.perf_counter()
        assert _released(ears, 1) == ["- ctrl_r"]
        assert time.perf_counter() - began < 1.5
        program.send_signal(signal.SIGCONT)
        program.kill()


def test_a_program_that_hangs() -> None:
    """A main process that holds the interpreter for good lets go of its keys, too."""
    code = HOLDER.replace(
        "while True:", "time.sleep(1)\n__import__('re').match(r'(a+)+b', 'a' * 60)\nwhile True:"
    )
    with (
        display() as desktop,
        listener(desktop) as ears,
        _holder(desktop, "hold:f9", code=code) as program,
    ):
        assert heard(ears, 1) == ["+ f9"]
        assert _released(ears, 1) == ["- f9"]
        program.kill()
