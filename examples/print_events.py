"""Print what fires: `python examples/print_events.py [SOURCE]`; without SOURCE, the demo clip.

This is the whole program (recognition, tracking, holds, guards) with its picture sent nowhere.
`dry_run` makes sure that no key is pressed and no microphone is touched.
"""

import sys

import vcam


def show(event: vcam.Event) -> None:
    """Print one event; called on the recognition thread, so it must be quick."""
    if event.phase == "fire":
        print(f"{event.time:6.2f} s  {event.gesture} by the {event.hand} hand -> {event.action}")


def main(source: str = "demo") -> None:
    """Run on `source` until it ends or Ctrl+C is pressed."""
    options = vcam.RunOptions(camera=source, outputs=("null",), dry_run=True)
    vcam.App(options, [show]).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
