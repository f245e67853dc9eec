"""What the page offers: gestures, actions by app, and the settings as plain data."""

from dataclasses import asdict
from importlib.resources import files
from typing import Any, Final

from vcam.core.binding import Binding
from vcam.core.gesture_names import TITLES, gesture_title
from vcam.core.labels import BINDABLE
from vcam.core.texts import _, language, marked
from vcam.integrations.verbs import VERBS
from vcam.overlay.emoji_set import GROUPS, TONED, TONES, emoji_title, file_stem
from vcam.panel.collected_images import Collection
from vcam.panel.settings_editor import Editor, conflicts
from vcam.panel.settings_form import settings_form
from vcam.settings.app_profiles import ShippedProfile, shipped_profiles, this_system
from vcam.settings.bindable import bindable_gestures, learnt
from vcam.settings.plugin_calls import usable_plugins
from vcam.settings.settings import Settings
from vcam.system.paths import if_home, missed_folder

PLUGIN_TITLES: Final = {
    "obs": marked("OBS itself"),
    "teams": marked("Teams itself"),
    "mqtt": marked("MQTT"),
    "webhook": marked("Webhook"),
}
MEANS: Final = {"mute": "mute", "one": "hand", "fist": "talk"}
"""What the gestures of shipped profiles stand for; the page has the words."""


def catalogue(editor: Editor, collection: Collection) -> dict[str, Any]:
    """Return everything that the page needs to draw its cards and menus."""
    known = editor.known()
    settings = known.settings
    return {
        "error": known.error,
        "undo": editor.undoable is not None,
        "undoes": editor.undoable,
        "system": this_system(),
        "profile": settings.profile,
        "profiles": {
            name: [asdict(binding) for binding in bindings]
            for name, bindings in settings.profiles.items()
        },
        "conflicts": {
            name: [asdict(binding) for binding in conflicts(bindings)]
            for name, bindings in settings.profiles.items()
        },
        "gestures": _cards(settings, collection),
        "settings": asdict(settings.gestures),
        "camera": settings.camera.device,
        "apps": [_app(name, app) for name, app in shipped_profiles(this_system()).items()],
        "commands": settings.allow_commands,
        "plugins": _plugins(settings),
        "when": _when(settings),
        "follows": settings.follow_call,
        "form": settings_form(settings),
        "missed": str(if_home(missed_folder) or "?"),
        "language": language(),
        "titles": {name: gesture_title(name) for name in TITLES},
        "emoji": _emoji(),
        "shipped": list(shipped_profiles(this_system())),
    }


def _when(settings: Settings) -> dict[str, Any]:
    """Return by which apps each profile is known."""
    shipped = {name: app.when for name, app in shipped_profiles(this_system()).items()}
    return {name: {**shipped, **settings.when}.get(name, ()) for name in settings.profiles}


def _plugins(settings: Settings) -> list[dict[str, Any]]:
    """Return what bindings may name; what a plug-in of others can do is asked when it is chosen."""
    return [
        {"name": name, "title": _plugin_title(name), "verbs": _verbs(name)}
        for name in usable_plugins(settings.integrations)
    ]


def _plugin_title(name: str) -> str:
    return _(PLUGIN_TITLES[name]) if name in PLUGIN_TITLES else name


def _verbs(plugin: str) -> dict[str, str] | None:
    """Return what a plug-in of this program can do; None: it is another's, which is asked."""
    return {verb: _(said) for verb, said in VERBS[plugin].items()} if plugin in VERBS else None


def _emoji() -> dict[str, Any]:
    """Return the signs that reactions can be, by group, and how each one's picture is called."""
    return {
        "groups": {
            group: [
                {"sign": sign, "name": emoji_title(sign), "file": file_stem(sign)}
                for sign in signs.split()
            ]
            for group, signs in GROUPS.items()
        },
        "toned": TONED,
        "tones": [{"sign": tone, "file": file_stem(tone)} for tone in TONES],
    }


def _gestures(settings: Settings) -> tuple[str, ...]:
    try:
        return bindable_gestures(settings.recognition.classifier)
    except ValueError:  # the card cannot be read; the doctor says so
        return BINDABLE


def _cards(settings: Settings, collection: Collection) -> list[dict[str, Any]]:
    """`example` is a collected picture of a gesture that we have not drawn."""
    custom = learnt()
    return [
        {
            "name": name,
            "picture": _drawn(name),
            "own": name in custom,
            "example": None if _drawn(name) else collection.example(name),
        }
        for name in _gestures(settings)
    ]


def _drawn(gesture: str) -> bool:
    return files("vcam.panel").joinpath("pictures", f"{gesture}.webp").is_file()


def _app(name: str, app: ShippedProfile) -> dict[str, Any]:
    return {
        "name": name,
        "title": _(app.title),
        "needs": app.needs,
        "actions": [_meaning(name, binding) for binding in app.bindings if _is_key(binding)],
    }


def _meaning(app: str, binding: Binding) -> dict[str, Any]:
    means = "hotkey" if app == "obs" else MEANS.get(binding.gesture, "hotkey")
    return {"means": means, "action": binding.action, "focus": binding.focus}


def _is_key(binding: Binding) -> bool:
    return binding.action.startswith(("key:", "hold:"))
