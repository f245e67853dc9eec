"""A person's corrections become a better model beside, or a sentence that says why not."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from tests.training.rigs.drawn import write_run
from training.__main__ import main
from training.datasets.dataset import open_prepared
from training.errors import TrainingError
from training.improve import verdict
from training.improve.kept_moments import (
    Moment,
    hold_back,
    missed_gestures,
    right_fires,
    wrong_fires,
)
from training.improve.steady_hand import steady_hand
from training.improve.verdict import Verdict
from vcam.camera.open import open_camera
from vcam.camera.settings import CameraSettings
from vcam.core.frame import Box, Image
from vcam.core.hand import Detection
from vcam.history.fire_history import RememberedFire, around, mark_wrong, write_fire
from vcam.vision.models.bundled import shipped_model
from vcam.vision.recognizer import open_recognizer

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
DAY_S = 86_400
HOLDS = {"stop": (1.0, 2.1), "like": (5.8, 6.9), "fist": (10.6, 11.7)}
"""Seconds of the demo clip in which a gesture is held."""


@pytest.fixture(scope="session")
def held() -> dict[str, list[Image]]:
    """Return pictures of the demo clip, a tenth of a second apart, of three held gestures."""
    camera = open_camera("demo", CameraSettings())
    found: dict[str, list[Image]] = {name: [] for name in HOLDS}
    while (frame := camera.read()) and frame.time < 12:
        for name, (begin, end) in HOLDS.items():
            if begin <= frame.time < end and frame.index % 3 == 0:
                found[name].append(frame.image)
    camera.close()
    return found


class Kept:
    """The folders in which the program keeps what happened, filled as it fills them."""

    def __init__(self, folder: Path, held: dict[str, list[Image]]) -> None:
        self.fired, self.missed, self.held = folder / "fired", folder / "missed", held
        self._recognizer = open_recognizer()

    def fire(self, shown: str, day: int, *, wrong: bool) -> None:
        """Keep a fire of what the clip shows, marked as wrong or not."""
        image = self.held[shown][day % len(self.held[shown])]
        (hand,) = [h for h in self._recognizer.recognize(image).hands if h.gesture == shown]
        small, box = around(image, hand.box_xyxy)
        when = 1.7e9 + day * DAY_S + len(list(self.fired.glob("**/*.jpg")))
        number = f"{round(when * 1000)}-{day}"
        fired = RememberedFire(number, when, 1.0, shown, "right", "mic.mute", 0.6, box)
        write_fire(self.fired, fired, small)
        if wrong:
            mark_wrong(self.fired, fired)

    def miss(self, shown: str, gesture: str, day: int) -> None:
        """Keep a second of what the clip shows as a gesture that was missed."""
        place = self.missed / gesture / str(round((1.7e9 + day * DAY_S) * 1000))
        place.mkdir(parents=True)
        for number, image in enumerate(self.held[shown][:6]):
            cv2.imencode(".jpg", image)[1].tofile(place / f"{number:02}.jpg")

    def arguments(self, out: Path, *more: str) -> list[str]:
        places = ["--fired", str(self.fired), "--missed", str(self.missed), "--out", str(out)]
        return ["improve", *places, *more]


@pytest.fixture
def kept(tmp_path: Path, held: dict[str, list[Image]]) -> Kept:
    """Return five days on which Thumb up was taken for one though none was meant."""
    found = Kept(tmp_path / "state", held)
    for day in range(5):
        found.fire("like", day, wrong=True)
        found.fire("stop", day, wrong=False)
        found.miss("fist", "rock", day)
    return found


QUICK = ("--epochs", "6", "--pictures", "384")


def test_corrections_make_a_better_model(
    kept: Kept, cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The validation moments are named better than before, and nothing is written over."""
    out = tmp_path / "out"
    out.mkdir()
    (out / "improved-1.onnx").write_text("somebody's")
    command = kept.arguments(out, "--rehearse", str(cache), *QUICK)
    assert main(command) == 0
    said = capsys.readouterr().out
    assert "5 wrong fires, 5 missed gestures; 5 fires" in said
    assert "vcam run --classifier" in said
    assert (out / "improved-1.onnx").read_text() == "somebody's"
    assert {"improved-2.onnx", "improved-2.json"} <= {path.name for path in out.iterdir()}
    (result,) = out.glob("work-*/result.json")
    told = json.loads(result.read_text())
    count, before, after = told["held_back"]["wrong"]
    assert (count, before) == (2, 0)
    assert after > before
    assert told["held_back"]["right"][1:] == [2, 2]
    assert told["lost_fires"] == 0
    assert "Right fires that fire no more: 0; 0 may be lost." in said
    card = json.loads((out / "improved-2.json").read_text())
    start = json.loads(shipped_model("classify").with_suffix(".json").read_text())
    assert card["thresholds"] == start["thresholds"] != {}
    assert main(command) == 0
    assert "learnt already" in capsys.readouterr().out
    assert not (out / "improved-3.onnx").exists()


