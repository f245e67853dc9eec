"""Who is in photos of one's own: whether people validate who also train."""

import numpy as np
import numpy.typing as npt

from training.datasets.annotations import USER_PHOTOS
from training.datasets.dataset import HandSet

NOBODY = ""
FLATTERS = (
    "The people who validate also train, or no folder says who they are: figures on these photos "
    "flatter, and say little of other people."
)


def people_of(hands: HandSet) -> npt.NDArray[np.str_]:
    """Return who shows each hand (N,), by the folders of photos of one's own; else `NOBODY`."""
    from_user = hands.source == USER_PHOTOS
    names = [
        str(hands.canvas(place)[1].get("user") or NOBODY) if known else NOBODY
        for place, known in enumerate(from_user)
    ]
    return np.array(names, np.str_)


def validates_on_training_people(train: HandSet, validation: HandSet) -> bool:
    """Whether photos of one's own validate on people who train, or on nobody knows whom."""
    held = set(people_of(validation)[validation.source == USER_PHOTOS].tolist())
    training = set(people_of(train)[train.source == USER_PHOTOS].tolist())
    return bool(held & training)
