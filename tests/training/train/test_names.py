"""`train classifier --learn names`: a new name for what a net sees, and nothing else changes."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tests.training.rigs.drawn_hands import LABELS, write_folder
from training.__main__ import main
from training.datasets.annotations import USER_PHOTOS
from training.datasets.dataset import open_prepared
from training.datasets.hand_canvas import clean_crop
from training.datasets.people import FLATTERS
from training.datasets.shards import ShardWriter
from training.models.load import load_net
from training.train import names_command
from training.train.names import Names, fit_rows
from vcam.core.labels import ORIENTATIONS
from vcam.vision.models.card import read_card

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
NEW = "vulcan"


def _train(cache: Path, out: Path, *options: str) -> int:
    where = ["--cache", str(cache), "--out", str(out), "--size", "32", "--workers", "0"]
    return main(["train", "classifier", *where, *options])


def _names(cache: Path, start: Path, out: Path, *options: str) -> int:
    few = ["--pictures", "192", "--batch", "16"]
    return _train(cache, out, "--start", str(start), "--learn", "names", *few, *options)


def _read(path: Path) -> dict[str, Any]:
    checkpoint: dict[str, Any] = torch.load(path, weights_only=True)
    return checkpoint


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return prepared hands of two known gestures and one that the start lacks."""
    return write_folder(tmp_path_factory.mktemp("drawn") / "cache", 60)


@pytest.fixture(scope="module")
def start(cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a model that knows `palm` and `no_gesture`, and left from right."""
    folder = tmp_path_factory.mktemp("start")
    assert _train(cache, folder, "--epochs", "1", "--pictures", "128", "--batch", "16") == 0
    known = _read(folder / "model.pt")
    kept = [place for place, label in enumerate(known["labels"]) if label != NEW]
    for name in ("heads.gesture.weight", "heads.gesture.bias"):
        known["weights"][name] = known["weights"][name][kept]
    known["labels"] = [known["labels"][place] for place in kept]
    known["hands_known"] = 0.75
    torch.save(known, folder / "two.pt")
    return folder / "two.pt"


def test_a_new_name_is_learnt_and_nothing_else_changes(
    cache: Path, start: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The new gesture is named; every weight but those of names is the start's."""
    assert _names(cache, start, tmp_path / "run") == 0
    assert f"to be called {NEW}" in capsys.readouterr().out
    before, after = _read(start), _read(tmp_path / "run" / "model.pt")
    same = [n for n in before["weights"] if not n.startswith("heads.gesture.")]
    assert len(same) > 20
    assert all(torch.equal(before["weights"][n], after["weights"][n]) for n in same)
    assert after["hands_known"] == 0.75
    hands = open_prepared([cache], "val").hands
    crops = np.stack([clean_crop(hands.canvas(n)[0], 32, 1.25) for n in range(len(hands))])
    said = load_net(after)(torch.from_numpy(crops))["gesture"].argmax(1).numpy()
    new = hands.labels.index(NEW)
    assert ((said == new) == (hands.gesture == new)).mean() > 0.95


def test_a_folder_of_names_belongs_to_one_training(
    cache: Path, start: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same again is told to be there; another training is refused, either way round."""
    out = tmp_path / "run"
    assert _names(cache, start, out) == 0
    model = (out / "model.pt").read_bytes()
    assert _names(cache, start, out) == 0
    assert "holds this training already" in capsys.readouterr().out
    assert _names(cache, start, out, "--seed", "7") == 2
    assert "seed 42, now 7" in capsys.readouterr().err
    whole = ["--start", str(start), "--pictures", "16", "--batch", "8", "--epochs", "1"]
    assert _train(cache, out, *whole) == 2
    assert "holds another training" in capsys.readouterr().err
    assert (out / "model.pt").read_bytes() == model
    assert _train(cache, tmp_path / "whole", *whole) == 0
    assert _names(cache, start, tmp_path / "whole") == 2


def test_a_stop_leaves_nothing_half_done(
    cache: Path,
    start: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Ctrl-C ends in a sentence and 130; the same command then comes to its end."""

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(names_command, "Names", stopped)
        assert _names(cache, start, tmp_path / "run") == 130
    assert "begins again" in capsys.readouterr().out
    assert not list((tmp_path / "run").glob("*.pt"))
    assert _names(cache, start, tmp_path / "run") == 0


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--epochs", "3"], "--epochs"),
        (["--lr", "0.1", "--distill", "1"], "--lr, --distill"),
        (["--pictures", "-3"], "--pictures"),
    ],
)
def test_options_without_a_meaning_are_refused(
    cache: Path,
    start: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    says: str,
) -> None:
    """What belongs to a schedule is named in one sentence."""
    assert _names(cache, start, tmp_path / "run", *options) == 2
    said = capsys.readouterr().err
    assert says in said
    assert len(said.splitlines()) == 1


