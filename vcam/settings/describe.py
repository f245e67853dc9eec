"""One line about the settings in force."""

from pathlib import Path

from vcam.core.texts import _, ngettext
from vcam.settings import Settings


def describe(path: Path, settings: Settings) -> str:
    """Return one line about the settings in use."""
    origin = str(path)
    if not path.exists():
        origin = _("no file at {path}, so the defaults hold").format(path=path)
    count = len(settings.bindings)
    text = ngettext(
        "{settings}; profile {profile} with {n} binding",
        "{settings}; profile {profile} with {n} bindings",
        count,
    )
    return text.format(settings=origin, profile=settings.profile, n=count)
