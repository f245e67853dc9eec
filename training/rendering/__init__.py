"""Rendered hands: rigged, posed, lit and labelled, for classes that real pictures are thin in.

The chain reads: `assets` (fetch) -> `gltf` (parse) -> `rig`, `bend` (pose) -> `raster` (which pixel
shows which triangle) -> `skin`, `light`, `surface` (colour) -> `render` (one cutout) -> `dataset`
(many cutouts) or `clip` (the demo video). No GPU and no display are needed.
"""
