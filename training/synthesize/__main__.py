"""`python -m training.synthesize` is `python -m training synthesize`."""

import sys

from training.synthesize.command import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
