"""A command that stays until it is asked to stop, asked while its program is still being loaded, ends in good order."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
LONGEST_END = 120
"""Seconds in which a command that was asked to stop has to end; nothing is measured."""
ASKED_TO_STOP_WHEN_LOADED = """
import os, signal, sys

class Loading:
    def find_spec(self, name, path, target=None):
        if name.startswith("services.commands."):
            os.kill(os.getpid(), signal.SIGTERM)

sys.meta_path.insert(0, Loading())
from services.cli import main
sys.exit(main())
"""


@pytest.mark.parametrize("command", ["serve", "relay", "worker"])
def test_a_command_asked_to_stop_while_it_is_loaded_ends_in_good_order(command: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", ASKED_TO_STOP_WHEN_LOADED, command],
        check=False,
        cwd=PROJECT,
        capture_output=True,
        timeout=LONGEST_END,
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"", b"")
