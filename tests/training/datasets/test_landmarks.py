"""Landmarks that a teacher finds: which hand they belong to, and what training makes of them."""

import json
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import torch

from tests.training.rigs.tiny import write_archive
from training.__main__ import main
from training.augmentation.crop_dataset import CropBatches, CropRecipe
from training.datasets.annotations import HandLabel
from training.datasets.dataset import open_prepared
from training.datasets.formats.registry import recognise
from training.datasets.hand_canvas import LANDMARKS
from training.datasets.landmarks import SEEN_PX, FoundLandmarks, find_landmarks, landmarks_of
from training.datasets.skip_report import Skips
from training.errors import TrainingError
from training.models.joint_map import hand_frame
from training.models.small import ClassifierShape, CropClassifier
from training.train.classifier_loss import joints_loss
from training.train.cli_options import start_from
from training.train.distributed import Distributed
from vcam.core.frame import Image

IMAGE = np.zeros((100, 200, 3), np.uint8)
HAND = HandLabel((0.4, 0.2, 0.2, 0.6), "palm", None, 0.0)
"""Pixels 80..120 across, 20..80 down."""


def grid(left: float, top: float, width: float, height: float) -> npt.NDArray[np.float64]:
    """Return 21 points in seven rows of three, from corner to corner."""
    across, down = np.meshgrid(np.linspace(0, width, 3), np.linspace(0, height, 7))
    return np.column_stack([left + across.ravel(), top + down.ravel()])


def test_landmarks_come_back_in_the_images_pixels() -> None:
    """The teacher sees an enlarged square around the hand; the hand in the box counts."""
    scale = SEEN_PX / 120  # the box's longer side is 60
    inside, beside = grid(20, 30, 40, 60) * scale, grid(0, 0, 15, 20) * scale

    def teacher(seen: Image) -> list[npt.NDArray[np.float64]]:
        assert seen.shape == (SEEN_PX, SEEN_PX, 3)
        return [beside, inside]

    found = landmarks_of(IMAGE, HAND, teacher)
    assert found is not None
    # The square is 120 pixels, from (40, -10) on.
    np.testing.assert_allclose(found, grid(60, 20, 40, 60), atol=1e-6)
    assert landmarks_of(IMAGE, HAND, lambda _: [beside]) is None
    assert landmarks_of(IMAGE, HAND, lambda _: []) is None


def test_hands_that_have_landmarks_keep_them(tmp_path: Path) -> None:
    """Only hands without landmarks are looked at; `prepare` takes what was found for those."""
    write_archive(tmp_path / "tiny.zip")
    images = list(recognise(tmp_path, "auto", None).images(Skips()))
    without = [p for p in images if any(not hand.landmarks for hand in p.hands)]
    found = find_landmarks(without, lambda _: [grid(64, 64, 128, 128)])
    file = tmp_path / "landmarks.json"
    file.write_text(json.dumps(found), encoding="utf-8")
    for before, after in zip(images, FoundLandmarks.read(file).apply(iter(images)), strict=True):
        for place, (old, new) in enumerate(zip(before.hands, after.hands, strict=True)):
            if old.landmarks:
                assert new.landmarks == old.landmarks
            else:
                assert (len(new.landmarks) == LANDMARKS) == (
                    str(place) in found.get(before.name, {})
                )
    assert found


@pytest.mark.parametrize("content", ["", "[1]", '{"a": 3}'])
def test_a_file_that_holds_no_landmarks_is_refused(tmp_path: Path, content: str) -> None:
    """In one sentence that says who writes such a file."""
    file = tmp_path / "landmarks.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(TrainingError, match="training landmarks"):
        FoundLandmarks.read(file)


def _prepared_with_landmarks(tmp_path: Path) -> Path:
    """Prepare hands whose landmarks are a grid that fills their box."""
    write_archive(tmp_path / "tiny.zip")
    images = list(recognise(tmp_path, "auto", None).images(Skips()))
    found = {
        p.name: {
            str(place): (grid(0, 0, 1, 1) * hand.box_xywh[2:] + hand.box_xywh[:2]).tolist()
            for place, hand in enumerate(p.hands)
            if not hand.landmarks
        }
        for p in images
    }
    file = tmp_path / "landmarks.json"
    file.write_text(json.dumps(found), encoding="utf-8")
    out = tmp_path / "cache"
    options = ["prepare", "--data", str(tmp_path), "--out", str(out)]
    assert main([*options, "--landmarks", str(file)]) == 0
    return out


