"""`vcam learn`: a gesture of the person's own, from ten seconds of it."""

import argparse
import contextlib
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from vcam.cli.parser import CLASSIFIER_HELP, Subparsers, add_command
from vcam.core.labels import names_in
from vcam.core.texts import _, marked
from vcam.errors import CameraError, ConfigError
from vcam.settings import Settings, default_settings_path, load_settings
from vcam.system.paths import custom_gestures_folder

if TYPE_CHECKING:
    from vcam.camera.camera import Camera
    from vcam.core.frame import Frame, Image

EXAMPLES: Final = marked("""\
examples:
  vcam learn vulcan               ten seconds of it, then ten of hands at rest
  vcam learn vulcan --from poses/ --idle idle.mp4
  vcam learn --list
  vcam learn --forget vulcan
then: vcam bind vulcan mic.toggle
""")
READY_S, POSE_S, IDLE_S = 3.0, 10.0, 10.0
EVERY_S: Final = 0.1
"""Of a video or a camera, so much lies between two pictures that are looked at."""


def add_parser(subparsers: Subparsers) -> None:
    """Add `learn`."""
    parser = add_command(subparsers, "learn", _("teach a gesture of your own"), EXAMPLES)
    parser.add_argument("name", nargs="?", metavar="NAME", help=_("such as vulcan"))
    parser.add_argument(
        "--from",
        dest="sources",
        nargs="+",
        type=Path,
        metavar="PATH",
        help=_("pictures or videos"),
    )
    parser.add_argument(
        "--idle", nargs="+", type=Path, metavar="PATH", help=_("hands that mean nothing")
    )
    parser.add_argument("--camera", metavar="SRC", help=_("another camera than the settings name"))
    parser.add_argument("--again", action="store_true", help=_("replace what was learnt as NAME"))
    parser.add_argument("--list", action="store_true", help=_("what was learnt"))
    parser.add_argument("--forget", metavar="NAME", help=_("delete what was learnt"))
    parser.add_argument("--config", type=Path, metavar="FILE", help=_("another settings file"))
    parser.add_argument("--classifier", type=Path, metavar="PATH", help=_(CLASSIFIER_HELP))


def run(args: argparse.Namespace) -> int:
    """Learn, list or forget."""
    if args.list:
        _list()
    elif args.forget is not None:
        _forget(args.forget, _settings(args))
    elif args.name is None:
        raise ConfigError(_("say what your gesture is called: vcam learn vulcan"))
    else:
        _learn(args, _settings(args))
    return 0


def _settings(args: argparse.Namespace) -> Settings:
    path: Path = args.config or default_settings_path()
    return load_settings(path if path.exists() else None, classifier=args.classifier)


def _list() -> None:
    for name in names_in(custom_gestures_folder()) or [_("No gesture of your own was learnt yet.")]:
        print(name)


def _forget(name: str, settings: Settings) -> None:
    from vcam.app import enrollment as learning

    learning.forget(name, settings)
    print(_("{name} is forgotten.").format(name=name))


def _learn(args: argparse.Namespace, settings: Settings) -> None:
    from vcam.app import enrollment as learning
    from vcam.vision import custom_gestures
    from vcam.vision.recognizer import open_recognizer

    custom_gestures.check_name(args.name)
    if args.name in names_in(custom_gestures_folder()) and not args.again:
        raise ConfigError(
            _("{name} was learnt already: add --again to replace it.").format(name=args.name)
        )
    recognizer = open_recognizer(settings.recognition)
    with _images(args, settings) as (pose, idle):
        learnt = learning.learn(args.name, recognizer, pose, idle)
    print(
        _("{name} was learnt from {pictures} pictures: {path}").format(
            name=args.name, pictures=learnt.images, path=learnt.path
        )
    )
    print(_("Now say what it does: vcam bind {name} mic.toggle").format(name=args.name))


@contextlib.contextmanager
def _images(
    args: argparse.Namespace, settings: Settings
) -> Iterator[tuple[Iterator["Image"], Iterator["Image"]]]:
    """Give pictures of the pose and of idle hands, one at a time, as they are recorded or read."""
    if args.sources is not None:
        if not args.idle:
            raise ConfigError(_("with --from, say where idle hands are: --idle PATH"))
        yield _read(args.sources, settings), _read(args.idle, settings)
        return
    from vcam.camera.open import open_camera

    camera = open_camera(args.camera or settings.camera.device, settings.camera)
    with contextlib.closing(camera):
        idle = _record(camera, _("Let your hands do as usual"), IDLE_S)
        other = _read(args.idle or [], settings)
        yield (
            _record(camera, _("Show {gesture}").format(gesture=args.name), POSE_S),
            idle if not args.idle else other,
        )


def _record(camera: "Camera", what: str, seconds: float) -> Iterator["Image"]:
    """Count down, then give pictures for some seconds; a file's own times count, not a clock's."""
    began: float | None = None
    for frame in _spaced(camera.read):
        began = frame.time if began is None else began
        left = READY_S + seconds - (frame.time - began)
        if left <= 0:
            break
        waiting = left > seconds
        say = f"{what} in {left - seconds:.0f} s" if waiting else f"{what}: {left:4.1f} s"
        print(f"\r{say:50}", end="", file=sys.stderr, flush=True)
        if not waiting:
            yield frame.image
    print(file=sys.stderr)


def _spaced(read: Callable[[], "Frame | None"]) -> Iterator["Frame"]:
    """Give frames that lie `EVERY_S` apart or more."""
    due = -float("inf")
    while (frame := read()) is not None:
        if frame.time >= due:
            due = frame.time + EVERY_S
            yield frame


def _read(paths: Iterable[Path], settings: Settings) -> Iterator["Image"]:
    """Give the pictures in files, folders and videos. Raises `CameraError`."""
    from vcam.camera.image_folder import find_images_below, read_picture
    from vcam.camera.open import open_camera
    from vcam.system.image_formats import is_image

    for path in paths:
        if path.is_dir():
            image_paths = find_images_below(path)
            if not image_paths:
                raise CameraError(
                    _("There is no picture in {path}: name a picture or a folder.").format(
                        path=path
                    )
                )
        else:
            image_paths = [path] if is_image(path) else []
        for image_path in image_paths:
            yield read_picture(image_path)
        if not image_paths:
            video = open_camera(str(path.absolute()), settings.camera)
            try:
                yield from (frame.image for frame in _spaced(video.read))
            finally:
                video.close()
