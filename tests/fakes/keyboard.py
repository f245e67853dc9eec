"""A keyboard that only remembers, for tests and trying out."""

from collections.abc import Collection, Sequence

from vcam.actions.chord import KEYS, MODIFIERS
from vcam.errors import ActionError


class FakeKeyboard:
    """Keeps what was pressed and released, in order, in `log`: `+alt`, `+y`, `-y`, `-alt`."""

    way = "by a fake"

    def __init__(self, missing: Collection[str] = ()) -> None:
        self.log: list[str] = []
        self.beats = self.prepared = 0
        self.down: list[str] = []
        """Keys that are down now, in the order in which they went down."""
        self._missing = frozenset(missing)
        self.held_by_the_person: frozenset[str] = frozenset()

    def check(self, key: str) -> None:
        """Refuse names that no chord has, and those given as `missing`."""
        if key in self._missing or key not in (*MODIFIERS, *KEYS):
            raise ActionError(f"this keyboard has no key {key!r}")

    def check_together(self, keys: Sequence[str]) -> None:
        """Every chord is itself here."""

    def prepare(self) -> None:
        """Count it."""
        self.prepared += 1

    def modifiers_down(self) -> frozenset[str]:
        """Return what the person holds, and what we do."""
        return self.held_by_the_person | frozenset(self.down) & frozenset(MODIFIERS)

    def press(self, key: str) -> None:
        """Note `+key`."""
        self.check(key)
        self.log.append(f"+{key}")
        if key not in self.down:
            self.down.append(key)

    def release(self, key: str) -> None:
        """Note `-key`."""
        self.check(key)
        self.log.append(f"-{key}")
        if key in self.down:
            self.down.remove(key)

    def beat(self) -> None:
        """Count it."""
        self.beats += 1

    def close(self) -> None:
        """Nothing to give back."""


class FakeSender:
    """Sends keys nowhere: `log` has `+CODE` and `-CODE`; codes change with the `layout`."""

    def __init__(self, missing: Collection[str] = ()) -> None:
        self.log: list[str] = []
        self.layout = ""
        self.broken = False
        self._missing = frozenset(missing)

    def code(self, key: str) -> str:
        """Return the key's name with the layout's before it."""
        if key in self._missing or key not in (*MODIFIERS, *KEYS):
            raise ActionError(f"this keyboard has no key {key!r}")
        return self.layout + key

    def prepare(self) -> None:
        """Nothing is to be done."""

    def send(self, code: str, *, down: bool) -> None:
        """Note the key, unless the way to the desktop is broken."""
        if self.broken:
            raise ActionError("the connection is gone")
        self.log.append(f"{'+' if down else '-'}{code}")

    def close(self) -> None:
        """Nothing to give back."""
