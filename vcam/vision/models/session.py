"""Open an `.onnx` file and check that it is what its card says."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from vcam.core.labels import ORIENTATIONS
from vcam.core.texts import _
from vcam.errors import ModelError
from vcam.system.json_files import read_regular
from vcam.vision.models.card import ModelCard, read_card

Array = npt.NDArray[Any]

OUTPUTS: Mapping[str, tuple[str, ...]] = {
    "detect": ("boxes", "scores"),
    "classify": ("gesture", "hand"),
}
"""What a model of each task must give; more outputs are allowed and left alone."""
OPTIONAL: Mapping[str, tuple[str, ...]] = {
    "detect": (),
    "classify": ("orientation", "embedding"),
}
"""What a model may give beyond `OUTPUTS`; older models have none of these."""


class ModelSession:
    """One model, loaded once and used from one thread at a time."""

    def __init__(self, path: Path, task: str, threads: int = 1) -> None:
        """Load and check; raises `ModelError` in one sentence when the file is not usable."""
        self.path = path
        data = _read(path)
        self.card: ModelCard = read_card(path, task)
        _check_hash(path, data, self.card)
        self._session = _open(path, data, threads)
        self._outputs = OUTPUTS[task]
        try:
            given = {output.name for output in self._session.get_outputs()}
            self._input: str = _check_shape(path, self._session, self._outputs)
            if task == "classify":
                _check_heads(path, self._session, self.card)
        except UnicodeDecodeError:  # ONNX Runtime hands names on as they are
            raise ModelError(
                _("{name} is damaged: its names are no text.").format(name=path.name)
            ) from None
        self._optional = tuple(name for name in OPTIONAL[task] if name in given)

    def run(self, images: npt.NDArray[np.uint8]) -> Sequence[Array]:
        """Return the task's outputs, in the order of `OUTPUTS`, for uint8 (N, H, W, 3) RGB."""
        results: Sequence[Array] = self._session.run(self._outputs, {self._input: images})
        return results

    def run_all(self, images: npt.NDArray[np.uint8]) -> Mapping[str, Array]:
        """Return the task's outputs by name, with those of `OPTIONAL` that the model has."""
        names = (*self._outputs, *self._optional)
        return dict(zip(names, self._session.run(names, {self._input: images}), strict=True))


def _read(path: Path) -> bytes:
    try:
        return read_regular(path)
    except FileNotFoundError:
        raise ModelError(
            _("There is no model at {path}: install the program again, or name one.").format(
                path=path
            )
        ) from None
    except OSError as error:
        raise ModelError(
            _("The model {path} cannot be read ({reason}).").format(
                path=path, reason=error.strerror
            )
        ) from None


def _check_hash(path: Path, data: bytes, card: ModelCard) -> None:
    if hashlib.sha256(data).hexdigest() != card.sha256:
        raise ModelError(
            _(
                "{name} is not the file that its card describes (its checksum differs): "
                "install the program again, or export model and card again."
            ).format(name=path.name)
        )


def _open(path: Path, data: bytes, threads: int) -> Any:
    import onnxruntime

    onnxruntime.set_default_logger_severity(3)
    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 4  # fatal: what is wrong is said by us, once
    # A waiting thread must sleep: spinning would take a core away from the call.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return onnxruntime.InferenceSession(
            data, options, providers=["CPUExecutionProvider"], enable_fallback=0
        )
    except Exception as error:  # noqa: BLE001  # ONNX Runtime raises a type for every status code
        reason = next(iter(str(error).splitlines()), type(error).__name__)[:120]
        raise ModelError(
            _("{name} is damaged or no ONNX model ({reason}).").format(
                name=path.name, reason=reason
            )
        ) from None


def _check_shape(path: Path, session: Any, outputs: Sequence[str]) -> str:
    missing = set(outputs) - {output.name for output in session.get_outputs()}
    if missing:
        raise ModelError(
            _("{name} gives no {outputs}: export it again.").format(
                name=path.name, outputs=", ".join(sorted(missing))
            )
        )
    takes = next(iter(session.get_inputs()), None)
    if (
        takes is None
        or takes.type != "tensor(uint8)"
        or len(takes.shape) != 4
        or takes.shape[3] != 3
    ):
        raise ModelError(
            _("{name} does not take uint8 RGB pictures: export it again.").format(name=path.name)
        )
    return str(takes.name)


def _check_heads(path: Path, session: Any, card: ModelCard) -> None:
    """Each head gives as many numbers as the card has names for; an unknown width is let pass."""
    wide = {output.name: (output.shape or [None])[-1] for output in session.get_outputs()}
    heads = (("gesture", card.labels), ("hand", card.hands), ("orientation", ORIENTATIONS))
    for head, names in heads:
        if isinstance(wide.get(head), int) and wide[head] != len(names):
            raise ModelError(
                _(
                    "{name} gives {wide} numbers for {head}, and there are {names} names for "
                    "them: export it again."
                ).format(name=path.name, wide=wide[head], head=head, names=len(names))
            )