def test_landmarks_follow_the_hand_through_augmentation(tmp_path: Path) -> None:
    """They are as large as the hand, lie about its middle, and turn and flip with it."""
    out = _prepared_with_landmarks(tmp_path)
    batches = CropBatches(
        open_prepared([out], "train"), CropRecipe(nothing=0.0, turned=0.0), 32, slice(None)
    )
    joints = batches[0].joints.numpy()
    known = ~np.isnan(joints).any((1, 2))
    assert known.sum() > 16
    middle, side = joints[known].mean(1), np.ptp(joints[known], axis=1).max(1)
    assert (abs(middle - 0.5) < 0.25).all(), "a hand is not where its crop is"
    assert (side > 1 / 1.25 / 1.5).all(), "a hand is smaller than a loose box makes it"
    assert (side < 1.25).all(), "a hand is larger than its crop"
    across = joints[known][:, 2, 0] - joints[known][:, 0, 0]
    assert (across > 0).any(), "no hand is as it was"
    assert (across < 0).any(), "no hand is mirrored"
    assert (joints[known][:, 20, 1] > joints[known][:, 0, 1]).all(), "a hand stands on its head"


def test_plain_crops_keep_their_landmarks(tmp_path: Path) -> None:
    """As in HaGRID's tutorial: what lies in a canvas's middle lies in the crop's."""
    out = _prepared_with_landmarks(tmp_path)
    recipe = CropRecipe(size=100, margin=1.0, balance=None, webcam=False)
    batches = CropBatches(open_prepared([out], "train"), recipe, 24, slice(None))
    joints = batches[0].joints.numpy()
    known = ~np.isnan(joints).any((1, 2))
    assert known.any()
    low, high = joints[known].min(1), joints[known].max(1)
    np.testing.assert_allclose((low + high) / 2, 0.5, atol=0.02)
    np.testing.assert_allclose((high - low).max(1), 1, atol=0.02)


def test_what_is_not_known_teaches_nothing() -> None:
    """NaN in the truth counts for nothing, nor does a batch that holds nothing else."""
    given = torch.zeros(2, LANDMARKS, 2, requires_grad=True)
    truth = torch.full((2, LANDMARKS, 2), float("nan"))
    assert joints_loss(given, truth, Distributed()) == 0
    truth[1] = torch.tensor([0.5, 0.5])
    truth[1, :10], truth[1, 10] = torch.tensor([0.3, 0.4]), torch.tensor([0.7, 0.6])
    away = hand_frame(truth[1:]).abs()
    loss = joints_loss(given, truth, Distributed())
    wanted = torch.where(away < 0.05, away**2 / 0.1, away - 0.025).mean()
    assert float(loss.detach()) == pytest.approx(float(wanted))
    torch.autograd.backward(loss)
    assert given.grad is not None
    assert not given.grad[0].any()
    assert given.grad[1].any()


def test_the_head_is_for_training_alone(tmp_path: Path) -> None:
    """A net that learnt joints gives none at run time; it may begin from one without them."""
    torch.manual_seed(1)
    plain = CropClassifier(ClassifierShape(size=32, widths=(8, 8)), 4)
    learning = CropClassifier(ClassifierShape(size=32, widths=(8, 8), joints=True), 4)
    crops = torch.zeros(2, 32, 32, 3)
    assert learning(crops)["joints"].shape == (2, LANDMARKS, 2)
    assert "joints" not in learning.eval()(crops)
    labels = ("a", "b", "c", "no_gesture")
    for net, other in ((plain, learning), (learning, plain)):
        file = tmp_path / "model.pt"
        content = {"task": "classify", "labels": labels, "weights": net.state_dict()}
        torch.save(content, file)
        assert start_from(other, file, lambda: crops, labels) == labels
        assert torch.equal(other.heads.gesture.weight, net.heads.gesture.weight)
