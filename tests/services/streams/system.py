"""The distributed system in processes of its own: started, stopped and killed by name, each with a log in a folder."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

PROJECT = Path(__file__).parents[3]
LONGEST_END = 60.0
"""Seconds in which a process that was killed or asked to stop has to end; nothing is measured."""


class System:
    """Processes that share settings and a clock."""

    def __init__(self, folder: Path, settings: Mapping[str, str], clock: str) -> None:
        self.folder = folder
        self.clock = clock
        self._environment = {
            **os.environ,
            "TAIZHANG_DATA": str(folder),
            "TAIZHANG_PORT": "0",
            "TAIZHANG_LOG_FORMAT": "json",
            **settings,
        }
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def clocked(self, name: str, command: str, **settings: str) -> int:
        """Start a command that reads the clock; return the id of its process."""
        return self.start(name, sys.executable, "-m", "tests.services.streams.clocked", self.clock, command, **settings)

    def taizhang(self, name: str, *command: str, **settings: str) -> int:
        """Start a command that does not; return the id of its process."""
        return self.start(name, sys.executable, "-m", "services.cli", *command, **settings)

    def start(self, name: str, *command: str, **settings: str) -> int:
        """Start a process under a name; what it writes goes to a log of that name. Return its id."""
        with (self.folder / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=PROJECT,
                env={**self._environment, **settings},
            )
        return self._running[name].pid

    def kill(self, name: str) -> None:
        """End a process as a crash would."""
        self._running[name].kill()
        self.ended(name)

    def stop(self, name: str) -> int:
        """Ask a process to end, and return its exit code; fail when it does not."""
        self.ask_to_stop(name)
        return self.ended(name)

    def ask_to_stop(self, name: str) -> None:
        """Ask a process to end; `ended` waits for it."""
        self._running[name].terminate()

    def ended(self, name: str) -> int:
        """Wait until a process has ended, and return its exit code; fail when it does not."""
        try:
            code = self._running[name].wait(LONGEST_END)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"{name} was to end and runs on: {self.log(name)[-2000:]}") from None
        del self._running[name]
        return code

    def is_running(self, name: str) -> bool:
        """Tell whether a process has not ended by itself."""
        return self._running[name].poll() is None

    def log(self, name: str) -> str:
        """Return what a process wrote."""
        return (self.folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def close(self) -> None:
        """End every process."""
        for process in self._running.values():
            process.kill()
        for process in self._running.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)


@contextmanager
def running(folder: Path, settings: Mapping[str, str], clock: str) -> Iterator[System]:
    """Give a system without processes, and end what was started when the block ends."""
    system = System(folder, settings, clock)
    try:
        yield system
    finally:
        system.close()


def wait_until(comes_true: Callable[[], bool], what: str, seconds: float = 120.0, nap: float = 0.02) -> None:
    """Wait for something; fail with what was waited for when it does not come."""
    until = time.monotonic() + seconds
    while not comes_true():
        assert time.monotonic() < until, what
        time.sleep(nap)


def wait_while_it_runs(system: System, name: str, comes_true: Callable[[], bool], what: str) -> None:
    """Wait for something that a process does; fail with its log when it ends by itself or does not do it."""

    def is_done() -> bool:
        done = comes_true()
        assert done or system.is_running(name), f"{name} ended before {what}: {system.log(name)[-2000:]}"
        return done

    wait_until(is_done, f"{name} runs on, not yet so that {what}")
