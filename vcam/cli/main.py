"""`vcam`: find the command, run it, and say in one sentence what went wrong."""

import atexit
import contextlib
import os
import sys
import threading
import time
import traceback
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

import vcam
from vcam.cli import (
    bench,
    bind,
    cameras,
    config,
    demo,
    doctor,
    last,
    learn,
    models,
    panel,
    recognize,
    run,
    what_next,
)
from vcam.cli.console import log_path, one_line, prepare_output
from vcam.cli.crash_log import log_crashes
from vcam.cli.output_errors import explain, silence_stdout, why_no_more
from vcam.cli.parser import OneSentenceParser, Subparsers
from vcam.core.texts import ENGLISH, _, use_language
from vcam.errors import ConfigError, VcamError
from vcam.settings.language import language_in, speak
from vcam.system.child_process import run_child
from vcam.system.owner_rights import keep_owner_rights
from vcam.system.package_errors import unloadable_package
from vcam.system.signals import ignore_signals

if TYPE_CHECKING:
    import argparse

OK: Final = 0
OUR_FAULT: Final = 1
THEIR_MISTAKE: Final = 2
INTERRUPTED: Final = 130


class Command(Protocol):
    """What each module in `vcam.cli` has to offer."""

    __name__: str
    """The command's name is the last part of it."""

    def add_parser(self, subparsers: Subparsers) -> None:
        """Add the command's own parser, named like the module."""

    def run(self, args: "argparse.Namespace") -> int:
        """Do the work; return the exit code. Raises `VcamError` for a person's mistake."""


COMMANDS: Final[tuple[Command, ...]] = (
    demo,
    run,
    panel,
    bind,
    learn,
    last,
    doctor,
    cameras,
    config,
    recognize,
    models,
    bench,
)
"""In the order of `vcam --help`."""
LIVE: Final[tuple[Command, ...]] = (demo, run, panel, learn, doctor, recognize)
"""Those that use devices and models, which may crash."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 success, 1 our fault, 2 the person's mistake."""
    if argv is None:  # the process is ours alone
        keep_owner_rights()
    child = run_child(sys.argv[1:]) if argv is None else None
    code = _run(argv, traces=argv is None) if child is None else child
    if argv is None:  # and ends here
        ignore_signals()
        _leave_hung_threads(code)
    return code


def _leave_hung_threads(code: int) -> None:
    """End the process at once when a thread of ours hangs in a model or a driver.

    The interpreter would stop it in the middle of C++ code, which ends in an abort and not in
    `code`.
    """
    if all(thread is threading.main_thread() for thread in threading.enumerate()):
        return
    atexit._run_exitfuncs()  # keys are let go there
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


def _run(argv: Sequence[str] | None, *, traces: bool) -> int:
    """Find the command and run it; return the exit status. `traces`: keep those of a crash."""
    prepare_output()
    debug = False
    try:
        _choose_language(sys.argv[1:] if argv is None else argv)
        args = _parser().parse_args(argv)
        debug = args.debug
        _check_working_folder()
        if traces and args.run in {command.run for command in LIVE}:
            log_crashes()
        code: int = args.run(args)
        sys.stdout.flush()
    except SystemExit as stop:  # argparse, after `--help` or a mistake
        return stop.code if isinstance(stop.code, int) else OK
    except VcamError as error:
        return _complain(error, debug=debug)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        return _leave_quietly()
    except Exception as error:  # noqa: BLE001  # the last place that can say something helpful
        return _complain_or_apologise(error, debug=debug)
    return code


def _choose_language(argv: Sequence[str]) -> None:
    """Speak the person's language from the first word on; English where a program listens."""
    config = [after for before, after in pairwise(argv) if before == "--config"]
    config += [each.partition("=")[2] for each in argv if each.startswith("--config=")]
    if "--json" in argv:
        use_language(ENGLISH)
    else:
        speak(language_in(Path(config[-1]) if config else None))


def _parser() -> OneSentenceParser:
    parser = OneSentenceParser(
        prog="vcam",
        description=_("A webcam that understands your hands."),
        epilog=_("Every command has its own help with an example: vcam config --help"),
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"vcam {vcam.__version__}")
    parser.add_argument("--debug", action="store_true", help=_("show tracebacks"))
    subparsers = parser.add_subparsers(metavar="COMMAND", title="commands")
    parser.set_defaults(run=what_next.run)
    for command in COMMANDS:
        command.add_parser(subparsers)
        subparsers.choices[command.__name__.rpartition(".")[2]].set_defaults(run=command.run)
    return parser


def _complain(error: VcamError, *, debug: bool) -> int:
    if debug:
        traceback.print_exception(error)
    print(one_line(f"vcam: {error}"), file=sys.stderr)
    return THEIR_MISTAKE


def _complain_or_apologise(error: Exception, *, debug: bool) -> int:
    """A package that does not load, a full disk, somebody else's folder: not our fault."""
    explained = explain(error) if isinstance(error, OSError) else None
    if explained is not None:
        silence_stdout()
    missing = explained or why_no_more(error) or unloadable_package(error)
    if missing is not None:
        return _complain(VcamError(missing), debug=debug)
    return _apologise(error, debug=debug)


def _leave_quietly() -> int:
    """Whoever read our output has had enough, as `head` does; that is no error."""
    silence_stdout()
    return OK


def _check_working_folder() -> None:
    """Raise `ConfigError` in a folder that is gone: no relative path means anything there."""
    try:
        Path.cwd()
    except OSError:
        raise ConfigError(_("the folder that you are in was deleted: change to another")) from None


def _apologise(error: Exception, *, debug: bool) -> int:
    said = f"{type(error).__name__}: {error}"
    print(_("vcam: this is our fault: {error}").format(error=said), file=sys.stderr)
    log = None if debug else _write_log(error)
    if log is None:
        traceback.print_exception(error)
    else:
        print(
            _("vcam: please report it with the details in {log}").format(log=log), file=sys.stderr
        )
    return OUR_FAULT


def _write_log(error: Exception) -> Path | None:
    """Append the traceback to the log; None when that cannot be written either."""
    try:
        path = log_path()
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8", errors="replace") as log:
            log.write(time.strftime("\n%Y-%m-%d %H:%M:%S ") + f"vcam {vcam.__version__}\n")
            log.writelines(traceback.format_exception(error))
    except (OSError, VcamError):
        return None
    return path


if __name__ == "__main__":
    sys.exit(main())
