"""`python -m vcam` is the same as `vcam`."""

import sys

from vcam.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
