"""The classifier that looks for joints first."""

import argparse
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from training.datasets.hand_canvas import LANDMARKS
from training.export.export import Choice, export
from training.models.joint_map import (
    JointMapClassifier,
    JointMapShape,
    finger_features,
    hand_frame,
)
from training.models.load import load_net
from training.models.small import ClassifierShape, CropClassifier
from training.train.classifier_loss import joint_map_loss
from training.train.classifier_options import add_arguments, recipe_of
from training.train.cli_options import start_from
from training.train.distributed import Distributed
from vcam.core.labels import LABELS
from vcam.vision.models.session import ModelSession

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")

SHAPE = JointMapShape(
    size=32, stem=8, widths=(8, 8, 16, 16), middle=8, fine=8, hidden=16, fingers=8
)
CELLS = 8
BODY = ClassifierShape(size=32, stem=8, widths=(8, 8, 16, 16))


def _net() -> JointMapClassifier:
    torch.manual_seed(2)
    return JointMapClassifier(SHAPE, len(LABELS))


def _checkpoint(file: Path, net: nn.Module, arch: str) -> Path:
    facts = {"task": "classify", "labels": list(LABELS), "margin": 1.25, "commit": "abc1234"}
    described = net.describe()  # type: ignore[operator]  # of a net of ours
    torch.save({**facts, "arch": arch, "shape": described, "weights": net.state_dict()}, file)
    return file


def _spike(places: Tensor) -> Tensor:
    """Return logits of maps (N, 21, CELLS**2), all of each in one cell, (N, 21) indices."""
    return 30.0 * torch.nn.functional.one_hot(places, CELLS**2).float()


def test_joints_are_where_their_maps_say() -> None:
    """Joints are the means of their maps: x to the right and y down, in parts of the crop."""
    maps = _net().maps.eval()
    features = torch.rand(1, 8, 8, 8), torch.rand(1, 8, 4, 4), torch.rand(1, 16, 2, 2)
    nn.init.zeros_(maps.joints.weight)
    joints = maps(*features)[1]
    torch.testing.assert_close(joints, torch.full((1, LANDMARKS, 2), 0.5))
    cells = torch.softmax(maps(*features)[0], -1)
    torch.testing.assert_close(cells, torch.full_like(cells, CELLS**-2))
    torch.testing.assert_close(maps.places[2 * CELLS + 5], torch.tensor([5.5, 2.5]) / CELLS)


def test_fingers_are_read_alike_wherever_and_however_large_the_hand_is() -> None:
    """Only what the joints are among each other counts; a mirror changes that."""
    joints = torch.rand(3, LANDMARKS, 2, generator=torch.Generator().manual_seed(1))
    moved = 0.3 * joints + torch.tensor([0.4, 0.1])
    read = finger_features(joints)
    torch.testing.assert_close(finger_features(moved), read, rtol=1e-3, atol=1e-4)
    mirrored = joints * torch.tensor([-1.0, 1.0])
    assert not torch.allclose(finger_features(mirrored), read, atol=0.1)
    side = hand_frame(joints)
    torch.testing.assert_close(side.mean(1), torch.zeros(3, 2), rtol=0, atol=1e-6)


def test_a_hand_without_extent_gives_numbers() -> None:
    """All joints in one place divide nothing by zero."""
    assert finger_features(torch.full((2, LANDMARKS, 2), 0.5)).isfinite().all()


def test_maps_learn_from_what_is_known_and_inside_alone() -> None:
    """The loss is least at the truth; NaN and joints beyond the crop count for nothing."""
    alone = Distributed()
    truth = torch.full((1, LANDMARKS, 2), float("nan"))
    right, wrong = torch.full((1, LANDMARKS), 9), torch.full((1, LANDMARKS), 60)
    given = torch.full((1, LANDMARKS, 2), 0.2)
    assert joint_map_loss(given, _spike(wrong), truth, alone) == 0
    truth[0, 0] = torch.tensor([1.2, 0.5])
    assert joint_map_loss(given, _spike(wrong), truth, alone) == 0
    truth[0, 0] = torch.tensor([1.5, 1.5]) / CELLS  # the middle of cell 9
    losses = {
        (place, x): float(
            joint_map_loss(torch.full((1, LANDMARKS, 2), x), _spike(cells), truth, alone)
        )
        for place, cells in (("right", right), ("wrong", wrong))
        for x in (1.5 / CELLS, 0.5)
    }
    assert losses["right", 1.5 / CELLS] < losses["right", 0.5] < losses["wrong", 0.5]
    assert losses["right", 1.5 / CELLS] < losses["wrong", 1.5 / CELLS]


