"""What is missing on this machine, and what to do about it."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final, TypeAlias

from vcam.core.check_result import CheckResult
from vcam.core.texts import _
from vcam.diagnostics import machine
from vcam.errors import ConfigError, VcamError
from vcam.settings import Settings, default_settings_path, load_settings
from vcam.settings.describe import describe
from vcam.system.package_errors import unloadable_package

Findings: TypeAlias = CheckResult | Iterable[CheckResult]


Check: TypeAlias = Callable[[Settings], Findings]


def examine(path: Path | None, checks: Mapping[str, Check] | None = None) -> list[CheckResult]:
    """Return what all checks find; one that crashes becomes a failed result itself."""
    settings, first = _check_settings(path)
    found = [first]
    for name, check in (CHECKS if checks is None else checks).items():
        found += _guarded(name, check, settings)
    return found


def _check_settings(path: Path | None) -> tuple[Settings, CheckResult]:
    try:
        settings = load_settings(path)
        text = describe(path or default_settings_path(), settings)
    except ConfigError as error:
        remedy = _("fix that line; `vcam config check` looks again")
        return Settings(), CheckResult("settings", "fail", str(error), remedy)
    return settings, CheckResult("settings", "ok", text)


def _guarded(name: str, check: Check, settings: Settings) -> list[CheckResult]:
    try:
        found = check(settings)
        return [found] if isinstance(found, CheckResult) else list(found)
    except VcamError as error:
        return [CheckResult(name, "fail", str(error))]
    except Exception as error:  # noqa: BLE001  # one check that crashes must not hide the others
        missing = unloadable_package(error)
        if missing is not None:
            text, _colon, remedy = missing.partition(": ")
            return [CheckResult(name, "fail", text.rstrip(), remedy)]
        text = _("the check itself broke: {kind}: {error}").format(
            kind=type(error).__name__, error=error
        )
        remedy = _("please report this with the output of `vcam doctor --json`")
        return [CheckResult(name, "fail", text, remedy)]


def _packages(_: Settings) -> Findings:
    from vcam.diagnostics.packages import check_packages

    return check_packages()


def _models(settings: Settings) -> Findings:
    from vcam.vision.models.bundled import check_leading_hand, check_models

    return check_models() + check_leading_hand(settings.recognition.classifier, settings.bindings)


def _camera(settings: Settings) -> Findings:
    from vcam.camera.check import check_camera

    return check_camera(settings.camera)


def _virtual_camera(settings: Settings) -> Findings:
    from vcam.output.check import check_virtual_camera

    return check_virtual_camera(settings.output)


def _after_restart(_: Settings) -> Findings:
    from vcam.diagnostics.system_files import check_after_restart

    return check_after_restart()


def _keys(settings: Settings) -> Findings:
    from vcam.actions.check import check_hearing, check_keys

    gestures = settings.gestures
    return check_keys([each.action for each in settings.bindings]) + check_hearing(
        gestures.panic_key, typing=gestures.guards.typing
    )


def _focus(settings: Settings) -> Findings:
    from vcam.actions.check import check_focus

    return check_focus([each.action for each in settings.bindings if each.focus])


def _microphone(_: Settings) -> Findings:
    from vcam.actions.check import check_microphone

    return check_microphone()


def _talking(settings: Settings) -> Findings:
    from vcam.actions.check import check_talking

    return check_talking(
        wanted=settings.gestures.guards.talking,
        muted_by_gesture=any(each.action == "mic.mute" for each in settings.bindings),
    )


def _links(settings: Settings) -> Findings:
    from vcam.integrations.check import check_links

    return check_links(settings.integrations, [each.action for each in settings.bindings])


def _profile(settings: Settings) -> Findings:
    from vcam.settings.app_profiles import shipped_profiles, this_system

    shipped = shipped_profiles(this_system()).get(settings.profile)
    if shipped is None or shipped.bindings != settings.bindings:
        return []
    return CheckResult(
        "profile",
        "ok",
        _("{profile}: {needs}").format(profile=settings.profile, needs=shipped.needs),
    )


CHECKS: Final[Mapping[str, Check]] = {
    "profile": _profile,
    "python": lambda _: machine.check_python(),
    "packages": _packages,
    "models": _models,
    "camera": _camera,
    "virtual camera": _virtual_camera,
    "after a restart": _after_restart,
    "keys": _keys,
    "focus": _focus,
    "microphone": _microphone,
    "talking": _talking,
    "other programs": _links,
    "cpu": lambda _: machine.check_cpu(),
    "disk": lambda _: machine.check_disk(Path.cwd()),
}
