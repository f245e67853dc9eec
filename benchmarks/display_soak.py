"""Kill the display again and again while a preview window is open, and see whether the call lives.

`python -m benchmarks.display_soak [--seconds 180] [--every 15]` runs `vcam run` on a film, with a
preview window and a recording, on an Xvfb of its own. It kills that display with SIGKILL, as a
crash of XWayland or a dropped `ssh -X` does, starts it again under its number, and so on. It prints
one JSON object and ends with 1 when the program ended by itself, or not at all on SIGTERM, when the
recording does not play to its end or lacks time, or when memory or file descriptors have grown.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from vcam.system.image_files import create_film, open_film

FPS, SIZE = 15, (320, 240)
GROWTH_MIB: Final = 30.0
GROWTH_DESCRIPTORS: Final = 8
LOST_S: Final = 2.0
"""A recording may lack this much at its ends."""
STOP_S: Final = 40.0
SETTLED_S: Final = 30.0
"""So long after its start the program has what it needs."""


@dataclass
class Result:
    """What came of it."""

    displays_killed: int = 0
    alive: bool = True
    exit_status: int | None = None
    ran_s: float = 0.0
    film_s: float = 0.0
    memory_mib: tuple[float, float] = (0.0, 0.0)
    """After it had settled, and in the end."""
    descriptors: tuple[int, int] = (0, 0)
    said: tuple[str, ...] = ()
    """Its last lines."""

    @property
    def clean(self) -> bool:
        """Whether nobody in a call would have noticed."""
        grown = self.memory_mib[1] - self.memory_mib[0] <= GROWTH_MIB
        kept = self.descriptors[1] - self.descriptors[0] <= GROWTH_DESCRIPTORS
        whole = self.film_s >= self.ran_s - LOST_S
        return self.alive and self.exit_status == 0 and whole and grown and kept


def start_display(number: int) -> subprocess.Popen[bytes]:
    """Start Xvfb under a number, and wait until it answers."""
    for left in (Path(f"/tmp/.X{number}-lock"), Path(f"/tmp/.X11-unix/X{number}")):
        left.unlink(missing_ok=True)  # a server that was killed leaves them
    command = ["Xvfb", f":{number}", "-screen", "0", "1280x720x24", "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    socket = Path(f"/tmp/.X11-unix/X{number}")
    for _ in range(100):
        if socket.exists():
            break
        time.sleep(0.1)
    return server


def footprint(pid: int) -> tuple[float, int]:
    """Return resident memory in MiB and open file descriptors of a process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    open_files = len(list(Path(f"/proc/{pid}/fd").iterdir()))
    return round(pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20), 1), open_files


def make_camera(film: Path, seconds: float) -> None:
    """Write a film that lasts so long, in which something moves."""
    writer = create_film(film, SIZE, FPS)
    for index in range(round(seconds * FPS)):
        image = np.full((SIZE[1], SIZE[0], 3), 90, np.uint8)
        image[80:160, 5 * index % 240 : 5 * index % 240 + 80] = 200
        writer.write(image)
    writer.release()


def film_seconds(film: Path) -> float:
    """Return how long a film lasts that decodes to its end; 0 for one that does not open."""
    capture = open_film(film)
    last = 0.0
    while capture.read()[0]:
        last = capture.get(cv2.CAP_PROP_POS_MSEC) / 1000
    capture.release()
    return round(last, 1)


def soak(seconds: float, every: float, number: int, folder: Path) -> Result:
    """Run the program for so long; the display dies every so many seconds."""
    film, log = folder / "talk.mp4", folder / "said.txt"
    camera = folder / "camera.mp4"
    make_camera(camera, seconds + 3 * every + STOP_S)
    command = [sys.executable, "-m", "vcam", "run", "--camera", str(camera), "--dry-run"]
    command += ["--no-panel", "--output", "window", "--output", str(film)]
    environment = os.environ | {"DISPLAY": f":{number}"}
    environment.pop("WAYLAND_DISPLAY", None)
    result, display = Result(), start_display(number)
    with log.open("w", encoding="utf-8") as out:
        program = subprocess.Popen(command, env=environment, stdout=out, stderr=out)
        while not list(folder.glob("talk.*")) and program.poll() is None:
            time.sleep(0.1)  # a busy machine takes a while to start it
        began = time.perf_counter()
        before: tuple[float, int] | None = None
        while time.perf_counter() - began < seconds and program.poll() is None:
            time.sleep(every)
            if program.poll() is not None:
                break
            if before is None and time.perf_counter() - began >= SETTLED_S:
                before = footprint(program.pid)
            display.kill()
            display.wait()
            result.displays_killed += 1
            time.sleep(2.0)
            display = start_display(number)
        result.alive = program.poll() is None
        result.ran_s = round(time.perf_counter() - began, 1)
        if result.alive and before is not None:
            after = footprint(program.pid)
            result.memory_mib, result.descriptors = (before[0], after[0]), (before[1], after[1])
            program.terminate()
        try:
            result.exit_status = program.wait(STOP_S)
        except subprocess.TimeoutExpired:
            program.kill()
            program.wait()
    display.kill()
    display.wait()
    result.film_s = film_seconds(film)
    result.said = tuple(log.read_text(encoding="utf-8").splitlines()[-4:])
    return result


def main() -> int:
    """Run it, and say what came of it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=180.0)
    parser.add_argument("--every", type=float, default=15.0)
    parser.add_argument("--display", type=int, default=573, help="a number that nothing uses")
    args = parser.parse_args()
    if shutil.which("Xvfb") is None:
        sys.exit("Xvfb is not installed: apt install xvfb")
    with tempfile.TemporaryDirectory() as folder:
        result = soak(args.seconds, args.every, args.display, Path(folder))
    print(json.dumps(asdict(result) | {"clean": result.clean}, indent=1))
    return 0 if result.clean else 1


if __name__ == "__main__":
    sys.exit(main())
