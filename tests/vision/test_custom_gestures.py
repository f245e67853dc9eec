"""Gestures of the person's own: what is learnt, kept and recognised."""

import json
import stat
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from vcam.core.hand import Detection, Hand
from vcam.core.labels import GESTURES, NO_GESTURE, names_in
from vcam.errors import ConfigError
from vcam.vision import custom_gestures
from vcam.vision.recognizer import Recognizer
from vcam.vision.score_fusion import ScoreFusion

POSE, IDLE, OTHER = np.eye(3, 16, dtype=np.float32)


def _around(
    middle: custom_gestures.Array, count: int, noise: float = 0.05
) -> custom_gestures.Array:
    rows = middle + np.random.default_rng(0).normal(0, noise, (count, 16))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def _learnt(name: str = "vulcan", model: str = "m") -> custom_gestures.CustomGesture:
    return custom_gestures.distil(name, model, _around(POSE, 40), _around(IDLE, 20))


def test_the_pose_is_distinguished_from_others() -> None:
    """New sights of the pose reach the even score; idle hands and other poses do not."""
    gesture = _learnt()
    fresh = _around(POSE, 60)[40:]
    assert (
        np.mean([gesture.score(each) >= custom_gestures.SCORE_AT_THRESHOLD for each in fresh])
        >= 0.8
    )
    for away in (IDLE, OTHER, -POSE):
        assert gesture.score(away) < custom_gestures.SCORE_AT_THRESHOLD
    assert gesture.score(gesture.examples[0]) == pytest.approx(1.0)
    assert len(gesture.examples) == custom_gestures.MAX_EXAMPLES


def test_too_little_is_not_learnt_from() -> None:
    """A handful of pictures is refused, and so is none."""
    for count in (0, custom_gestures.MIN_EXAMPLES - 1):
        with pytest.raises(ConfigError, match=f"Only {count} pictures show a hand"):
            custom_gestures.distil("vulcan", "m", _around(POSE, count), _around(IDLE, 0))


def test_what_resembles_idle_hands_is_refused() -> None:
    """A pose that idle hands show as well is no gesture, and the sentence says why."""
    with pytest.raises(ConfigError, match="idle hands look too much like it"):
        custom_gestures.distil("vulcan", "m", _around(POSE, 40), _around(POSE, 60)[40:])


def test_a_pose_that_is_never_the_same_is_refused() -> None:
    """Recordings whose parts have nothing to do with each other are refused."""
    with pytest.raises(ConfigError, match="it differs too much"):
        custom_gestures.distil("vulcan", "m", np.eye(16, dtype=np.float32), _around(IDLE, 0))


@pytest.mark.parametrize("name", ["Vulcan", "my sign", "../up", "", "stop", "swipe_left", "grip"])
def test_bad_names(name: str) -> None:
    """Names are snake_case, and none of HaGRID's."""
    with pytest.raises(ConfigError, match=r"no name for a gesture|HaGRID's already"):
        custom_gestures.check_name(name)


def test_kept_and_read(tmp_path: Path) -> None:
    """What is saved is read back the same, by its owner alone, and nothing else is left."""
    folder, gesture = tmp_path / "gestures", _learnt()
    path = custom_gestures.save(folder, gesture)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [each.name for each in folder.iterdir()] == ["vulcan.json"]
    back = custom_gestures.read(path)
    np.testing.assert_allclose(back.examples, gesture.examples, atol=1e-4)
    assert back.min_cosine == pytest.approx(gesture.min_cosine, abs=1e-4)
    assert names_in(folder) == ("vulcan",)
    custom_gestures.forget(folder, "vulcan")
    assert names_in(folder) == ()
    with pytest.raises(ConfigError, match="no gesture vulcan of your own"):
        custom_gestures.forget(folder, "vulcan")


def test_another_model_asks_to_learn_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A gesture of another model's embeddings is left out, and the log says what to do."""
    custom_gestures.save(tmp_path, _learnt())
    assert [each.name for each in custom_gestures.usable(tmp_path, "m")] == ["vulcan"]
    assert custom_gestures.usable(tmp_path, "other") == []
    assert "vcam learn vulcan --again" in caplog.text


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"model": "m", "least": 2, "examples": [[1]]}']
)
def test_a_damaged_file_is_left_out(
    tmp_path: Path, content: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Damage to one gesture's file does not stop the program, and the log names it."""
    (tmp_path / "vulcan.json").write_text(content)
    assert custom_gestures.usable(tmp_path, "m") == []
    assert "is damaged" in caplog.text


def test_embeddings_of_another_length_are_damage(tmp_path: Path) -> None:
    """Examples that are no numbers, or no rows of them, are refused as damaged."""
    bad = {"model": "m", "least": 0.9, "examples": [[1.0], [1.0, 2.0]]}
    path = tmp_path / "vulcan.json"
    path.write_text(json.dumps(bad))
    with pytest.raises(ConfigError, match="is damaged"):
        custom_gestures.read(path)


class _Detector:
    min_score_to_act, fusion = 0.4, ScoreFusion()

    def detect(self, _: custom_gestures.Array, *, refine: bool = True) -> list[Detection]:
        return [Detection((10, 10, 90, 90), 0.9)]


class _Card:
    labels, sha256 = (*GESTURES, NO_GESTURE), "m"

    def threshold(self, _: str) -> float:
        return 0.6


class _Classifier:
    """Says what a test says."""

    card = _Card()

    def __init__(self, gesture: str, score: float, embedding: custom_gestures.Array | None) -> None:
        self._hand = Hand((10, 10, 90, 90), 0.9, gesture, score, embedding=embedding)

    def classify(
        self, _: custom_gestures.Array, found: Sequence[Detection], *, refine: bool = True
    ) -> list[Hand]:
        return [self._hand for _ in found]


def _shown(gesture: str, score: float, embedding: custom_gestures.Array | None) -> Hand:
    classifier = _Classifier(gesture, score, embedding)
    recognizer = Recognizer(_Detector(), classifier, [_learnt()])  # type: ignore[arg-type]  # scripted
    return recognizer.recognize(np.zeros((100, 100, 3), np.uint8)).hands[0]


def test_own_gestures_come_after_the_usual_ones() -> None:
    """A pose is one's own only where the classifier is not confident of something that it knows."""
    pose = _learnt().examples[0]
    assert _shown(NO_GESTURE, 0.99, pose).gesture == "vulcan"
    assert _shown("peace", 0.3, pose).gesture == "vulcan"
    assert _shown("peace", 0.9, pose).gesture == "peace"
    assert _shown(NO_GESTURE, 0.99, IDLE).gesture == NO_GESTURE
    assert _shown(NO_GESTURE, 0.99, None).gesture == NO_GESTURE
    assert _shown(NO_GESTURE, 0.99, pose[:8]).gesture == NO_GESTURE
