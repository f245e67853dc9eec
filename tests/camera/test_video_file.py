"""Video files: recorded times, damaged files, odd sizes."""

import itertools
import logging
import os
import socket
import struct
import sys
from collections.abc import Callable
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rigs.clips import cut, write_film, write_video
from vcam.camera.video_file import RecordedTimes, VideoFile, open_video
from vcam.core.frame import Frame
from vcam.errors import CameraError
from vcam.system.image_files import open_film


def read_all(camera: VideoFile) -> list[Frame]:
    return [frame for frame in iter(camera.read, None) if frame is not None]


@pytest.mark.parametrize(
    ("name", "codec"),
    [("a.mp4", "mp4v"), ("a.mkv", "mp4v"), ("a.avi", "MJPG"), ("a.webm", "VP80")],
)
def test_containers_give_all_frames_at_recorded_times(
    tmp_path: Path, name: str, codec: str
) -> None:
    """30 frames at 25 a second come out at 0, 0.04, 0.08 ... whatever the container."""
    camera = open_video(write_video(tmp_path / name, codec=codec), default_fps=99)
    frames = read_all(camera)
    assert (camera.size, camera.fps, camera.live) == ((64, 48), 25.0, False)
    assert [f.index for f in frames] == list(range(30))
    assert [f.time for f in frames] == pytest.approx([i / 25 for i in range(30)], abs=0.002)


def test_animated_gif_plays(tmp_path: Path) -> None:
    """An animated gif is a video with its own times."""
    animation = cv2.Animation()
    animation.frames = [np.full((40, 50, 4), i * 20, np.uint8) for i in range(8)]
    animation.durations = [100] * 8
    path = tmp_path / "wave.gif"
    assert cv2.imwriteanimation(str(path), animation)
    frames = read_all(open_video(path, default_fps=99))
    assert [f.time for f in frames] == pytest.approx([i / 10 for i in range(8)], abs=0.001)
    assert frames[0].image.shape == (40, 50, 3)


