"""Does a built program work? `python packaging/smoke_test.py PROGRAM [WORD ...]`.

Runs demo, recognize, doctor and the panel of an installed or frozen `vcam`, as a person would who
has neither a camera nor a driver, and ends with 1 at the first thing that is not as it should be.
Needs nothing but Python's standard library. A frozen program must also bring the keyring, which
nobody can add to it later.

Wine's Media Foundation says that there is no camera and leaves the pointer to the list as it was,
and cv2-enumerate-cameras frees it, which now and then is a page fault; Windows sets it. Under Wine,
and only there, a command whose crash log names that very place is run again, and that is printed.
"""

import gettext
import json
import locale
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path
from typing import Final

LIMIT_S: Final = 400
PANEL_S: Final = 120
PLACES: Final = (
    "XDG_CONFIG_HOME",
    "XDG_STATE_HOME",
    "WIN_PD_OVERRIDE_APPDATA",
    "WIN_PD_OVERRIDE_LOCAL_APPDATA",
)
"""Where settings and logs are looked for, on Linux and Windows."""
HOME: Final = "Jürgen Größe"
"""Settings and films lie in such a folder: an accent, a space, no plain ASCII."""
ROOT: Final = Path(__file__).parents[1]
LANGUAGES: Final = ("de", "fr")
PAGE_FAULT: Final = 0xC0000005
"""STATUS_ACCESS_VIOLATION, the exit code of a program that Windows or Wine has ended for it."""
WINE_FAULT: Final = r'File "cv2_enumerate_cameras\windows_backend.py"'
"""How the stack of the thread begins that met Wine's fault, in the crash log."""
TRIES: Final = 5
EXPECTED_FIRES: Final = 10
"""Gestures in the bundled clip."""


def check_version(program: list[str]) -> str:
    """`vcam --version` answers."""
    return run_program(program, "--version").stdout.strip()


def check_demo(program: list[str], folder: Path) -> str:
    """The demo recognises every gesture of its clip and writes a film."""
    done = run_program(program, "demo", cwd=folder)
    film = folder / "vcam-demo.mp4"
    _expect(f"{EXPECTED_FIRES} gestures fired" in done.stdout, done.stdout)
    _expect(film.stat().st_size > 100_000, f"{film} is empty")
    return f"{EXPECTED_FIRES} gestures fired"


def check_recognize(program: list[str], image_path: Path) -> str:
    """A picture gives a line of JSON with at least one hand."""
    done = run_program(program, "recognize", "--json", str(image_path))
    hands = json.loads(done.stdout.splitlines()[0])["hands"]
    _expect(bool(hands), done.stdout)
    return f"{hands[0]['gesture']} recognised"


def check_doctor(program: list[str]) -> str:
    """The doctor finds packages and models whole; a missing camera or driver is no fault here."""
    done = run_program(program, "doctor", "--json", codes=(0, 1))
    status = {each["name"]: each["status"] for each in json.loads(done.stdout)["findings"]}
    for name in ("packages", "model hand_detector", "model gesture_classifier"):
        _expect(status.get(name) == "ok", done.stdout)
    _expect("No module named" not in done.stdout, done.stdout)
    return f"{len(status)} findings"


def check_languages(program: list[str]) -> str:
    """Help, and what the doctor calls things, come in every language that the sources have."""
    for language in LANGUAGES:
        where = {"LANGUAGE": language, "LC_ALL": f"{language}.UTF-8"}
        catalogue = ROOT / "vcam" / "locale" / language / "LC_MESSAGES" / "vcam.mo"
        with catalogue.open("rb") as file:
            translated = gettext.GNUTranslations(file).gettext
        for words, english in (
            (["--help"], "A webcam that understands your hands."),
            (["doctor"], "virtual camera"),
        ):
            said = run_program(program, *words, codes=(0, 1), places=where).stdout
            text = translated(english)
            _expect(text != english, f"{catalogue} lacks: {english}")
            _expect(text in " ".join(said.split()), f"{language}: {words} says\n{said}")
    return ", ".join(LANGUAGES)


def check_keyring(program: list[str], folder: Path) -> str:
    """The doctor asks a keyring for a password: whatever it answers, the package is there."""
    settings = folder / "keyring.toml"
    settings.write_text('[mqtt]\nhost = "127.0.0.1"\nkeyring = true\n', encoding="utf-8")
    words = ["doctor", "--json", "--config", str(settings)]
    done = run_program(program, *words, codes=(0, 1))
    found = {each["name"]: each["text"] for each in json.loads(done.stdout)["findings"]}
    _expect("keyring" in found["mqtt"], f"nobody asked a keyring: {found['mqtt']}")
    if found["packages"] != "came with the program":
        return "not looked at: with Python it is an extra"
    _expect("needs the package" not in found["mqtt"], found["mqtt"])
    _expect("No module named" not in found["mqtt"], found["mqtt"])
    return found["mqtt"].partition(": ")[0]


