"""A frame's number and the millisecond it was sent, in its pixels; read back after any camera.

Black and white blocks, at the top and at the bottom of the picture: 16 bits of number, 26 bits of
wall-clock milliseconds, 8 bits of check sum. Scaled, converted and compressed pictures keep them.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vcam.core.frame import Image

BLOCK = 16
"""Pixels along one side of a block."""
NUMBER_BITS, TIME_BITS, CHECK_BITS = 16, 26, 8
BITS = NUMBER_BITS + TIME_BITS + CHECK_BITS
WIDTH = BITS * BLOCK
_FIRST = np.arange(BITS) * BLOCK + BLOCK // 2


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a frame says of itself."""

    number: int
    sent_ms: int
    """Milliseconds of the wall clock, modulo 2 ** TIME_BITS."""


def write_stamps(image: Image, stamp: Stamp) -> None:
    """Write a stamp into the first and last rows of uint8 (H, W, 3), W at least `WIDTH`."""
    strip = np.repeat(np.array(to_bits(stamp), np.uint8) * 255, BLOCK)[None, :, None]
    image[:BLOCK, :WIDTH] = strip
    image[-BLOCK:, :WIDTH] = strip


Brightness = np.ndarray[tuple[int, int], np.dtype[np.uint8]]


def read_stamps(brightness: Brightness) -> tuple[Stamp | None, Stamp | None]:
    """Return what stands at the top and at the bottom of uint8 (H, W); a card has neither."""
    rows = brightness[BLOCK // 2], brightness[-BLOCK // 2]
    top, bottom = (from_bits(list(row[_FIRST] > 127)) for row in rows)
    return top, bottom


def read_stamp(brightness: Brightness) -> Stamp | None:
    """Return the one stamp of uint8 (H, W); None when it has none or two that differ: torn."""
    top, bottom = read_stamps(brightness)
    return top if top == bottom else None


def to_bits(stamp: Stamp) -> list[bool]:
    """Return the bits as they are written, from the left."""
    value = stamp.number % (1 << NUMBER_BITS) | stamp.sent_ms % (1 << TIME_BITS) << NUMBER_BITS
    value |= _check(value) << NUMBER_BITS + TIME_BITS
    return [bool(value >> i & 1) for i in range(BITS)]


def from_bits(bits: Sequence[bool]) -> Stamp | None:
    """Return what bits say; None when the check sum is wrong."""
    value = sum(int(bit) << i for i, bit in enumerate(bits))
    check, value = value >> NUMBER_BITS + TIME_BITS, value & (1 << NUMBER_BITS + TIME_BITS) - 1
    if len(bits) != BITS or check != _check(value):
        return None
    return Stamp(value & (1 << NUMBER_BITS) - 1, value >> NUMBER_BITS)


def _check(value: int) -> int:
    return zlib.crc32(value.to_bytes(8, "little")) & (1 << CHECK_BITS) - 1
