"""A plug-in for vcam that counts things in a file: `tally.add:coffee`.

Copy this folder, rename it, and replace what is between the lines. Nothing of vcam need be
imported: a class with these methods is enough.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any


class Tally:
    """Counts. `vcam` makes one object of it, in a process of its own."""

    verbs = {"add": "Count one more {}", "reset": "Count from nothing again"}  # noqa: RUF012

    def __init__(self, settings: Mapping[str, Any]) -> None:
        """Take what `[plugins.tally]` says; the plug-in alone knows what that may be."""
        self._path = Path(settings.get("file", "~/vcam-tally.json")).expanduser()

    def check(self, verb: str, argument: str) -> None:
        """Refuse what could never be done, when the binding is read."""
        if verb == "add" and not argument.isprintable():
            raise ValueError("only words can be counted")

    def perform(self, call: Any) -> str | None:
        """Do it, and return what the person reads on the picture.

        `call` has `verb`, `argument`, `gesture`, `hand` and `time_limit_s`.
        """
        counts = self._read()
        if call.verb == "reset":
            counts = {}
        else:
            counts[call.argument] = counts.get(call.argument, 0) + 1
        self._path.write_text(json.dumps(counts), encoding="utf-8")
        return self._words(counts)

    def choices(self, verb: str) -> Sequence[str]:
        """Offer arguments in the panel."""
        return list(self._read()) or ["coffee"]

    def state(self) -> str | None:
        """Show something on the panel's page all the time."""
        return self._words(self._read())

    def close(self) -> None:
        """Give back what was opened; here nothing was."""

    def _read(self) -> dict[str, int]:
        if not self._path.exists():
            return {}
        counts: dict[str, int] = json.loads(self._path.read_text(encoding="utf-8"))
        return counts

    def _words(self, counts: Mapping[str, int]) -> str:
        return ", ".join(f"{name}: {count}" for name, count in counts.items()) or "nothing yet"
