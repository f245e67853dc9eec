"""Annotations that somebody else wrote: what is wrong with them is reported, and nothing breaks."""

import pytest

from tests.training.rigs.nonsense import ANNOTATIONS


@pytest.mark.parametrize("name", ANNOTATIONS)
def test_nonsense(name: str) -> None:
    """Whatever an annotation file holds, its pictures are listed or it is refused in a sentence."""
    ANNOTATIONS[name].try_out()
