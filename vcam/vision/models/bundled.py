"""The models that come with the program, and whether they are whole."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from vcam.core.binding import Binding
from vcam.core.check_result import CheckResult
from vcam.core.texts import _
from vcam.errors import ModelError
from vcam.system.installation import reinstall
from vcam.vision.models.card import ModelCard, read_card
from vcam.vision.models.session import ModelSession

DETECTOR = "hand_detector"
CLASSIFIER = "gesture_classifier"
SHIPPED = {"detect": DETECTOR, "classify": CLASSIFIER}


def models_folder() -> Path:
    """Return where the shipped models are: inside the package, or beside it in a checkout."""
    package = Path(__file__).parents[2]
    inside = package / "weights"
    return inside if inside.is_dir() else package.parent / "models"


def shipped_model(task: str) -> Path:
    """Return the path of the shipped model for `detect` or `classify`."""
    return models_folder() / f"{SHIPPED[task]}.onnx"


def verified_cards() -> Iterator[tuple[str, ModelCard | ModelError]]:
    """Yield each shipped model's name with its card, or with what is wrong with it."""
    for task, name in SHIPPED.items():
        try:
            yield name, ModelSession(shipped_model(task), task).card
        except ModelError as error:
            yield name, error


def check_models() -> list[CheckResult]:
    """Report on the shipped models for the doctor."""
    return [_finding(name, card) for name, card in verified_cards()]


def check_leading_hand(classifier: str | None, bindings: Iterable[Binding]) -> list[CheckResult]:
    """Say so when bindings ask for one hand, and the classifier cannot tell hands apart.

    None is the shipped classifier, which can. Nothing where the card cannot be read: that is
    another check's to say.
    """
    gestures = [each.gesture for each in bindings if each.hand != "any"]
    if classifier is None or not gestures:
        return []
    path = Path(classifier)
    try:
        knows = read_card(path, "classify").knows_hands
    except ModelError:
        knows = True
    if knows:
        return []
    text = _(
        "{path} has not learnt left from right: {gestures} may fire for either hand, or for none"
    ).format(path=path.name, gestures=", ".join(gestures))
    remedy = _('bind them to hand = "any", or train with `--start` on a model that knows hands')
    return [CheckResult("leading hand", "warn", text, remedy)]


def _finding(name: str, card: ModelCard | ModelError) -> CheckResult:
    if isinstance(card, ModelError):
        return CheckResult(f"model {name}", "fail", str(card), reinstall())
    return CheckResult(
        f"model {name}",
        "ok",
        _("whole and readable ({count:,} weights)").format(count=card.content["parameters"]),
    )
