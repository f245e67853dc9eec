"""`vcam doctor --fix`: write what is missing, each shown before it is asked for."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.prompt import Confirm
from rich.text import Text

from vcam.cli.doctor_table import pasteable
from vcam.core.texts import _
from vcam.diagnostics.offered_file import Offer
from vcam.diagnostics.system_files import fix_command, missing_files
from vcam.errors import VcamError


def fix(*, yes: bool, root: Path = Path("/")) -> None:
    """Show each missing file and write it when it is wanted; with `yes`, without a question.

    Raises `VcamError` when a file is missing that this user may not write.
    """
    console = Console(highlight=False)
    missing = missing_files(root)
    if not missing:
        console.print(_("Nothing to write: all of it is there."))
        return
    written = [file for file in missing if _offer(console, file, yes=yes)]
    _say_what_follows(console, written)
    refused = [file for file in missing if not file.allowed and not file.taken]
    if refused:
        names = ", ".join(str(file.path) for file in refused)
        raise VcamError(
            _("{names} can be written by root alone: run `{command}`").format(
                names=names, command=fix_command()
            )
        )


def _offer(console: Console, file: Offer, *, yes: bool) -> bool:
    """Show a file, and return whether it was written."""
    console.print()
    console.print(
        Text.assemble((str(file.path), "bold"), "\n", _("So that {why}:").format(why=_(file.why)))
    )
    for line in file.content.splitlines():  # as they are: nothing in them may be broken
        console.print(Text(f"  {line}", "cyan"), soft_wrap=True)
    if file.taken:
        console.print(
            _("    (not written: it says something else; add this by hand)"), style="yellow"
        )
        return False
    if not file.allowed:
        console.print(_("    (not written: that takes the rights of root)"), style="yellow")
        return False
    if not yes and not _agrees(console):
        return False
    file.write()
    console.print(_("    ✓ written"), style="green")
    return True


def _agrees(console: Console) -> bool:
    try:
        return Confirm.ask(_("    Write it?"), default=False, console=console)
    except EOFError:  # nobody is there to ask
        console.print()
        return False


def _say_what_follows(console: Console, written: Sequence[Offer]) -> None:
    commands = [file.now for file in written if file.now]
    if not commands:
        return
    console.print(_("\nIn force after a restart, or now with:"))
    for line in (line for command in commands for line in pasteable(command, console.width)):
        console.print(Text(line, "cyan"), soft_wrap=True)
