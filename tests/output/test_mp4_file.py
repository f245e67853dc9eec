"""The mp4 file: time, sizes, and what becomes of it when things go wrong."""

import os
import shutil
import signal
import subprocess
import sys
from collections import namedtuple
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest

from tests.fakes.camera import make_frames
from vcam.camera.open import open_camera
from vcam.camera.settings import CameraSettings
from vcam.core.frame import Frame
from vcam.errors import OutputError
from vcam.output import mp4_file as file
from vcam.output import video_encoder
from vcam.output.mp4_file import Mp4File, open_mp4

Usage = namedtuple("Usage", "total used free")
ON_UNIX_LONG = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows takes whole paths of 260 letters, not names of 255"
)


def record(path: Path, frames: list[Frame], *, fps: float = 10.0) -> None:
    height, width = frames[0].image.shape[:2]
    output = open_mp4(path, (width, height), fps)
    for frame in frames:
        output.send(frame.image, frame.time)
    output.close()


def play(path: Path) -> list[Frame]:
    camera = open_camera(str(path), CameraSettings())
    return [frame for frame in iter(camera.read, None) if frame is not None]


def flat(level: int, time: float) -> Frame:
    return Frame(np.full((48, 64, 3), level, np.uint8), time)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    """Pictures go through the file at their times with their contents."""
    frames = make_frames(20, fps=10, start=1000.0)
    record(tmp_path / "a.mp4", frames)
    back = play(tmp_path / "a.mp4")
    assert [f.time for f in back] == pytest.approx([i / 10 for i in range(20)], abs=0.002)
    for sent, got in zip(frames, back, strict=True):
        assert np.abs(sent.image.astype(int) - got.image).mean() < 12


@pytest.mark.parametrize("size", [(1, 1), (65, 49), (64, 49), (3, 2)])
def test_odd_sizes_are_padded(tmp_path: Path, size: tuple[int, int]) -> None:
    """Any size can be recorded; odd sides grow by one and nothing is cut off."""
    record(tmp_path / "a.mp4", make_frames(3, size=size))
    height, width = play(tmp_path / "a.mp4")[0].image.shape[:2]
    assert (width, height) == (size[0] + size[0] % 2, size[1] + size[1] % 2)


@pytest.mark.parametrize(
    ("times", "levels"),
    [
        pytest.param([0, 0.1, 0.2], [0, 60, 120], id="as recorded"),
        pytest.param([0, 0.4], [0, 0, 0, 0, 60], id="a gap shows the last picture"),
        pytest.param([0, 0.02, 0.04, 0.1], [0, 180], id="too many are left out"),
        pytest.param([0, 0.1, 3600, 3600.1], [0, 60, 120, 180], id="a long pause is cut out"),
        pytest.param([50, 50.1, 0, 0.1], [0, 60, 120, 180], id="a clock that restarts continues"),
    ],
)
def test_images_stand_at_their_time(tmp_path: Path, times: list[float], levels: list[int]) -> None:
    """The file's constant rate shows at each moment what the source showed then."""
    record(tmp_path / "a.mp4", [flat(60 * i, t) for i, t in enumerate(times)])
    shown = [round(float(f.image.mean()) / 60) * 60 for f in play(tmp_path / "a.mp4")]
    assert shown == levels


@pytest.mark.parametrize("source_fps", [7.0, 24.0, 60.0])
def test_the_duration_is_the_sources(tmp_path: Path, source_fps: float) -> None:
    """Two seconds of source are two seconds of file, whatever the two rates are."""
    record(tmp_path / "a.mp4", make_frames(round(2 * source_fps), fps=source_fps), fps=30)
    assert len(play(tmp_path / "a.mp4")) / 30 == pytest.approx(2.0, abs=1 / source_fps + 1 / 30)


def test_an_older_file_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    """The target is replaced on close, and not by a run that sent nothing."""
    target = tmp_path / "a.mp4"
    target.write_text("old")
    output = open_mp4(target, (64, 48), 10)
    output.send(flat(9, 0).image, 0)
    assert target.read_text() == "old"
    output.close()
    assert len(play(target)) == 1
    before = target.read_bytes()
    open_mp4(target, (64, 48), 10).close()
    assert target.read_bytes() == before
    assert list(tmp_path.iterdir()) == [target]


