"""The preview window, on a virtual screen where there is one."""

import io
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import cv2
import numpy as np
import pytest

from tests.rigs.xvfb import display as display_of_our_own
from vcam.core.frame import Image
from vcam.errors import OutputError
from vcam.output import display, window, window_process
from vcam.output.open import open_output
from vcam.output.output import OutputClosed
from vcam.output.settings import OutputSettings
from vcam.output.window import WindowOutput
from vcam.output.window_process import (
    CLOSED_BY_PERSON,
    NO_WINDOWS,
    SLOTS,
    Announced,
    show_until_closed,
)

IMAGE = np.full((48, 64, 3), 99, np.uint8)
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="asks for an X11 display")


@LINUX
@pytest.mark.parametrize("screen", [None, "", ":4711", "nonsense", "localhost:4711"])
def test_without_a_screen_the_window_is_refused(
    screen: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No screen, or one that does not answer, is an error and not the end of the process."""
    monkeypatch.delenv("DISPLAY", raising=False)
    if screen is not None:
        monkeypatch.setenv("DISPLAY", screen)
    with pytest.raises(OutputError, match="There is no screen for a window"):
        open_output("window", (64, 48), 30, OutputSettings())


@LINUX
@pytest.mark.parametrize("screen", [":4711", "nonsense", "localhost:4711"])
def test_a_dead_screen_is_noticed_without_xlib(
    screen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where libX11 is not installed the socket itself is tried."""
    monkeypatch.setattr(display, "_opens_with_xlib", lambda name: None)
    monkeypatch.setenv("DISPLAY", screen)
    assert "does not answer" in str(display.why_no_display())


@LINUX
def test_wayland_alone_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Wayland session without XWayland is told why."""
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert "XWayland is off" in str(display.why_no_display())


class FakeScreen:
    """Stands in for OpenCV's windows."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.visible, self.key = 1.0, -1
        self.shown: list[int] = []
        monkeypatch.setattr(cv2, "namedWindow", lambda *_: None)
        monkeypatch.setattr(cv2, "resizeWindow", lambda *_: None)
        monkeypatch.setattr(cv2, "destroyWindow", lambda *_: None)
        monkeypatch.setattr(cv2, "getWindowProperty", lambda *_: self.visible)
        monkeypatch.setattr(cv2, "waitKey", self._wait)
        monkeypatch.setattr(cv2, "imshow", self._show)

    def _wait(self, milliseconds: int) -> int:
        time.sleep(milliseconds / 1000)
        return self.key

    def _show(self, title: str, image: Image) -> None:
        self.shown.append(int(image[0, 0, 0]))


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> FakeScreen:
    return FakeScreen(monkeypatch)


SLOT_IMAGES = np.arange(SLOTS, dtype=np.uint8)[:, None, None, None] + np.zeros((4, 6, 3), np.uint8)


def test_the_window_shows_what_is_announced_and_goes_at_the_end(screen: FakeScreen) -> None:
    """The newest slot is shown, and the end of the input is the end of the window."""
    assert show_until_closed(SLOT_IMAGES, Announced(slowly(b"\2\1"))) == 0
    assert screen.shown == [2, 1]


def slowly(announced: bytes) -> Callable[[], bytes]:
    """Return what gives a byte now and then."""
    stream = io.BytesIO(announced)

    def read() -> bytes:
        time.sleep(0.1)
        return stream.read(1)

    return read


@pytest.mark.parametrize(("visible", "key"), [(0.0, -1), (1.0, ord("q")), (1.0, 27)])
def test_the_cross_q_and_escape_close_the_window(
    screen: FakeScreen, visible: float, key: int
) -> None:
    """What people try first closes the preview, and is told apart from a window that is lost."""
    screen.visible, screen.key = visible, key
    assert show_until_closed(SLOT_IMAGES, Announced(slowly(b"\0" * 50))) == CLOSED_BY_PERSON


def test_an_opencv_without_windows_is_named(
    screen: FakeScreen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The headless OpenCV gives a code of its own, not a traceback."""

    def refuse(*_: object) -> None:
        raise cv2.error("not implemented")

    monkeypatch.setattr(cv2, "namedWindow", refuse)
    assert show_until_closed(SLOT_IMAGES, Announced(slowly(b""))) == NO_WINDOWS


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        (CLOSED_BY_PERSON, OutputClosed, "was closed"),
        (NO_WINDOWS, OutputError, "opencv-python in place"),
        (1, OutputError, "is gone"),
        (-6, OutputError, "is gone"),
    ],
)
def test_how_the_window_ended_is_reported(
    monkeypatch: pytest.MonkeyPatch, code: int, kind: type[OutputError], words: str
) -> None:
    """Only the person's own close ends the program; what is lost is said in one sentence."""
    ending = "import os, sys; c = int(sys.argv[1]); os.abort() if c < 0 else sys.exit(c)"
    command = [sys.executable, "-c", ending, str(code)]
    monkeypatch.setattr(window, "why_no_display", lambda: None)
    monkeypatch.setattr(
        window,
        "_start",
        lambda *_: subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL),
    )
    output = WindowOutput((64, 48))
    output._process.wait(10)
    with pytest.raises(OutputError, match=words) as caught:
        output.send(IMAGE, 0.0)
    assert type(caught.value) is kind
    output.close()


@pytest.fixture
def xvfb() -> Iterator[str]:
    """A virtual screen of its own."""
    server = shutil.which("Xvfb")
    if server is None:
        pytest.skip("Xvfb is not installed")
    read, write = os.pipe()
    command = [server, "-displayfd", str(write), "-screen", "0", "320x240x24", "-nolisten", "tcp"]
    process = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read) as answers:
            yield f":{answers.readline().strip()}"
    finally:
        process.terminate()
        process.wait()


