"""Gestures of the person's own, taught and forgotten from the page while the program runs."""

import pytest

from tests.rigs.panel import Panelled, Served
from vcam.core.labels import NO_GESTURE, names_in
from vcam.system.paths import custom_gestures_folder


def test_images_become_a_gesture(served: Served) -> None:
    """What was collected of a name is learnt against what was collected of idle hands."""
    for gesture, hand in (("vulcan", "left"), ("vulcan", "right"), (NO_GESTURE, "any")):
        assert served.order("take", gesture=gesture, hand=hand)["ok"]
    assert served.order("learn", gesture="vulcan") == {"ok": True, "answer": 2}
    assert served.program.asked == [("learn", ("vulcan", 2, 1))]
    assert served.order("forget", gesture="vulcan")["ok"]
    assert served.program.asked[-1] == ("forget", ("vulcan", "system"))


def test_images_go_in_order_of_time(served: Served) -> None:
    """Left and right hands lie in folders of their own; learning goes by when they were taken."""
    for place in ("vulcan/right/13-1.jpg", "vulcan/left/12-1.jpg", "vulcan/20-1.jpg"):
        path = served.places.images / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    paths = served.server.desk.collection.paths("vulcan")
    assert [path.name for path in paths] == ["12-1.jpg", "13-1.jpg", "20-1.jpg"]
    assert served.server.desk.collection.example("vulcan") == "vulcan/right/13-1.jpg"


@pytest.mark.parametrize(
    ("gesture", "said"), [("palm", "HaGRID's already"), ("../up", "no name"), ("", "not empty")]
)
def test_a_name_that_cannot_be(served: Served, gesture: str, said: str) -> None:
    """A name is checked before anything is recorded, and again before it is learnt."""
    for order in ("name", "learn"):
        assert said in served.order(order, gesture=gesture)["error"]
    assert served.program.asked == []


def test_all_images_of_a_gesture_are_deleted(served: Served) -> None:
    """One order deletes what was collected of a name, and nothing else."""
    for gesture in ("vulcan", "vulcan", NO_GESTURE):
        served.order("take", gesture=gesture, hand="any")
    assert served.order("delete-all", gesture="vulcan")["ok"]
    assert [c["gesture"] for c in served.json("collected")["collected"]] == [NO_GESTURE]
    assert served.order("delete-all", gesture="../..")["ok"]
    assert served.places.settings.parent.is_dir()


def test_learnt_and_forgotten_while_it_runs(learned: Panelled) -> None:
    """A gesture that is learnt from the page fires at once; bound, it is not forgotten."""
    edition = learned.state()["settings"]
    assert not learned.comes(lambda state: state["fired"], 2)
    learnt = learned.order("learn", gesture="mine")
    assert learnt["ok"], learnt
    assert learnt["answer"] >= 8
    assert learned.comes(lambda state: state["settings"] > edition)
    assert learned.comes(lambda state: state["fired"], 40)
    assert {fired["gesture"] for fired in learned.state()["fired"]} == {"mine"}
    assert learned.order("bind", profile="mine", gesture="mine", action="overlay.off")["ok"]
    assert "bound in profile mine" in learned.order("forget", gesture="mine")["error"]
    assert learned.order("unbind", profile="mine", gesture="mine", action="overlay.off")["ok"]
    assert learned.order("forget", gesture="mine")["ok"]
    assert names_in(custom_gestures_folder()) == ()
    assert learned.comes(lambda state: "mine" not in state["thresholds"])
