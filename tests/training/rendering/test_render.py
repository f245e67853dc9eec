"""Rendered hands: same seed same picture, left is right mirrored, boxes and labels are true."""

import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from training.rendering import assets
from training.rendering.bend import PLAIN_SHAPE, joint_frames, joint_turns, skinned
from training.rendering.command import main
from training.rendering.dataset import RUN_LOG, RenderPlan, annotation, cutout, synthesize
from training.rendering.gltf import Floats
from training.rendering.people import light, subject, view
from training.rendering.poses import IDLE_POSES, POSES
from training.rendering.raster import rasterise
from training.rendering.render import mirrored, render
from training.rendering.rig import HAND, JOINTS, Rig, load_rig
from training.rendering.scene import Cutout
from training.rendering.subdivide import subdivide
from vcam.core.labels import GESTURES, LABELS

CUBE = np.array([[x, y, z] for x in (0.0, 1.0) for y in (0.0, 1.0) for z in (0.0, 1.0)])
CUBE_FACES = np.array(
    [
        (0, 1, 3), (0, 3, 2), (4, 6, 7), (4, 7, 5), (0, 4, 5), (0, 5, 1),
        (2, 3, 7), (2, 7, 6), (0, 2, 6), (0, 6, 4), (1, 5, 7), (1, 7, 3),
    ]
)  # fmt: skip


@pytest.fixture(scope="module")
def rig(hands: Path) -> Rig:
    """The rig, built once."""
    return load_rig(hands)


def test_every_gesture_has_a_pose() -> None:
    """Each of the 18 gestures has a pose of 21 finite angles, and idle hands have several."""
    assert set(POSES) == set(GESTURES)
    assert len(IDLE_POSES) >= 5
    for gesture in (*POSES.values(), *IDLE_POSES):
        assert gesture.angles().shape == (21,)
        assert np.isfinite(gesture.angles()).all()


def test_subdivision_keeps_a_closed_surface() -> None:
    """Subdividing a cube gives four faces for one, a closed surface, and stays inside the cube."""
    points, faces = subdivide(CUBE, CUBE_FACES)
    sides = np.sort(np.stack([faces, np.roll(faces, -1, axis=1)], axis=2).reshape(-1, 2), axis=1)
    _, counts = np.unique(sides, axis=0, return_counts=True)
    assert len(faces) == 4 * len(CUBE_FACES)
    assert (counts == 2).all()
    assert points.min() >= 0.0
    assert points.max() <= 1.0


def test_rasteriser_shows_the_nearest_face() -> None:
    """Of two triangles that overlap, each pixel shows the nearer, with weights that sum to one."""
    far = [(1, 1, 0), (1, 9, 0), (9, 1, 0)]
    near = [(1, 1, 5), (1, 5, 5), (5, 1, 5)]
    points, faces = np.array(far + near, float), np.array([(0, 1, 2), (3, 4, 5)])
    found = rasterise(points, faces, 10, 10)
    seen = dict(zip(found.pixels.tolist(), found.faces.tolist(), strict=True))
    assert seen[2 * 10 + 2] == 1
    assert seen[2 * 10 + 6] == 0
    assert 9 * 10 + 9 not in seen
    np.testing.assert_allclose(found.corners.sum(axis=1), 1.0)


def test_faces_that_are_turned_away_are_not_drawn() -> None:
    """A triangle seen from behind covers no pixel."""
    points = np.array([(1, 1, 0), (9, 1, 0), (1, 9, 0)], float)
    assert len(rasterise(points, np.array([(0, 1, 2)]), 10, 10).pixels) == 0


def test_mirroring_twice_gives_the_hand_back() -> None:
    """The mirror flips picture, box and joints exactly, so doing it twice changes nothing."""
    rgba = np.random.default_rng(0).integers(0, 256, (6, 8, 4), dtype=np.uint8)
    box, joints = np.array([1.0, 2.0, 5.0, 6.0]), np.array([[1.5, 2.5]])
    once = mirrored(rgba, box, joints)
    twice = mirrored(once.rgba, once.box_xyxy, once.joints)
    assert once.side == "left"
    np.testing.assert_array_equal(once.box_xyxy, [3.0, 2.0, 7.0, 6.0])
    np.testing.assert_array_equal(twice.rgba, rgba)
    np.testing.assert_array_equal(twice.box_xyxy, box)
    np.testing.assert_array_equal(twice.joints, joints)


def test_rest_pose_moves_nothing(rig: Rig) -> None:
    """With all angles at zero, skinning returns the rest surface."""
    frames = joint_frames(rig, joint_turns(np.zeros(21), np.zeros(2)), PLAIN_SHAPE)
    np.testing.assert_allclose(skinned(rig, frames, PLAIN_SHAPE), rig.vertices, atol=1e-6)


def test_right_palm_has_its_thumb_on_the_right(rig: Rig) -> None:
    """A right palm held to an unmirrored camera, fingers up, points its thumb to the right."""
    thumb, little, middle = (
        rig.bind[JOINTS.index(name), :3, 3]
        for name in ("thumb-tip", "pinky-finger-tip", "middle-finger-tip")
    )
    assert thumb[0] > 0 > little[0]
    assert middle[1] > 0.15


