"""A microphone that only remembers, for tests and trying out."""

from vcam.errors import ActionError


class FakeMicrophone:
    """Remembers what it was set to; `stuck` ones do not change, `broken` ones raise."""

    def __init__(self, *, muted: bool = False, stuck: bool = False, broken: bool = False) -> None:
        self.state, self.stuck, self.broken = muted, stuck, broken
        self.changes: list[bool] = []

    def muted(self) -> bool:
        """Return the state."""
        if self.broken:
            raise ActionError("the microphone is gone")
        return self.state

    def set_muted(self, muted: bool) -> None:
        """Remember the change, and make it unless stuck."""
        if self.broken:
            raise ActionError("the microphone is gone")
        self.changes.append(muted)
        if not self.stuck:
            self.state = muted