def test_what_is_written_is_h264(tmp_path: Path) -> None:
    """Recordings are of the kind that every browser plays, and say which colours they mean."""
    record(tmp_path / "a.mp4", make_frames(5))
    with av.open(str(tmp_path / "a.mp4")) as film:
        context = film.streams.video[0].codec_context
        assert (context.name, context.pix_fmt) == ("h264", "yuv420p")
        assert (context.colorspace, context.color_range) == (5, 1)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs a Unix")
def test_a_killed_run_destroys_nothing(tmp_path: Path) -> None:
    """A killed recorder leaves the older file, and its own plays but for the last two seconds."""
    target = tmp_path / "a.mp4"
    target.write_text("old")
    code = (
        "import os, signal, sys, numpy as np; from pathlib import Path\n"
        "from vcam.output.mp4_file import open_mp4\n"
        "o = open_mp4(Path(sys.argv[1]), (64, 48), 10)\n"
        "[o.send(np.full((48, 64, 3), i, np.uint8), i / 10) for i in range(100)]\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(target)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert target.read_text() == "old"
    (left,) = tmp_path.glob("*.partial.mp4")
    assert len(play(left)) >= 75


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """A recording through a link lies where the link leads."""
    link = tmp_path / "link.mp4"
    link.symlink_to(tmp_path / "film.mp4")
    record(link, make_frames(3, fps=10))
    assert link.is_symlink()
    assert len(play(tmp_path / "film.mp4")) == 3


@pytest.mark.parametrize(
    "name", [pytest.param("a" * 251, marks=ON_UNIX_LONG), "é" * 125, "手" * 83, "a b:c%d"]
)
def test_long_and_odd_names_are_written(name: str, tmp_path: Path) -> None:
    """Every name that the file system takes is taken."""
    record(tmp_path / f"{name}.mp4", make_frames(3, fps=10))
    assert len(play(tmp_path / f"{name}.mp4")) == 3


@pytest.mark.skipif(sys.platform != "linux", reason="others allow only UTF-8")
def test_names_that_are_not_utf8_are_written(tmp_path: Path) -> None:
    """Names from old disks and zips, which are no text, can be recorded to and played."""
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.mp4"))
    record(path, make_frames(3, fps=10))
    assert len(play(path)) == 3


@pytest.mark.skipif(sys.platform == "win32", reason="os.mkfifo is for Unix")
def test_a_pipe_is_not_replaced(tmp_path: Path) -> None:
    """A pipe, or a link to a device, is refused and stays."""
    os.mkfifo(tmp_path / "pipe.mp4")
    (tmp_path / "null.mp4").symlink_to(os.devnull)
    for name in ("pipe.mp4", "null.mp4"):
        with pytest.raises(OutputError, match="pipe or a device"):
            open_mp4(tmp_path / name, (64, 48), 10)


def test_without_h264_another_codec_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A PyAV without H.264 writes VP9, and one without either says what to do."""
    monkeypatch.setattr(video_encoder, "CODECS", (("no_such", {}), *video_encoder.CODECS[-1:]))
    record(tmp_path / "a.mp4", make_frames(5))
    with av.open(str(tmp_path / "a.mp4")) as film:
        assert film.streams.video[0].codec_context.codec.canonical_name == "vp9"
    monkeypatch.setattr(video_encoder, "CODECS", ())
    with pytest.raises(OutputError, match="pip install"):
        open_mp4(tmp_path / "b.mp4", (64, 48), 10)
    assert [path.name for path in tmp_path.iterdir()] == ["a.mp4"]


def test_the_senders_array_is_not_kept(tmp_path: Path) -> None:
    """A picture that its sender reuses does not change what fills a gap."""
    output = open_mp4(tmp_path / "a.mp4", (64, 48), 10)
    image = np.full((48, 64, 3), 60, np.uint8)
    output.send(image, 0.0)
    image[:] = 240
    output.send(image, 0.3)
    output.close()
    assert [round(float(f.image.mean()) / 60) for f in play(tmp_path / "a.mp4")] == [1, 1, 1, 4]


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda folder: folder / "missing" / "a.mp4", "There is no folder"),
        (lambda folder: folder, "is a folder"),
        (lambda folder: Path("~nobody-here") / "a.mp4", "There is no folder"),
        (lambda folder: folder / "a\0.mp4", "cannot be written"),
        (lambda folder: folder / ("x" * 300 + ".mp4"), "cannot be written"),
    ],
)
def test_a_path_that_cannot_be_written_is_refused_at_once(
    tmp_path: Path, make: Callable[[Path], Path], says: str
) -> None:
    """A wrong path is found before recording starts, with the reason."""
    with pytest.raises(OutputError, match=says):
        open_mp4(make(tmp_path), (64, 48), 10)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere"
)
def test_a_folder_without_rights_is_refused(tmp_path: Path) -> None:
    """A read-only folder is named as such."""
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError, match="Permission denied"):
        open_mp4(tmp_path / "a.mp4", (64, 48), 10)


def test_a_full_disk_ends_the_recording_while_it_still_plays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When space runs out the file is finished, the error says so, and it plays."""
    output = open_mp4(tmp_path / "a.mp4", (64, 48), 10)
    for i in range(10):
        output.send(flat(90, 0).image, i / 10)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10, 9, 1))
    with pytest.raises(OutputError, match="disk is full"):
        output.send(flat(90, 0).image, 1.0)
    assert len(play(tmp_path / "a.mp4")) == 10
    with pytest.raises(OutputError, match="is closed"):
        output.send(flat(90, 0).image, 1.1)
    with pytest.raises(OutputError, match="disk is full"):
        open_mp4(tmp_path / "b.mp4", (64, 48), 10)
    assert [p.name for p in tmp_path.iterdir()] == ["a.mp4"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps the folder of an open file")
@pytest.mark.logs_errors
def test_a_folder_that_goes_away_is_an_error(tmp_path: Path) -> None:
    """A stick pulled out in mid-run ends the recording with a sentence, and close still works."""
    folder = tmp_path / "stick"
    folder.mkdir()
    output = open_mp4(folder / "a.mp4", (64, 48), 10)
    output.send(flat(9, 0).image, 0)
    shutil.rmtree(folder)
    with pytest.raises(OutputError, match="removed"):
        output.send(flat(9, 0).image, 2.0)
    output.close()


@pytest.mark.logs_errors
def test_a_target_that_cannot_be_replaced_keeps_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """When a player holds the old file (Windows), the log says where the new one lies."""
    output = open_mp4(tmp_path / "a.mp4", (64, 48), 10)
    output.send(flat(9, 0).image, 0)

    def refuse(self: Path, target: Path) -> None:
        raise PermissionError(13, "in use")

    monkeypatch.setattr(Path, "replace", refuse)
    output.close()
    (kept,) = tmp_path.iterdir()
    assert str(kept) in caplog.text
    assert len(play(kept)) == 1


@pytest.mark.parametrize("fps", [0.01, 12.5, 30000 / 1001, 1000.0])
def test_strange_rates_are_recorded(tmp_path: Path, fps: float) -> None:
    """A rate that mp4 cannot hold is brought into what it can."""
    output = Mp4File(tmp_path / "a.mp4", (64, 48), fps)
    output.send(flat(9, 0).image, 0)
    output.close()
    assert len(play(tmp_path / "a.mp4")) == 1


@pytest.mark.logs_errors
def test_a_file_that_does_not_play_is_not_given_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A recording that was damaged does not replace a good older one."""
    target = tmp_path / "a.mp4"
    target.write_text("old")
    output = open_mp4(target, (64, 48), 10)
    output.send(flat(9, 0).image, 0)
    monkeypatch.setattr(file, "plays", lambda path: False)
    output.close()
    assert target.read_text() == "old"
    assert "could not be finished" in caplog.text


@pytest.mark.logs_errors
@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps files that are open")
def test_a_folder_that_is_gone(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A recording whose folder was removed is said to be lost, and not to lie anywhere."""
    folder = tmp_path / "out"
    folder.mkdir()
    output = open_mp4(folder / "a.mp4", (64, 48), 10)
    output.send(flat(9, 0).image, 0)
    shutil.rmtree(folder)
    output.close()
    assert "is lost: its folder or file was removed" in caplog.text
    assert "lies in" not in caplog.text


def test_two_programs_record_to_one_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever ends last keeps its film beside the first one's; an older film is replaced."""
    path = tmp_path / "a.mp4"
    path.write_text("old")
    first = Mp4File(path, (64, 48), 10)
    monkeypatch.setattr(file, "_partial_name", lambda path: path.with_name("b.partial.mp4"))
    second = Mp4File(path, (64, 48), 10)
    for output, images in ((first, 1), (second, 2)):
        for number in range(images):
            output.send(flat(9, number).image, number / 10)
        output.close()
    assert len(play(path)) == 1
    assert len(play(tmp_path / "a-2.mp4")) == 2
    assert "a-2.mp4" in caplog.text
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a-2.mp4", "a.mp4"]
