"""Run Python when a gesture fires: `python examples/call_a_function.py [SOURCE]`.

Every gesture is an event, bound or not, so that a program of your own needs no settings file. Here
a thumb up counts a vote for, and a thumb down one against.
"""

import sys
from collections import Counter

import vcam

VOTES = {"like": "for", "dislike": "against"}


def main(source: str = "demo") -> None:
    """Count votes on `source`, every frame of it, and print the result."""
    votes: Counter[str] = Counter()

    def count(event: vcam.Event) -> None:
        if event.phase == "fire" and event.gesture in VOTES:
            votes[VOTES[event.gesture]] += 1

    options = vcam.RunOptions(
        camera=source,
        outputs=("null",),
        dry_run=True,
        every_frame=source == "demo",  # a file need not be watched in real time
        settings=vcam.Settings(profile="none", profiles={"none": ()}),
    )
    vcam.App(options, [count]).run()
    print(f"{votes['for']} for, {votes['against']} against")


if __name__ == "__main__":
    main(*sys.argv[1:])
