"""What the page can ask to be done, each by its name."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from vcam.core.binding import Binding
from vcam.core.event import Event
from vcam.core.labels import NO_GESTURE, BoundHand, HandChoice
from vcam.core.texts import _
from vcam.errors import ActionError, CameraError, ConfigError
from vcam.panel.collected_images import Collection
from vcam.panel.protocols import Lessons, Mistakes, Program, Teaches
from vcam.panel.recent_fires import History
from vcam.panel.settings_editor import Editor
from vcam.panel.settings_form import changes, easy_hold
from vcam.settings.bindings import check_action
from vcam.settings.file_editor import allowed_by, check_binding
from vcam.settings.profile_edit import (
    add_profile,
    delete_profile,
    import_profile,
    rename_profile,
)
from vcam.settings.raise_threshold import raise_threshold
from vcam.vision import custom_gestures

Order = Mapping[str, Any]
HANDS: Final[dict[object, HandChoice]] = {"left": "left", "right": "right", "any": "any"}
BOUND: Final[dict[object, BoundHand]] = {**HANDS, "both": "both"}


class Orders:
    """Carries out orders. Every one raises `VcamError` with one sentence when it cannot."""

    def __init__(
        self,
        program: Program,
        editor: Editor,
        history: History,
        mistakes: Mistakes,
        teacher: Teaches,
    ) -> None:
        self._program, self._editor = program, editor
        self._history, self._mistakes = history, mistakes
        self._teacher = teacher

    def by_name(self, collection: Collection) -> Mapping[str, Callable[[Order], Any]]:
        """Return all orders; each takes the page's JSON object and returns plain data or None."""
        return {
            "pause": lambda order: self._program.pause(order.get("paused") is True),
            "quit": lambda _: self._program.stop(),
            "login": lambda order: self._program.set_login_start(on=order.get("on") is True),
            "practise": lambda order: self._program.practise(on=order.get("on") is True),
            "profile": self._profile,
            "bind": self._bind,
            "unbind": self._unbind,
            "threshold": self._threshold,
            "undo": lambda _: self._editor.undo(),
            "try": self._try,
            "plugin-verbs": lambda order: dict(self._program.plugin_verbs(_text(order, "plugin"))),
            "plugin-choices": lambda order: list(
                self._program.plugin_choices(_text(order, "plugin"), _text(order, "verb"))
            ),
            "wrong": self._wrong,
            "missed": lambda order: self._mistakes.missed(_text(order, "gesture")),
            "camera": self._camera,
            "take": lambda order: self._take(order, collection),
            "delete": lambda order: collection.delete(_text(order, "picture")),
            "delete-all": lambda order: collection.delete_all(_text(order, "gesture")),
            "name": lambda order: custom_gestures.check_name(_text(order, "gesture")),
            "learn": lambda order: self._learn(order, collection),
            "forget": self._forget,
            "undelete": lambda _: collection.undelete(),
            "setting": self._setting,
            "easy-hold": lambda order: self._editor.set_all(easy_hold(on=order.get("on") is True)),
            "profile-new": self._new_profile,
            "profile-rename": self._rename_profile,
            "profile-delete": self._delete_profile,
            "profile-import": self._import_profile,
            "profile-when": self._profile_when,
        }

    def _profile(self, order: Order) -> None:
        name = _text(order, "name")
        self._editor.set(("profile",), name)
        self._program.use_profile(name)

    def _bind(self, order: Order) -> None:
        settings = self._editor.known().settings
        profile = _text(order, "profile")
        binding = _binding(order)
        check_binding(binding, settings, profile)
        old = order.get("old")
        self._editor.bind(binding, profile, _binding(old) if isinstance(old, dict) else None)

    def _unbind(self, order: Order) -> None:
        self._editor.unbind(_binding(order), _text(order, "profile"))

    def _threshold(self, order: Order) -> None:
        self._editor.set(("gestures", "min_scores", _text(order, "gesture")), order.get("score"))

    def _try(self, order: Order) -> str:
        """Return `done` or `dry_run`; raises what the action failed with."""
        settings = self._editor.known().settings
        action = _text(order, "action")
        check_action(action, allowed_by(settings))
        outcome = self._program.try_action(action)
        if outcome.result == "failed":
            raise ActionError(outcome.reason or "")
        return outcome.result

    def _wrong(self, order: Order) -> str:
        number = order.get("number")
        fired = self._history.find(number if isinstance(number, int) else -1)
        if fired.wrong:
            return _("That was noted already.")
        said = self._mistakes.wrong(fired.event)
        fired.wrong = True
        return said

    def _setting(self, order: Order) -> None:
        key = _text(order, "key")
        self._editor.set_all(changes(key, order.get("value")))

    def _new_profile(self, order: Order) -> None:
        name = _text(order, "name")
        source = _text(order, "source") if order.get("source") else None
        self._editor.change_file(
            lambda path, template: add_profile(path, name, source, template),
            _("profile {name}").format(name=name),
        )

    def _rename_profile(self, order: Order) -> None:
        old, new = _text(order, "name"), _text(order, "new")
        self._editor.change_file(
            lambda path, template: rename_profile(path, old, new, template),
            _("profile {old} renamed to {new}").format(old=old, new=new),
        )

    def _delete_profile(self, order: Order) -> None:
        name = _text(order, "name")
        self._editor.change_file(
            lambda path, template: delete_profile(path, name, template),
            _("profile {name} deleted").format(name=name),
        )

    def _import_profile(self, order: Order) -> str:
        content = order.get("content")
        if not isinstance(content, str):
            raise ConfigError(_("choose a file that holds a profile"))
        _path, name = self._editor.change_file(
            lambda path, template: import_profile(path, content, template), _("imported profile")
        )
        return name

    def _profile_when(self, order: Order) -> None:
        """Say by which apps a profile is known; an empty list: it follows none."""
        name, when = _text(order, "name"), order.get("when")
        if name not in self._editor.known().settings.profiles:
            raise ConfigError(_("there is no profile {name!r}").format(name=name))
        if not isinstance(when, list):
            raise ConfigError(_("name the apps in a list"))
        self._editor.set(("profiles", name, "when"), when)

    def _camera(self, order: Order) -> None:
        device = _text(order, "device")
        self._program.use_camera(device)
        self._editor.set(("camera", "device"), device)

    def _take(self, order: Order, collection: Collection) -> str:
        image = self._program.newest_image()
        if image is None:
            raise CameraError(_("No picture comes from the camera; look at the state above."))
        return collection.take(image, _text(order, "gesture"), HANDS.get(order.get("hand"), "any"))

    def _learn(self, order: Order, collection: Collection) -> int:
        name = _text(order, "gesture")
        custom_gestures.check_name(name)
        return self._teacher.learn(name, collection.paths(name), collection.paths(NO_GESTURE))

    def _forget(self, order: Order) -> None:
        self._teacher.forget(_text(order, "gesture"), self._editor.known().settings)


