"""A program that services outside may look at and change."""


class FakeOutside:
    """Remembers what it was asked for."""

    def __init__(self) -> None:
        self.paused = False
        self.muted: bool | None = None
        self.reported: list[str] = []
        self.badges: list[str] = []

    def pause(self) -> None:
        self.paused = True

    def resume(self) -> None:
        self.paused = False

    def mute(self, muted: bool) -> None:
        self.muted = muted

    def tell(self, text: str, *, badge: str | None = None) -> None:
        self.reported.append(text)
        if badge and badge not in self.badges:
            self.badges.append(badge)

    def clear_badge(self, badge: str) -> None:
        self.badges = [each for each in self.badges if each != badge]
