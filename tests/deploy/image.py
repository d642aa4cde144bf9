"""What deploy/Dockerfile puts into the image, laid out in a folder: the program as its wheel installs it, no checkout.

There is no engine here. What runs in it has the rights and the environment that a container would have: a user who can
write nowhere but to the folders of the image that are mounted, and no variable but those that the image sets.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Any, Final

from packaging.requirements import Requirement

from tests.services.process_tree import children_of

PROJECT: Final = Path(__file__).parents[2]
DOCKERFILE: Final = PROJECT / "deploy" / "Dockerfile"
MOUNTED: Final = ("/data", "/access", "/tmp")  # noqa: S108  of a container
USER: Final = 10001
LONGEST_COMMAND: Final = 300
"""Seconds in which a command has to end; nothing is measured."""
WRITING: Final = os.O_WRONLY | os.O_RDWR


class Image:
    """The folder that stands for the root of an image; `environment` is what its processes are told."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.installed = root / "opt" / "taizhang"
        self.environment: dict[str, str] = {}

    @property
    def packages(self) -> Path:
        """The folder into which the program was installed."""
        (found,) = self.installed.glob("lib/python3.*/site-packages")
        return found

    def run(self, *command: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run a program of the image with arguments until it ends."""
        return subprocess.run(
            [self.installed / "bin" / command[0], *command[1:]],
            env={**self.environment, **settings},
            cwd="/",
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            timeout=LONGEST_COMMAND,
            **_without_rights(),
        )

    def start(self, log: Path, *command: str, **settings: str) -> subprocess.Popen[bytes]:
        """Start `taizhang` with arguments; what it says goes to a log."""
        with log.open("wb") as said:
            return subprocess.Popen(
                [self.installed / "bin" / "taizhang", *command],
                env={**self.environment, **settings},
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                **_without_rights(),
            )

    def held_open_elsewhere(self, process: int) -> set[str]:
        """Return the files outside the mounted folders that a process, or one that it began, has open for writing."""
        mounted = tuple(str(self.root / one[1:]) for one in MOUNTED)
        held = {path for one in (process, *children_of(process)) for path in _open_for_writing(one)}
        return {path for path in held if not path.startswith((*mounted, "/dev/"))}


@contextmanager
def built(folder: Path) -> Iterator[Image]:
    """Do what deploy/Dockerfile does, in a folder; nobody may write into it but where something is mounted."""
    folder.chmod(0o711)
    image = Image(folder / "image")
    python = _python(folder)
    _install(_wheel(folder), image.installed, python)
    for one in MOUNTED:
        mounted = image.root / one[1:]
        mounted.mkdir(parents=True)
        if os.geteuid() == 0:
            os.chown(mounted, USER, USER)
    image.environment = _environment(image, python)
    inner = [path for path in image.installed.rglob("*") if path.is_dir() and not path.is_symlink()]
    for path in (image.root, image.root / "opt", image.installed, *inner):
        path.chmod(0o555)
    try:
        yield image
    finally:
        for path in (image.root, image.root / "opt", image.installed, *inner):
            path.chmod(0o755)


def _wheel(folder: Path) -> Path:
    """Build the wheel from what the Dockerfile copies, and from nothing else."""
    source = folder / "source"
    source.mkdir()
    for names in re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE.read_text(encoding="utf-8"), re.MULTILINE):
        for name in names.split():
            if (PROJECT / name).is_dir():
                shutil.copytree(PROJECT / name, source / name, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
            else:
                shutil.copy(PROJECT / name, source)
    _pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(source))
    (wheel,) = folder.glob("taizhang-*.whl")
    return wheel


def _install(wheel: Path, environment: Path, python: Path) -> None:
    """Install the wheel and what it asks for, at the versions that are installed here, which are those of the lock."""
    subprocess.run([python, "-m", "venv", "--without-pip", environment], check=True, capture_output=True)
    _pip("--python", str(environment / "bin" / "python"), "install", "--no-deps", str(wheel))
    (packages,) = environment.glob("lib/python3.*/site-packages")
    for needed in _needed_by("taizhang"):
        for file in needed.files or ():
            origin = Path(str(needed.locate_file(file)))
            if ".." not in file.parts and origin.is_file():
                (packages / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(origin, packages / file)


def _needed_by(name: str) -> list[Distribution]:
    """Return everything that a package asks for, and what that asks for, without what only tests ask for."""
    found: dict[str, Distribution] = {}
    asked = [(name, "")]
    seen = set(asked)
    while asked:
        one, extra = asked.pop()
        found[one] = distribution(one)
        for line in found[one].requires or ():
            needed = Requirement(line)
            if needed.marker is None or needed.marker.evaluate({"extra": extra}):
                more = {(needed.name, ""), *((needed.name, wanted) for wanted in needed.extras)} - seen
                seen |= more
                asked += more
    del found[name]
    return list(found.values())


def _python(folder: Path) -> Path:
    """Return a Python that a user without rights can run: that of the tests, or its copy if that is closed to him."""
    own = Path(sys.base_prefix, "bin", f"python3.{sys.version_info.minor}")
    with suppress(OSError):
        if subprocess.run([own, "-c", ""], check=False, capture_output=True, **_without_rights()).returncode == 0:
            return own
    library = Path("lib", f"python3.{sys.version_info.minor}")
    (folder / "python" / "bin").mkdir(parents=True)
    shutil.copy(own, folder / "python" / "bin")
    for shared in Path(sys.base_prefix, "lib").glob("libpython*.so*"):
        (folder / "python" / "lib").mkdir(exist_ok=True)
        shutil.copy(shared, folder / "python" / "lib")
    left_out = shutil.ignore_patterns("site-packages", "test", "idlelib", "tkinter", "config-*")
    shutil.copytree(Path(sys.base_prefix) / library, folder / "python" / library, ignore=left_out)
    return folder / "python" / "bin" / own.name


def _environment(image: Image, python: Path) -> dict[str, str]:
    """Return the variables of the Dockerfile, its folders those of the image, with any free port of loopback."""
    (block,) = re.findall(r"^ENV ((?:.*\\\n)*.*)$", DOCKERFILE.read_text(encoding="utf-8"), re.MULTILINE)
    told = dict(re.findall(r"(\w+)=(\S+)", block))
    folders = {name: str(image.root / value[1:]) for name, value in told.items() if value in MOUNTED}
    here = {"PATH": f"{image.installed / 'bin'}:/usr/bin:/bin", "TAIZHANG_HOST": "127.0.0.1", "TAIZHANG_PORT": "0"}
    return {**told, **folders, **here, "TMPDIR": folders["HOME"], "LD_LIBRARY_PATH": str(python.parents[1] / "lib")}


def _without_rights() -> dict[str, Any]:
    """Return how a process is begun as a user who may do nothing; whoever is not root is such a user."""
    return {"user": USER, "group": USER, "extra_groups": []} if os.geteuid() == 0 else {}


def _open_for_writing(process: int) -> Iterator[str]:
    for descriptor in Path(f"/proc/{process}/fd").iterdir():
        with suppress(OSError):
            path = str(descriptor.readlink())
            told = Path(f"/proc/{process}/fdinfo", descriptor.name).read_text(encoding="ascii")
            flags = int(re.findall(r"^flags:\s+(\d+)$", told, re.MULTILINE)[0], 8)
            if path.startswith("/") and flags & WRITING and int(descriptor.name) > 2:
                yield path.removesuffix(" (deleted)")


def _pip(*arguments: str) -> None:
    """Run pip, which may ask nobody for anything."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", *arguments]
    told = {**os.environ, "PIP_NO_INDEX": "1"}
    done = subprocess.run(command, env=told, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
