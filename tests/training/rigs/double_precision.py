"""`python -m training`, in which every number has 64 bits: what rounding does is then too small."""

import sys

import torch

torch.set_default_dtype(torch.float64)

from training.__main__ import main  # noqa: E402  # nets are made after the line above

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
