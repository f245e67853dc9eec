"""What somebody found out about labels of a source: which pictures show another gesture."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from training.datasets.annotations import LabelledImage, Report
from training.errors import TrainingError

LEFT_OUT = "picture whose label is doubtful (as --corrections says)"

Names: TypeAlias = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Corrections:
    """The gesture of pictures whose only hand is named wrong; None: leave the picture out."""

    names: Names

    @classmethod
    def read(cls, path: Path | None) -> "Corrections":
        """Read what `relabel` wrote; none without a path. Raises `TrainingError`."""
        if path is None:
            return cls({})
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise TrainingError(f"The corrections {path} cannot be read ({error}).") from None
        if not isinstance(content, dict) or not all(
            name is None or isinstance(name, str) for name in content.values()
        ):
            raise TrainingError(f"{path} holds no corrections: let `relabel` write it.")
        return cls(content)

    def apply(
        self, images: Callable[[Report], Iterator[LabelledImage]], report: Report
    ) -> Iterator[LabelledImage]:
        """Yield a source's pictures with the right names; report those that are left out."""
        for labelled in images(report):
            if labelled.name not in self.names or len(labelled.hands) != 1:
                yield labelled
                continue
            gesture = self.names[labelled.name]
            if gesture is None:
                report(LEFT_OUT, labelled.name)
                continue
            hand = replace(labelled.hands[0], gesture=gesture)
            yield replace(labelled, gesture=gesture, hands=(hand,))
