"""Small videos and pictures that the tests of cameras and outputs make for themselves."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import av

from tests.fakes.camera import make_frames
from vcam.system.image_files import create_film


def write_video(
    path: Path,
    *,
    codec: str = "mp4v",
    count: int = 30,
    fps: float = 25.0,
    size: tuple[int, int] = (64, 48),
) -> Path:
    """Write `count` frames that all differ, and return `path`."""
    writer = create_film(path, size, fps, codec)
    assert writer.isOpened()
    for frame in make_frames(count, fps=fps, size=size):
        writer.write(frame.image)
    writer.release()
    return path


def cut(path: Path, share: float) -> Path:
    """Write the first `share` of a file's bytes beside it, and return that path."""
    data = path.read_bytes()
    shorter = path.with_name(f"cut-{path.name}")
    shorter.write_bytes(data[: int(len(data) * share)])
    return shorter


def write_film(
    path: Path, codec: str, *, at: Sequence[int] = range(10), size: tuple[int, int] = (96, 64)
) -> Path:
    """Write frames that all differ with a codec of PyAV, the index first, and return `path`.

    `at` has the time of each, in tenths of a second.
    """
    with av.open(str(path), "w", options={"movflags": "faststart"}) as film:
        stream: Any = film.add_stream(codec, rate=10)
        (stream.width, stream.height), stream.pix_fmt = size, "yuv420p"
        for pts, frame in zip(at, make_frames(len(at), fps=10, size=size), strict=True):
            shown = av.VideoFrame.from_ndarray(frame.image, "bgr24")
            shown.pts = pts
            film.mux(stream.encode(shown))
        film.mux(stream.encode())
    return path