class RaisedThresholds:
    """Learns from mistakes in the simplest way: that gesture needs a higher score from now on."""

    def __init__(self, program: Program, editor: Editor, lessons: Lessons | None = None) -> None:
        """`lessons` keep pictures of it, beside the raised threshold."""
        self._program, self._editor, self._lessons = program, editor, lessons

    def wrong(self, event: Event) -> str:
        """Raise the gesture's threshold by a step, unless it is at its end; say which."""
        if self._lessons is not None:
            self._lessons.keep_wrong(event)
        now = self._program.snapshot().thresholds.get(event.gesture)
        return raise_threshold(event.gesture, now, partial(self._save, event.gesture))

    def missed(self, gesture: str) -> str:
        """Keep the last seconds as pictures of a gesture that did not fire; say where."""
        if self._lessons is None:
            raise ConfigError(_("in this run nothing is remembered"))
        return self._lessons.keep_missed(gesture)

    def _save(self, gesture: str, score: float) -> None:
        self._editor.set(("gestures", "min_scores", gesture), score)


def _text(order: Order, name: str) -> str:
    value = order.get(name)
    if not isinstance(value, str) or not value.strip() or len(value) > 500:
        raise ConfigError(_("{name} must be a text that is not empty").format(name=name))
    return value.strip()


def _binding(order: Order) -> Binding:
    hold = order.get("hold_ms")
    if hold is not None and (isinstance(hold, bool) or not isinstance(hold, int)):
        raise ConfigError(_("the hold time must be a whole number of milliseconds"))
    hand = BOUND.get(order.get("hand"), "any")
    return Binding(_text(order, "gesture"), _text(order, "action"), hand, hold, _focus(order))


def _focus(order: Order) -> tuple[str, ...]:
    words = order.get("focus") or []
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise ConfigError(_("focus must be a list of window names"))
    return tuple(words)
