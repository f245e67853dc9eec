"""The preview window, on a virtual screen where there is one."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

import cv2
import numpy as np
import pytest

from vcam.errors import OutputError
from vcam.output import display, window
from vcam.output.open import open_output
from vcam.output.output import OutputClosed
from vcam.output.settings import OutputSettings
from vcam.output.window import WindowOutput

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
        self.visible, self.key, self.shown = 1.0, -1, 0
        monkeypatch.setattr(window, "why_no_display", lambda: None)
        monkeypatch.setattr(cv2, "namedWindow", lambda *_: None)
        monkeypatch.setattr(cv2, "resizeWindow", lambda *_: None)
        monkeypatch.setattr(cv2, "destroyWindow", lambda *_: None)
        monkeypatch.setattr(cv2, "getWindowProperty", lambda *_: self.visible)
        monkeypatch.setattr(cv2, "waitKey", lambda _: self.key)
        monkeypatch.setattr(cv2, "imshow", self.show)

    def show(self, title: str, image: object) -> None:
        self.shown += 1


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> FakeScreen:
    return FakeScreen(monkeypatch)


def test_the_cross_ends_the_window(screen: FakeScreen) -> None:
    """A window that the person closed raises OutputClosed and is not opened again."""
    output = WindowOutput((64, 48))
    output.send(IMAGE, 0.0)
    screen.visible = 0.0
    for _ in range(2):
        with pytest.raises(OutputClosed):
            output.send(IMAGE, 0.1)
    assert (screen.shown, output.private) == (1, True)


@pytest.mark.parametrize("key", [ord("q"), 27])
def test_q_and_escape_end_the_window(screen: FakeScreen, key: int) -> None:
    """The keys that people try first close the preview."""
    output = WindowOutput((64, 48))
    screen.key = key
    output.send(IMAGE, 0.0)
    with pytest.raises(OutputClosed):
        output.send(IMAGE, 0.1)
    output.close()


def test_an_opencv_without_windows_is_named(
    screen: FakeScreen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The headless OpenCV gives a remedy, not a traceback."""

    def refuse(*_: object) -> None:
        raise cv2.error("not implemented")

    monkeypatch.setattr(cv2, "namedWindow", refuse)
    with pytest.raises(OutputError, match="opencv-python in place"):
        WindowOutput((64, 48))


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


@LINUX
def test_a_real_window_shows_pictures(xvfb: str) -> None:
    """On a real X server the window opens, takes pictures and closes."""
    code = (
        "import numpy as np; from vcam.output.window import WindowOutput\n"
        "o = WindowOutput((64, 48))\n"
        "[o.send(np.full((48, 64, 3), 9, np.uint8), i / 30) for i in range(5)]\n"
        "o.close(); o.close(); print('shown')"
    )
    environment = {**os.environ, "DISPLAY": xvfb}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) == (0, "shown"), done.stderr
