"""Learning: draws that follow from the seed alone, several processes, kills, recipes, bad input."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch

from training.__main__ import main
from training.augmentation.crop_dataset import CropBatches, CropRecipe
from training.augmentation.sampler import SlotSampler, class_balanced
from training.datasets.dataset import UNKNOWN, open_prepared
from training.errors import TrainingError
from training.models.heads import FeatureDropout
from training.models.load import build_classifier, load_net
from training.train.precision import chosen
from training.train.recipes import TUTORIAL_RECIPE
from vcam.core.labels import LABELS, NO_GESTURE

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
ROOT = Path(__file__).parents[3]
QUICK = ("--epochs", "2", "--pictures", "64", "--batch", "16", "--workers", "0")
EXACT = ("--precision", "float32", "--threads", "1")


def _command(cache: Path, out: Path, options: Sequence[str]) -> list[str]:
    return ["train", "classifier", "--cache", str(cache), "--out", str(out), *options]


def _weights(out: Path) -> dict[str, torch.Tensor]:
    found: dict[str, torch.Tensor] = torch.load(out / "model.pt", weights_only=True)["weights"]
    return found


def _losses(out: Path) -> list[float]:
    return [json.loads(line)["loss"] for line in (out / "log.jsonl").read_text().splitlines()]


def test_each_sample_once_an_epoch() -> None:
    """Without balance every sample stands in one slot of an epoch, in another order each time."""
    sampler = SlotSampler(np.zeros(32, np.int32), None)
    orders = []
    for epoch in range(2):
        slots = [s for step in range(4) for s in sampler.slots((1, epoch), step, 8, slice(None))]
        orders.append([slot.sample for slot in slots])
        assert sorted(orders[-1]) == list(range(32))
    assert orders[0] != orders[1]


def test_processes_share_the_slots_of_one() -> None:
    """What two processes draw together is what one would draw, random numbers included."""
    chance = np.full(40, 1 / 40)
    sampler = SlotSampler(np.repeat(np.arange(4, dtype=np.int32), 10), chance, streams=2)
    whole = sampler.slots((7, 0), 3, 8, slice(None))
    assert sampler.slots((7, 0), 3, 8, slice(0, 8, 2)) == whole[0::2]
    assert sampler.slots((7, 0), 3, 8, slice(1, 8, 2)) == whole[1::2]


def test_streams_keep_to_their_shards() -> None:
    """Slot i draws from the shards of stream i only, so that a machine needs no others."""
    shards = np.repeat(np.arange(4, dtype=np.int32), 10)
    sampler = SlotSampler(shards, np.full(40, 1 / 40), streams=2)
    for step in range(20):
        for place, slot in enumerate(sampler.slots((7, 0), step, 8, slice(None))):
            assert shards[slot.sample] % 2 == place % 2


def test_too_many_streams_are_reported() -> None:
    """More streams than shards would leave some without samples."""
    with pytest.raises(TrainingError, match="--streams 1"):
        SlotSampler(np.zeros(8, np.int32), None, streams=2)


def test_balance_lifts_rare_classes() -> None:
    """With power 1 every class is drawn alike, with 0 as often as it is there."""
    classes, weight = np.array([0] * 90 + [1] * 10), np.ones(100, np.float32)
    assert class_balanced(classes, weight, 1.0)[classes == 1].sum() == pytest.approx(0.5)
    assert class_balanced(classes, weight, 0.0)[classes == 1].sum() == pytest.approx(0.1)


def test_a_step_is_the_same_whenever_it_is_asked(cache: Path) -> None:
    """A batch follows from seed, epoch and step, not from what was drawn before."""
    batches = CropBatches(open_prepared([cache], "train"), CropRecipe(), 8, slice(None))
    batches.key = (42, 0)
    first = batches[3]
    batches[0], batches[1]
    again = batches[3]
    assert torch.equal(first.crops, again.crops)
    assert torch.equal(first.orientation, again.orientation)
    batches.key = (42, 1)
    assert not torch.equal(first.crops, batches[3].crops)


def test_turned_hands_teach_only_orientation(cache: Path) -> None:
    """A hand turned by a quarter or more teaches no gesture, at most `no_gesture`; a fist may."""
    recipe = CropRecipe(turned=1.0, nothing=0.0)
    batches = CropBatches(open_prepared([cache], "train"), recipe, 16, slice(None))
    allowed = {UNKNOWN, LABELS.index(NO_GESTURE), LABELS.index("fist")}
    assert set(batches[0].gesture.tolist()) <= allowed


def test_tutorial_takes_one_hand_an_image(cache: Path) -> None:
    """Its epochs are as long as there are pictures, and crops come as they are."""
    prepared = open_prepared([cache], "train")
    batches = CropBatches(prepared, TUTORIAL_RECIPE.crops, 4, slice(None))
    assert len(batches) == len(prepared.hands.first_of_image()) // 4
    assert batches[0].crops.shape == (4, 224, 224, 3)


def test_dropout_belongs_to_the_global_batch() -> None:
    """Two halves of a batch, each in its own process, lose what the whole would lose."""
    features = torch.ones(8, 16)
    dropout = FeatureDropout(0.5).train()
    dropout.at(5, 8, slice(None))
    whole = dropout(features)
    for rank in (0, 1):
        dropout.at(5, 8, slice(rank, 8, 2))
        assert torch.equal(dropout(features[rank::2]), whole[rank::2])


def test_two_processes_learn_what_one_does(cache: Path, tmp_path: Path) -> None:
    """Two processes under torchrun end with the weights of one with the same global batch.

    In double precision, so that the order in which numbers are added up does not matter: in single
    precision AdamW makes much of it, since its first steps go by a gradient's sign, and biases
    before a batch norm have a gradient of 0 but for rounding.
    """
    options = [*QUICK, *EXACT, "--epochs", "6", "--pictures", "32"]
    double = ["-m", "tests.training.rigs.double_precision"]
    both = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", *double]
    env = {**os.environ, "OMP_NUM_THREADS": "1"}
    for name, start in (("one", double), ("two", both)):
        command = [sys.executable, *start, *_command(cache, tmp_path / name, options)]
        done = subprocess.run(
            command, env=env, cwd=ROOT, capture_output=True, text=True, timeout=110, check=False
        )
        assert done.returncode == 0, done.stderr[-2000:]
    one, two = _weights(tmp_path / "one"), _weights(tmp_path / "two")
    assert one["heads.gesture.weight"].dtype == torch.float64
    assert max(float((one[name] - two[name]).abs().max()) for name in one) < 1e-9
    assert _losses(tmp_path / "one") == _losses(tmp_path / "two")


def test_workers_do_not_wait_for_threads_of_opencv(cache: Path, tmp_path: Path) -> None:
    """A process whose OpenCV has threads can still fork workers, epoch after epoch."""
    command = _command(cache, tmp_path, ["--epochs", "2", "--pictures", "32", "--batch", "16"])
    program = (
        "import cv2, numpy, sys\n"
        "from training.__main__ import main\n"
        "cv2.setNumThreads(4)\n"
        "cv2.GaussianBlur(numpy.zeros((2000, 2000, 3), numpy.uint8), (9, 9), 0)\n"
        f"sys.exit(main({[*command, '--workers', '1']!r}))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], timeout=100, check=False)
    assert done.returncode == 0
    assert len(_losses(tmp_path)) == 2


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_killed_and_gone_on(cache: Path, tmp_path: Path, how: signal.Signals) -> None:
    """A training that is killed in the middle of an epoch ends as if it was not."""
    options = ["--epochs", "2", "--pictures", "160", "--batch", "16", "--workers", "0", *EXACT]
    assert main(_command(cache, tmp_path / "whole", options)) == 0
    parts = _command(cache, tmp_path / "parts", [*options, "--save-every", "0.2"])
    run = subprocess.Popen([sys.executable, "-m", "training", *parts], stdout=subprocess.DEVNULL)
    last = tmp_path / "parts" / "last.pt"
    while not last.exists() and run.poll() is None:
        time.sleep(0.05)
    assert run.poll() is None
    run.send_signal(how)
    assert run.wait(60) == (-how if how == signal.SIGKILL else 130)
    assert main(parts) == 0
    one = torch.load(tmp_path / "whole" / "model.pt", weights_only=True)["weights"]
    other = torch.load(tmp_path / "parts" / "model.pt", weights_only=True)["weights"]
    assert all(torch.allclose(one[key].float(), other[key].float(), atol=1e-5) for key in one)
    assert _losses(tmp_path / "parts") == pytest.approx(_losses(tmp_path / "whole"), rel=1e-4)


def test_early_stop_keeps_the_best(cache: Path, tmp_path: Path) -> None:
    """Without progress training ends after `--patience` epochs; the best weights are kept."""
    options = ["--epochs", "30", "--pictures", "16", "--batch", "16", "--workers", "0"]
    options += ["--lr", "1e-9", "--patience", "2", "--keep", "best"]
    assert main(_command(cache, tmp_path, options)) == 0
    assert len(_losses(tmp_path)) < 30
    assert list((tmp_path / "tensorboard").glob("events*"))


@pytest.mark.parametrize("arch", ["resnet18", "timm:mobilenetv4_conv_small"])
def test_any_backbone(cache: Path, tmp_path: Path, arch: str) -> None:
    """A backbone that timm knows is trained by name, exported, and taken by the runtime."""
    options = ["--arch", arch, "--weights", "none", "--size", "64", "--recipe", "tutorial"]
    options += ["--epochs", "1", "--pictures", "8", "--batch", "8", "--workers", "0"]
    assert main(_command(cache, tmp_path, options)) == 0
    path = str(tmp_path / "model.pt")
    assert main(["export", path, "--name", "big", "--out", str(tmp_path)]) == 0
    card = json.loads((tmp_path / "big.json").read_text())
    assert card["input"]["height"] == 64


def test_weights_from_a_file(cache: Path, tmp_path: Path) -> None:
    """A file of pretrained weights is taken where it fits the backbone, and refused where not."""
    net = build_classifier("resnet18", {"size": 32}, 19)
    torch.save(net.backbone.state_dict(), tmp_path / "resnet18.pth")  # type: ignore[union-attr]
    options = ["--arch", "resnet18", "--recipe", "tutorial", "--size", "32", "--epochs", "1"]
    options += ["--pictures", "8", "--batch", "8", "--workers", "0"]
    options += ["--weights", str(tmp_path / "resnet18.pth")]
    assert main(_command(cache, tmp_path / "run", options)) == 0
    options[1] = "timm:resnet34"
    assert main(_command(cache, tmp_path / "other", options)) == 2


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--batch", "0"], "more than 0"),
        (["--arch", "lenet"], "no net 'lenet'"),
        (["--arch", "timm:resnet1b"], "timm knows no backbone"),
        (["--start", "nowhere.pt"], "no checkpoint"),
        (["--streams", "64"], "streams"),
        (["--cache", "nowhere"], "prepare"),
    ],
)
def test_mistakes_end_in_one_sentence(
    cache: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    says: str,
) -> None:
    """What a person can fix is reported on one line, with exit code 2."""
    assert main(_command(cache, tmp_path, [*QUICK, *options])) == 2
    reported = capsys.readouterr().err
    assert says in reported
    assert len(reported.splitlines()) == 1


def test_another_net_is_not_gone_on_with(cache: Path, tmp_path: Path) -> None:
    """A run's folder that holds another net's training is refused, and left as it is."""
    assert main(_command(cache, tmp_path, [*QUICK, "--stop-after", "1"])) == 0
    before = (tmp_path / "last.pt").read_bytes()
    other = ["--arch", "resnet18", "--weights", "none", "--size", "32"]
    assert main(_command(cache, tmp_path, [*QUICK, *other])) == 2
    assert (tmp_path / "last.pt").read_bytes() == before


def test_a_checkpoint_builds_its_own_net(cache: Path, tmp_path: Path) -> None:
    """`model.pt` alone says what the net is, its labels among it."""
    assert main(_command(cache, tmp_path, [*QUICK, "--stop-after", "1"])) == 0
    checkpoint = torch.load(tmp_path / "model.pt", weights_only=True)
    given = load_net(checkpoint)(torch.zeros(1, 96, 96, 3, dtype=torch.uint8))
    assert given["gesture"].shape == (1, len(checkpoint["labels"]))
    assert given["embedding"].norm().item() == pytest.approx(1, abs=1e-4)


def test_half_precision_with_a_scaler(cache: Path, tmp_path: Path) -> None:
    """A training in float16 learns, and continues from its save with the scale that it had."""
    half = (*QUICK, "--precision", "float16", "--threads", "1")
    assert main(_command(cache, tmp_path / "whole", half)) == 0
    assert main(_command(cache, tmp_path / "parts", [*half, "--stop-after", "1"])) == 0
    saved = torch.load(tmp_path / "parts" / "last.pt", weights_only=True)
    assert saved["learner"]["scaler"]["scale"] > 1
    assert main(_command(cache, tmp_path / "parts", half)) == 0
    assert _losses(tmp_path / "parts") == _losses(tmp_path / "whole")


def test_a_gpu_that_emulates_bfloat16_takes_float16(monkeypatch: pytest.MonkeyPatch) -> None:
    """A T4 says that it supports bfloat16 and is slow with it; only its own formats count."""
    for whole, wanted in ((True, "bfloat16"), (False, "float16")):
        monkeypatch.setattr(
            torch.cuda, "is_bf16_supported", lambda including_emulation, native=whole: native
        )
        assert chosen("cuda:0", "auto") == wanted
    assert chosen("cuda:0", "float32") == "float32"
