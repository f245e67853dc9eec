"""Boxes: `xyxy` in pixels."""

from vcam.core.frame import Box


def intersection_over_union(one: Box, other: Box) -> float:
    """Return how much two xyxy boxes overlap: 0 apart, 1 the same; 0 for empty boxes."""
    shared = intersection_area(one, other)
    if shared == 0.0:  # most pairs are apart, and this is asked often
        return 0.0
    union = box_area(one) + box_area(other) - shared
    return shared / union if union > 0 else 0.0


def intersection_area(one: Box, other: Box) -> float:
    """Return the area that two xyxy boxes share, in square pixels."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    if not width > 0:
        return 0.0
    height = min(one[3], other[3]) - max(one[1], other[1])
    return width * height if height > 0 else 0.0


def box_area(box: Box) -> float:
    """Return the area of an xyxy box in square pixels; 0 for empty boxes."""
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])
