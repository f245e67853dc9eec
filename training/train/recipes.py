"""The recipes that classifiers are trained by."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from training.augmentation.crop_dataset import CropRecipe
from training.train.optim import Schedule


@dataclass(frozen=True, slots=True)
class LossRecipe:
    """How much each head counts in the loss."""

    hand: float = 0.5
    """The hand's labels are pseudo labels in most sources, and it learns soon."""
    orientation: float = 0.2
    joints: float = 0.0
    """How much landmarks count, where they are known; 0: no such head."""
    smoothing: float = 0.1
    """Label smoothing of the gesture head."""
    distill: float = 1.0
    """How much the net as it started counts as a teacher, with `--start`."""
    teacher: str = ""
    """A model that teaches in the place of the start."""


@dataclass(frozen=True, slots=True)
class ClassifierRecipe:
    """Everything that a classifier's training is made of, except the pictures."""

    arch: str
    """`small`, `joint_map`, `resnet18`, or `timm:NAME`."""
    crops: CropRecipe
    schedule: Schedule
    loss: LossRecipe = LossRecipe()
    shape: Mapping[str, Any] = field(default_factory=dict)
    """What the net is built from, beside its defaults."""
    learn: Literal["all", "names"] = "all"
    """What learns: the whole net, or with `--start` how features become names, and nothing else."""
    weights: str = "none"
    """Weights to begin with: `none`, `download`, or a file."""
    bare_pixels: bool = False
    """Leave pixels in 0..1 though the pretrained weights expect them normalised."""

    def described(self) -> dict[str, Any]:
        """Return the recipe as a card tells it."""
        return {
            "arch": self.arch,
            **asdict(self.crops),
            **asdict(self.schedule),
            "loss": asdict(self.loss),
            **({"learn": self.learn} if self.learn != "all" else {}),
            "weights": self.weights,
        }


SMALL_RECIPE = ClassifierRecipe("small", CropRecipe(), Schedule())
"""The net that ships: made for two CPU cores, trained to stand a cheap webcam."""

TUTORIAL_RECIPE = ClassifierRecipe(
    "resnet18",
    CropRecipe(
        size=224, margin=1.0, balance=None, trusted_side=0.0, webcam=False, one_hand_a_picture=True
    ),
    Schedule(
        epochs=10,
        pictures=None,
        batch=64,
        lr=0.005,
        decay=5e-4,
        optimizer="sgd",
        lr_scheduler="constant",
        ema=0.0,
        clip=0.0,
        keep="best",
    ),
    LossRecipe(hand=1.0, orientation=0.0, smoothing=0.0),
    weights="download",
    bare_pixels=True,
)
"""HaGRID's tutorial: a pretrained ResNet-18 with two heads on square crops, SGD, no augmentation.

Like its code, it gives pixels of 0..1 to weights that were made for normalised ones.
Two mistakes of its code are put right. Its data set chooses between the gesture's hand and the
other one by chance also when it tests, so that no two tests agree: here every hand is tested. And
it fails on pictures that hold only `no_gesture`: here they give that hand.
"""

BACKBONE_RECIPE = ClassifierRecipe(
    "timm:mobilenetv4_conv_small",
    CropRecipe(size=160),
    Schedule(batch=64, lr=1e-3),
    weights="download",
)
"""Any backbone that timm knows (`--arch timm:NAME`), with the small net's webcam pictures."""

JOINT_MAP_RECIPE = ClassifierRecipe(
    "joint_map", CropRecipe(size=96), Schedule(), LossRecipe(joints=0.3)
)
"""The net that looks for joints first: slower, and harder to take in."""

RECIPES = {
    "small": SMALL_RECIPE,
    "joint_map": JOINT_MAP_RECIPE,
    "tutorial": TUTORIAL_RECIPE,
    "backbone": BACKBONE_RECIPE,
}
