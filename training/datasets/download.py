"""Fetch HaGRID's releases from its authors, a gesture at a time, and go on where it was stopped.

`python -m training download --release v1-sample --out DATA` fetches a hundred pictures of every
gesture with their annotations; `--list` only says what there is and how large it is.

Nothing else in this project opens a connection by itself, and this command only to the address it
names (`--from` names another, such as a mirror). Every zip is tested when it is whole, and
`prepare --data DATA` reads them as they are. The authors publish no checksums.
"""

import shutil
import urllib.error
import urllib.request
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from training.errors import TrainingError
from training.option_parser import OptionParser
from vcam.core.labels import GESTURES, NO_GESTURE

V1 = "https://n-usr-2uzac.s3pd12.sbercloud.ru/b-usr-2uzac-mv4/hagrid"
V2 = "https://rndml-team-cv.obs.ru-moscow-1.hc.sbercloud.ru/datasets"
CHUNK = 1 << 20
TIMEOUT_S = 30.0
PARTIAL = 206
"""HTTP's status of an answer that begins in the middle."""
NOT_SATISFIABLE = 416
"""HTTP's status where nothing is left to send."""


@dataclass(frozen=True, slots=True)
class Release:
    """Where one release lies: a base address, and files below it."""

    base: str
    images: str
    """Of one gesture, with `{gesture}`; without it one file has all."""
    extra: tuple[str, ...]
    """Annotations, and what else belongs to it."""
    gestures: tuple[str, ...] = GESTURES


RELEASES: Mapping[str, Release] = {
    "v1-sample": Release(V1, "subsample.zip", ("ann_subsample.zip",)),
    "v1": Release(V1, "train_val_{gesture}.zip", ("ann_train_val.zip", "ann_test.zip", "test.zip")),
    "v2": Release(
        V2,
        "hagrid/hagrid_dataset_new_554800/hagrid_dataset/{gesture}.zip",
        ("hagrid_v2/annotations_with_landmarks/annotations.zip",),
        (*GESTURES, NO_GESTURE),
    ),
}


def main(argv: Sequence[str]) -> int:
    """Run `python -m training download`."""
    parser = OptionParser(
        prog="python -m training download",
        description=__doc__,
    )
    parser.add_argument("--release", choices=sorted(RELEASES), default="v1-sample")
    parser.add_argument(
        "--gestures", default="all", help="comma-separated, for example call,mute (default: all)"
    )
    parser.add_argument("--out", type=Path, default=Path("data"), help="folder (default: data)")
    parser.add_argument("--from", dest="base", metavar="URL", help="another server with its files")
    parser.add_argument("--list", action="store_true", help="say names and sizes, fetch nothing")
    args = parser.parse_args(argv)
    files = files_of(RELEASES[args.release], args.gestures)
    base = (args.base or RELEASES[args.release].base).rstrip("/")
    sizes = {name: _size(f"{base}/{name}") for name in files}
    if args.list:
        for name, size in sizes.items():
            print(f"{_units(size):>9}  {base}/{name}")
        return 0
    args.out.mkdir(parents=True, exist_ok=True)
    _check_room(args.out, sizes)
    for name, size in sizes.items():
        fetch(f"{base}/{name}", args.out / Path(name).name, size)
    print(f"All is in {args.out}: python -m training prepare --data {args.out}")
    return 0


def files_of(release: Release, gestures: str) -> list[str]:
    """Return the files of a release for some gestures. Raises `TrainingError` for unknown ones."""
    wanted = release.gestures if gestures == "all" else tuple(gestures.split(","))
    if unknown := [name for name in wanted if name not in release.gestures]:
        raise TrainingError(
            f"This release has no {', '.join(unknown)}: choose from {', '.join(release.gestures)}."
        )
    images = [release.images.format(gesture=name) for name in wanted]
    return list(dict.fromkeys([*release.extra, *images]))


def fetch(url: str, path: Path, size: int | None) -> None:
    """Fetch one zip, from where an earlier try ended. Raises `TrainingError`.

    What is not whole lies beside it as `.part`; only a zip that passes its test gets its name.
    """
    if path.exists():
        print(f"{path} is there already.")
        return
    part = path.with_suffix(f"{path.suffix}.part")
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, TransferSpeedColumn(), TimeRemainingColumn()) as progress:
        task = progress.add_task(path.name, total=size)
        try:
            _append(url, part, progress, task)
        except (OSError, urllib.error.URLError) as error:
            raise TrainingError(
                f"{url} broke off ({error}): give the same command again, it continues at "
                f"{_units(part.stat().st_size if part.exists() else 0)}."
            ) from None
    if size is not None and part.stat().st_size != size:
        raise TrainingError(
            f"{url} ended at {_units(part.stat().st_size)} of {_units(size)}: give the same "
            "command again."
        )
    _check_zip(part, url)
    part.replace(path)


def _append(url: str, part: Path, progress: Progress, task: TaskID) -> None:
    have = part.stat().st_size if part.exists() else 0
    request = urllib.request.Request(_checked(url))  # noqa: S310  # only http and https pass
    if have:
        request.add_header("Range", f"bytes={have}-")
    try:
        answer = urllib.request.urlopen(request, timeout=TIMEOUT_S)  # noqa: S310
    except urllib.error.HTTPError as error:
        if error.code == NOT_SATISFIABLE and have:
            return  # nothing is left: the test says whether it is whole
        raise
    with answer:
        resumed = answer.status == PARTIAL
        progress.update(task, completed=have if resumed else 0)
        with part.open("ab" if resumed else "wb") as file:
            while chunk := answer.read(CHUNK):
                file.write(chunk)
                progress.update(task, advance=len(chunk))


def _check_zip(part: Path, url: str) -> None:
    try:
        with zipfile.ZipFile(part) as archive:
            broken = archive.testzip()
    except (zipfile.BadZipFile, OSError) as error:
        broken = str(error)
    if broken:
        part.unlink()
        raise TrainingError(f"{url} came damaged ({broken}): give the same command again.")


def _size(url: str) -> int | None:
    """Return how many bytes the server says a file has; None: it does not say."""
    request = urllib.request.Request(_checked(url), method="HEAD")  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310
            said = answer.headers.get("Content-Length")
    except (OSError, urllib.error.URLError) as error:
        raise TrainingError(
            f"{url} cannot be had ({error}): look for its new place at "
            "https://github.com/hukenovs/hagrid and name it with --from URL."
        ) from None
    return int(said) if said else None


def _checked(url: str) -> str:
    if not url.startswith(("https://", "http://")):
        raise TrainingError(f"{url} is no web address: give --from one that begins with https://.")
    return url


def _check_room(out: Path, sizes: Mapping[str, int | None]) -> None:
    missing = {name: size for name, size in sizes.items() if not (out / Path(name).name).exists()}
    needed = sum(size or 0 for size in missing.values())
    needed -= sum(part.stat().st_size for part in out.glob("*.part"))
    free = shutil.disk_usage(out).free
    if needed > free:
        raise TrainingError(
            f"{_units(needed)} are to come and {_units(free)} are free in {out}: give --out "
            "another disk, or fewer --gestures."
        )


def _units(size: int | None) -> str:
    """Return a size for people: `2.5 GB`."""
    if size is None:
        return "not told"
    for unit, bytes_in in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= bytes_in:
            return f"{size / bytes_in:.1f} {unit}"
    return f"{size} B"
