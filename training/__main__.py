"""`python -m training COMMAND`: the school's front door."""

import importlib
import sys

COMMANDS = {
    "prepare": "training.data.prepare",
    "synthesize": "training.synthesize.command",
    "train": "training.learn.command",
    "mine": "training.data.mine",
    "calibrate": "training.judge.calibrate",
    "export": "training.ship.export",
    "evaluate": "training.judge.evaluate",
    "report": "training.judge.report",
}


def main(argv: list[str]) -> int:
    """Hand the arguments to the named command; each has its own `--help`."""
    if not argv or argv[0] not in COMMANDS:
        print(f"usage: python -m training {{{'|'.join(COMMANDS)}}} ...", file=sys.stderr)
        return 2
    command = importlib.import_module(COMMANDS[argv[0]])
    return int(command.main(argv[1:]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
