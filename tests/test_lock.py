"""The lock names what the project asks for, and what is installed here."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[1]


def locked() -> dict[str, str]:
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    return dict(line.split("==") for line in lines if not line.startswith("#"))


def test_every_package_the_project_asks_for_is_locked_at_the_version_asked_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [
        *project["build-system"]["requires"],
        *project["project"]["dependencies"],
        *project["project"]["optional-dependencies"]["dev"],
    ]
    assert set(asked) <= {f"{name}=={locked_version}" for name, locked_version in locked().items()}


def test_the_tests_run_on_the_versions_of_the_lock() -> None:
    assert {name: version(name) for name in locked()} == locked()


def test_nothing_installs_a_package_that_is_also_called_events() -> None:
    names = {re.sub(r"[-_.]+", "-", name).lower() for name in locked()}
    assert names.isdisjoint({"events", "opensearch-py"})
