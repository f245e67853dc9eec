"""What `vcam doctor` finds: one fact about this machine and what to do about it."""

import re
from dataclasses import dataclass
from typing import Final, Literal

from vcam.core.texts import _, marked

Status = Literal["ok", "warn", "fail"]

MODEL: Final = "model "
"""What the names of checks of models begin with."""
NAMES: Final = {
    name: name
    for name in (
        marked("settings"),
        marked("profile"),
        marked("packages"),
        marked("models"),
        marked("camera"),
        marked("virtual camera"),
        marked("after a restart"),
        marked("keys"),
        marked("focus"),
        marked("microphone"),
        marked("talking"),
        marked("typing"),
        marked("leading hand"),
        marked("desktop"),
        marked("other programs"),
        marked("cpu"),
        marked("disk"),
    )
}
_COMMAND: Final = re.compile(r"(sudo|vcam|pip|pipx|python3?|systemctl|brew|apt|winget) \S[^;]*")


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One line of the doctor's report. Each room reports on its own devices."""

    name: str
    """What was looked at, in two or three words: `virtual camera`."""
    status: Status
    """`fail`: the main job will not work; `warn`: something that some people need will not."""
    text: str
    """What was found, one short sentence."""
    remedy: str | None = None
    """What to do, as a command or a click path for this system; None when all is well."""

    @property
    def title(self) -> str:
        """The name in the language in force."""
        return check_title(self.name)

    @property
    def command(self) -> str | None:
        """The part of the remedy that can be pasted into a terminal; None: it is a click path.

        That is what stands in backquotes, or all of it where it is a command and nothing else.
        """
        quoted = re.search(r"`([^`]+)`", self.remedy or "")
        text = quoted.group(1) if quoted else (self.remedy or "")
        return text if _COMMAND.fullmatch(text) else None


def check_title(name: str) -> str:
    """Return what a check is called in the language in force; its name is English."""
    model = name.removeprefix(MODEL)
    if model != name:
        return _("model {name}").format(name=model)
    return _(NAMES[name]) if name in NAMES else name
