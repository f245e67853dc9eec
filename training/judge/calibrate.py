"""Find the temperature that makes a classifier's scores mean what they say.

`python -m training calibrate runs/classifier/model.pt --held-out runs/cache/val` writes the
temperature into `facts.json` beside the checkpoint, where `export --facts` reads it. The method is
temperature scaling (Guo et al., arXiv 1706.04599).
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from training.batches.crops import CropRecipe
from training.data.prepare import Cache, load_cache
from training.learn.classifier import clean_crops
from training.ship.export import load_net
from vcam.gesture import LABELS

CANDIDATES = tuple(round(0.3 + 0.02 * step, 2) for step in range(61))
"""Temperatures to try, 0.3 to 1.5."""


def main(argv: Sequence[str]) -> int:
    """Run `python -m training calibrate`."""
    parser = argparse.ArgumentParser(prog="python -m training calibrate", description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--held-out", type=Path, default=Path("runs/cache/val"))
    args = parser.parse_args(argv)
    net = load_net(torch.load(args.checkpoint, weights_only=True))
    logits, truth = held_out_logits(net, load_cache(args.held_out))
    temperature = best_temperature(logits, truth)
    facts_path = args.checkpoint.with_name("facts.json")
    facts = json.loads(facts_path.read_text()) if facts_path.exists() else {}
    facts_path.write_text(json.dumps({**facts, "temperature": temperature}, indent=2) + "\n")
    before, after = (calibration_error(logits / t, truth) for t in (1.0, temperature))
    print(f"temperature {temperature}: expected calibration error {before:.3f} -> {after:.3f}")
    return 0


@torch.no_grad()
def held_out_logits(net: torch.nn.Module, cache: Cache) -> tuple[Tensor, Tensor]:
    """Return gesture logits (N, 19) and true indices (N,) of a cache's hands."""
    recipe = CropRecipe()
    crops = (
        clean_crops(cache, start, start + 256, recipe) for start in range(0, len(cache.hands), 256)
    )
    logits = torch.cat([net(crop)[0] for crop in crops])
    return logits, torch.tensor([LABELS.index(row["gesture"]) for row in cache.hand_rows])


def best_temperature(logits: Tensor, truth: Tensor) -> float:
    """Return the temperature with the least cross-entropy."""
    return min(CANDIDATES, key=lambda t: float(F.cross_entropy(logits / t, truth)))


def calibration_error(logits: Tensor, truth: Tensor, bins: int = 15) -> float:
    """Return the expected calibration error: how far scores are from the share that is right."""
    score, predicted = torch.softmax(logits, 1).max(1)
    right = (predicted == truth).float()
    place = (score * bins).long().clamp(max=bins - 1)
    gaps = [
        float(
            (place == one).float().mean() * (score[place == one] - right[place == one]).mean().abs()
        )
        for one in range(bins)
        if bool((place == one).any())
    ]
    return sum(gaps)
