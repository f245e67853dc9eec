"""What `vcam doctor` shows: what is wrong first, commands on lines that fit and can be pasted."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from vcam.cli.console import harmless
from vcam.cli.hanging_indent import hanging
from vcam.core.check_result import CheckResult
from vcam.core.texts import _, marked, ngettext

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

STYLES: Final[Mapping[str, str]] = {"ok": "green", "warn": "yellow", "fail": "bold red"}
INDENT: Final = "     "
BELOW: Final = marked("the command below")
_WORD: Final = re.compile(r"""(?:[^\s"']|"[^"]*"|'[^']*')+""")


def print_findings(findings: Sequence[CheckResult]) -> None:
    """Print what is wrong with what to do; then what is well, a line or two each."""
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    for status in ("fail", "warn"):
        for finding in (each for each in findings if each.status == status):
            console.print(Text.assemble((f"{status:5}", STYLES[status]), (finding.title, "bold")))
            for line in _reported(finding, console):
                console.print(line, soft_wrap=True)
            for part in pasteable(finding.command or "", console.width):
                console.print(Text(part, "cyan"), soft_wrap=True)
            console.print()
    for finding in (each for each in findings if each.status == "ok"):
        for line in _good(finding, console):
            console.print(line, soft_wrap=True)
    console.print()
    console.print(_summary(findings))


def pasteable(command: str, width: int) -> list[str]:
    """Return a command as indented lines of at most `width` columns, as far as words allow.

    They can be pasted as they are: each part of a chain has lines of its own.
    """
    return [line for part in command.split(" && ") if part for line in _broken(part, width)]


def _broken(part: str, width: int) -> Iterator[str]:
    """Break between words, where a backslash lets the shell read on."""
    line = INDENT
    for word in _WORD.findall(part):
        if len(line) + len(word) + len("  \\") > width and line.strip():
            yield f"{line} \\"
            line = INDENT + "  "
        line += word if line.isspace() else f" {word}"
    yield line


def _reported(finding: CheckResult, console: "Console") -> Iterator["Text"]:
    from rich.text import Text

    yield from hanging(Text(INDENT), Text(harmless(finding.text)), console)
    remedy = finding.remedy or ""
    if remedy.strip("`") not in ("", finding.command):
        below = remedy.replace(f"`{finding.command}`", _(BELOW))
        yield from hanging(Text("   → "), Text(below), console)


def _good(finding: CheckResult, console: "Console") -> Iterator["Text"]:
    from rich.text import Text

    said = _(": {text}").format(text=harmless(finding.text))
    text = Text.assemble((finding.title, "bold"), said)
    return hanging(Text("ok   ", STYLES["ok"]), text, console)


def _summary(findings: Sequence[CheckResult]) -> str:
    count = {status: sum(each.status == status for each in findings) for status in STYLES}
    if count["fail"]:
        text = _("{n} of {all} checks failed; start with the first.")
        return text.format(n=count["fail"], all=len(findings))
    if count["warn"]:
        return ngettext("Ready; {n} warning.", "Ready; {n} warnings.", count["warn"]).format(
            n=count["warn"]
        )
    return _("Ready; all is well.")
