"""Windows and macOS as far as cameras go: their answers, recorded or made up."""

import sys
from types import SimpleNamespace
from typing import Any

import cv2
import pytest

MF_INTERFACE = "#{e5323777-f976-4f5b-9b94-699b95c6fbc7}\\global"
DS_INTERFACE = "#{65e8773d-8f56-11d0-a3b9-00a0c9223196}\\global"


def usb(number: int) -> str:
    """Return what both interfaces of Windows call one camera."""
    return rf"\\?\usb#vid_046d&pid_0{number:03}&mi_00#6&2c3a1f&0&0000"


def on_windows(
    patch: pytest.MonkeyPatch,
    media_foundation: list[tuple[str, str | None]],
    direct_show: list[tuple[str, str | None]],
) -> None:
    """Let this be Windows with these cameras, as (name, interface path), in their order."""
    lists = {cv2.CAP_MSMF: media_foundation, cv2.CAP_DSHOW: direct_show}

    def enumerate_cameras(backend: int) -> list[Any]:
        return [
            SimpleNamespace(index=index, name=name, path=path)
            for index, (name, path) in enumerate(lists[backend])
        ]

    library = SimpleNamespace(enumerate_cameras=enumerate_cameras)
    patch.setitem(sys.modules, "cv2_enumerate_cameras", library)
    patch.setattr(sys, "platform", "win32")


def on_macos(
    patch: pytest.MonkeyPatch,
    cameras: list[tuple[str, str]],
    muxed: tuple[tuple[str, str], ...] = (),
    status: int = 3,
) -> None:
    """Let this be macOS with these cameras, as (unique id, name); `status` is the permission."""

    def device(camera: tuple[str, str]) -> Any:
        return SimpleNamespace(uniqueID=lambda: camera[0], localizedName=lambda: camera[1])

    kinds = {"vide": [device(each) for each in cameras], "muxx": [device(each) for each in muxed]}
    framework = SimpleNamespace(
        AVMediaTypeVideo="vide",
        AVMediaTypeMuxed="muxx",
        AVCaptureDevice=SimpleNamespace(
            devicesWithMediaType_=kinds.get,
            authorizationStatusForMediaType_=lambda kind: status,
        ),
    )
    patch.setitem(sys.modules, "AVFoundation", framework)
    patch.setattr(sys, "platform", "darwin")
