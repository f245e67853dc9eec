"""`vcam doctor`: look at everything that the main job needs, and say what to do."""

import argparse
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Final, TypeAlias

from vcam import machine
from vcam.commands.config import describe
from vcam.commands.parsers import Subparsers, add_command
from vcam.config import Settings, default_settings_path, load_settings
from vcam.errors import ConfigError, VcamError
from vcam.finding import Finding

EXAMPLES: Final = """\
Each line is ok, warn (something that some people need will not work) or fail (the main job will
not work), with what to do. The exit code is 1 when a line says fail, otherwise 0.

examples:
  vcam doctor
  vcam doctor --json
"""

Findings: TypeAlias = Finding | Iterable[Finding]
Check: TypeAlias = Callable[[Settings], Findings]

STYLES: Final[Mapping[str, str]] = {"ok": "green", "warn": "yellow", "fail": "bold red"}


def add_parser(subparsers: Subparsers) -> None:
    """Add `doctor`."""
    parser = add_command(
        subparsers, "doctor", "check camera, drivers, keys, microphone and models", EXAMPLES
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--config", type=Path, metavar="FILE", help="another settings file")


def run(args: argparse.Namespace) -> int:
    """Print all findings; 1 when one of them is `fail`."""
    findings = examine(args.config)
    ok = all(finding.status != "fail" for finding in findings)
    if args.json:
        table = {"findings": [asdict(finding) for finding in findings], "ok": ok}
        print(json.dumps(table, indent=2, ensure_ascii=False))
    else:
        _print_table(findings)
    return 0 if ok else 1


def examine(path: Path | None, checks: Mapping[str, Check] | None = None) -> list[Finding]:
    """Return what all checks find; one that crashes becomes a finding itself."""
    settings, first = _check_settings(path)
    found = [first]
    for name, check in (CHECKS if checks is None else checks).items():
        found += _guarded(name, check, settings)
    return found


def _check_settings(path: Path | None) -> tuple[Settings, Finding]:
    try:
        settings = load_settings(path)
        text = describe(path or default_settings_path(), settings)
    except ConfigError as error:
        remedy = "mend that line; `vcam config check` looks again"
        return Settings(), Finding("settings", "fail", str(error), remedy)
    return settings, Finding("settings", "ok", text)


def _guarded(name: str, check: Check, settings: Settings) -> list[Finding]:
    try:
        found = check(settings)
        return [found] if isinstance(found, Finding) else list(found)
    except VcamError as error:
        return [Finding(name, "fail", str(error))]
    except Exception as error:  # noqa: BLE001  # a doctor who faints is no help; the rest goes on
        text = f"the check itself broke: {type(error).__name__}: {error}"
        remedy = "please report this with the output of `vcam doctor --json`"
        return [Finding(name, "fail", text, remedy)]


def _models(_: Settings) -> Findings:
    from vcam.models import check_models

    return check_models()


def _camera(settings: Settings) -> Findings:
    from vcam.camera.check import check_camera

    return check_camera(settings.camera)


def _virtual_camera(settings: Settings) -> Findings:
    from vcam.output.check import check_virtual_camera

    return check_virtual_camera(settings.output)


def _keys(_: Settings) -> Findings:
    from vcam.act.check import check_keys

    return check_keys()


def _focus(settings: Settings) -> Findings:
    from vcam.act.check import check_focus

    return check_focus([each.action for each in settings.bindings if each.focus])


def _microphone(_: Settings) -> Findings:
    from vcam.act.check import check_microphone

    return check_microphone()


def _profile(settings: Settings) -> Findings:
    from vcam.config.shipped import shipped_profiles, this_system

    shipped = shipped_profiles(this_system()).get(settings.profile)
    if shipped is None or shipped.bindings != settings.bindings:
        return []
    return Finding("profile", "ok", f"{settings.profile}: {shipped.needs}")


CHECKS: Final[Mapping[str, Check]] = {
    "profile": _profile,
    "python": lambda _: machine.check_python(),
    "packages": lambda _: machine.check_packages(),
    "models": _models,
    "camera": _camera,
    "virtual camera": _virtual_camera,
    "keys": _keys,
    "focus": _focus,
    "microphone": _microphone,
    "cpu": lambda _: machine.check_cpu(),
    "disk": lambda _: machine.check_disk(Path.cwd()),
}


def _print_table(findings: list[Finding]) -> None:
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE, show_header=False, pad_edge=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for finding in findings:
        text = Text(finding.text)
        if finding.remedy:
            text.append(f"\n→ {finding.remedy}", style=STYLES[finding.status])
        table.add_row(finding.name, Text(finding.status, STYLES[finding.status]), text)
    console = Console()
    console.print(table)
    console.print(_summary(findings))


def _summary(findings: list[Finding]) -> str:
    count = {status: sum(each.status == status for each in findings) for status in STYLES}
    if count["fail"]:
        return f"{count['fail']} of {len(findings)} checks failed; start with the first."
    return f"Ready; {count['warn']} warnings." if count["warn"] else "Ready; all is well."
