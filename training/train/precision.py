"""Which number format a training computes in."""

import contextlib
from typing import Any

import torch

PRECISIONS = ("auto", "float32", "bfloat16", "float16")
FORMATS = {"bfloat16": torch.bfloat16, "float16": torch.float16}


def chosen(device: str, precision: str) -> str:
    """Return the format that `auto` stands for on a device; any other stays.

    bfloat16 where the processor multiplies it itself; float16 on a GPU that only emulates it, such
    as a T4 or V100; float32 elsewhere.
    """
    if precision != "auto":
        return precision
    if device.partition(":")[0] == "cuda":
        whole = torch.cuda.is_bf16_supported(including_emulation=False)
        return "bfloat16" if whole else "float16"
    return "bfloat16" if _cpu_has_bfloat16() else "float32"


def autocast(device: str, precision: str) -> contextlib.AbstractContextManager[Any]:
    """Return mixed precision in the format chosen for a device."""
    number_format = FORMATS.get(chosen(device, precision))
    kind = device.partition(":")[0]
    return torch.autocast(kind, number_format, enabled=number_format is not None)


def loss_scaler(device: str, precision: str) -> torch.amp.GradScaler:
    """Return what keeps small gradients above float16's smallest number; idle in other formats."""
    enabled = chosen(device, precision) == "float16"
    return torch.amp.GradScaler(device.partition(":")[0], enabled=enabled)


def _cpu_has_bfloat16() -> bool:
    """Tell whether the processor multiplies bfloat16 itself (AVX-512 BF16 or AMX)."""
    asked = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    return any(getattr(torch.cpu, name, bool)() for name in asked)
