"""What a change of a setting is called where it can be undone: in words for people."""

from collections.abc import Sequence

from vcam.core.gesture_names import gesture_title
from vcam.core.setting import Choice, Setting, settings_of
from vcam.core.texts import _
from vcam.settings.schema import setting_at
from vcam.settings.settings import Settings


def change_words(key: Sequence[str], value: object) -> str:
    """Return `Gesture that must come first: OK`; None as value: what is usual."""
    if key[0] == "profiles":  # only its apps are a setting of their own
        return _("apps of profile {name}").format(name=key[1])
    if key[:2] == ("camera", "width"):
        return _("Picture size")
    if "min_scores" in key and isinstance(value, int | float):
        percent = round(value * 100)
        return _("{gesture}: needs {n} %").format(gesture=gesture_title(key[-1]), n=percent)
    about = setting_at(".".join(key)) if len(key) > 1 else settings_of(Settings)[key[0]]
    return _("{setting}: {value}").format(setting=_(about.says), value=_value(about, value))


def _value(about: Setting, value: object) -> str:
    if value is None:
        return _("usual")
    if isinstance(value, bool):
        return _("on") if value else _("off")
    if about.rule == "gesture":
        return gesture_title(str(value))
    return _("changed") if isinstance(about.rule, Choice) else str(value)