def check_panel(program: list[str], folder: Path) -> str:
    """The panel says where it is, and answers there; a second start finds the first.

    Its page speaks German, since it is started so.
    """
    began = time.perf_counter()
    running = start_panel(program, folder)
    try:
        address = find_address(running)
        with urllib.request.urlopen(address, timeout=10) as page:  # loopback
            _expect(page.status == 200 and b"<html" in page.read(), "no page")
        took = time.perf_counter() - began
        with urllib.request.urlopen(f"{address}texts", timeout=10) as texts:
            answer = json.load(texts)
        _expect(answer["language"] == "de" and bool(answer["texts"]), f"the page has {answer}")
        again = run_program(program, "panel", "--no-browser", places=_places(folder))
        _expect(address in again.stdout, f"the second start says {again.stdout}")
        return f"answered after {took:.1f} s, and a second start found it"
    finally:
        running.send_signal(signal.SIGTERM)
        try:
            running.wait(15)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait(15)


def start_panel(program: list[str], folder: Path) -> "subprocess.Popen[str]":
    """Start the panel on the bundled clip, with nobody's settings but those in `folder`."""
    command = [*program, "panel", "--no-browser", "--dry-run", "--camera", "demo"]
    return subprocess.Popen(
        [*command, "--output", "null"],
        env={**os.environ, **_places(folder), "PYTHONUTF8": "1", "LANGUAGE": "de", "LC_ALL": "de"},
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
    )


def _places(folder: Path) -> dict[str, str]:
    return dict.fromkeys(PLACES, str(folder))


def find_address(running: "subprocess.Popen[str]") -> str:
    """Return the address that a starting panel prints. One that says nothing is killed."""
    assert running.stdout is not None  # asked for
    late = threading.Timer(PANEL_S, running.kill)
    late.start()
    try:
        for line in iter(running.stdout.readline, ""):
            if "http://" in line:
                return "http://" + line.partition("http://")[2].strip()
    finally:
        late.cancel()
    raise SystemExit("smoke test: the panel does not come up, or the program ended before")


def run_program(
    program: list[str],
    *words: str,
    cwd: Path | None = None,
    codes: tuple[int, ...] = (0,),
    places: dict[str, str] | None = None,
) -> "subprocess.CompletedProcess[str]":
    """Run a command, in English unless `places` says otherwise, and check its exit code."""
    english = {"LANGUAGE": "en", "LC_ALL": "en", "PYTHONUTF8": "1"}
    for attempt in range(1, TRIES + 1):
        ended = subprocess.run(
            [*program, *words],
            cwd=cwd,
            capture_output=True,
            timeout=LIMIT_S,
            check=False,
            env={**os.environ, **english, **(places or {})},
        )
        said = (_text(ended.stdout), _text(ended.stderr))
        done = subprocess.CompletedProcess(ended.args, ended.returncode, *said)
        if done.returncode & 0xFFFFFFFF == PAGE_FAULT:
            log = _crash_log()
            print(f"{words} ended by a page fault; the crash log says:\n{log}")
            if attempt < TRIES and is_wine() and _names_wine_fault(log):
                print("That is Wine's list of cameras, so it is run again.", flush=True)
                continue
        break
    _expect(done.returncode in codes, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done


def _text(said: bytes) -> str:
    """Decode it: a frozen program on Windows writes into a pipe by the country's code page."""
    try:
        return said.decode("utf-8")
    except UnicodeDecodeError:
        return said.decode(locale.getpreferredencoding(False), "replace")


def _names_wine_fault(log: str) -> bool:
    """Whether the thread that crashed did so where Wine's list of cameras is freed."""
    stack = log.rpartition("Current thread")[2].splitlines()[1:2]
    return any(line.strip().startswith(WINE_FAULT) for line in stack)


def is_wine() -> bool:
    """Whether this is Wine and no Windows."""
    if sys.platform != "win32":
        return False
    import ctypes

    return hasattr(getattr(ctypes, "windll").ntdll, "wine_get_version")  # noqa: B009


def _crash_log() -> str:
    log = Path(os.environ.get("LOCALAPPDATA", "")) / "vcam" / "crash.log"
    return log.read_text(encoding="utf-8", errors="replace") if log.is_file() else ""


def _expect(right: bool, otherwise: str) -> None:
    if not right:
        raise SystemExit(f"smoke test: {otherwise}")


def main(program: list[str]) -> None:
    """Run every check and print what it saw; they run in other folders than this one."""
    if Path(program[0]).is_file():
        program = [str(Path(program[0]).resolve()), *program[1:]]
    image_path = Path(__file__).parents[1] / "vcam" / "panel" / "pictures" / "palm.webp"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name) / HOME
        folder.mkdir()
        print("version  ", check_version(program))
        print("demo     ", check_demo(program, folder))
        print("recognize", check_recognize(program, image_path))
        print("doctor   ", check_doctor(program))
        print("languages", check_languages(program))
        print("keyring  ", check_keyring(program, folder))
        print("panel    ", check_panel(program, folder))


if __name__ == "__main__":
    main(sys.argv[1:])
