"""`python -m training COMMAND`: the school's front door."""

import errno
import importlib
import sys

from training.errors import SchoolError

COMMANDS = {
    "prepare": "training.data.prepare",
    "synthesize": "training.synthesize.command",
    "train": "training.learn.command",
    "average": "training.learn.average",
    "mine": "training.data.mine",
    "relabel": "training.data.relabel",
    "calibrate": "training.judge.calibrate",
    "export": "training.ship.export",
    "quantize": "training.ship.quantize",
    "evaluate": "training.judge.evaluate",
    "report": "training.judge.report",
}


def main(argv: list[str]) -> int:
    """Hand the arguments to the named command; each has its own `--help`."""
    if not argv or argv[0] not in COMMANDS:
        print(f"usage: python -m training {{{'|'.join(COMMANDS)}}} ...", file=sys.stderr)
        return 2
    try:
        command = importlib.import_module(COMMANDS[argv[0]])
    except ModuleNotFoundError as error:
        print(
            f"{error.name} is not installed: the school needs `pip install -e '.[training]'`.",
            file=sys.stderr,
        )
        return 2
    try:
        return int(command.main(argv[1:]))
    except SchoolError as error:
        print(error, file=sys.stderr)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        print(
            "The disk is full: make room and give the same command again; what was finished is "
            "kept.",
            file=sys.stderr,
        )
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
