"""What Linux says about video devices: names, abilities, who holds them. No library, no frames.

The camera room asks it which devices give pictures, the output room which loopback devices take
them. Everything here returns at once, and finds nothing on systems other than Linux.
"""

import logging
import os
import re
import select
import struct
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

log = logging.getLogger(__name__)

OUR_LABEL = "Gesture Cam"
"""The card label that we ask people to give the virtual camera that carries our picture."""

SYSFS = Path("/sys/class/video4linux")
PROC = Path("/proc")

_QUERYCAP, _QUERYCAP_STRUCT = 0x80685600, "16s32s32sIII12x"
_CAN_CAPTURE, _CAN_OUTPUT, _HAS_DEVICE_CAPS = 0x1 | 0x1000, 0x2 | 0x2000, 0x80000000
_FORMAT_BYTES = 208 if struct.calcsize("P") == 8 else 204
_GET_FORMAT = 0xC0005604 | _FORMAT_BYTES << 16
_FORMAT_UNION_AT = 8 if struct.calcsize("P") == 8 else 4
_STREAM_ON = 0x40045612
_BUFFER_CAPTURE, _BUFFER_OUTPUT = 1, 2


@dataclass(frozen=True, slots=True)
class VideoDevice:
    """One /dev/video node."""

    path: str
    index: int
    name: str
    """The card label, as call apps list it."""
    virtual: bool
    """True for v4l2loopback, which gives what another program wrote into it."""
    captures: bool
    """It gives pictures at this moment."""
    outputs: bool
    """It takes pictures at this moment."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A process that has a device open."""

    pid: int
    name: str
    writes_only: bool
    """Opened for writing alone: a producer, never a call app."""

    def __str__(self) -> str:
        return f"{self.name} (process {self.pid})"


def list_devices(sysfs: Path = SYSFS, dev: Path = Path("/dev")) -> list[VideoDevice]:
    """Return every video node, by index; asks each driver, which wakes no camera."""
    nodes = sysfs.iterdir() if sysfs.is_dir() else ()
    numbered = [
        (int(m[1]), node) for node in nodes if (m := re.fullmatch(r"video(\d+)", node.name))
    ]
    return [_describe(index, node, dev / node.name) for index, node in sorted(numbered)]


def _describe(index: int, node: Path, path: Path) -> VideoDevice:
    """Merge what sysfs says with what the driver says; sysfs alone when we may not open it."""
    caps = _capabilities(path)
    virtual = "/virtual/" in str(node.resolve())
    if caps is None:  # no rights: call the first node of each device a camera
        first = _text(node / "index") in {"0", ""}
        return VideoDevice(str(path), index, _text(node / "name"), virtual, first, outputs=False)
    driver, card, flags = caps
    return VideoDevice(
        str(path),
        index,
        card or _text(node / "name"),
        virtual or driver == "v4l2 loopback",
        bool(flags & _CAN_CAPTURE),
        bool(flags & _CAN_OUTPUT),
    )


def _text(path: Path) -> str:
    try:
        return path.read_text(errors="replace").strip()
    except OSError:
        return ""


def _capabilities(path: Path) -> tuple[str, str, int] | None:
    """Ask for driver, card and capability flags; None when the device cannot be asked."""
    buffer = bytearray(struct.calcsize(_QUERYCAP_STRUCT))
    try:
        with _opened(path, os.O_RDWR) as fd:
            _ioctl(fd, _QUERYCAP, buffer)
    except OSError:
        return None
    driver, card, _, _, flags, device_flags = struct.unpack(_QUERYCAP_STRUCT, buffer)
    capabilities = device_flags if flags & _HAS_DEVICE_CAPS else flags
    return _c_string(driver), _c_string(card), capabilities


def _c_string(raw: bytes) -> str:
    return raw.split(b"\0", 1)[0].decode(errors="replace").strip()


@contextmanager
def _opened(path: Path | str, flags: int) -> Iterator[int]:
    fd = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
    try:
        yield fd
    finally:
        os.close(fd)


