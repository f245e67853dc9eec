"""The settings file as the page changes it: every change checked, every change undone."""

import threading
from collections.abc import Callable, Sequence

from vcam.core.binding import Binding
from vcam.errors import ConfigError
from vcam.panel.protocols import Known, Places
from vcam.settings.file_editor import remove_binding, write_binding, write_value
from vcam.settings.load import load_settings
from vcam.settings.settings import Settings
from vcam.settings.settings_file import editing, read_text, write_settings

MOST_UNDONE = 50


class Editor:
    """Writes one settings file. May be called from any thread; two tabs take turns."""

    def __init__(self, places: Places) -> None:
        self._path, self._template = places.settings, places.template
        self._lock = threading.Lock()
        self._steps: list[tuple[str | None, str | None]] = []
        """Text before and after each change."""
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

        self._changing(change)

    def unbind(self, binding: Binding, profile: str) -> None:
        """Take a binding out. Raises `ConfigError`."""
        self._changing(lambda: remove_binding(self._path, binding, profile, self._template))

    def set(self, key: Sequence[str], value: object) -> None:
        """Set one value, such as `("gestures", "hold_ms")`. Raises `ConfigError`."""
        self._changing(lambda: write_value(self._path, key, value, self._template))

    @property
    def can_undo(self) -> bool:
        """Whether there is a change of ours to take back."""
        return bool(self._steps)

    def undo(self) -> None:
        """Take the last change back. Raises `ConfigError` when the file was edited since."""
        with self._lock, editing(self._path):
            if not self._steps:
                raise ConfigError("there is nothing to undo")
            before, after = self._steps[-1]
            if read_text(self._path) != after:
                self._steps.clear()
                raise ConfigError(
                    "the settings file was edited elsewhere since; undo would lose that, so "
                    "nothing was changed"
                )
            self._steps.pop()
            write_settings(self._path, self._template if before is None else before)

    def _changing(self, change: Callable[[], object]) -> None:
        with self._lock, editing(self._path):
            before = read_text(self._path)
            try:
                change()
            except BaseException:
                if before is not None and read_text(self._path) != before:
                    write_settings(self._path, before)
                raise
            self._steps = [*self._steps[-MOST_UNDONE:], (before, read_text(self._path))]

    def _refuse_second(self, binding: Binding, profile: str) -> None:
        """Say so when the new place of a binding is taken, instead of writing over it."""
        for other in self.known().settings.profiles.get(profile, ()):
            if (other.gesture, other.hand) == (binding.gesture, binding.hand):
                raise ConfigError(
                    f"{binding.gesture} by the hand {binding.hand} does {other.action} already"
                )


def conflicts(bindings: Sequence[Binding]) -> list[Binding]:
    """Return the bindings to one hand whose gesture is bound to either hand as well.

    That is allowed, the one hand's own goes first; but people are told.
    """
    either = {binding.gesture for binding in bindings if binding.hand == "any"}
    return [b for b in bindings if b.hand != "any" and b.gesture in either]
