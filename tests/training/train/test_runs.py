"""A run's folder belongs to one training; fine-tuning keeps what a net knew."""

import json
import warnings
from pathlib import Path

import numpy as np
import pytest
import torch
from tensorboard.backend.event_processing.event_accumulator import (  # type: ignore[import-untyped]
    EventAccumulator,
)

from tests.training.rigs.drawn_hands import LABELS, small_net, teach, write_folder
from training.__main__ import main
from training.augmentation.crop_dataset import CropRecipe
from training.datasets.dataset import UNKNOWN, open_prepared
from training.train.distillation import Teacher
from training.train.distributed import Distributed
from training.train.optim import Schedule, open_lr_scheduler, open_optimizer
from training.train.train_state import Learner
from vcam.core.binding import Binding
from vcam.vision.models.bundled import check_leading_hand
from vcam.vision.models.card import read_card

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
QUICK = ["--epochs", "1", "--pictures", "16", "--batch", "8", "--workers", "0"]


def _train(cache: Path, out: Path, *options: str) -> int:
    where = ["--cache", str(cache), "--out", str(out), "--size", "32"]
    return main(["train", "classifier", *where, *QUICK, *options])


def _epochs(out: Path) -> int:
    return len((out / "log.jsonl").read_text().splitlines())


def test_a_second_training_in_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same is reported as done, more epochs continue it, anything else is refused."""
    cache, other = write_folder(tmp_path / "cache"), write_folder(tmp_path / "other", 30)
    out = tmp_path / "run"
    assert _train(cache, out) == 0
    model = (out / "model.pt").read_bytes()
    capsys.readouterr()
    assert _train(cache, out) == 0
    assert "holds this training already" in capsys.readouterr().out
    for options, says in (
        (["--cache", str(other)], "another data"),
        (["--lr", "0.05"], "lr 0.004, now 0.05"),
        (["--pictures", "24"], "pictures 16, now 24"),
        (["--seed", "7"], "seed 42, now 7"),
    ):
        assert _train(cache, out, *options) == 2
        said = capsys.readouterr().err
        assert says in said
        assert len(said.splitlines()) == 1
    assert (out / "model.pt").read_bytes() == model
    assert _train(cache, out, "--epochs", "3") == 0
    assert "1 of 3 epochs are done" in capsys.readouterr().out
    assert _epochs(out) == 3


def test_a_longer_schedule_is_entered_where_it_then_is() -> None:
    """After 10 of 10 steps, 20 steps in all go on with the rate of step 10 of 20."""
    schedule, alone = Schedule(lr=0.01), Distributed()
    short = Learner(small_net(), schedule, 10, alone)
    for _ in range(10):
        short.step(sum((one.square().sum() for one in short.net.parameters()), torch.zeros(())))
    longer = Learner(small_net(), schedule, 20, alone)
    longer.restore(short.state())
    straight = open_lr_scheduler(open_optimizer(small_net(), schedule), schedule, 20)
    for _ in range(10):
        straight.optimizer.step()
        straight.step()
    got = longer.optimizer.param_groups[0]["lr"]
    assert got == pytest.approx(straight.get_last_lr()[0], rel=1e-6)
    assert got > 0.001


def test_start_has_a_gentle_rate_and_a_teacher(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With `--start` the peak rate is an eighth, and the old model is a teacher."""
    cache = write_folder(tmp_path / "cache")
    assert _train(cache, tmp_path / "first") == 0
    start = ["--start", str(tmp_path / "first" / "model.pt")]
    assert _train(cache, tmp_path / "second", *start) == 0
    assert "peak learning rate 0.0005" in capsys.readouterr().out
    (line,) = (tmp_path / "second" / "log.jsonl").read_text().splitlines()
    assert "loss_distill" in json.loads(line)
    assert _train(cache, tmp_path / "third", *start, "--distill", "0") == 0
    (line,) = (tmp_path / "third" / "log.jsonl").read_text().splitlines()
    assert "loss_distill" not in json.loads(line)


