"""The last seconds stay in memory until a person says which gesture was missed."""

import stat
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from vcam.camera.image_folder import read_picture
from vcam.core.frame import Image
from vcam.core.labels import LABELS
from vcam.errors import ConfigError, OutputError
from vcam.history import recent_frames
from vcam.history.missed_request import ASKED, answer, ask_to_keep, take_request
from vcam.history.recent_frames import KEPT_S, MAX_SIDE_PX, RecentFrames, times, write_missed


class Camera:
    """What recognition looked at last; another picture whenever it is asked for a new one."""

    def __init__(self) -> None:
        self.image: Image | None = None
        self.next(0)

    def next(self, level: int) -> None:
        self.image = np.full((720, 1280, 3), level, np.uint8)


def _remembering(folder: Path | None, camera: Camera) -> RecentFrames:
    frames = RecentFrames(folder, lambda: camera.image, lambda: LABELS)
    frames.apply_settings(remember=True)
    frames._off.set()  # the test looks itself, at times of its own
    return frames


def test_only_the_last_seconds_are_kept(tmp_path: Path) -> None:
    """Of ten seconds the last three are written, in order, small, and for nobody else to read."""
    camera, folder = Camera(), tmp_path / "missed"
    frames = _remembering(folder, camera)
    for step in range(101):
        camera.next(step * 2)
        frames.sample(step / 10)
    assert not folder.exists()
    reported = frames.keep("stop")
    (place,) = times(folder)
    images = sorted(place.iterdir())
    assert str(place) in reported
    assert place.parent.name == "stop"
    levels = [int(read_picture(path).mean()) for path in images]
    assert levels == sorted(levels)
    assert len(images) == KEPT_S * 10 + 1
    assert levels[0] == pytest.approx(140, abs=2)
    assert max(read_picture(images[0]).shape) == MAX_SIDE_PX
    assert stat.S_IMODE(folder.stat().st_mode) == stat.S_IMODE(place.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in images} == {0o600}


def test_the_same_image_counts_once(tmp_path: Path) -> None:
    """While the camera rests nothing is added, and what is there grows old."""
    frames = _remembering(tmp_path / "missed", Camera())
    for step in range(10):
        frames.sample(step / 10)
    assert "1 pictures" in frames.keep("Open palm")
    frames.sample(9.0)
    with pytest.raises(ConfigError, match="no picture of the last three seconds"):
        frames.keep("palm")


def test_nothing_is_remembered_unless_asked_for(tmp_path: Path) -> None:
    """Off, no thread looks; switched off, what was remembered is gone."""
    camera, folder = Camera(), tmp_path / "missed"
    frames = RecentFrames(folder, lambda: camera.image, lambda: LABELS)
    with pytest.raises(ConfigError, match="remember_missed = true"):
        frames.keep("stop")
    assert "recent frames" not in {thread.name for thread in threading.enumerate()}
    frames.apply_settings(remember=True)
    frames.sample(0.0)
    frames.apply_settings(remember=False)
    assert not frames._ring
    assert "recent frames" not in {thread.name for thread in threading.enumerate()}
    assert not folder.exists()


@pytest.mark.parametrize("name", ["no_gesture", "wave", "swipe_up", "../../etc", ""])
def test_what_is_no_gesture_is_refused(tmp_path: Path, name: str) -> None:
    """Only what the classifier can say becomes a folder, and the sentence lists it."""
    frames = _remembering(tmp_path / "missed", Camera())
    frames.sample(0.0)
    with pytest.raises(ConfigError, match="choose one of call, dislike"):
        frames.keep(name)
    assert not (tmp_path / "missed").exists()


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """One sentence, and nothing half written stays."""
    (tmp_path / "missed").write_text("a file")
    frames = _remembering(tmp_path / "missed", Camera())
    frames.sample(0.0)
    with pytest.raises(OutputError, match="cannot be kept"):
        frames.keep("stop")


def test_the_oldest_go_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There are never more than so many, over all gestures."""
    monkeypatch.setattr(recent_frames, "MAX_TIMES", 3)
    for number in range(5):
        write_missed(tmp_path, ("stop", "palm")[number % 2], [b"jpeg"])
        time.sleep(0.005)
    kept = times(tmp_path)
    assert [path.parent.name for path in kept] == ["stop", "palm", "stop"]


def test_a_command_asks_the_running_program(tmp_path: Path) -> None:
    """What the program answers reaches the command, and no request stays behind."""
    camera, folder = Camera(), tmp_path / "missed"
    frames = RecentFrames(folder, lambda: camera.image, lambda: LABELS)
    frames.apply_settings(remember=True)
    try:
        deadline = time.perf_counter() + 5
        while not frames._ring and time.perf_counter() < deadline:
            time.sleep(0.02)
        assert "kept as Stop" in ask_to_keep(folder, "stop")
        with pytest.raises(ConfigError, match="no gesture that the classifier knows"):
            ask_to_keep(folder, "wave")
    finally:
        frames.close()
    assert [path.name for path in folder.iterdir()] == ["stop"]


def test_nobody_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a program that remembers, the command says so and leaves nothing."""
    monkeypatch.setattr("vcam.history.missed_request.WAIT_S", 0.2)
    with pytest.raises(ConfigError, match="No running program remembers"):
        ask_to_keep(tmp_path / "missed", "stop")
    assert not (tmp_path / "missed").exists()


@pytest.mark.parametrize(
    "content",
    ['{"gesture": "stop", "token": "1", "when": 5.0}', "{half", "[]", '{"gesture": 3}', ""],
)
def test_a_request_that_is_none(tmp_path: Path, content: str) -> None:
    """An old or broken request is taken away and keeps nothing."""
    (tmp_path / ASKED).write_text(content)
    assert take_request(tmp_path) is None
    assert not list(tmp_path.iterdir())  # it is taken away all the same
    assert not (tmp_path / ASKED).exists()


def test_an_answer_is_for_who_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer to another command is not taken for one's own."""
    monkeypatch.setattr("vcam.history.missed_request.WAIT_S", 0.2)
    answer(tmp_path, {"gesture": "stop", "token": "other"}, lambda name: f"{name} is kept")
    with pytest.raises(ConfigError, match="No running program"):
        ask_to_keep(tmp_path, "stop")


def test_what_is_forgotten_stays_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture that is being packed when it is switched off is not remembered either."""
    frames = RecentFrames(None, lambda: np.zeros((9, 9, 3), np.uint8), tuple)

    def switched_off_meanwhile(image: object) -> bytes:
        frames.close()
        return b"jpeg"

    monkeypatch.setattr("vcam.history.recent_frames._jpeg", switched_off_meanwhile)
    frames.sample(0.0)
    assert not frames._ring
    assert frames._last is None
