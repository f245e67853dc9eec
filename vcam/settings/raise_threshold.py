"""A false alarm makes its gesture harder to fire: the one rule for the panel and the terminal."""

from collections.abc import Callable

from vcam.core.gesture_names import gesture_title
from vcam.gestures.settings import raised_threshold


def raise_threshold(gesture: str, now: float | None, write: Callable[[float], None]) -> str:
    """Raise a gesture's threshold by a step, unless it is at its end; return what was done.

    `now` is the score that it needs so far, 0..1 (None: it has no threshold of its own); `write`
    saves the new one, and what it raises is passed on. The sentence ends with a full stop.
    """
    name = gesture_title(gesture)
    if now is None:
        return f"{name} has no threshold of its own, so none is raised."
    raised = raised_threshold(now)
    if raised <= now:
        return f"{name} has the highest threshold already: bind another gesture."
    write(raised)
    return f"{name} now needs a score of {raised:.0%}."
