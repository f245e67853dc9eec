"""`python -m training COMMAND`: the front door of the training package."""

import errno
import importlib
import io
import sys

from training.errors import TrainingError
from vcam.errors import VcamError

COMMANDS = {
    "download": ("training.datasets.download", "fetch HaGRID's releases, and resume"),
    "convert": ("training.datasets.convert", "write labelled pictures as a COCO or YOLO set"),
    "landmarks": ("training.datasets.landmarks", "find joints of hands, with MediaPipe"),
    "prepare": ("training.datasets.prepare", "turn labelled pictures into shards, once"),
    "preview": ("training.train.preview", "write a sheet of the crops that a net trains on"),
    "synthesize": ("training.rendering.command", "render hands of every gesture"),
    "train": ("training.train.command", "train or fine-tune a classifier or a detector"),
    "average": ("training.train.average_weights", "write the mean of several trainings"),
    "hard-negatives": (
        "training.datasets.hard_negatives",
        "collect what a detector takes for hands",
    ),
    "improve": ("training.improve.command", "learn from what you said was wrong or missed"),
    "relabel": ("training.datasets.relabel", "find hands under a wrong name"),
    "calibrate": ("training.evaluation.calibrate", "choose temperature and thresholds"),
    "export": ("training.export.export", "write the ONNX file and its card"),
    "quantize": ("training.export.quantize", "write an INT8 file, and say what it costs"),
    "evaluate": ("training.evaluation.evaluate", "score models, or the whole program"),
    "report": ("training.evaluation.report", "write one page about a training"),
}
FORMER = {"mine": "hard-negatives"}
"""Names that commands had before."""


def usage() -> str:
    """Return a line for every command."""
    lines = [f"  {name:16}{does}" for name, (_, does) in COMMANDS.items()]
    return "\n".join(
        [
            "usage: python -m training COMMAND ...",
            "",
            *lines,
            "",
            "Each has its own --help; training/README.md tells how they go together.",
        ]
    )


def main(argv: list[str]) -> int:
    """Hand the arguments to the named command; each has its own `--help`."""
    if not argv or argv[0] in ("-h", "--help", "help"):
        print(usage())
        return 0
    name = FORMER.get(argv[0], argv[0])
    if name not in COMMANDS:
        print(f"There is no command {argv[0]!r}.\n{usage()}", file=sys.stderr)
        return 2
    try:
        command = importlib.import_module(COMMANDS[name][0])
    except ModuleNotFoundError as error:
        print(
            f"{error.name} is not installed: training needs `pip install -e '.[training]'`.",
            file=sys.stderr,
        )
        return 2
    for stream in (sys.stdout, sys.stderr):  # names of files need not be text
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        return int(command.main(argv[1:]))
    except (TrainingError, VcamError) as error:
        print(error, file=sys.stderr)
    except KeyboardInterrupt:
        print("Stopped: the same command continues with what is whole.", file=sys.stderr)
        return 130
    except OSError as error:
        print(_said_of(error), file=sys.stderr)
    return 2


def _said_of(error: OSError) -> str:
    """Return a sentence for what a disk does not do; raise the error where it is no file's."""
    if error.errno == errno.ENOSPC:
        return (
            "The disk is full: make room and give the same command again; what was finished is "
            "kept."
        )
    if error.filename is None or error.strerror is None:
        raise error
    return (
        f"{error.filename} cannot be read or written ({error.strerror}): name another place, or "
        "fix this one, and give the same command again."
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