def _ioctl(fd: int, request: int, buffer: bytearray) -> None:
    if sys.platform == "win32":
        raise OSError("Windows has no v4l2")
    import fcntl

    fcntl.ioctl(fd, request, buffer)


def find_holders(path: str, proc: Path = PROC) -> list[Holder]:
    """Return the other processes that have `path` open, as far as our rights let us see."""
    found: dict[int, Holder] = {}
    for pid in (int(each.name) for each in proc.iterdir() if each.name.isdecimal()):
        held = [] if pid == os.getpid() else _descriptors(proc, pid, path)
        if held:
            name = _text(proc / str(pid) / "comm") or "a program"
            fdinfo = proc / str(pid) / "fdinfo"
            writes_only = any(_opened_for_writing(fdinfo / each) for each in held)
            found[pid] = Holder(pid, name, writes_only)
    return list(found.values())


def _descriptors(proc: Path, pid: int, path: str) -> list[str]:
    """Return under which numbers a process has `path` open.

    A desktop has tens of thousands of descriptors, and somebody waits for the camera to wake: plain
    strings take half the time of paths.
    """
    folder = f"{proc}/{pid}/fd"
    try:
        names = os.listdir(folder)  # noqa: PTH208
        return [each for each in names if _target(f"{folder}/{each}") == path]
    except OSError:  # the process ended, or it is not ours to look at
        return []


def _target(link: str) -> str | None:
    try:
        return os.readlink(link)  # noqa: PTH115
    except OSError:
        return None


def _opened_for_writing(fdinfo: Path) -> bool:
    flags = re.search(r"flags:\s*([0-7]+)", _text(fdinfo))
    return flags is not None and int(flags[1], 8) & (os.O_WRONLY | os.O_RDWR) == os.O_WRONLY


def held_by_us(path: str, proc: Path = PROC) -> bool:
    """Say whether this very process has `path` open."""
    return bool(_descriptors(proc, os.getpid(), path))


def output_format(path: str) -> tuple[int, int, str] | None:
    """Return width, height and four-letter pixel format that readers of a loopback device get."""
    buffer = bytearray(_FORMAT_BYTES)
    struct.pack_into("I", buffer, 0, _BUFFER_OUTPUT)
    try:
        with _opened(path, os.O_RDWR) as fd:
            _ioctl(fd, _GET_FORMAT, buffer)
    except OSError:
        return None
    width, height, letters = struct.unpack_from("II4s", buffer, _FORMAT_UNION_AT)
    return width, height, letters.decode("ascii", "replace")


def is_video_device(path: str) -> bool:
    """Say whether `path` answers as a video device does; call it on one that may be opened."""
    return _capabilities(Path(path)) is not None


def release_stuck_output(path: str) -> None:
    """Make a loopback device take pictures again after its last producer went.

    With `exclusive_caps=1`, v4l2loopback 0.12 does not notice that a producer which used write(2)
    has gone, and refuses the next one. Becoming a streaming producer for a moment, and closing,
    sets the mark right. Never do this while another program writes: it would let us in.
    """
    try:
        with _opened(path, os.O_RDWR) as fd:
            _ioctl(fd, _STREAM_ON, bytearray(struct.pack("i", _BUFFER_OUTPUT)))
    except OSError as error:  # newer drivers refuse it and do not need it
        log.debug("%s was not released: %s", path, error)


def frames_flow(path: str, wait: float = 0.5) -> bool:
    """Say whether somebody writes into a loopback device: does a new frame come within `wait`?"""
    try:
        with _opened(path, os.O_RDONLY) as fd:
            _ioctl(fd, _STREAM_ON, bytearray(struct.pack("i", _BUFFER_CAPTURE)))
            return _new_frame(fd, wait)
    except OSError:
        return False


def _new_frame(fd: int, wait: float) -> bool:
    """Skip the frames that lie ready, then wait for one that is really new."""
    end = time.perf_counter() + wait
    settled = time.perf_counter() + wait / 2
    while (left := end - time.perf_counter()) > 0:
        if not select.select([fd], [], [], left)[0]:
            return False
        try:
            os.read(fd, 1 << 24)
        except BlockingIOError:
            continue
        if time.perf_counter() > settled:
            return True
    return False