def test_names_do_not_move_joints() -> None:
    """What gestures are called teaches the maps nothing: joints have a truth of their own."""
    net = _net().train()
    given = net(torch.randint(0, 255, (4, 32, 32, 3)).float())
    given["gesture"].sum().backward()
    assert net.maps.joints.weight.grad is None
    assert net.fingers.first.weight.grad is not None


def test_it_begins_where_a_small_net_stands(tmp_path: Path) -> None:
    """With the weights of a small net it says what that one says, until it learns more."""
    torch.manual_seed(3)
    small = CropClassifier(BODY, len(LABELS)).eval()
    file = _checkpoint(tmp_path / "small.pt", small, "small")
    net = _net()
    assert start_from(net, file, lambda: torch.zeros(0), LABELS) == LABELS
    crops = torch.randint(0, 255, (3, 32, 32, 3), generator=torch.Generator().manual_seed(1))
    wanted, given = small(crops), net.eval()(crops)
    assert set(given) == set(wanted), "joints are for training alone"
    for head in ("gesture", "hand", "orientation"):
        torch.testing.assert_close(given[head], wanted[head])


def test_bare_fingers_change_nothing_until_a_name_reads_them(tmp_path: Path) -> None:
    """With wider heads the net says what it said, and its embeddings are the same."""
    narrow = _net().eval()
    file = _checkpoint(tmp_path / "narrow.pt", narrow, "joint_map")
    wide = JointMapClassifier(replace(SHAPE, bare_fingers=True), len(LABELS)).eval()
    start_from(wide, file, lambda: torch.zeros(0), LABELS)
    crops = torch.randint(0, 255, (3, 32, 32, 3), generator=torch.Generator().manual_seed(1))
    wanted, given = narrow(crops), wide(crops)
    for name, value in wanted.items():
        torch.testing.assert_close(given[name], value)
    with torch.no_grad():
        wide.heads.gesture.weight[0, -1] = 1.0
    assert not torch.allclose(wide(crops)["gesture"][:, 0], wanted["gesture"][:, 0])


def test_it_runs_in_the_program(tmp_path: Path) -> None:
    """Exported, it is a classifier like any other."""
    file = _checkpoint(tmp_path / "model.pt", _net().eval(), "joint_map")
    read = torch.load(file, weights_only=True)
    assert isinstance(load_net(read), JointMapClassifier)
    path = export(file, Choice("joint_map", tmp_path / "out"), {})
    session = ModelSession(path, "classify")
    crops = torch.randint(0, 255, (2, 32, 32, 3), dtype=torch.uint8).numpy()
    given = session.run_all(crops)
    assert given["gesture"].shape == (2, len(LABELS))
    assert given["embedding"].shape == (2, 16 + SHAPE.fingers)


def test_a_start_brings_its_recipe(tmp_path: Path) -> None:
    """Whoever names a start need not know which net it holds."""
    options = argparse.ArgumentParser()
    add_arguments(options)
    joints = _checkpoint(tmp_path / "joints.pt", _net(), "joint_map")
    small = _checkpoint(tmp_path / "small.pt", CropClassifier(BODY, len(LABELS)), "small")
    recipes = {
        start: recipe_of(options.parse_args(["--start", str(start)])).arch
        for start in (joints, small)
    }
    assert recipes == {joints: "joint_map", small: "small"}
    names = recipe_of(options.parse_args(["--start", str(joints), "--learn", "names"]))
    assert names.shape == {"bare_fingers": True}
    wide = JointMapClassifier(replace(SHAPE, bare_fingers=True), len(LABELS))
    widest = _checkpoint(tmp_path / "wide.pt", wide, "joint_map")
    assert recipe_of(options.parse_args(["--start", str(widest)])).shape == {"bare_fingers": True}
    asked = recipe_of(options.parse_args(["--start", str(small), "--recipe", "joint_map"]))
    assert asked.shape == {"bare_fingers": False}
    assert (asked.arch, asked.crops.size) == ("joint_map", 96)
