"""Consumers as a call has them, and what they saw: each gives frames' brightness, and when."""

import json
import queue
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

import cv2
import numpy as np
import pytest

from tests.e2e.guest.feeder import SIZE
from tests.e2e.guest.stamps import TIME_BITS, Brightness, Stamp, from_bits, read_stamps
from tests.rigs.browser import NAMES
from vcam.output.loopback import find_loopbacks
from vcam.system.image_files import write_image

PAGE = Path(__file__).with_name("page.html")


@dataclass(frozen=True, slots=True)
class Observation:
    """One frame that a consumer got."""

    stamp: Stamp | None
    at_ms: float
    """Milliseconds of the wall clock."""
    torn: bool
    """Whether top and bottom are of two frames, or one of them cannot be read."""

    @classmethod
    def of(cls, top: Stamp | None, bottom: Stamp | None, at_ms: float) -> "Observation":
        """Return what both ends of a frame say."""
        return cls(top if top == bottom else None, at_ms, top != bottom)

    @property
    def age_ms(self) -> float:
        """How long the frame was on its way."""
        assert self.stamp is not None
        return (self.at_ms - self.stamp.sent_ms) % (1 << TIME_BITS)


def _see(brightness: Brightness) -> Observation:
    """Read a frame that has just come; keep the picture of one that cannot be read."""
    observation = Observation.of(*read_stamps(brightness), time.time() * 1000)
    if observation.stamp is None:
        write_image(Path(f"/mnt/unreadable-{int(observation.at_ms)}.png"), brightness)
    return observation


def by_opencv(device: str, count: int) -> Iterator[Observation]:
    """Read as a Python program would."""
    capture = cv2.VideoCapture(device, cv2.CAP_V4L2)
    capture.set(cv2.CAP_PROP_FRAME_WIDTH, SIZE[0])
    capture.set(cv2.CAP_PROP_FRAME_HEIGHT, SIZE[1])
    try:
        for _ in range(count):
            ok, image = capture.read()
            assert ok
            yield _see(np.asarray(image[:, :, 1], np.uint8))
    finally:
        capture.release()


def by_v4l2_ctl(device: str, count: int) -> Iterator[Observation]:
    """Read as the driver gives it."""
    options = ["--stream-mmap=4", f"--stream-count={count}", "--stream-to=-"]
    return _by_pipe(["v4l2-ctl", "-d", device, *options], count)


def by_ffmpeg(device: str, count: int) -> Iterator[Observation]:
    """Read as recorders and streamers do."""
    if shutil.which("ffmpeg") is None:
        pytest.skip("ffmpeg is not installed")
    size = "x".join(map(str, SIZE))
    source = ["-f", "v4l2", "-input_format", "yuv420p", "-video_size", size, "-i", device]
    sink = ["-frames:v", str(count), "-fps_mode", "passthrough", "-f", "rawvideo", "-"]
    return _by_pipe(["ffmpeg", "-v", "error", "-nostdin", *source, *sink], count)


def _by_pipe(command: Sequence[str], count: int) -> Iterator[Observation]:
    """Read I420 frames that a program writes to its standard output."""
    frame = bytearray(SIZE[0] * SIZE[1] * 3 // 2)
    view = memoryview(frame)
    plane = np.frombuffer(frame, np.uint8)[: SIZE[0] * SIZE[1]].reshape(SIZE[1], SIZE[0])
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=quiet, bufsize=0) as process:
        assert process.stdout is not None
        try:
            for _ in range(count):
                got = 0
                while got < len(frame):
                    more = process.stdout.readinto(view[got:])  # type: ignore[attr-defined]  # raw
                    assert more, f"{command[0]} ended early"
                    got += more
                yield _see(plane)
        finally:
            process.kill()


def by_chromium(device: str, count: int) -> Iterator[Observation]:
    """Read as a call in a browser does: `getUserMedia`, on the camera of the device's name."""
    browser = next(filter(None, map(shutil.which, NAMES)), None)
    if browser is None:
        pytest.skip("there is no Chromium on this machine")
    reported: queue.Queue[bytes] = queue.Queue()
    server = HTTPServer(("127.0.0.1", 0), _pages(reported))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    (name,) = [d.name for d in find_loopbacks() if d.path == device]
    query = urlencode({"name": name, "count": count})
    address = f"http://localhost:{server.server_port}/?{query}"
    switches = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run"]
    switches += ["--use-fake-ui-for-media-stream", "--disable-extensions", "--mute-audio"]
    switches += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    with TemporaryDirectory(dir="/dev/shm", ignore_cleanup_errors=True) as profile:
        command = [browser, *switches, f"--user-data-dir={profile}", address]
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
            try:
                answer = json.loads(reported.get(timeout=150))
            finally:
                process.kill()
                server.shutdown()
                server.server_close()
    assert "trouble" not in answer, answer["trouble"]
    assert answer["size"] == list(SIZE)
    for at_ms, top, bottom in answer["frames"]:
        first, last = (from_bits([bit == "1" for bit in bits]) for bits in (top, bottom))
        yield Observation.of(first, last, at_ms)


def _pages(reported: "queue.Queue[bytes]") -> type[BaseHTTPRequestHandler]:
    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(PAGE.read_bytes())

        def do_POST(self) -> None:
            reported.put(self.rfile.read(int(self.headers["Content-Length"])))
            self._answer(b"")

        def _answer(self, body: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    return Pages
