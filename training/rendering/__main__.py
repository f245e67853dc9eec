"""`python -m training.rendering` is `python -m training synthesize`."""

import sys

from training.rendering.command import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