@pytest.mark.parametrize(("name", "codec"), [("a.mkv", "mp4v"), ("a.avi", "MJPG")])
def test_a_cut_off_file_gives_its_good_frames_and_a_warning(
    tmp_path: Path, name: str, codec: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Half a file plays for about half its time, then ends with one line in the log."""
    path = cut(write_video(tmp_path / name, codec=codec), 0.6)
    with caplog.at_level(logging.WARNING):
        frames = read_all(open_video(path, default_fps=25))
    assert 5 < len(frames) < 29
    assert f"of {30} frames" in caplog.text


@pytest.mark.parametrize(
    ("name", "at"),
    [
        pytest.param("a.mkv", [0, 1, 2, 3, 40, 41, 90], id="variable rate"),
        pytest.param("a.mkv", range(36_000, 36_010), id="starts after an hour"),
        pytest.param("a.mp4", range(-5, 5), id="trimmed by an edit list"),
    ],
)
def test_a_whole_film_is_not_called_cut_off(
    tmp_path: Path, name: str, at: list[int], caplog: pytest.LogCaptureFixture
) -> None:
    """Fewer frames than length times rate may be all, and those before a trim are not lost."""
    path = write_film(tmp_path / name, "libx264", at=at)
    with caplog.at_level(logging.WARNING):
        assert len(read_all(open_video(path, 30))) >= 5
    assert "cut off" not in caplog.text


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "is empty"), (b"hello" * 999, "holds no video"), (b"\0\0\0\x1cftypisom" * 9, "cut off")],
)
def test_files_without_a_frame_are_refused(tmp_path: Path, content: bytes, says: str) -> None:
    """Empty, foreign and headless files are errors, each with its own sentence."""
    path = tmp_path / "clip.mp4"
    path.write_bytes(content)
    with pytest.raises(CameraError, match=says):
        open_video(path, default_fps=25)


def test_an_mp4_without_its_index_is_said_to_be_cut_off(tmp_path: Path) -> None:
    """What a killed recorder leaves is named for what it is."""
    path = cut(write_video(tmp_path / "clip.mp4"), 0.6)
    with pytest.raises(CameraError, match="index is missing"):
        open_video(path, default_fps=25)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    """A wrong path is said to be wrong."""
    with pytest.raises(CameraError, match="cannot be opened"):
        open_video(tmp_path / "nowhere.mp4", default_fps=25)


def test_a_name_with_a_colon_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """FFmpeg does not take `http:x.avi` for a network address."""
    write_video(tmp_path / "plain.avi", codec="MJPG", count=3).rename(tmp_path / "http:x.avi")
    monkeypatch.chdir(tmp_path)
    assert len(read_all(open_video(Path("http:x.avi"), default_fps=25))) == 3


def test_frames_given_away_are_not_written_again(tmp_path: Path) -> None:
    """Who keeps a frame finds it unchanged after the next one was read."""
    camera = open_video(write_video(tmp_path / "a.avi", codec="MJPG"), default_fps=25)
    first = camera.read()
    assert first is not None
    before = first.image.copy()
    read_all(camera)
    assert (first.image == before).all()


@pytest.mark.parametrize(
    ("recorded", "expected"),
    [
        pytest.param([0, 0.1, 0.2], [0, 0.1, 0.2], id="good times are kept"),
        pytest.param([0, 0, 0], [0, 0.5, 1.0], id="missing times are counted"),
        pytest.param([float("nan")] * 3, [0, 0.5, 1.0], id="not-a-number is missing"),
        pytest.param([0, 1, 0.2, 0.3], [0, 1, 1.5, 1.6], id="a step back continues from there"),
        pytest.param([0, 0.1, 900, 900.1], [0, 0.1, 0.6, 0.7], id="a wild jump is cut out"),
        pytest.param([0.08, 0.12], [0.08, 0.12], id="a late start stays"),
        pytest.param([7200, 7200.1], [0, 0.1], id="a start in hours is a start"),
        pytest.param([-0.1, 0.0], [0, 0.1], id="a start before zero is zero"),
    ],
)
def test_times_always_rise(recorded: list[float], expected: list[float]) -> None:
    """Broken time stamps are replaced by 1/fps steps; good ones stay as they are."""
    times = RecordedTimes(fps=2)
    assert [times.place(t) for t in recorded] == pytest.approx(expected)


@given(st.lists(st.floats(), min_size=2, max_size=50))
def test_no_time_stamp_can_stop_time(recorded: list[float]) -> None:
    """Whatever a file says, time rises and never leaps further than ten seconds."""
    times = RecordedTimes(fps=30)
    placed = [times.place(t) for t in recorded]
    steps = [b - a for a, b in itertools.pairwise(placed)]
    assert all(0 < step <= 10.001 for step in steps)


def damaged(mp4: bytes) -> bytes:
    """Return an mp4 whose pictures, which come last in it, are zeros."""
    start = mp4.index(b"mdat") + 4
    return mp4[:start] + bytes(len(mp4) - start)


def test_av1_plays(tmp_path: Path) -> None:
    """AV1, which screen recorders write and OpenCV's own packages cannot read, is played."""
    assert len(read_all(open_video(write_film(tmp_path / "a.mp4", "libsvtav1"), 30))) == 10


def test_texts_of_a_film_may_be_anything(tmp_path: Path) -> None:
    """Names and titles that are no UTF-8, as old cameras write them, keep no film from playing."""
    path = write_film(tmp_path / "a.mp4", "libx264")
    data = path.read_bytes()
    assert b"VideoHandler" in data
    path.write_bytes(data.replace(b"VideoHandler", b"Caf\xe9 \xff\xfe rno."))
    assert len(read_all(open_video(path, 30))) == 10


def test_sound_alone_is_named(tmp_path: Path) -> None:
    """A song, also one with a cover, is not called a film that was cut off."""
    path = tmp_path / "song.m4a"
    with av.open(str(path), "w", format="mp4") as song:
        sound = song.add_stream("aac", rate=48000)
        frame = av.AudioFrame.from_ndarray(np.zeros((2, 1024), np.float32), "fltp", "stereo")
        frame.sample_rate = 48000
        song.mux([*sound.encode(frame), *sound.encode()])
    with pytest.raises(CameraError, match="holds sound and no video"):
        open_video(path, 30)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda data: data.replace(b"avc1", b"encv"), "is encrypted"),
        (lambda data: data[: data.index(b"mdat") + 30], "cut off before its first picture"),
        (damaged, "is H.264 and cannot be decoded here: convert it to H.264"),
    ],
    ids=["encrypted", "cut", "damaged"],
)
def test_why_a_film_gives_no_image(
    tmp_path: Path, change: Callable[[bytes], bytes], says: str
) -> None:
    """A whole mp4 of which nothing can be decoded is told by its codec, and not called cut off."""
    path = write_film(tmp_path / "a.mp4", "libx264")
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(CameraError, match=says):
        open_video(path, 30)


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_phone_film_is_upright(tmp_path: Path, turns: int) -> None:
    """A film that was taken with the phone on its side is turned, as OpenCV would turn it."""
    path = write_film(tmp_path / "a.mp4", "libx264")
    cos, sin = [(1, 0), (0, 1), (-1, 0), (0, -1)][turns]
    plain = struct.pack(">9i", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
    turned = struct.pack(">9i", cos << 16, sin << 16, 0, -sin << 16, cos << 16, 0, 0, 0, 1 << 30)
    head, marker, rest = path.read_bytes().partition(b"tkhd")
    path.write_bytes(head + marker + rest.replace(plain, turned, 1))
    first = read_all(open_video(path, 30))[0]
    expected = open_film(path).read()[1]
    assert first.image.shape == expected.shape
    assert np.abs(first.image.astype(int) - expected).mean() < 3


@pytest.mark.skipif(sys.platform == "win32", reason="os.mkfifo is for Unix")
def test_a_pipe_is_refused_at_once(tmp_path: Path) -> None:
    """A pipe would be waited for without end."""
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(CameraError, match="pipe or a device"):
        open_video(tmp_path / "pipe", 30)


def test_a_text_is_no_film(tmp_path: Path) -> None:
    """FFmpeg would type it on a screen, and the call would read it."""
    (tmp_path / "notes.txt").write_text("dear diary\n" * 99)
    with pytest.raises(CameraError, match="is a text and holds no video"):
        open_video(tmp_path / "notes.txt", 30)


def test_a_playlist_reaches_no_network(tmp_path: Path) -> None:
    """A film that is named in a list beside it plays; an address in it is asked by nobody."""
    write_film(tmp_path / "a.ts", "mpeg2video")
    text = "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{}\n#EXT-X-ENDLIST\n"
    (tmp_path / "here.m3u8").write_text(text.format("a.ts"))
    assert read_all(open_video(tmp_path / "here.m3u8", 30))
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.5)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/a.ts"
        (tmp_path / "away.m3u8").write_text(text.format(address))
        with pytest.raises(CameraError, match="holds no video"):
            open_video(tmp_path / "away.m3u8", 30)
        with pytest.raises(TimeoutError):
            server.accept()
