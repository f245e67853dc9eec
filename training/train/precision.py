"""Which number format a training computes in."""

import contextlib
from typing import Any

import torch


def autocast(device: str, precision: str) -> contextlib.AbstractContextManager[Any]:
    """Return mixed precision in bfloat16 where the processor is quicker with it."""
    kind = device.partition(":")[0]
    if precision == "auto":
        pays = (
            torch.cuda.is_bf16_supported(including_emulation=False)
            if kind == "cuda"
            else _cpu_has_bfloat16()
        )
        precision = "bfloat16" if pays else "float32"
    return torch.autocast(kind, torch.bfloat16, enabled=precision == "bfloat16")


def _gpu_has_bfloat16() -> bool:
    """Tell whether the GPU multiplies bfloat16 itself: a T4 or V100 only emulates it."""
    return bool(torch.cuda.is_bf16_supported(including_emulation=False))


def _cpu_has_bfloat16() -> bool:
    """Tell whether the processor multiplies bfloat16 itself (AVX-512 BF16 or AMX)."""
    asked = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    return any(getattr(torch.cpu, name, bool)() for name in asked)
