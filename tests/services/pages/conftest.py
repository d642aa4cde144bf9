"""A service for each test of the pages, and the browser that looks at them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.services.http.api import Api, serving

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""As root a browser has no sandbox; it looks at nothing but our own pages, and asks nobody else for anything."""


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    with serving(tmp_path) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Give one browser to a file of tests; while it runs, its event loop stands in the way of any other."""
    path = _path()
    if path is None:
        said = "没有 Chromium，见 deploy/browser / there is no Chromium, see deploy/browser"
        if os.environ.get("CI") == "true":
            pytest.fail(said)
        pytest.skip(said)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield browser
        browser.close()


def _path() -> str | None:
    given = [os.environ.get("TAIZHANG_BROWSER", ""), *NAMES]
    return next((path for name in given if name and (path := shutil.which(name))), None)
