"""Encode pictures into an .mp4 file that browsers play, through PyAV."""

import logging
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np

from vcam.core.frame import Image
from vcam.core.texts import _
from vcam.errors import OutputError
from vcam.system.installation import reinstall

if TYPE_CHECKING:
    from av.container import OutputContainer
    from av.video.stream import VideoStream

log = logging.getLogger(__name__)

CODECS: Final = (
    ("libx264", {"preset": "ultrafast", "crf": "23"}),
    ("libopenh264", {"b": "4M"}),
    ("h264_videotoolbox", {"b": "4M", "realtime": "1"}),
    ("h264_mf", {"b": "4M"}),
    ("libvpx-vp9", {"deadline": "realtime", "cpu-used": "8", "crf": "32", "b": "0"}),
)
"""H.264, which everything plays, as cheap as it goes; VP9, which browsers play, where it is not."""
KEY_SECONDS: Final = 2
"""From each key picture on, what was written before it plays, whatever becomes of the program."""
MP4_OPTIONS: Final = {"movflags": "hybrid_fragmented+frag_keyframe", "flush_packets": "1"}
"""A list of fragments while it grows, which needs no index; a plain mp4 when it is closed."""


class VideoEncoder:
    """Writes pictures of one size at a constant rate."""

    def __init__(self, path: Path, size: tuple[int, int], fps: float) -> None:
        """`size` is width and height, both even. Raises `OutputError`."""
        try:
            import av
        except ImportError as error:
            raise OutputError(
                _("Recording needs PyAV ({error}): {remedy}.").format(
                    error=error, remedy=reinstall("av")
                )
            ) from None
        self._error = av.FFmpegError
        self._container = av.open(str(path), "w", format="mp4", options=MP4_OPTIONS)
        try:
            self._stream = _add_stream(self._container, size, fps)
        except (av.FFmpegError, OSError, ValueError) as error:
            self._container.close()
            raise OutputError(
                _("This PyAV cannot write {path} ({error}).").format(path=path, error=error)
            ) from None
        except OutputError:
            self._container.close()
            raise
        self._written = 0

    def write(self, image: Image) -> None:
        """Write uint8 (H, W, 3) BGR. Raises OSError."""
        from av import VideoFrame

        planes = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2YUV_I420), np.uint8)
        frame: Any = VideoFrame.from_ndarray(planes, format="yuv420p")
        frame.pts = self._written
        if not self._written:
            self._begin()
        self._mux(frame)
        self._written += 1

    def close(self) -> bool:
        """Finish the file; return whether that was possible."""
        try:
            if self._written:
                self._mux(None)
            self._container.close()
        except OSError as error:
            log.debug("the video could not be finished: %s", error)
            return False
        return True

    def _begin(self) -> None:
        """Open the file. Not earlier: FFmpeg 8 crashes when it closes one without a picture."""
        try:
            self._container.start_encoding()
        except (self._error, ValueError) as error:
            raise OSError(getattr(error, "errno", 0), str(error)) from None

    def _mux(self, frame: Any) -> None:
        try:
            for packet in self._stream.encode(frame):
                self._container.mux(packet)
        except self._error as error:
            raise OSError(getattr(error, "errno", 0), error.strerror) from None


def plays(path: Path) -> bool:
    """Tell whether a file holds at least one picture that can be decoded."""
    import av

    try:
        with av.open(str(path)) as container:
            return next(container.decode(video=0), None) is not None
    except (av.FFmpegError, OSError, IndexError):
        return False


def _add_stream(container: "OutputContainer", size: tuple[int, int], fps: float) -> "VideoStream":
    """Return a stream with the first codec that this PyAV has. Raises `OutputError`."""
    from av.codec import Codec
    from av.codec.codec import UnknownCodecError

    rate = Fraction(fps).limit_denominator(1001)
    for name, options in CODECS:
        try:
            Codec(name, "w")
        except UnknownCodecError:
            continue
        stream: Any = container.add_stream(name, rate=rate, options=dict(options))
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        context: Any = stream.codec_context
        context.gop_size = max(1, round(KEY_SECONDS * fps))
        context.thread_count = 2
        context.colorspace, context.color_range = 5, 1  # BT.601 in TV range: what cvtColor gives
        return stream  # type: ignore[no-any-return]  # add_stream gives video for a video codec
    raise OutputError(_("This PyAV has no H.264 encoder: {remedy}.").format(remedy=reinstall("av")))
