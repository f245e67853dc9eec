"""Linux: which v4l2loopback device carries our picture, and what must be fixed before it does."""

from collections.abc import Sequence

from vcam.core.texts import _, marked
from vcam.errors import OutputError
from vcam.system import v4l2

INSTALL = (
    "sudo apt install v4l2loopback-dkms && "
    f'sudo modprobe v4l2loopback exclusive_caps=1 max_buffers=8 card_label="{v4l2.OUR_LABEL}"'
)
"""What to type on Debian and Ubuntu when the driver is missing."""

_US = marked("this program")


def find_loopbacks() -> list[v4l2.VideoDevice]:
    """Return the loopback devices, ours first."""
    devices = [d for d in v4l2.list_devices() if d.virtual]
    return sorted(devices, key=lambda d: (d.name != v4l2.OUR_LABEL, d.index))


def find_producer(device: v4l2.VideoDevice) -> str | None:
    """Return who writes into a device, in words; None when it is free."""
    if v4l2.held_by_us(device.path):
        return _(_US)
    if not device.captures:  # nobody, or a producer that has not sent a picture yet
        writers = [h for h in v4l2.find_holders(device.path) if h.writes_only]
        return str(writers[0]) if writers else None
    holders = v4l2.find_holders(device.path)
    for holder in holders:
        if holder.writes_only:
            return str(holder)
    if not v4l2.frames_flow(device.path):
        return None
    return ", ".join(str(h) for h in holders) or _("another program")


def prepare_loopback(wanted: str | None) -> str | None:
    """Choose a device by path or label, or the first free one, and make it ready to be written.

    Returns its path; None when there is no loopback device at all. Raises `OutputError` when the
    wanted one is not there, or all are in use.
    """
    devices = find_loopbacks()
    if not devices:
        return None
    busy, ours = [], []
    for device in _candidates(devices, wanted):
        producer = find_producer(device)
        if producer is None:
            if not device.outputs:
                v4l2.release_stuck_output(device.path)
            return device.path
        where = f"{device.path} ({device.name})"
        busy.append(_("{where} by {producer}").format(where=where, producer=producer))
        if producer == _(_US):
            ours.append(where)
    if ours:
        raise OutputError(
            _(
                "{device} is already the camera or an output of this very program: choose "
                "the real camera from `vcam cameras` with --camera, and `virtual` only "
                "once."
            ).format(device=ours[0])
        )
    raise OutputError(
        _(
            "The virtual camera is in use, {busy}: stop that program, or add a "
            "device with `devices=2` when loading v4l2loopback."
        ).format(busy="; ".join(busy))
    )


def _candidates(
    devices: Sequence[v4l2.VideoDevice], wanted: str | None
) -> Sequence[v4l2.VideoDevice]:
    if wanted is None:
        return devices
    fitting = [d for d in devices if wanted == d.path or wanted.casefold() == d.name.casefold()]
    if not fitting:
        known = ", ".join(f"{d.path} ({d.name})" for d in devices)
        raise OutputError(
            _("There is no virtual camera `{wanted}`: choose one of {known}.").format(
                wanted=wanted, known=known
            )
        )
    return fitting


def check_format(path: str, size: tuple[int, int]) -> None:
    """Raise `OutputError` when readers hold the device in another format than we write.

    The driver keeps the old format as long as somebody reads, and says nothing: the call would
    see stripes.
    """
    actual = v4l2.output_format(path)
    if actual is None or actual == (*size, "YU12"):
        return
    raise OutputError(
        _(
            "A program still shows {path} at {width}x{height}: turn the camera off "
            "there for a moment, then start again with {wanted}."
        ).format(path=path, width=actual[0], height=actual[1], wanted=f"{size[0]}x{size[1]}")
    )
