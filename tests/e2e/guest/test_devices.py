"""Against a real v4l2loopback and a real uinput; `.ci/e2e` starts a guest that has both.

The guest is emulated and slow, so pictures are small and nothing here is about speed.
"""

import contextlib
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from vcam.actions.chord import parse_chord
from vcam.actions.keyboard.held_keys import HeldKeys, press_chord
from vcam.actions.keyboard.open import open_keyboard
from vcam.camera.open import choose_index
from vcam.camera.settings import CameraSettings
from vcam.errors import CameraError, OutputError
from vcam.output.check import check_linux
from vcam.output.loopback import find_loopbacks
from vcam.output.open import open_output
from vcam.output.settings import OutputSettings
from vcam.system.clock import SystemClock

pytestmark = [
    pytest.mark.skipif("VCAM_GUEST_KIND" not in os.environ, reason="needs a guest: run .ci/e2e"),
    pytest.mark.timeout(400),
]
SIZE = (320, 240)
CAM = "/dev/video0"
PRODUCER = """
import sys, time
import numpy as np
from vcam.output.open import open_output
from vcam.output.settings import OutputSettings
width, height = int(sys.argv[1]), int(sys.argv[2])
output = open_output("virtual", (width, height), 30, OutputSettings())
number = 0
while True:
    image = np.zeros((height, width, 3), np.uint8)
    image[:, : width // 2] = 255
    image[:, width // 2 :] = number % 200
    output.send(image, number / 30)
    if number == 0:
        print("ready", flush=True)
    number += 1
    time.sleep(1 / 15)
"""