def test_hands_that_all_show_the_same(
    start: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Photos of the gesture alone are refused; without known gestures it is told what will come."""
    alone = _of_people(write_folder(tmp_path / "alone"), ("anna", "bert"), only=(NEW,))
    assert _names(alone, start, tmp_path / "run") == 2
    said = capsys.readouterr().err
    assert f"All hands show {NEW}" in said
    assert len(said.splitlines()) == 1
    two = (NEW, "no_gesture")
    both = _of_people(write_folder(tmp_path / "both"), ("anna", "bert"), only=two)
    assert _names(both, start, tmp_path / "run") == 0
    assert "many of those will be taken for yours" in capsys.readouterr().out


def test_names_need_a_start(
    cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without features that are good already there is nothing to name."""
    assert _train(cache, tmp_path / "run", "--learn", "names") == 2
    assert "--start" in capsys.readouterr().err


def test_of_two_people_each_is_left_out_once(
    start: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Photos of two people say how each is named by the other; the card has it."""
    both = _of_people(write_folder(tmp_path / "both", 60), ("anna", "bert"))
    assert _names(both, start, tmp_path / "run") == 0
    said = " ".join(capsys.readouterr().out.split())
    assert FLATTERS in said
    assert f"{NEW} on each of 2 people, taught by the others: 40 of 40 named, 0 of 80" in said
    model = str(tmp_path / "run" / "model.pt")
    assert main(["export", model, "--name", "own", "--out", str(tmp_path)]) == 0
    card = json.loads((tmp_path / "own.json").read_text())
    assert card["validated_on"] == FLATTERS
    assert [row["value"] for row in card["scores"]] == [1.0]
    assert card["thresholds"] == {NEW: names_command.MIN_SCORE}, "a new name counts too early"
    read_card(tmp_path / "own.onnx", "classify")


def test_who_is_left_out_does_not_teach(
    start: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of a gesture that one person alone shows, the others teach nothing, and no figure is told."""
    cache = _of_people(write_folder(tmp_path / "cache", 60), ("anna", "bert"), alone=NEW)
    assert _names(cache, start, tmp_path / "run") == 0
    said = " ".join(capsys.readouterr().out.split())
    assert f"{NEW} is shown by one person" in said
    assert "taught by the others" not in said


def test_the_fit_without_a_person_knows_nothing_of_hers(
    cache: Path, start: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without all hands of the new gesture no crop is given its name; the net has learnt it."""
    asked: list[Names] = []

    def kept(*given: Any) -> Names:
        asked.append(Names(*given))
        return asked[0]

    monkeypatch.setattr(names_command, "Names", kept)
    assert _names(cache, start, tmp_path / "run") == 0
    hands = open_prepared([cache], "train").hands
    new = hands.labels.index(NEW)
    places = np.flatnonzero(hands.gesture == new)
    crops = np.stack([clean_crop(hands.canvas(int(n))[0], 32, 1.25) for n in places])
    assert (asked[0].named_without(np.array([], np.intp), crops) == new).mean() > 0.95
    assert (asked[0].named_without(places, crops) == new).sum() == 0


def test_a_gesture_that_lies_is_not_contradicted(
    cache: Path, start: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where a start sees the new gesture lie on its side, it is said; where it stands, not."""
    assert _names(cache, start, tmp_path / "stands") == 0
    assert "lies on its side" not in capsys.readouterr().out
    lying = _read(start)
    lying["weights"]["heads.orientation.bias"][ORIENTATIONS.index("left")] += 50
    torch.save(lying, tmp_path / "lying.pt")
    assert _names(cache, tmp_path / "lying.pt", tmp_path / "lies") == 0
    assert "lies on its side" in capsys.readouterr().out


def _of_people(
    cache: Path, people: Sequence[str], alone: str = "", only: Sequence[str] = LABELS
) -> Path:
    """Turn drawn hands into photos of one's own, of people by turns; all `alone` of the last."""
    for split in ("train", "val"):
        prepared = open_prepared([cache], split)
        hands = [prepared.hands.read(place) for place in range(len(prepared.hands))]
        with ShardWriter(cache / split / "hands-00000.tar") as shard:
            for number, (files, row) in enumerate(hands):
                if row["gesture"] not in only:
                    continue
                turn = -1 if row["gesture"] == alone else number // 3 % len(people)
                del files["json"]
                shard.add(files, {**row, "source": USER_PHOTOS, "user": people[turn]})
    return cache


def test_rows_are_the_best_and_known_ones_are_held() -> None:
    """No step lowers the cost; known rows move less than they would if they were new."""
    torch.manual_seed(0)
    truth = torch.arange(90) % 3
    features = torch.randn(90, 5) + 2 * torch.eye(5)[truth]
    features[:, 4] = 0.0
    first = torch.zeros(3, 6)
    new = torch.tensor([False, True, False])
    rows, least = fit_rows(features, truth, first, new)
    assert torch.equal(rows[:, 4], first[:, 4])
    answer = (features @ rows[:, :-1].T + rows[:, -1]).argmax(1)
    assert float((answer == truth).float().mean()) > 0.85
    for _ in range(20):
        aside = rows + 0.05 * torch.randn_like(rows)
        assert _cost(features, truth, aside, new) > least - 1e-6
    assert least == pytest.approx(_cost(features, truth, rows, new), abs=1e-5)
    free, _ = fit_rows(features, truth, first, torch.ones_like(new))
    assert rows[~new].square().sum() < 0.5 * free[~new].square().sum()


def test_without_a_new_name_there_is_nothing_to_learn(
    cache: Path, start: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A start that knows all names says so in one sentence, and nothing is written."""
    knows = _read(start)
    wide = torch.zeros(3, knows["weights"]["heads.gesture.weight"].shape[1])
    knows["weights"]["heads.gesture.weight"] = wide
    knows["weights"]["heads.gesture.bias"] = torch.zeros(3)
    knows["labels"] = ["palm", NEW, "no_gesture"]
    torch.save(knows, tmp_path / "knows.pt")
    assert _names(cache, tmp_path / "knows.pt", tmp_path / "run") == 2
    assert "no new name" in capsys.readouterr().err
    assert not list((tmp_path / "run").glob("*.pt"))


def _cost(
    features: torch.Tensor, truth: torch.Tensor, rows: torch.Tensor, new: torch.Tensor
) -> float:
    """Return what rows cost that began at zero."""
    logits = features @ rows[:, :-1].T + rows[:, -1]
    moved = torch.cat([rows[:, :-1] * features.std(0).clamp(min=1e-3), rows[:, -1:]], 1)
    held = torch.where(new, 0.01, 0.3)[:, None]
    return float(torch.nn.functional.cross_entropy(logits, truth) + (held * moved**2).sum())
