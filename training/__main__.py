"""`python -m training COMMAND`: the front door of the training package."""

import errno
import importlib
import sys

from training.errors import TrainingError

COMMANDS = {
    "prepare": "training.datasets.prepare",
    "synthesize": "training.rendering.command",
    "train": "training.train.command",
    "average": "training.train.average_weights",
    "hard-negatives": "training.datasets.hard_negatives",
    "relabel": "training.datasets.relabel",
    "calibrate": "training.evaluation.calibrate",
    "export": "training.export.export",
    "quantize": "training.export.quantize",
    "evaluate": "training.evaluation.evaluate",
    "report": "training.evaluation.report",
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
            f"{error.name} is not installed: training needs `pip install -e '.[training]'`.",
            file=sys.stderr,
        )
        return 2
    try:
        return int(command.main(argv[1:]))
    except TrainingError as error:
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