@contextlib.contextmanager
def producer(size: tuple[int, int] = SIZE) -> Iterator["subprocess.Popen[str]"]:
    """Start a process that writes white beside a grey that grows, and wait for its picture."""
    command = [sys.executable, "-c", PRODUCER, *map(str, size)]
    with subprocess.Popen(command, text=True, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline().strip() == "ready"
            yield process
        finally:
            process.kill()


def read_raw(count: int) -> list["np.ndarray[tuple[int, int], np.dtype[np.uint8]]"]:
    """Return the brightness planes of frames that v4l2-ctl reads."""
    target = Path("/dev/shm/frames")
    options = ["--stream-mmap", f"--stream-count={count}", f"--stream-to={target}"]
    subprocess.run(["v4l2-ctl", "-d", CAM, *options], check=True, timeout=120, capture_output=True)
    width, height = SIZE
    frames = np.frombuffer(target.read_bytes(), np.uint8).reshape(-1, height * 3 // 2, width)
    return [frame[:height] for frame in frames]


def test_the_device_has_the_promised_name() -> None:
    """The first loopback is called Gesture Cam, and the doctor finds it free."""
    assert find_loopbacks()[0].name == "Gesture Cam"
    assert [finding.status for finding in check_linux(OutputSettings())] == ["ok"]


def test_images_arrive_whole_and_in_order() -> None:
    """v4l2-ctl reads what was sent: halves of even brightness, never going back."""
    with producer():
        planes = read_raw(30)
    levels = []
    for plane in planes:
        white, grey = plane[:, : SIZE[0] // 2 - 4], plane[:, SIZE[0] // 2 + 4 :]
        assert np.ptp(white) <= 2
        assert np.ptp(grey) <= 2
        levels.append(int(grey.mean()))
    assert levels == sorted(levels)
    assert levels[-1] > levels[0]


def test_opencv_reads_it() -> None:
    """A consumer that uses OpenCV gets the colours and the size."""
    with producer():
        capture = cv2.VideoCapture(0, cv2.CAP_V4L2)
        images = [capture.read()[1] for _ in range(5)]
        capture.release()
    assert images[-1].shape == (SIZE[1], SIZE[0], 3)
    assert images[-1][:, 20:100].mean() > 240


def test_stop_and_start_again() -> None:
    """The device can be opened again and again, after an orderly end and after SIGKILL."""
    for _ in range(2):
        output = open_output("virtual", SIZE, 30, OutputSettings())
        output.send(np.zeros((SIZE[1], SIZE[0], 3), np.uint8), 0)
        output.close()
    for _ in range(2):
        with producer() as process:
            process.send_signal(signal.SIGKILL)
            process.wait(10)
    with producer():
        assert read_raw(3)


def test_a_second_copy_is_refused() -> None:
    """While one program feeds the device another is refused, and the first continues."""
    with producer() as process:
        settings = OutputSettings(device=CAM)
        with pytest.raises(OutputError, match="in use") as refusal:
            open_output("virtual", SIZE, 30, settings)
        assert str(process.pid) in str(refusal.value)
        assert read_raw(3)


def test_another_size_under_a_reader_is_refused() -> None:
    """When a reader holds the device at one size, another is refused and not garbled."""
    command = ["v4l2-ctl", "-d", CAM, "--stream-mmap", "--stream-to=/dev/shm/read"]
    with producer() as process, subprocess.Popen(command) as reader:
        time.sleep(5)
        process.kill()
        process.wait(10)
        try:
            with pytest.raises(OutputError, match="still shows"):
                open_output("virtual", (160, 120), 30, OutputSettings(device=CAM))
        finally:
            reader.kill()


def test_it_is_never_its_own_camera() -> None:
    """Index 0 is the virtual camera here, and is not taken for a real one; none is there."""
    with producer(), pytest.raises(CameraError, match="No camera was found"):
        choose_index(0)


def test_an_unfed_loopback_is_no_camera() -> None:
    """A virtual camera that nobody feeds says so."""
    from vcam.camera.device import DeviceCamera

    with pytest.raises(CameraError, match="that no program feeds"):
        DeviceCamera("/dev/video1", CameraSettings())


def test_keys_by_uinput_reach_evdev() -> None:
    """The kernel's own readers get chords in order, character keys, F13 to F24 and media keys."""
    import evdev

    keyboard = open_keyboard()  # the guest has no display, so uinput is what works
    held = HeldKeys(keyboard)
    time.sleep(1)
    devices = [evdev.InputDevice(path) for path in evdev.list_devices()]
    (reader,) = [device for device in devices if "vcam" in device.name.lower()]
    for chord in ("alt+shift+a", "f13", "f24", "media_volume_mute"):
        press_chord(held, parse_chord(chord), SystemClock())
    got = []
    while select.select([reader.fd], [], [], 2)[0]:
        got += [(e.code, e.value) for e in reader.read() if e.type == evdev.ecodes.EV_KEY]
    keyboard.close()
    keys = evdev.ecodes
    alone = [
        (code, value) for code in (keys.KEY_F13, keys.KEY_F24, keys.KEY_MUTE) for value in (1, 0)
    ]
    chord_codes = [keys.KEY_LEFTALT, keys.KEY_LEFTSHIFT, keys.KEY_A]
    around = [(code, 1) for code in chord_codes] + [(code, 0) for code in reversed(chord_codes)]
    assert got == around + alone


def test_the_whole_program_feeds_it() -> None:
    """`vcam run` plays the demo into the device while v4l2-ctl reads it, and ends in order."""
    options = ["--camera", "demo", "--output", "virtual", "--dry-run"]
    command = [sys.executable, "-m", "vcam", "run", *options]
    with subprocess.Popen(command) as program:
        deadline = time.perf_counter() + 200
        while not find_loopbacks()[0].captures and time.perf_counter() < deadline:
            time.sleep(0.5)
        done = subprocess.run(
            ["v4l2-ctl", "-d", CAM, "--stream-mmap", "--stream-count=3", "--stream-to=/dev/null"],
            timeout=150,
            check=False,
        )
        program.send_signal(signal.SIGTERM)
        assert program.wait(60) == 0
    assert done.returncode == 0
