"""`python -m training train classifier|detector`: learn, resume, log one JSON line an epoch."""

from collections.abc import Sequence

from training.option_parser import OptionParser, refuse_a_file
from training.train import classifier, detector
from vcam.system.overwrite_guard import refuse_overwriting


def main(argv: Sequence[str]) -> int:
    """Run `python -m training train`."""
    parser = OptionParser(prog="python -m training train", description=__doc__)
    parsers = parser.add_subparsers(required=True, metavar="TASK")
    for name, module in (("classifier", classifier), ("detector", detector)):
        task = parsers.add_parser(name, help=module.__doc__)
        module.add_arguments(task)
        task.set_defaults(run=module.run)
    args = parser.parse_args(argv)
    refuse_a_file(args.out)
    refuse_overwriting([getattr(args, "start", None)], [args.out / "model.pt"])
    return int(args.run(args))
