"""Keys go to the window that they are meant for, on X11 with a real window manager."""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.rigs.xvfb import display, heard

pytestmark = [
    pytest.mark.alone,  # the window manager has 0.3 s to move the focus
    pytest.mark.skipif(sys.platform != "linux", reason="needs X11"),
]

WINDOWS = """
import sys, tkinter
root = tkinter.Tk(className="Browser")
root.withdraw()
windows = {}
for title in sys.argv[1:]:
    window = windows[title] = tkinter.Toplevel(root, class_="Browser", width=90, height=60)
    window.title(title)
    window.bind("<KeyPress>", lambda e, title=title: print("+", e.keysym, title, flush=True))
    window.bind("<FocusIn>", lambda e, title=title: print("focus", title, flush=True))

def turn(stream, mask):
    windows[stream.readline().strip()].focus_force()

root.createfilehandler(sys.stdin, tkinter.READABLE, turn)
root.mainloop()
"""
"""Windows of one program; the one whose title is written to it gets the focus."""

WORKER = """
import sys
from vcam.actions.open import open_worker
from vcam.system.clock import SystemClock
from vcam.core.event import Event
from vcam.pipeline.state import ProgramState

state = ProgramState(SystemClock(), print)
worker = open_worker(state, dry_run=False, allow_commands=False)
print("ready", flush=True)
for line in sys.stdin:
    box = (0, 0, 1, 1)
    for phase in ("fire", "end"):
        worker.submit(Event(0.0, phase, "mute", "any", 1, "key:f9", box, (line.strip(),)))
        worker.settle(5)
    print(state.toast(SystemClock().now()), flush=True)
worker.close()
"""

MEET, MAIL = "Meet – abc-defg-hij", "Inbox – Mail"


@contextmanager
def _talks(
    desktop: dict[str, str], code: str, *arguments: str
) -> Iterator["subprocess.Popen[str]"]:
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", code, *arguments]
    with subprocess.Popen(command, env=desktop, text=True, stdin=pipe, stdout=pipe) as process:
        try:
            yield process
        finally:
            process.kill()


def _say(process: "subprocess.Popen[str]", line: str) -> None:
    assert process.stdin is not None
    print(line, file=process.stdin, flush=True)


@contextmanager
def _managed(desktop: dict[str, str]) -> Iterator[None]:
    """Run a window manager; skips without one."""
    if shutil.which("openbox") is None:
        pytest.skip("openbox is not installed: apt install openbox")
    with subprocess.Popen(["openbox"], env=desktop, stderr=subprocess.DEVNULL) as manager:
        time.sleep(0.5)
        try:
            yield
        finally:
            manager.kill()


def test_the_key_goes_to_the_meeting_alone() -> None:
    """Of two windows of one browser only the meeting's gets the key; the other is reported."""
    pytest.importorskip("tkinter")
    with (
        display() as desktop,
        _managed(desktop),
        _talks(desktop, WINDOWS, MEET, MAIL) as windows,
        _talks(desktop, WORKER) as worker,
    ):
        assert heard(worker, 1) == ["ready"]
        _turn(windows, MAIL)
        _say(worker, "meet -")
        assert heard(worker, 1) == ["press F9 failed: the focus is not on meet -"]
        _turn(windows, MEET)
        _say(worker, "meet -")
        assert heard(worker, 1) == ["Pressed f9"]
        assert _typed(windows) == f"+ F9 {MEET}"
        _say(worker, "browser")  # the program's name, whichever window it is
        assert heard(worker, 1) == ["Pressed f9"]


def _typed(windows: "subprocess.Popen[str]") -> str:
    """Return the next key that a window gets."""
    (line,) = heard(windows, 1)
    return line if line.startswith("+") else _typed(windows)


def _turn(windows: "subprocess.Popen[str]", title: str) -> None:
    """Give a window the focus, and wait until it and the window manager know."""
    _say(windows, title)
    while heard(windows, 1) != [f"focus {title}"]:
        pass
    time.sleep(0.3)
