"""What `vcam` can do, one command a file.

Each has `run(args)`, which does the work and returns the exit code, and `add_parser(subparsers)`,
which adds its parser with that `run` as a default and a `--help` that shows an example. The files
are imported for every `vcam --help`, so what is slow to import (OpenCV, ONNX Runtime, rich) is
imported in `run`.
"""
