"""The settings file as the page changes it: every change checked, every change undone."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from vcam.core.binding import Binding
from vcam.core.gesture_names import gesture_title
from vcam.core.texts import _
from vcam.errors import ConfigError
from vcam.overlay.captions import action_words
from vcam.panel.change_words import change_words
from vcam.panel.protocols import Known, Places
from vcam.settings.clear_value import clear_value
from vcam.settings.file_editor import remove_binding, write_binding, write_value
from vcam.settings.load import load_settings
from vcam.settings.settings import Settings
from vcam.settings.settings_file import editing, read_text, write_settings

MAX_UNDO_STEPS = 50
HEIGHT = ("camera", "height")
"""Is set with the width, and both are called the size."""

AnswerT = TypeVar("AnswerT")


@dataclass(frozen=True, slots=True)
class _Step:
    """One change that can be taken back."""

    what: str
    """What it did, in a few words."""
    before: str | None
    """The file's text before it; None: there was no file."""
    after: str | None


class Editor:
    """Writes one settings file. May be called from any thread; two tabs take turns."""

    def __init__(self, places: Places) -> None:
        self._path, self._template = places.settings, places.template
        self._lock = threading.Lock()
        self._steps: list[_Step] = []
        self._good = Settings()

    def known(self) -> Known:
        """Return what the file says now, or what it said last and why it cannot be read."""
        try:
            self._good = load_settings(self._path if self._path.exists() else None)
        except ConfigError as error:
            return Known(self._good, str(error))
        return Known(self._good, None)

    def bind(self, binding: Binding, profile: str, old: Binding | None = None) -> None:
        """Write a binding; with `old`, in place of that one and of its `focus`.

        Raises `ConfigError`.
        """

        def change() -> None:
            if old is not None and (old.gesture, old.hand) != (binding.gesture, binding.hand):
                self._refuse_second(binding, profile)
                remove_binding(self._path, old, profile, self._template)
            keep = old is None
            write_binding(self._path, binding, profile, self._template, keep_focus=keep)

        what = f"{gesture_title(binding.gesture)}: {action_words(binding.action)}"
        self._changing(change, what)

    def unbind(self, binding: Binding, profile: str) -> None:
        """Take a binding out. Raises `ConfigError`."""
        what = _("removed from {gesture}: {action}").format(
            gesture=gesture_title(binding.gesture), action=action_words(binding.action)
        )
        self._changing(lambda: remove_binding(self._path, binding, profile, self._template), what)

    def set(self, key: Sequence[str], value: object) -> None:
        """Set one value, such as `("gestures", "hold_ms")`. Raises `ConfigError`."""
        self.set_all([(key, value)])

    def set_all(self, changes: Sequence[tuple[Sequence[str], object]]) -> None:
        """Set several values as one change; None takes a value out. Raises `ConfigError`."""

        def change() -> None:
            for key, value in changes:
                if value is None:
                    clear_value(self._path, key, self._template)
                else:
                    write_value(self._path, key, value, self._template)

        said = (change_words(key, value) for key, value in changes if tuple(key) != HEIGHT)
        self._changing(change, ", ".join(said))

    def change_file(self, edit: Callable[[Path, str], AnswerT], what: str) -> AnswerT:
        """Make a larger change: `edit` takes the path and the template. Raises `ConfigError`."""
        return self._changing(lambda: edit(self._path, self._template), what)

    @property
    def undoable(self) -> str | None:
        """What the last change of ours did; None: there is none to take back."""
        return self._steps[-1].what if self._steps else None

    def undo(self) -> str:
        """Take the last change back, and return what it did.

        Raises `ConfigError` when the file was edited since.
        """
        with self._lock, editing(self._path):
            if not self._steps:
                raise ConfigError(_("there is nothing to undo"))
            step = self._steps[-1]
            if read_text(self._path) != step.after:
                self._steps.clear()
                raise ConfigError(
                    _(
                        "the settings file was edited elsewhere since; undo would lose that, so "
                        "nothing was changed"
                    )
                )
            self._steps.pop()
            write_settings(self._path, self._template if step.before is None else step.before)
            return step.what

    def _changing(self, change: Callable[[], AnswerT], what: str) -> AnswerT:
        with self._lock, editing(self._path):
            before = read_text(self._path)
            try:
                answer = change()
            except BaseException:
                if before is not None and read_text(self._path) != before:
                    write_settings(self._path, before)
                raise
            step = _Step(what, before, read_text(self._path))
            self._steps = [*self._steps[-MAX_UNDO_STEPS:], step]
        return answer

    def _refuse_second(self, binding: Binding, profile: str) -> None:
        """Say so when the new place of a binding is taken, instead of writing over it."""
        for other in self.known().settings.profiles.get(profile, ()):
            if (other.gesture, other.hand) == (binding.gesture, binding.hand):
                raise ConfigError(
                    _("{gesture} by {hand} is bound already: {action}").format(
                        gesture=gesture_title(binding.gesture),
                        hand=binding.by,
                        action=action_words(other.action),
                    )
                )


def conflicts(bindings: Sequence[Binding]) -> list[Binding]:
    """Return the bindings to one hand whose gesture is bound to either hand as well.

    That is allowed, the one hand's own goes first; but people are told.
    """
    either = {binding.gesture for binding in bindings if binding.hand == "any"}
    return [b for b in bindings if b.hand != "any" and b.gesture in either]
