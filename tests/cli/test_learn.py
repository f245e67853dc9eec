"""`vcam learn`: from recording to firing."""

import json
from pathlib import Path

import numpy as np
import pytest

from vcam.camera.open import open_camera
from vcam.camera.settings import CameraSettings
from vcam.cli import learn
from vcam.cli.main import main
from vcam.core.frame import Frame, Image
from vcam.core.hand import Hand
from vcam.core.labels import names_in
from vcam.system.image_files import write_image
from vcam.system.paths import custom_gestures_folder
from vcam.vision import custom_gestures
from vcam.vision.models.card import ModelCard
from vcam.vision.recognizer import Recognition, Recognizer, open_recognizer
from vcam.vision.settings import RecognitionSettings

IMAGES = 12
IDLE = ("--idle", "idle")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings and gestures in a folder of one's own."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture
def poses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of grey pictures: how bright they are stands for what they show."""
    folder = tmp_path / "poses"
    folder.mkdir()
    for number in range(IMAGES):
        for place, grey in ((folder, 100), (tmp_path / "idle", 200)):
            place.mkdir(exist_ok=True)
            write_image(place / f"{number:02}.png", np.full((80, 80, 3), grey, np.uint8))
    monkeypatch.chdir(tmp_path)
    return folder


def _scripted(gesture: str) -> object:
    """Return a `recognize` that sees a hand in all but black pictures."""

    def recognize(_: Recognizer, image: Image) -> Recognition:
        pose = np.zeros(16, np.float32)
        pose[int(image[0, 0, 0]) // 50] = 1
        hand = Hand((5, 5, 60, 60), 0.9, gesture, 0.99, embedding=pose)
        return Recognition((hand,) if image.any() else (), 0.0, 0.0)

    return recognize


def test_learnt_bound_and_forgotten(
    poses: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A learnt gesture is listed, can be bound, and is not forgotten while it is bound."""
    monkeypatch.setattr(Recognizer, "recognize", _scripted("no_gesture"))
    assert main(["bind", "vulcan", "pause"]) == 2
    assert main(["learn", "vulcan", "--from", str(poses), *IDLE]) == 0
    assert f"learnt from {IMAGES} pictures" in capsys.readouterr().out
    assert main(["learn", "vulcan", "--from", str(poses), *IDLE]) == 2
    assert "--again" in capsys.readouterr().err
    assert main(["learn", "vulcan", "--from", str(poses), "--again", *IDLE]) == 0
    assert main(["bind", "vulcan", "pause"]) == 0
    assert main(["learn", "--list"]) == 0
    assert "vulcan" in capsys.readouterr().out.splitlines()
    assert main(["learn", "--forget", "vulcan"]) == 2
    assert "bound in profile" in capsys.readouterr().err


def test_forgotten(poses: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is bound nowhere is deleted at once; a second time there is nothing to delete."""
    monkeypatch.setattr(Recognizer, "recognize", _scripted("no_gesture"))
    assert main(["learn", "vulcan", "--from", str(poses), *IDLE]) == 0
    assert main(["learn", "--forget", "vulcan"]) == 0
    assert names_in(custom_gestures_folder()) == ()
    assert main(["learn", "--forget", "vulcan"]) == 2


def test_a_known_gesture_is_refused(
    poses: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A pose that the program takes for one of its own gestures is not learnt."""
    monkeypatch.setattr(Recognizer, "recognize", _scripted("peace"))
    assert main(["learn", "vulcan", "--from", str(poses), *IDLE]) == 2
    assert "vulcan is taken for Peace (peace)" in capsys.readouterr().err
    assert names_in(custom_gestures_folder()) == ()


def test_idle_hands_that_resemble_it_are_refused(
    poses: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A pose that idle hands show too is not learnt, and the sentence says so."""
    monkeypatch.setattr(Recognizer, "recognize", _scripted("no_gesture"))
    assert main(["learn", "vulcan", "--from", str(poses), "--idle", str(poses)]) == 2
    assert "idle hands look too much like it" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["learn"], "what your gesture is called"),
        (["learn", "stop", "--from", "x"], "HaGRID's already"),
        (["learn", "vulcan", "--from", "gone.png", "--idle", "x"], "gone.png"),
        (["learn", "vulcan", "--from", "gone.mp4", "--idle", "x"], "gone.mp4"),
        (["learn", "vulcan", "--from", "x"], "--idle PATH"),
    ],
)
def test_bad_input(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each mistake is reported in one sentence, and nothing is learnt."""
    assert main(arguments) == 2
    assert said in capsys.readouterr().err
    assert names_in(custom_gestures_folder()) == ()


def test_recording_waits_and_ends(capsys: pytest.CaptureFixture[str]) -> None:
    """Three seconds to get ready, then ten seconds of pictures a tenth of a second apart."""

    class Camera:
        """Gives 30 frames a second for ever."""

        count = 0

        def read(self) -> Frame:
            """Return the next frame."""
            self.count += 1
            return Frame(np.zeros((4, 4, 3), np.uint8), self.count / 30)

    taken = list(learn._record(Camera(), "Show it", learn.POSE_S))  # type: ignore[arg-type]  # no more is used
    assert 75 <= len(taken) <= 101
    assert "Show it in 3 s" in capsys.readouterr().err


def test_a_video_of_known_gestures_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """With the shipped models, the demo shows mostly what the program knows already."""
    clip = Path(learn.__file__).parents[1] / "camera" / "demo.mp4"
    assert (
        main(["learn", "vulcan", "--from", str(clip), "--idle", str(clip)]) == 2
    )  # it shows gestures that are known
    assert "is taken for" in capsys.readouterr().err


def test_a_learnt_gesture_fires(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was learnt from the demo's longest gesture fires in it, by the usual holds.

    Thresholds that nothing reaches make that gesture one that the classifier does not know.
    """
    usual = ModelCard.threshold
    monkeypatch.setattr(
        ModelCard,
        "threshold",
        lambda card, label: 2.0 if card.task == "classify" else usual(card, label),
    )
    recognizer = open_recognizer(RecognitionSettings())
    seen: dict[str, list[custom_gestures.Array]] = {}
    camera = open_camera("demo", CameraSettings())
    while (frame := camera.read()) is not None:
        for hand in recognizer.recognize(frame.image).hands if frame.index % 3 == 0 else ():
            if hand.embedding is not None and hand.gesture_score > 0.8:
                seen.setdefault(hand.gesture, []).append(hand.embedding)
    camera.close()
    seen.pop("no_gesture", None)
    longest = max(seen.values(), key=len)
    gesture = custom_gestures.distil(
        "mine", recognizer.model, np.array(longest), np.zeros((0, 160), np.float32)
    )
    custom_gestures.save(custom_gestures_folder(), gesture)
    assert main(["bind", "mine", "pause"]) == 0
    events = tmp_path / "events.jsonl"
    run = ["run", "--camera", "demo", "--output", "null", "--no-panel", "--dry-run"]
    assert main([*run, "--speed", "max", "--events", str(events)]) == 0
    fired = [json.loads(line) for line in events.read_text().splitlines()]
    fired = [event for event in fired if event["phase"] == "fire"]
    assert fired
    assert {event["gesture"] for event in fired} == {"mine"}
    assert fired[0]["action"] == "pause"
