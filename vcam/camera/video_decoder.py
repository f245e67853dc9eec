"""The pictures of a film, one after the other, and why a film gives none. Reads through PyAV."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from vcam.core.frame import Image
from vcam.core.texts import _, marked
from vcam.errors import CameraError

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

log = logging.getLogger(__name__)

FORMATS: Final = marked("use mp4, mkv, webm, avi, mov or gif")

ENCRYPTED: Final = marked("is encrypted: play it where it was bought, or record it again")
UNKNOWN: Final = marked("is in a format that cannot be decoded here: convert it to H.264")
_MAX_INDEX_BYTES: Final = 64 << 20
_WHOLE: Final = 0.95
"""A film whose frames reach so much of its length was not cut off, however few they are."""


class VideoDecoder:
    """Decodes a film; damaged parts are left out. `close` may be called more than once."""

    def __init__(self, path: Path) -> None:
        """Raise `CameraError` when the file holds no video that can be decoded here."""
        self._path = path
        self._container = _open(path)
        try:
            self._stream = _video_stream(self._container, path)
        except CameraError:
            self.close()
            raise
        self._left_out = 0
        self._last_time = 0.0
        self._frames = self._decode()

    @property
    def fps(self) -> float | None:
        """Frames a second as the file says; None where it does not."""
        rate = self._stream.average_rate
        return float(rate) if rate else None

    @property
    def announced(self) -> float:
        """How many frames the file says that it shows, as far as it was read; 0 if it does not.

        Those before a cut that an editor or a phone made (an edit list) are not shown. Where only a
        length is given, the count is a guess, and of no use for a film of a variable rate: then
        frames that reach the end are all that there are.
        """
        if self._stream.frames:
            return self._stream.frames - self._left_out
        seconds = (self._container.duration or 0) / 1e6
        return 0.0 if self._last_time >= _WHOLE * seconds else seconds * (self.fps or 0.0)

    def read(self) -> tuple[Image, float] | None:
        """Return the next picture and its recorded time in seconds, maybe nan; None at the end."""
        frame = next(self._frames, None)
        if frame is None:
            return None
        time = float("nan") if frame.time is None else frame.time
        self._last_time = max(self._last_time, time)  # which keeps the old one if this is nan
        return _upright(frame), time

    def why_no_frame(self) -> str:
        """Return one sentence about a film of which not one picture could be decoded."""
        if _is_encrypted(self._path):
            return _("{path} {what}.").format(path=self._path, what=_(ENCRYPTED))
        if _is_cut_off(self._path):
            return _("{path} is cut off before its first picture: copy or record it again.").format(
                path=self._path
            )
        name = _codec_name(self._stream)
        return _("{path} is {name} and cannot be decoded here: convert it to H.264.").format(
            path=self._path, name=name
        )

    def close(self) -> None:
        """Let go of the file."""
        self._container.close()

    def _decode(self) -> Iterator["VideoFrame"]:
        from av.error import FFmpegError

        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets)
            except StopIteration:
                return
            except (FFmpegError, OSError, ValueError) as error:
                log.warning("%s breaks off: %s", self._path, error)
                return
            self._left_out += packet.is_discard
            try:
                yield from packet.decode()
            except (FFmpegError, ValueError) as error:
                log.debug("%s: a picture is damaged: %s", self._path, error)


def _open(path: Path) -> "InputContainer":
    import av

    # PyAV 19 has no such option: it replaces what is no UTF-8 in a film's texts by itself.
    lenient = {} if _major(av.__version__) >= 19 else {"metadata_errors": "replace"}
    opened: Callable[..., InputContainer] = av.open
    try:
        # The resolved path keeps FFmpeg from taking a name with a colon for a protocol.
        # A playlist may name other files, and never a network address.
        film = opened(str(path.resolve()), options={"protocol_whitelist": "file"}, **lenient)
    except (av.FFmpegError, OSError, ValueError):
        raise CameraError(_why_no_container(path)) from None
    if film.format.name == "tty":  # a text, which FFmpeg would type on a screen
        film.close()
        raise CameraError(
            _("{path} is a text and holds no video: {formats}.").format(
                path=path, formats=_(FORMATS)
            )
        )
    return film


def _major(version: str) -> int:
    return int(version.partition(".")[0])


def _video_stream(container: "InputContainer", path: Path) -> "VideoStream":
    films = [stream for stream in container.streams.video if not _is_cover(stream)]
    if not films:
        what = _("sound and no video") if container.streams.audio else _("no video")
        raise CameraError(
            _("{path} holds {what}: {formats}.").format(path=path, what=what, formats=_(FORMATS))
        )
    stream = films[0]
    if stream.codec_context is None:  # no decoder
        what = ENCRYPTED if _is_encrypted(path) else UNKNOWN
        raise CameraError(_("{path} {what}.").format(path=path, what=_(what)))
    stream.thread_type = "AUTO"
    return stream


def _is_cover(stream: "VideoStream") -> bool:
    """Tell whether a stream is the picture that players show beside a song."""
    from av.stream import Disposition

    return bool(stream.disposition & Disposition.attached_pic)


def _is_encrypted(path: Path) -> bool:
    """Tell whether an mp4's index speaks of encrypted video."""
    start = 0
    for kind, end in _boxes(path):
        if kind == b"moov":
            with path.open("rb") as file:
                file.seek(start)
                return b"encv" in file.read(min(end - start, _MAX_INDEX_BYTES))
        start = end
    return False


def _codec_name(stream: "VideoStream") -> str:
    """Return how people call a codec: AV1, HEVC (H.265), VP9."""
    name = str(stream.codec_context.codec.canonical_name)
    return {"hevc": "HEVC (H.265)", "vvc": "VVC (H.266)", "h264": "H.264"}.get(name, name.upper())


def _upright(frame: "VideoFrame") -> Image:
    """Return a frame as uint8 (H, W, 3) BGR, turned as the phone was held."""
    image = frame.to_ndarray(format="bgr24")
    turns = round(frame.rotation / 90) % 4
    return np.ascontiguousarray(np.rot90(image, turns)) if turns else np.asarray(image, np.uint8)


def _why_no_container(path: Path) -> str:
    """Tell a recording without its index, which a killed recorder leaves, from a foreign file."""
    kinds = [kind for kind, _rest in _boxes(path)]
    if kinds[:1] != [b"ftyp"]:
        return _("{path} holds no video that can be read: {formats}.").format(
            path=path, formats=_(FORMATS)
        )
    if b"moov" not in kinds:
        return _("{path} is cut off: its index is missing, so copy or record it again.").format(
            path=path
        )
    return _("{path} is damaged or cut off: copy or record it again.").format(path=path)


def _is_cut_off(path: Path) -> bool:
    """Tell whether an mp4 says that it is longer than the file is."""
    boxes = _boxes(path)
    return bool(boxes) and boxes[0][0] == b"ftyp" and boxes[-1][1] > path.stat().st_size


def _boxes(path: Path) -> list[tuple[bytes, int]]:
    """Return kind and end of the outermost parts of an mp4."""
    boxes, at, size = list[tuple[bytes, int]](), 0, path.stat().st_size
    with path.open("rb") as file:
        while at + 8 <= size and len(boxes) < 10_000:
            file.seek(at)
            head = file.read(16)
            length = int.from_bytes(head[:4], "big")
            if length == 1:
                length = int.from_bytes(head[8:16], "big")
            at = size if length == 0 else at + max(8, length)
            boxes.append((head[4:8], at))
    return boxes