REAL = """
import sys, time, numpy as np
from tests.rigs.xvfb import display as display_of_our_own
from vcam.core.frame import Image
from vcam.errors import OutputError
from vcam.output.window import WindowOutput
output = WindowOutput((64, 48))
print("opened", flush=True)
longest, until = 0.0, time.perf_counter() + float(sys.argv[1])
try:
    while time.perf_counter() < until:
        began = time.perf_counter()
        output.send(np.full((48, 64, 3), 9, np.uint8), 0.0)
        longest = max(longest, time.perf_counter() - began)
        time.sleep(1 / 30)
    print("shown" if longest < float(sys.argv[2]) else longest, flush=True)
except OutputError as error:
    print(error, flush=True)
output.close()
output.close()
"""


def _real(
    xvfb: str, seconds: float, longest_s: float = 0.1, **more: str
) -> "subprocess.Popen[str]":
    """Start a program that shows pictures, none of which may take longer to be sent."""
    return subprocess.Popen(
        [sys.executable, "-c", REAL, str(seconds), str(longest_s)],
        env={**os.environ, "DISPLAY": xvfb, **more},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@LINUX
@pytest.mark.parametrize("platform", ["", "wayland", "offscreen", "wayland;xcb", "nonsense"])
def test_a_real_window_shows_images(xvfb: str, platform: str) -> None:
    """It opens, takes pictures and closes, whatever Qt's platform is said to be; nothing waits."""
    with _real(xvfb, 3.0, 1.0, QT_QPA_PLATFORM=platform) as done:  # other tests run beside it
        out, err = done.communicate(timeout=60)
    assert (done.returncode, out.split(), err) == (0, ["opened", "shown"], "")


@LINUX
def test_a_display_that_goes_away_costs_the_preview_alone() -> None:
    """The X server is killed: the program is told in one sentence, and ends in its own time."""
    with display_of_our_own() as environment, _real(environment["DISPLAY"], 30.0) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "opened\n"
        os.kill(int(environment["XVFB_PID"]), signal.SIGKILL)
        out, err = program.communicate(timeout=60)
    assert (program.returncode, err) == (0, "")
    assert out.startswith("The preview window is gone")


@LINUX
@pytest.mark.alone  # how long a send took is measured
def test_a_display_that_hangs_holds_nothing_up() -> None:
    """The X server is stopped: images are left out of the window, and no send waits."""
    with display_of_our_own() as environment:
        server = int(environment["XVFB_PID"])
        with _real(environment["DISPLAY"], 5.0) as program:
            assert program.stdout is not None
            assert program.stdout.readline() == "opened\n"
            os.kill(server, signal.SIGSTOP)
            try:
                out, err = program.communicate(timeout=60)
            finally:
                os.kill(server, signal.SIGCONT)
    assert (program.returncode, out.strip(), err) == (0, "shown", "")


def test_the_window_is_as_large_as_things_are_drawn(
    screen: FakeScreen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a display at 150 % it opens one and a half times as large, as Windows stretched it."""
    sizes: list[tuple[int, int]] = []
    monkeypatch.setattr(cv2, "resizeWindow", lambda _title, *size: sizes.append(size))
    monkeypatch.setattr(window_process, "declare_dpi_awareness", lambda: 1.5)
    show_until_closed(SLOT_IMAGES, Announced(slowly(b"")))
    assert sizes == [(9, 6)]
