"""Which gestures can be bound: those that every model may have, and those of the person's own."""

from pathlib import Path

from vcam.core.gesture_names import similar_gesture
from vcam.core.labels import BINDABLE, NO_GESTURE, SWIPES, THEN, names_in
from vcam.core.texts import _, joined, marked
from vcam.errors import ConfigError, ModelError
from vcam.settings.validators import Check, choice
from vcam.system.paths import custom_gestures_folder
from vcam.vision.models.card import read_card

HINT = marked(
    "; for a gesture of your own, run `vcam learn NAME`, or set [recognition] classifier to a "
    "model that knows it"
)


def bindable(classifier: str | None) -> Check:
    """Accept the gestures that can be bound with this `.onnx` classifier; None: the shipped one.

    Its card is read only when a gesture is none of the usual ones; the model itself never is.
    """
    usual = choice(*BINDABLE, *learnt())

    def check(value: object) -> str:
        if isinstance(value, str) and THEN in value:
            return _sequence(value, check)
        try:
            return str(usual(value))
        except ValueError as error:
            if classifier is None:
                hint = "" if similar_gesture(str(value)) else _(HINT)
                raise ValueError(joined("", [str(error), hint])) from None
            return str(choice(*_with_own(classifier, str(error)))(value))

    return check


def _sequence(value: str, check: Check) -> str:
    """Check two steps, `fist>palm`: each a gesture that is held, and not the same one twice."""
    steps = [step.strip() for step in value.split(THEN)]
    if len(steps) != 2 or steps[0] == steps[1]:
        raise ValueError(
            _('must be two gestures that differ, such as "fist>palm", not "{value}"').format(
                value=value
            )
        )
    for step in steps:
        check(step)
        if step in SWIPES:
            raise ValueError(
                _("cannot have {step} as a step: steps are gestures that are held").format(
                    step=step
                )
            )
    return THEN.join(steps)


def bindable_gestures(classifier: str | None) -> tuple[str, ...]:
    """Return all that can be bound. Raises `ValueError` when the classifier's card is no good."""
    if classifier is None:
        return (*BINDABLE, *learnt())
    return _with_own(classifier, _("cannot be listed"))


def learnt() -> tuple[str, ...]:
    """Return what the person taught the program; nothing where there is no home folder."""
    try:
        return names_in(custom_gestures_folder())
    except (ConfigError, OSError):
        return ()


def _with_own(classifier: str, problem: str) -> tuple[str, ...]:
    try:
        labels = read_card(Path(classifier), "classify").labels
    except ModelError as error:
        raise ValueError(
            _("{problem}; the classifier tells no more gestures: {error}").format(
                problem=problem, error=error
            )
        ) from None
    usual = (*BINDABLE, *learnt())
    return (*usual, *(label for label in labels if label not in (*usual, NO_GESTURE)))
