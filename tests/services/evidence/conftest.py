"""One ledger and its packages for all tests of the evidence."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.services.evidence.packages import filled, packaged


@pytest.fixture(scope="session")
def evidence_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return filled(tmp_path_factory.mktemp("evidence") / "var")


@pytest.fixture(scope="session")
def whole_package(evidence_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Export the package of the whole ledger; to be copied before it is changed."""
    folder = tmp_path_factory.mktemp("packages") / "whole"
    packaged(evidence_data, folder)
    return folder


@pytest.fixture(scope="session")
def case_package(evidence_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Export the package of one case; to be copied before it is changed."""
    folder = tmp_path_factory.mktemp("packages") / "case"
    packaged(evidence_data, folder, case="countersign/cs-1")
    return folder