@pytest.mark.parametrize("label", LABELS)
def test_box_holds_the_hand(rig: Rig, label: str) -> None:
    """The box lies in the picture, holds opaque pixels on all four sides, for all classes."""
    made = cutout(rig, label, (3, 1), 96)
    x0, y0, x1, y1 = made.box_xyxy
    assert 0 <= x0 < x1 <= 96
    assert 0 <= y0 < y1 <= 96
    inside = made.rgba[int(y0) : int(np.ceil(y1)), int(x0) : int(np.ceil(x1)), 3] > 0
    for side in (inside[0], inside[-1], inside[:, 0], inside[:, -1]):
        assert side.any()
    assert 0.4 < max(x1 - x0, y1 - y0) / 96 < 0.85


def test_box_holds_all_alpha_of_a_hand_without_arm(rig: Rig) -> None:
    """Rendered without its forearm, no pixel of the hand lies outside the box."""
    only = rig.part == HAND
    bare = replace(rig, faces=rig.faces[only], part=rig.part[only])
    for index in range(12):
        rng = np.random.default_rng(index)
        person, gesture = subject("palm", rng)
        seen_from = view(gesture, 80, rng)
        made = render(bare, replace(person, sleeve=None), light(rng), seen_from, "right")
        row, column = np.nonzero(made.rgba[..., 3])
        x0, y0, x1, y1 = made.box_xyxy
        assert x0 - 1 < column.min()
        assert column.max() < x1 + 1
        assert y0 - 1 < row.min()
        assert row.max() < y1 + 1


def test_left_hand_is_the_mirror_of_a_right_one(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same draw as a left hand is the right hand's picture flipped, bit for bit."""
    left = cutout(rig, "ok", (4, 3), 80)
    flips: list[Cutout] = []

    def keep(rgba: NDArray[np.uint8], box: Floats, joints: Floats) -> Cutout:
        flips.append(Cutout(rgba, box, joints, "right"))
        return mirrored(rgba, box, joints)

    monkeypatch.setattr("training.rendering.render.mirrored", keep)
    cutout(rig, "ok", (4, 3), 80)
    assert left.side == "left"
    np.testing.assert_array_equal(left.rgba, flips[0].rgba[:, ::-1])
    np.testing.assert_allclose(left.joints[:, 0], 80 - flips[0].joints[:, 0])


def test_seed_decides_everything(rig: Rig) -> None:
    """The same seed and index give the same bits; another seed gives another picture."""
    one, two, other = (cutout(rig, "rock", (seed, 0), 72) for seed in (5, 5, 6))
    np.testing.assert_array_equal(one.rgba, two.rgba)
    np.testing.assert_array_equal(one.box_xyxy, two.box_xyxy)
    assert (one.rgba != other.rgba).any()


def test_annotation_schema(rig: Rig) -> None:
    """An entry has HaGRID's keys: xywh in 0..1, one label, the hand, 21 landmarks."""
    made = cutout(rig, "one", (1, 0), 64)
    entry = annotation(made, "one")
    x, y, wide, tall = entry["bboxes"][0]
    assert entry["labels"] == ["one"]
    assert entry["leading_hand"] == "right"
    assert entry["user_id"] is None
    assert entry["source"] == "rendered"
    assert np.array(entry["landmarks"]).shape == (1, 21, 2)
    np.testing.assert_allclose([x, y, x + wide, y + tall], made.box_xyxy / 64, atol=1e-5)


def test_data_set_resumes(hands: Path, tmp_path: Path) -> None:
    """A second run with a larger count keeps what is there and adds only what is missing."""
    list(synthesize(RenderPlan(("fist", "one"), 1, 0, 48, tmp_path), hands, 1))
    first = tmp_path / "fist" / "fist-s0-p48-00000.png"
    before = first.stat().st_mtime_ns
    with (tmp_path / RUN_LOG).open("a") as log:
        log.write('["fist", "torn')
    steps = list(synthesize(RenderPlan(("fist", "one"), 2, 0, 48, tmp_path), hands, 1))
    named = json.loads((tmp_path / "annotations" / "fist.json").read_text())
    assert steps[0] == 2
    assert steps[-1] == 4
    assert first.stat().st_mtime_ns == before
    assert sorted(named) == ["fist-s0-p48-00000", "fist-s0-p48-00001"]
    assert [named[key]["leading_hand"] for key in sorted(named)] == ["right", "left"]


def test_without_npm_one_sentence_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With an empty cache and no npm the command exits 2 and names both remedies, no traceback."""
    monkeypatch.setattr(assets, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert main(["--gestures", "ok", "--count", "1", "--out", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert "npm is missing" in said
    assert "--hands" in said
    assert said.count("\n") == 1


def test_failing_npm_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When npm cannot fetch the package its own words are passed on, and nothing is left behind."""
    failed = subprocess.CompletedProcess([], 1, "", "network unreachable")
    monkeypatch.setattr(shutil, "which", lambda _: "/usr/bin/npm")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: failed)
    with pytest.raises(assets.AssetError, match="network unreachable"):
        assets.fetch(tmp_path / "right.glb")
    assert list(tmp_path.iterdir()) == []


def test_wrong_hand_file_is_refused(tmp_path: Path) -> None:
    """A right.glb with another hash is refused by name."""
    (tmp_path / "right.glb").write_bytes(b"not a hand")
    with pytest.raises(assets.AssetError, match="is not the right"):
        assets.hand_file(tmp_path)


@pytest.mark.parametrize(
    "options", [["--gestures", "wave", "--out", "x"], ["--count", "0", "--out", "x"], []]
)
def test_mistakes_exit_2(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown gesture, a count of nothing, or no folder exit 2 with one sentence."""
    assert main(options) == 2
    assert capsys.readouterr().err.count("\n") == 1
