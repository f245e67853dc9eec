"""What `vcam doctor` shows: what is wrong first, commands on lines that fit and can be pasted."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from vcam.core.check_result import CheckResult
from vcam.core.texts import _, marked, ngettext

if TYPE_CHECKING:
    from rich.table import Table

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
            console.print(_reported(finding))
            for line in pasteable(finding.command or "", console.width):
                console.print(Text(line, "cyan"), soft_wrap=True)
            console.print()
    console.print(_good([each for each in findings if each.status == "ok"]))
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


def _reported(finding: CheckResult) -> "Table":
    from rich.text import Text

    rows = _grid()
    rows.add_row("  ", " ", Text(finding.text))
    remedy = finding.remedy or ""
    if remedy.strip("`") != finding.command:
        rows.add_row("  ", "→", Text(remedy.replace(f"`{finding.command}`", _(BELOW))))
    return rows


def _good(findings: Sequence[CheckResult]) -> "Table":
    from rich.text import Text

    rows = _grid()
    for finding in findings:
        text = Text.assemble((finding.title, "bold"), _(": {text}").format(text=finding.text))
        rows.add_row(Text("ok  ", STYLES["ok"]), text)
    rows.add_row("", "")
    return rows


def _grid() -> "Table":
    from rich.table import Table

    return Table.grid(padding=(0, 1, 0, 0))


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
