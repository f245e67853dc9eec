"""Memory and core use of `prepare` on a large input, all its processes together.

`python -m benchmarks.preparing [--entries N] [--height H] [--hand PX]` writes a folder in HaGRID
v1's layout with N annotated pictures (links to one file, H pixels high), prepares it, and reads
memory and processor time of the process and its children ten times a second from /proc (Linux
only). Small pictures let a large N end soon.
"""

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import cv2
import numpy as np

from vcam.system.image_files import write_image

GESTURES = ("palm", "fist", "ok")
BAR_MIB = 1536


def write_tree(folder: Path, entries: int, height: int) -> None:
    """Write annotations and linked pictures, 16:9."""
    random = np.random.default_rng(0)
    texture = cv2.resize(random.integers(0, 256, (54, 96, 3), np.uint8), (height * 16 // 9, height))
    write_image(folder / "picture.jpg", texture)
    for gesture in GESTURES:
        (folder / gesture).mkdir()
        (folder / "ann_train_val").mkdir(exist_ok=True)
        content = {}
        for number in range(entries // len(GESTURES)):
            key = f"{gesture}-{number:08}-0000-0000-0000-000000000000"
            (folder / gesture / f"{key}.jpg").symlink_to(folder / "picture.jpg")
            x, y = random.uniform(0.1, 0.6, 2).round(8).tolist()
            content[key] = {
                "bboxes": [[x, y, 0.15, 0.25]],
                "labels": [gesture],
                "landmarks": [(random.random((21, 2)) * 0.15 + (x, y)).tolist()],
                "leading_hand": "right",
                "leading_conf": 1.0,
                "user_id": f"user-{number % 997:06}",
            }
        (folder / "ann_train_val" / f"{gesture}.json").write_text(json.dumps(content))


def tree_of(process: int) -> list[int]:
    """Return a process and all that came from it."""
    found = [process]
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        for child in task.read_text().split():
            found += tree_of(int(child))
    return found


def resident_mib(process: int) -> float:
    """Return the resident memory of one process, its part of what it shares with others."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def used_s(process: int) -> float:
    """Return the processor seconds of one process so far."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def watch(run: "subprocess.Popen[bytes]") -> tuple[float, float]:
    """Return peak memory in MiB and processor seconds of a command and all its children."""
    peak, seconds = 0.0, dict[int, float]()
    while run.poll() is None:
        with contextlib.suppress(OSError):  # one ended while it was looked at
            processes = tree_of(run.pid)
            peak = max(peak, sum(map(resident_mib, processes)))
            seconds.update({one: used_s(one) for one in processes})
        time.sleep(0.1)
    return peak, sum(seconds.values())


def main(entries: int, height: int, hand: int) -> int:
    """Print peak memory, core use and speed; 0 when memory is within the bar."""
    with tempfile.TemporaryDirectory() as name:
        data, out = Path(name, "data"), Path(name, "out")
        data.mkdir()
        write_tree(data, entries, height)
        size = sum(path.stat().st_size for path in data.glob("ann_train_val/*.json"))
        command = [sys.executable, "-m", "training", "prepare", "--data", str(data)]
        command += ["--hand", str(hand)]
        began = time.perf_counter()
        run = subprocess.Popen([*command, "--out", str(out)], stdout=subprocess.DEVNULL)
        peak, used = watch(run)
        wall = time.perf_counter() - began
    cores = os.cpu_count() or 1
    print(f"{entries} entries, {size / 2**20:.0f} MiB of annotations: exit {run.returncode}")
    print(f"{entries / wall:.0f} pictures a second, busy: {100 * used / wall / cores:.0f} %")
    print(f"{entries / used:.0f} pictures a second of one core")
    print(f"peak: {peak:.0f} MiB (bar: {BAR_MIB})")
    return 0 if peak <= BAR_MIB and run.returncode == 0 else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=6_000)
    parser.add_argument("--height", type=int, default=1080)
    parser.add_argument("--hand", type=int, default=80, help="side of a hand, as `prepare` has it")
    args = parser.parse_args()
    sys.exit(main(args.entries, args.height, args.hand))
