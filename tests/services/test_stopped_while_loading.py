"""A command that is asked to stop, or interrupted, while its program is still being loaded ends in good order."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
LONGEST_END = 120
"""Seconds in which a command that was asked to stop has to end; nothing is measured."""
SENT_A_SIGNAL_WHEN_LOADED = """
import os, signal, sys

class Loading:
    def find_spec(self, name, path, target=None):
        if name.startswith("services.commands."):
            os.kill(os.getpid(), int(sys.argv.pop()))

sys.meta_path.insert(0, Loading())
from services.cli import main
sys.exit(main())
"""


def ended(command: str, sent: signal.Signals) -> tuple[int, bytes, bytes]:
    """Return exit code and output of a command that is sent a signal while it is loaded."""
    given = [sys.executable, "-c", SENT_A_SIGNAL_WHEN_LOADED, command, str(int(sent))]
    found = subprocess.run(given, check=False, cwd=PROJECT, capture_output=True, timeout=LONGEST_END)
    return found.returncode, found.stdout, found.stderr


@pytest.mark.parametrize("command", ["serve", "relay", "worker"])
def test_a_command_asked_to_stop_while_it_is_loaded_ends_in_good_order(command: str) -> None:
    assert ended(command, signal.SIGTERM) == (0, b"", b"")


@pytest.mark.parametrize("command", ["serve", "topics", "verify"])
def test_a_command_interrupted_at_the_keyboard_says_that_it_may_be_run_again(command: str) -> None:
    said = "已中断；已写入的都是整条，可以重来 / interrupted; what was written is whole, so run it again\n"
    assert ended(command, signal.SIGINT) == (130, b"", said.encode())
