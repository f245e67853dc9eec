"""Which plug-ins other packages have installed; none of their code is loaded here."""

from importlib.metadata import EntryPoint, entry_points

from vcam.actions.plugins.plugin import GROUP
from vcam.core.texts import _
from vcam.errors import ActionError


def installed_plugins() -> tuple[str, ...]:
    """Return the names of all that are installed, in order."""
    return tuple(sorted({point.name for point in entry_points(group=GROUP)}))


def find_plugin(name: str) -> EntryPoint:
    """Return where a plug-in is; raises `ActionError` when it is not installed, or twice."""
    points = list({point.value: point for point in entry_points(group=GROUP, name=name)}.values())
    if len(points) == 1:
        return points[0]
    if points:
        packages = " and ".join(sorted(point.dist.name for point in points if point.dist))
        raise ActionError(
            _("two packages offer the plug-in {name} ({packages}); remove one of them").format(
                name=name, packages=packages
            )
        )
    there = ", ".join(installed_plugins()) or "none"
    raise ActionError(
        _(
            "the plug-in {name} is not installed where vcam is; install its package "
            "there (installed: {there})"
        ).format(name=name, there=there)
    )