def test_another_model_may_teach(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What `--teacher` names is heard instead of the start; alone it is refused."""
    cache = write_folder(tmp_path / "cache")
    assert _train(cache, tmp_path / "first") == 0
    start, still = ["--start", str(tmp_path / "first" / "model.pt")], ["--lr", "1e-9"]
    assert _train(cache, tmp_path / "own", *start, *still) == 0
    other = tmp_path / "other.pt"
    checkpoint = torch.load(tmp_path / "first" / "model.pt", weights_only=True)
    checkpoint["weights"]["heads.gesture.bias"][0] += 20
    torch.save(checkpoint, other)
    assert _train(cache, tmp_path / "taught", *start, *still, "--teacher", str(other)) == 0
    custom, learned = (
        json.loads((tmp_path / name / "log.jsonl").read_text())["loss_distill"]
        for name in ("own", "taught")
    )
    assert learned > custom + 0.5
    capsys.readouterr()
    assert _train(cache, tmp_path / "none", "--teacher", str(other)) == 2
    assert "--start" in capsys.readouterr().err


def test_shares_of_sources_are_an_option(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is given stands in the recipe, and belongs to the training; nonsense is refused."""
    cache = write_folder(tmp_path / "cache")
    assert _train(cache, tmp_path / "run", "--share", "webcams=0.05") == 0
    checkpoint = torch.load(tmp_path / "run" / "model.pt", weights_only=True)
    shares = checkpoint["recipe"]["shares"]
    assert shares["webcams"] == 0.05
    assert shares["rendered"] == CropRecipe().shares["rendered"]
    assert _train(cache, tmp_path / "run") == 2
    for wrong in ("rooms=0.1", "webcams=much", "webcams=1.5", "webcams"):
        capsys.readouterr()
        assert _train(cache, tmp_path / "other", "--share", wrong) == 2
        assert "--share" in capsys.readouterr().err


def test_a_teacher_keeps_what_new_images_do_not_show(tmp_path: Path) -> None:
    """A new class alone makes a net forget the old ones and the hand; a teacher keeps them."""
    hands = open_prepared([write_folder(tmp_path / "cache", 60)], "train").hands
    crops = np.stack([hands.canvas(place)[0][16:48, 16:48, :3] for place in range(len(hands))])
    images = torch.from_numpy(crops)
    gesture, side = torch.from_numpy(hands.gesture), torch.from_numpy(hands.hand)
    old = gesture != LABELS.index("vulcan")

    def kept(weight: float) -> tuple[float, float]:
        net = small_net()
        teach(net, images[old], gesture[old], side[old])
        teacher = Teacher(net, [0, 2], weight)
        optimizer = torch.optim.AdamW(net.parameters(), lr=0.01)
        unknown = torch.full_like(side[~old], UNKNOWN)
        for _ in range(30):
            given = net(images[~old])
            loss = torch.nn.functional.cross_entropy(given["gesture"], gesture[~old])
            shown = (gesture[~old], unknown)
            part, _ = teacher.loss(images[~old], given, shown, Distributed())
            optimizer.zero_grad()
            (loss + part).backward()  # type: ignore[no-untyped-call]
            optimizer.step()
        answer = net.eval()(images)
        right = answer["gesture"][:, [0, 2]].argmax(1) == (gesture == 2).long()
        before = teacher._answer(images)
        drift = (answer["hand"].softmax(1) - before["hand"].softmax(1)).abs().mean()
        return float(right[old].float().mean()), float(drift)

    with_teacher, without = kept(1.0), kept(0.0)
    assert with_teacher[1] < 0.7 * without[1]
    assert with_teacher[0] >= without[0]


def test_a_teacher_is_not_heard_where_the_data_contradict_it(tmp_path: Path) -> None:
    """A label that the old model knew counts more than its answer; a new one, or none, does not."""
    hands = open_prepared([write_folder(tmp_path / "cache", 12)], "train").hands
    crops = np.stack([hands.canvas(place)[0][16:48, 16:48, :3] for place in range(len(hands))])
    images = torch.from_numpy(crops)
    teacher, net = Teacher(small_net(), [0, 2], 1.0), small_net()
    with torch.no_grad():
        net.heads.gesture.bias.copy_(torch.tensor([0.0, 0.0, 5.0]))
        given = net.eval()(images)
    said = torch.tensor([0, 2])[teacher._answer(images)["gesture"][:, [0, 2]].argmax(1)]
    sides = torch.zeros_like(said)  # all known, so that the hand counts for nothing

    def loss(gesture: torch.Tensor) -> float:
        return teacher.loss(images, given, (gesture, sides), Distributed())[1]

    assert loss(2 - said) == 0
    assert loss(said) > 0.1
    assert loss(torch.full_like(said, UNKNOWN)) == pytest.approx(loss(said))
    assert loss(torch.ones_like(said)) == pytest.approx(loss(said))


def test_start_takes_classes_by_name(tmp_path: Path) -> None:
    """A checkpoint of other classes gives its rows to the classes of the same name."""
    cache = write_folder(tmp_path / "cache")
    assert _train(cache, tmp_path / "first") == 0
    checkpoint = torch.load(tmp_path / "first" / "model.pt", weights_only=True)
    order = [2, 0]
    for name in ("heads.gesture.weight", "heads.gesture.bias"):
        checkpoint["weights"][name] = checkpoint["weights"][name][order]
    checkpoint["labels"] = [checkpoint["labels"][place] for place in order]
    torch.save(checkpoint, tmp_path / "two.pt")
    options = ["--start", str(tmp_path / "two.pt"), "--lr", "1e-9"]
    assert _train(cache, tmp_path / "run", *options) == 0
    one, other = (
        torch.load(tmp_path / name / "model.pt", weights_only=True)["weights"]
        for name in ("first", "run")
    )
    rows = [place for place in range(len(one["heads.gesture.bias"])) if place in order]
    assert torch.allclose(
        one["heads.gesture.bias"][rows], other["heads.gesture.bias"][rows], atol=1e-4
    )


def test_a_hand_head_that_learns_nothing_is_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a known side, training says so and the checkpoint holds it."""
    cache = write_folder(tmp_path / "cache")
    for index in (cache / "train").glob("hands-*.json"):
        content = json.loads(index.read_text())
        content["side"] = [None] * len(content["side"])
        index.write_text(json.dumps(content))
    assert _train(cache, tmp_path / "run") == 0
    assert "mere chance" in capsys.readouterr().out
    content = torch.load(tmp_path / "run" / "model.pt", weights_only=True)
    assert content["hands_known"] == 0.0
    assert content["trained_on"][0]["hands"] > 0
    model = str(tmp_path / "run" / "model.pt")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert main(["export", model, "--name", "own", "--out", str(tmp_path)]) == 0
    card = read_card(tmp_path / "own.onnx", "classify")
    assert not card.knows_hands
    assert card.content["trained_on"] == content["trained_on"]
    assert "--facts" in card.content["licence"]
    custom, left = str(tmp_path / "own.onnx"), Binding("palm", "mic.mute", "left")
    (said,) = check_leading_hand(custom, [left])
    assert "left from right" in said.text
    assert not check_leading_hand(custom, [Binding("palm", "mic.mute")])
    assert not check_leading_hand(None, [left])


@pytest.mark.parametrize("net", ["classifier", "detector"])
def test_tensorboard_shows_the_first_batch(tmp_path: Path, net: str) -> None:
    """Whoever trains sees what the net sees, in TensorBoard's pictures."""
    cache = write_folder(tmp_path / "cache")
    run = ["train", net, "--cache", str(cache), "--out", str(tmp_path / "run"), "--epochs", "1"]
    assert main([*run, "--pictures", "8", "--batch", "8", "--workers", "0"]) == 0
    seen = EventAccumulator(str(tmp_path / "run" / "tensorboard"))
    seen.Reload()
    assert seen.Tags()["images"] == ["first batch"]
    (event,) = seen.Images("first batch")
    assert min(event.width, event.height) > 90


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--device", "cuda"], "no CUDA device"),
        (["--arch", "timm:vit_tiny_patch16_224", "--weights", "none"], "--size 224"),
    ],
)
def test_what_this_machine_or_net_cannot_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], says: str
) -> None:
    """A device that is not there and a size that a net does not take end in one sentence."""
    if options[1] == "cuda" and torch.cuda.is_available():
        pytest.skip("there is a CUDA device")
    assert _train(write_folder(tmp_path / "cache"), tmp_path / "run", *options) == 2
    said = capsys.readouterr().err
    assert says in said
    assert len(said.splitlines()) == 1
