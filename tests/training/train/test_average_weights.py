"""The mean of several trainings."""

from pathlib import Path

import pytest
import torch

from tests.training.rigs.drawn import write_run
from training.__main__ import main
from training.models.load import load_net, read_checkpoint


def _shifted(folder: Path, by: float) -> Path:
    path = write_run(folder, "detect")
    content = torch.load(path, weights_only=True)
    for value in content["weights"].values():
        if value.dtype.is_floating_point:
            value.add_(by)
    torch.save(content, path)
    return path


def test_the_mean_lies_in_the_middle(tmp_path: Path) -> None:
    """Every weight is the mean of both, and the net loads."""
    models = [_shifted(tmp_path / "a", 0.0), _shifted(tmp_path / "b", 0.5)]
    assert main(["average", *map(str, models), "--out", str(tmp_path / "mean")]) == 0
    mean = read_checkpoint(tmp_path / "mean" / "model.pt")
    first = read_checkpoint(models[0])
    name = next(n for n, v in first["weights"].items() if v.dtype.is_floating_point)
    torch.testing.assert_close(mean["weights"][name], first["weights"][name] + 0.25)
    assert mean["recipe"]["mean_of"] == 2
    load_net(mean)


def test_nets_that_have_no_mean(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A detector and a classifier, or one model alone, are refused in one sentence."""
    models = [str(write_run(tmp_path / "a", "detect")), str(write_run(tmp_path / "b"))]
    assert main(["average", *models, "--out", str(tmp_path / "mean")]) == 2
    assert "of another net" in capsys.readouterr().err
    assert main(["average", models[0], "--out", str(tmp_path / "mean")]) == 2
    assert "two or more" in capsys.readouterr().err