def test_a_model_that_is_no_better_is_not_written(
    kept: Kept, cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A fine-tuning that learns nothing ends in a sentence with the counts, and exit code 2."""
    out = tmp_path / "out"
    weak = ("--epochs", "1", "--pictures", "16", "--weight", "0.01")
    assert main(kept.arguments(out, "--rehearse", str(cache), *weak)) == 2
    assert "It did not get better: of 4 validation corrections" in capsys.readouterr().err
    assert not list(out.glob("improved*"))


@pytest.mark.timeout(300)
def test_a_killed_run_continues(kept: Kept, cache: Path, tmp_path: Path) -> None:
    """Killed while it learns, the same command continues from what was saved and ends."""
    out = tmp_path / "out"
    options = ("--rehearse", str(cache), "--epochs", "4", "--pictures", "384")
    command = kept.arguments(out, *options)
    run = subprocess.Popen([sys.executable, "-m", "training", *command], stdout=subprocess.PIPE)
    deadline = time.perf_counter() + 90
    while not list(out.glob("work-*/run/last.pt")) and time.perf_counter() < deadline:
        assert run.poll() is None
        time.sleep(0.05)
    run.send_signal(signal.SIGKILL)
    run.communicate()
    again = subprocess.run(
        [sys.executable, "-m", "training", *command],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "COLUMNS": "200"},
    )
    assert "Continues in" in again.stdout
    assert again.returncode in (0, 2), again.stderr
    assert "Traceback" not in again.stderr


def _nothing(_: Path) -> None:
    return


def _few(state: Path) -> None:
    place = state / "missed" / "stop" / "1700000000000"
    place.mkdir(parents=True)
    (place / "00.jpg").write_bytes(b"no picture")


def _no_images(state: Path) -> None:
    """Ten missed gestures on ten days, whose files are no pictures."""
    for day in range(10):
        place = state / "missed" / "stop" / str(1_700_000_000_000 + day * DAY_S * 1000)
        place.mkdir(parents=True)
        (place / "00.jpg").write_bytes(b"no picture")


def _no_hands(state: Path) -> None:
    """Ten missed gestures with an empty room before the camera."""
    for day in range(10):
        place = state / "missed" / "stop" / str(1_700_000_000_000 + day * DAY_S * 1000)
        place.mkdir(parents=True)
        for number in range(4):
            cv2.imencode(".jpg", np.full((120, 160, 3), 90, np.uint8))[1].tofile(
                place / f"{number:02}.jpg"
            )


def _strange_gesture(state: Path) -> None:
    _no_hands(state)
    (state / "missed" / "stop").rename(state / "missed" / "wave")


def _one_session(state: Path) -> None:
    for number in range(10):
        place = state / "missed" / "stop" / str(1_700_000_000_000 + number * 1000)
        place.mkdir(parents=True)
        (place / "00.jpg").write_bytes(b"no picture")


def _damaged_annotations(state: Path) -> None:
    path = state / "fired" / "wrong" / "ann_train_val" / "no_gesture.json"
    path.parent.mkdir(parents=True)
    path.write_text("{half")


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (_nothing, "There are 0 corrections"),
        (_few, "There are 1 corrections"),
        (_no_images, "Only 0 corrections can be used"),
        (_no_hands, "Only 0 corrections can be used"),
        (_strange_gesture, "Only 0 corrections can be used"),
        (_one_session, "of one session"),
        (_damaged_annotations, "There are 0 corrections"),
    ],
)
def test_too_little_is_refused(
    make: Callable[[Path], None],
    says: str,
    cache: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Empty folders, files that are no pictures, rooms without a hand: one sentence each."""
    make(tmp_path)
    places = ["--fired", str(tmp_path / "fired"), "--missed", str(tmp_path / "missed")]
    command = ["improve", *places, "--out", str(tmp_path / "out"), "--rehearse", str(cache)]
    assert main(command) == 2
    reported = capsys.readouterr().err
    assert says in reported
    assert len(reported.splitlines()) == 1


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--weight", "0"], "--weight 0 is not possible"),
        (["--weight", "nan"], "--weight nan is not possible"),
        (["--start", "nowhere.pt"], "no model at nowhere.pt"),
        (["--rehearse", "nowhere"], "no prepared folder"),
    ],
)
def test_options_that_cannot_be(
    kept: Kept, tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], says: str
) -> None:
    """What cannot be done is said before anything is made."""
    assert main(kept.arguments(tmp_path / "out", *options)) == 2
    assert says in capsys.readouterr().err
    assert not list(tmp_path.glob("out/work-*/run"))


