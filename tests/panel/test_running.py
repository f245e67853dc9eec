"""The panel on the program itself: what it shows, what it changes, and that it costs nothing."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.fakes.output import RecordingOutput
from tests.rigs.panel import TEXT, Panelled, panelled_by
from vcam.actions.microphone.monitor import MUTED_BADGE
from vcam.core.view import View
from vcam.errors import OutputError
from vcam.overlay.composer import Sketch
from vcam.overlay.settings import OverlaySettings
from vcam.pipeline.state import ProgramState
from vcam.pipeline.video import VideoPath
from vcam.settings import load_settings
from vcam.system.clock import SteppedClock
from vcam.tray.appearance import TrayState


@pytest.fixture
def panelled(tmp_path: Path) -> Iterator[Panelled]:
    """Return a running program with its panel."""
    with panelled_by(tmp_path, TEXT) as running:
        yield running


@pytest.mark.alone  # the rate of images is measured
def test_it_shows_what_is_the_case(panelled: Panelled) -> None:
    """Hands, scores and what fired reach the page, and the picture rate is the camera's."""
    assert panelled.comes(lambda state: state["scores"].get("stop", 0) > 0.5)
    assert panelled.comes(lambda state: any(f["gesture"] == "stop" for f in state["fired"]))
    assert panelled.comes(lambda state: 20 <= state["fps"] <= 40)
    state = panelled.state()
    assert (state["camera"], state["outputs"], state["dry_run"]) == ("demo", ["null"], True)


def test_pausing_holds_gestures_back(panelled: Panelled) -> None:
    """While paused nothing fires, and the state says so; afterwards gestures count again."""
    panelled.order("pause", paused=True)
    assert panelled.comes(lambda state: state["doing"] == "paused")
    assert not panelled.comes(lambda state: state["fired"], 4)
    panelled.order("pause", paused=False)
    assert panelled.comes(lambda state: state["doing"] in ("idle", "recognising"))


def test_a_change_on_the_page_takes_effect(panelled: Panelled) -> None:
    """A binding and a threshold from the page reach the running program; comments stay."""
    bound = panelled.order("bind", profile="mine", gesture="palm", action="overlay.off")
    assert bound["ok"]
    panelled.order("threshold", gesture="like", score=0.88)
    assert panelled.comes(lambda state: state["thresholds"]["like"] == 0.88)
    assert panelled.comes(lambda state: any(f["action"] == "overlay.off" for f in state["fired"]))
    assert "# blur" in panelled.settings.read_text()


def test_an_edit_by_hand_is_noticed(panelled: Panelled) -> None:
    """The page hears of good and of bad edits that somebody makes in the file."""
    before = panelled.state()["settings"]
    panelled.settings.write_text(TEXT.replace("video.blur", "video.blank"))
    assert panelled.comes(lambda state: state["settings"] == before + 1)
    panelled.settings.write_text(TEXT.replace("video.blur", "video.blurr"))
    assert panelled.comes(lambda state: state["settings"] == before + 2)


def test_the_tray_shows_the_same(panelled: Panelled) -> None:
    """Recognising, muted and paused, as the program knows it; and it can end the program."""
    controller = panelled.app.controller
    assert controller is not None
    assert panelled.comes(lambda _: controller.tray_state() == TrayState("recognising"))
    panelled.app._state.tell("Microphone muted", badge=MUTED_BADGE)
    assert controller.tray_state() == TrayState("recognising", muted=True)
    controller.pause(True)
    assert controller.tray_state() == TrayState("paused", muted=True)
    controller.stop()
    panelled.close()


def test_a_tried_action_is_carried_out(panelled: Panelled) -> None:
    """`Try it` does what the gesture would do."""
    assert panelled.order("try", action="video.freeze")["ok"]
    assert panelled.comes(lambda state: state["video"] == "freeze")


def test_the_camera_is_changed_while_it_runs(panelled: Panelled) -> None:
    """A camera that is not there is reported, the program continues; then the clip comes back."""
    assert panelled.comes(lambda state: state["trouble"] is None)
    panelled.order("camera", device="/dev/video77")
    assert panelled.comes(lambda state: state["trouble"] and "video77" in state["trouble"])
    panelled.order("camera", device="demo")
    assert panelled.comes(lambda state: state["trouble"] is None and state["camera"] == "demo")
    assert load_settings(panelled.settings).camera.device == "demo"


def test_it_starts_without_a_camera(tmp_path: Path) -> None:
    """Where there is no camera the panel opens all the same and says what is missing."""
    path = tmp_path / "settings.toml"
    path.write_text("")
    running = Panelled(path, camera="/dev/video77")
    try:
        assert running.comes(lambda state: state["trouble"] and "video77" in state["trouble"])
        assert running.state()["doing"] == "waiting"
        assert running.app.controller
        assert running.app.controller.tray_state() == TrayState("waiting")
    finally:
        running.close()


class Glimpse(RecordingOutput):
    """An output that wants every other picture."""

    def __init__(self) -> None:
        super().__init__(private=True)
        self.asked = 0
        self.sketches: list[Sketch] = []

    def offer(self, sketch: Sketch) -> None:
        self.sketches.append(sketch)

    def due(self) -> bool:
        self.asked += 1
        return self.asked % 2 == 0


def test_images_are_drawn_only_for_who_wants_them(steady_state: ProgramState) -> None:
    """An output that is due now and then gets pictures when it is due, and others get every one."""
    always, glimpse = RecordingOutput(), Glimpse()
    video = VideoPath([always, glimpse], (64, 48), OverlaySettings(), steady_state)
    for i in range(6):
        video.show(np.zeros((48, 64, 3), np.uint8), View(), i / 30, i / 30)
    assert (len(always.images), len(glimpse.sketches), len(glimpse.images)) == (6, 3, 0)


def test_the_panel_alone_keeps_nothing_going(steady_state: ProgramState) -> None:
    """When the last real output is lost the run ends, even while a browser looks."""
    video = VideoPath(
        [RecordingOutput(fail_at=1), Glimpse()], (64, 48), OverlaySettings(), steady_state
    )
    video.show(np.zeros((48, 64, 3), np.uint8), View(), 0.0, 0.0)
    with pytest.raises(OutputError, match="lost"):
        video.show(np.zeros((48, 64, 3), np.uint8), View(), 0.1, 0.1)


@pytest.fixture
def steady_state() -> ProgramState:
    """Return the state of a program in which nothing happens."""
    return ProgramState(SteppedClock(), lambda _: None)
