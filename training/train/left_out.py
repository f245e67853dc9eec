"""How well each person is named by what the others teach, where all of a few people train.

Photos of two people are too few to keep one of them for validation. But names are fitted in a
second, so that they can be fitted once more without each person; what is written has learnt from
all.
"""

from collections import Counter
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from training.augmentation.crop_dataset import CropBatches
from training.datasets.dataset import HandSet, Prepared
from training.datasets.hand_canvas import clean_crop
from training.datasets.people import NOBODY, people_of, validates_on_training_people
from training.train.names import Names
from vcam.core.labels import LABELS

MAX_PEOPLE = 12
"""With more, a few of them can be kept for validation."""


class LeftOutTask(Protocol):
    """What is asked of a training."""

    validation: Prepared

    @property
    def batches(self) -> CropBatches:
        """What is learnt from."""
        ...


def left_out_scores(names: Names, task: LeftOutTask) -> list[dict[str, Any]]:
    """Print how gestures that are none of the 18 are named on people left out, as rows of a card.

    Nothing where the people who validate do not train, or are not two at least.
    """
    hands, held = task.batches.prepared.hands, task.validation.hands
    people = sorted(set(people_of(hands).tolist()) - {NOBODY})
    if not 2 <= len(people) <= MAX_PEOPLE or not validates_on_training_people(hands, held):
        return []
    who, held_who = people_of(hands), people_of(held)
    new_labels = sorted(set(hands.labels) - set(LABELS))
    counted = {label: Counter[str]() for label in new_labels}
    for person in people:
        places, also = np.flatnonzero(who == person), np.flatnonzero(held_who == person)
        crops = [_crop(hands, place, task) for place in places]
        crops += [_crop(held, place, task) for place in also]
        truth = np.concatenate([hands.gesture[places], held.gesture[also]])
        said = names.named_without(places, np.stack(crops))
        for label in new_labels:
            index, count = hands.labels.index(label), counted[label]
            if not set(who[hands.gesture == index].tolist()) - {person, NOBODY}:
                continue  # the others do not teach it
            count["shown"] += int((truth == index).sum())
            count["hit"] += int(((truth == index) & (said == index)).sum())
            count["false"] += int(((truth != index) & (said == index)).sum())
            count["pictures"] += len(truth)
    rows = []
    for label, n in counted.items():
        if not n["shown"]:
            print(f"{label} is shown by one person: how it is named on others, nobody can say.")
            continue
        f1 = 2 * n["hit"] / max(1, n["shown"] + n["hit"] + n["false"])
        print(
            f"{label} on each of {len(people)} people, taught by the others: {n['hit']} of "
            f"{n['shown']} named, {n['false']} of {n['pictures'] - n['shown']} others taken for "
            f"it; F1 {100 * f1:.1f}. The model that is written has learnt from all."
        )
        rows.append(
            {
                "dataset": f"own photos, {label}, each person left out once",
                "split": "validation",
                "images": n["pictures"],
                "metric": "f1",
                "value": round(f1, 4),
            }
        )
    return rows


def _crop(hands: HandSet, place: np.intp, task: LeftOutTask) -> npt.NDArray[np.uint8]:
    recipe = task.batches.recipe
    return clean_crop(hands.canvas(int(place))[0], recipe.size, recipe.margin)
