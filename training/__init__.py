"""Training: everything that turns labelled pictures into the models that `vcam` runs.

Imports PyTorch; the runtime never does. See `training/README.md`.
"""

import os

import vcam as vcam  # before anything else: it keeps ONNX Runtime from sending usage data

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # read when torch is loaded
"""Threads that wait for others sleep instead of spinning: workers make batches meanwhile."""