def test_a_detector_is_no_start(
    kept: Kept, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A model of the other kind is refused by name."""
    model = write_run(tmp_path / "run", "detect")
    assert main(kept.arguments(tmp_path / "out", "--start", str(model))) == 2
    assert "is a detector" in capsys.readouterr().err


def _moment(day: float, kind: str = "wrong") -> Moment:
    return Moment(kind, "no_gesture", day * DAY_S, ())  # type: ignore[arg-type]


def test_the_newest_sessions_are_for_validation() -> None:
    """A session is on one side as a whole, and right fires follow the same moment in time."""
    moments = [_moment(day + minute / 1440) for day in range(4) for minute in range(3)]
    moments += [_moment(2.5, "right"), _moment(3.5, "right")]
    learned, held = hold_back(list(reversed(moments)))
    assert max(moment.when for moment in learned) < min(moment.when for moment in held)
    assert [moment.when // DAY_S for moment in held] == [3, 3, 3, 3]
    with pytest.raises(TrainingError, match="of one session"):
        hold_back([_moment(minute / 1440) for minute in range(9)])


def test_what_the_program_kept_is_read(kept: Kept) -> None:
    """Wrong and right fires and missed gestures come with their times, boxes and true names."""
    wrong, right = list(wrong_fires(kept.fired)), list(right_fires(kept.fired))
    missed = list(missed_gestures(kept.missed))
    assert [moment.gesture for moment in wrong] == ["no_gesture"] * 5
    assert [moment.gesture for moment in right] == ["stop"] * 5
    assert [(moment.gesture, len(moment.image_paths)) for moment in missed] == [("rock", 6)] * 5
    assert all(moment.box and moment.image_paths[0].is_file() for moment in (*wrong, *right))
    assert {round(m.when - 1.7e9) // DAY_S for m in missed} == set(range(5))


def _at(*boxes: Box) -> list[Detection]:
    return [Detection(box, 0.9) for box in boxes]


STILL: Box = (10.0, 10.0, 50.0, 60.0)
REST: Box = (100.0, 80.0, 140.0, 120.0)


def _alike(sought: Box) -> Callable[[int, Box], float]:
    return lambda _, box: 1.0 if box == sought else 0.1


def test_a_hand_at_rest_is_not_the_gesture() -> None:
    """Of two steady hands the one that looks like the gesture is taken, though it is seen less."""
    found = [_at(REST), _at(STILL, REST), _at(REST, STILL), _at(STILL, REST), _at(REST)]
    hand = steady_hand(found, _alike(STILL))
    assert hand is not None
    assert (hand.first, hand.boxes) == (1, (STILL,) * 3)


@pytest.mark.parametrize(
    "found",
    [
        [],
        [_at(), _at(), _at()],
        [_at(STILL), _at(), _at(STILL), _at(STILL)],
        [_at((x, 0.0, x + 40, 40.0)) for x in (0.0, 30.0, 60.0, 90.0)],
    ],
)
def test_a_hand_that_moves_or_goes_is_none(found: Sequence[Sequence[Detection]]) -> None:
    """Raised and lowered hands teach nothing, nor do pictures without one."""
    assert steady_hand(found, lambda *_: 1.0) is None


def test_the_verdict() -> None:
    """Better on corrections without loss on the reference passes; all else is refused."""
    good = Verdict({"wrong": (4, 0, 3), "right": (4, 4, 4)}, (100, 0.9, 0.895))
    good.check()
    with pytest.raises(TrainingError, match=r"did not get better: of 4 .* 2 .* 2"):
        replace(good, validation={"wrong": (4, 2, 2), "right": (4, 3, 4)}).check()
    with pytest.raises(TrainingError, match="forgot what it knew"):
        replace(good, reference=(100, 0.9, 0.88)).check()


@pytest.mark.parametrize(
    ("fired", "lost", "passes"), [(25, 3, False), (25, 1, True), (40, 2, True), (19, 1, False)]
)
def test_wrong_fires_that_go_do_not_pay_for_right_ones(fired: int, lost: int, passes: bool) -> None:
    """One right fire in twenty may fall silent, however many wrong ones do and others are won."""
    held: dict[str, tuple[int, int, int]] = {"wrong": (11, 2, 11), "missed": (9, 0, 9)}
    said = Verdict({**held, "right": (fired + 9, fired, fired)}, (190, 0.937, 0.937), lost)
    if passes:
        said.check()
        return
    with pytest.raises(TrainingError, match=f"{lost} of {fired} would fire no more"):
        said.check()


def test_a_lost_fire_counts_beside_one_that_is_won(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of three right fires one falls silent and another now fires: one is lost, not none."""
    held = [(Moment("right", "stop", float(when), ()), 1) for when in range(3)]
    hands = SimpleNamespace(hands=range(3))
    answers = {"old": np.array([1.0, 1.0, 0.0]), "new": np.array([0.0, 1.0, 1.0])}
    monkeypatch.setattr(verdict, "open_prepared", lambda *_: hands)
    monkeypatch.setattr(verdict, "_names", lambda _: [f"right/{n}.000/0" for n in range(3)])
    monkeypatch.setattr(verdict, "_right", lambda model, _: answers[model])
    found = verdict.evaluate(("old", "new"), Path(), held, [])  # type: ignore[arg-type]
    assert found.validation == {"right": (3, 2, 2)}
    assert found.lost_fires == 1


def test_each_moment_weighs_the_same(kept: Kept, cache: Path, tmp_path: Path) -> None:
    """Six pictures of one missed gesture weigh together what one wrong fire does."""
    out = tmp_path / "out"
    weak = ("--epochs", "1", "--pictures", "16")
    main(kept.arguments(out, "--rehearse", str(cache), *weak))
    (folder,) = out.glob("work-*/corrections")
    hands = open_prepared([folder], "train").hands
    rock = hands.gesture == hands.labels.index("rock")
    assert set(hands.source) == {"corrections"}
    assert rock.sum() >= 3 * 3
    assert hands.weight[rock].sum() == pytest.approx(3, abs=0.01)
