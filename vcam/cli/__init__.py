"""One module for each command of `vcam`.

Each has `add_parser(subparsers)`, which adds its parser with a `--help` that shows an example, and
`run(args)`, which does the work and returns the exit code. Modules here are imported for every
`vcam --help`, so whatever is slow to import (OpenCV, ONNX Runtime, rich) is imported in `run`.
"""
